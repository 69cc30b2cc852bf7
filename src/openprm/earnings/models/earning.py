"""One line of what a partner, or a person of it, has earned."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.earnings.models.events import SourceEvent, Terms
from openprm.earnings.models.fields import LARGEST, PARTNER, PERSON, NextEarningNumber, currency_is_a_code, one_of
from openprm.earnings.rules.states import AlertState, Kind, State
from openprm.kernel.models import Model

OWED = [State.APPROVED.value, State.IN_PAYOUT.value]


class Earning(Model):
    number = models.CharField(max_length=24, unique=True, db_default=NextEarningNumber(), editable=False)
    partner = models.ForeignKey(**PARTNER)
    user = models.ForeignKey(**PERSON)
    program_id = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=10, default=Kind.ACCRUAL)
    state = models.CharField(max_length=11, default=State.NEW)

    event = models.ForeignKey(SourceEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="lines")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    plan_id = models.UUIDField(null=True, blank=True)
    line_key = models.CharField(max_length=80, blank=True)
    source_key = models.CharField(max_length=160)
    revision = models.PositiveIntegerField(default=0)
    label = models.CharField(max_length=200)
    about = models.CharField(max_length=200, blank=True)
    occurred_on = models.DateField()
    earned_on = models.DateField()

    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    basis_minor = models.BigIntegerField(null=True, blank=True)
    basis_currency = models.CharField(max_length=3, blank=True)
    rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    capped_by = models.CharField(max_length=120, blank=True)
    steps = models.JSONField(default=list, blank=True)
    inputs = models.JSONField(default=dict, blank=True)
    points = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    before_minor = models.BigIntegerField(default=0)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers")

    hold_until = models.DateField(null=True, blank=True)
    hold_reason = models.CharField(max_length=1000, blank=True)
    hold_is_manual = models.BooleanField(default=False)
    reason = models.CharField(max_length=1000, blank=True)
    clause = models.CharField(max_length=60, blank=True)
    clause_text = models.CharField(max_length=600, blank=True)
    is_automatic = models.BooleanField(default=False)
    decided_by = models.ForeignKey(**PERSON)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    payable_from = models.DateField(null=True, blank=True)
    payout_run_id = models.UUIDField(null=True, blank=True)
    payout_note = models.CharField(max_length=500, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    forfeits_on = models.DateField(null=True, blank=True)

    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version", "steps", "inputs", "terms_id", "event_id", "external_source", "external_id")
    audit_shared = (
        *("number", "kind", "state", "label", "about", "amount_minor", "currency", "hold_until", "hold_reason", "reason", "clause", "clause_text"),
        *("approved_at", "payable_from", "paid_at", "forfeits_on", "decided_at"),
    )

    class Meta:
        verbose_name = _("earning")
        constraints = [
            # Exactly once: G7. A correction is a further revision of the same line.
            models.UniqueConstraint(fields=["partner", "source_key", "plan_id", "line_key", "revision"], nulls_distinct=False, name="earned_once"),
            models.UniqueConstraint(fields=["id", "partner"], name="earning_and_its_partner"),
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="earning_once_per_source"),
            one_of("state", State, "earning_state_known"),
            one_of("kind", Kind, "earning_kind_known"),
            currency_is_a_code("earning_currency_is_a_code"),
            models.CheckConstraint(
                condition=(~Q(amount_minor=0) | Q(points__isnull=False) | Q(line_key="unknown")) & Q(amount_minor__gte=-LARGEST, amount_minor__lte=LARGEST),
                name="earning_amount_in_range",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["accrual", "correction"]) | Q(event__isnull=False, terms__isnull=False), name="earning_has_its_inputs"
            ),
            models.CheckConstraint(condition=~Q(kind="accrual") | Q(revision=0), name="accrual_comes_first"),
            models.CheckConstraint(
                condition=~Q(kind="clawback") | Q(amount_minor__lt=0, corrects__isnull=False) & ~Q(reason=""), name="clawback_is_negative_with_reason"
            ),
            models.CheckConstraint(condition=~Q(state__in=["declined", "clawed_back"]) | ~Q(reason=""), name="declined_earning_says_why"),
            models.CheckConstraint(condition=~Q(state="held") | Q(hold_until__isnull=False) | ~Q(hold_reason=""), name="held_earning_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=[*OWED, "paid", "forfeited"]) | Q(approved_at__isnull=False, payable_from__isnull=False),
                name="approved_earning_is_dated",
            ),
            models.CheckConstraint(condition=~Q(state="in_payout") | Q(payout_run_id__isnull=False), name="earning_in_payout_names_its_run"),
            models.CheckConstraint(condition=~Q(state="paid") | Q(paid_at__isnull=False), name="paid_earning_says_when"),
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="earning_newest"),
            models.Index("partner", F("created_at").desc(), F("id").desc(), name="earning_partner_newest"),
            models.Index("state", F("created_at").desc(), F("id").desc(), name="earning_state_newest"),
            models.Index("user", F("created_at").desc(), condition=Q(user__isnull=False), name="earning_of_rep"),
            models.Index("partner", "earned_on", name="earning_by_month"),
            models.Index("hold_until", condition=Q(state="held"), name="earning_held"),
            models.Index("partner", "payable_from", condition=Q(state="approved"), name="earning_due"),
            models.Index("forfeits_on", condition=Q(state="approved", forfeits_on__isnull=False), name="earning_forfeits"),
            models.Index("corrects", condition=Q(corrects__isnull=False), name="earning_corrects"),
            models.Index("event", condition=Q(event__isnull=False), name="earning_of_event"),
            models.Index("payout_run_id", condition=Q(payout_run_id__isnull=False), name="earning_of_run"),
            models.Index("source_key", name="earning_by_source"),
        ]

    def __str__(self) -> str:
        return self.number or self.label


class Alert(Model):
    """A published fraud rule that spoke about a line (G12). The line waits until a person has looked."""

    earning = models.ForeignKey(Earning, on_delete=models.PROTECT, related_name="alerts")
    partner = models.ForeignKey(**PARTNER)
    code = models.CharField(max_length=40)
    clause = models.CharField(max_length=60)
    clause_text = models.CharField(max_length=600)
    rule_version = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=9, default=AlertState.OPEN)
    raised_at = models.DateTimeField()
    resolved_by = models.ForeignKey(**PERSON)
    resolved_by_name = models.CharField(max_length=120, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("alert")
        constraints = [
            models.UniqueConstraint(fields=["earning", "code"], name="earning_alert_once"),
            one_of("state", AlertState, "earning_alert_state_known"),
            models.CheckConstraint(condition=Q(state="open") | Q(resolved_at__isnull=False) & ~Q(resolution=""), name="resolved_alert_says_why"),
        ]
        indexes = [
            models.Index("state", F("raised_at").desc(), F("id").desc(), name="earning_alert_newest"),
            models.Index(F("created_at").desc(), F("id").desc(), name="earning_alert_created"),
        ]

    def __str__(self) -> str:
        return self.code


class ForfeitureWarning(Model):
    """A warning that was sent before money is forfeited (G13): without all of them nothing is."""

    earning = models.ForeignKey(Earning, on_delete=models.PROTECT, related_name="warnings")
    partner = models.ForeignKey(**PARTNER)
    days_before = models.PositiveSmallIntegerField()
    forfeits_on = models.DateField()
    cure = models.CharField(max_length=600)
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("forfeiture warning")
        constraints = [models.UniqueConstraint(fields=["earning", "days_before", "forfeits_on"], name="forfeiture_warned_once")]
