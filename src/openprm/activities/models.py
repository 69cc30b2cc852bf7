"""What somebody did at a customer. An entry is never changed: a wrong one is struck, a right one may be confirmed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.activities.rules.kinds import Direction, Kind, Purpose, Side, Struck
from openprm.kernel.models import Model

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}


def _one_of(column: str, values: type, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [value.value for value in values]}), name=name)


class Activity(Model):
    """`about` names what it was done for (a registration, an engagement); `partner` whose people did it, or were along."""

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    about = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=10)
    side = models.CharField(max_length=8)
    direction = models.CharField(max_length=4, default=Direction.OUT)
    purpose = models.CharField(max_length=16, blank=True, default="", db_default="")
    occurred_at = models.DateTimeField()
    person = models.CharField(max_length=120, blank=True)
    person_email = models.CharField(max_length=254, blank=True)
    summary = models.CharField(max_length=2000)
    outcome = models.CharField(max_length=1000, blank=True)

    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120, blank=True)
    self_reported = models.BooleanField(default=False)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)

    proof_name = models.CharField(max_length=160, blank=True)
    proof_type = models.CharField(max_length=100, blank=True)
    proof_size = models.PositiveIntegerField(default=0)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    proof_key = models.CharField(max_length=200, blank=True)

    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(**PERSON)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(**PERSON)
    struck_as = models.CharField(max_length=8, blank=True)
    struck_reason = models.CharField(max_length=500, blank=True)

    snapshot_leaves_out = ("proof_key",)
    audit_shared = (
        *("kind", "side", "direction", "purpose", "occurred_at", "person", "person_email", "summary", "outcome", "self_reported"),
        *("proof_name", "proof_sha256", "confirmed_at", "struck_at", "struck_reason"),
    )

    class Meta:
        verbose_name = _("activity")
        constraints = [
            _one_of("kind", Kind, "activity_kind_known"),
            _one_of("side", Side, "activity_side_known"),
            _one_of("direction", Direction, "activity_direction_known"),
            models.CheckConstraint(condition=Q(purpose__in=["", *(one.value for one in Purpose)]), name="activity_purpose_known"),
            models.CheckConstraint(condition=~Q(summary=""), name="activity_says_something"),
            models.CheckConstraint(condition=Q(side="vendor") | Q(partner__isnull=False), name="activity_of_a_partner_names_it"),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_as="")
                | Q(struck_at__isnull=False, struck_as__in=[why.value for why in Struck]) & ~Q(struck_reason=""),
                name="activity_struck_has_reason",
            ),
            # One source's id once for the vendor's systems and once for each partner's; what an import took back makes room.
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id="") & Q(self_reported=False) & ~Q(struck_as="undone"),
                name="activity_once_per_source",
            ),
            models.UniqueConstraint(
                fields=["partner", "source", "external_id"],
                condition=~Q(external_id="") & Q(self_reported=True) & ~Q(struck_as="undone"),
                name="activity_once_per_partners_source",
            ),
        ]
        indexes = [
            models.Index("account", F("occurred_at").desc(), F("id").desc(), name="activity_of_account"),
            models.Index("about", F("occurred_at").desc(), condition=Q(about__isnull=False), name="activity_of_subject"),
            models.Index("partner", F("occurred_at").desc(), F("id").desc(), name="activity_of_partner"),
            models.Index(F("occurred_at").desc(), F("id").desc(), name="activity_newest"),
            models.Index(F("created_at").desc(), F("id").desc(), name="activity_last_told"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%Y-%m-%d}"
