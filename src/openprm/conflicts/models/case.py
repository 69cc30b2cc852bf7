"""One conflict: who claims what against whom, about which deal, and where it stands."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from openprm.conflicts.rules.lifecycle import LIVE, CaseType, Ending, Finding, Origin, State
from openprm.conflicts.wording import ENDING, FINDING, ORIGIN, STATE, TYPE, choices_of
from openprm.kernel.models import Model

PERSON: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
ORGANIZATION: dict[str, Any] = {"to": "identity.Organization", "on_delete": models.PROTECT, "related_name": "+"}


def one_of(column: str, values: Any, name: str, *, blank: bool = False) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [*(str(value) for value in values), *([""] if blank else [])]}), name=name)


class NextCaseNumber(Func):
    """'CC-000123' from a sequence: unique without a lock."""

    template = "openprm_next_case_number()"
    arity = 0
    output_field = models.CharField()


class ConflictCase(Model):
    """`partner` claims; against the vendor (`rep`, when a person is known) or `other_partner`. Both sides speak in `Party` rows."""

    number = models.CharField(max_length=24, unique=True, db_default=NextCaseNumber(), editable=False)
    type = models.CharField(max_length=20, choices=choices_of(TYPE))
    state = models.CharField(max_length=10, choices=choices_of(STATE), default=State.OPEN)
    origin = models.CharField(max_length=10, choices=choices_of(ORIGIN))
    partner = models.ForeignKey(**ORGANIZATION)
    other_partner = models.ForeignKey(**ORGANIZATION, null=True, blank=True)
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    registration = models.ForeignKey("deals.Registration", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    other_registration = models.ForeignKey("deals.Registration", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lead_id = models.UUIDField(null=True, blank=True)
    engagement_id = models.UUIDField(null=True, blank=True)
    choice_id = models.UUIDField(null=True, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rep = models.ForeignKey(**PERSON)
    opened_by = models.ForeignKey(**PERSON)
    opened_at = models.DateTimeField()
    statements_due_at = models.DateTimeField()
    revealed_at = models.DateTimeField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    reviewer = models.ForeignKey(**PERSON)
    taken_up_at = models.DateTimeField(null=True, blank=True)
    first_reviewer = models.ForeignKey(**PERSON)
    appeal_reviewer = models.ForeignKey(**PERSON)
    finding = models.CharField(max_length=10, choices=choices_of(FINDING), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    appeal_until = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=12, choices=choices_of(ENDING), blank=True)
    ended_reason = models.CharField(max_length=2000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    sentinel_clause = models.CharField(max_length=40, blank=True)
    sentinel_version_id = models.UUIDField(null=True, blank=True)
    last_touch_at = models.DateTimeField(null=True, blank=True)
    window_days = models.PositiveSmallIntegerField(default=0)
    remedied_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version", "revealed_at", "window_days", "last_touch_at", "remedied_at", "program_id", "sentinel_version_id", "choice_id")
    audit_shared = ("number", "type", "state", "finding", "opened_at", "decided_at", "appeal_until", "ending", "closed_at", "round")

    class Meta:
        verbose_name = _("conflict case")
        constraints = [
            one_of("type", CaseType, "case_type_is_known"),
            one_of("state", State, "conflict_state_is_known"),
            one_of("origin", Origin, "case_origin_is_known"),
            one_of("finding", Finding, "case_finding_is_known", blank=True),
            one_of("ending", Ending, "case_ending_is_known", blank=True),
            models.CheckConstraint(condition=Q(other_partner=None) | ~Q(other_partner=F("partner")), name="case_is_between_two"),
            models.CheckConstraint(condition=~Q(state=State.CLOSED) | (~Q(ending="") & Q(closed_at__isnull=False)), name="closed_case_says_why"),
            models.CheckConstraint(condition=~Q(state=State.DECIDED) | (~Q(finding="") & Q(appeal_until__isnull=False)), name="decided_case_can_be_appealed"),
            models.CheckConstraint(condition=~Q(state=State.IN_REVIEW) | Q(taken_up_at__isnull=False), name="reviewed_case_is_taken_up"),
            models.CheckConstraint(
                condition=Q(appeal_reviewer=None) | Q(first_reviewer=None) | ~Q(appeal_reviewer=F("first_reviewer")), name="appeal_goes_to_a_second_reviewer"
            ),
            models.UniqueConstraint(
                fields=["partner", "registration", "type"],
                condition=Q(registration__isnull=False, state__in=sorted(LIVE)) & ~Q(type=CaseType.DIRECT),
                name="one_live_case_per_registration",
            ),
            models.UniqueConstraint(
                fields=["rep", "account", "partner"],
                condition=Q(origin=Origin.SENTINEL, rep__isnull=False, state__in=[State.OPEN, State.IN_REVIEW]),
                name="one_alarm_per_rep_and_account",
            ),
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="conflict_newest"),
            models.Index("partner", F("created_at").desc(), name="conflict_of_partner"),
            models.Index("other_partner", F("created_at").desc(), condition=Q(other_partner__isnull=False), name="conflict_of_other"),
            models.Index("state", "opened_at", name="conflict_by_state"),
            models.Index("registration", condition=Q(registration__isnull=False), name="conflict_of_registration"),
            models.Index("rep", "account", F("last_touch_at").desc(), condition=Q(origin="sentinel"), name="conflict_alarms"),
            models.Index("statements_due_at", condition=Q(revealed_at=None), name="conflict_to_reveal"),
            models.Index("appeal_until", condition=Q(state="decided"), name="conflict_to_close"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def party_ids(self) -> tuple[Any, ...]:
        """The partner organizations on both sides."""
        return tuple(filter(None, (self.partner_id, self.other_partner_id)))
