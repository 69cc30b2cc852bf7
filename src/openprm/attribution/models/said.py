"""What people say about credit: claims that need both sides, disputes, and what was found about wins without a partner."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.attribution.models.fields import ACCOUNT, PARTNER, PERSON, one_of
from openprm.attribution.models.runs import Result
from openprm.attribution.models.touches import Touch
from openprm.attribution.rules.words import CLAIMABLE, ClaimState, DealKind, DisputeState, Finding, Side
from openprm.kernel.models import Model

ONE_OPEN_DISPUTE = "attribution_one_open_dispute"


class Claim(Model):
    """One side says that a partner helped; the other side confirms it or says why not."""

    partner = models.ForeignKey(**PARTNER)
    account = models.ForeignKey(**ACCOUNT)
    customer = models.CharField(max_length=200)
    deal_id = models.UUIDField(null=True, blank=True)
    side = models.CharField(max_length=8)
    kind = models.CharField(max_length=16)
    occurred_at = models.DateTimeField()
    statement = models.CharField(max_length=2000)
    state = models.CharField(max_length=10, default=ClaimState.OPEN)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(**PERSON)
    made_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_side = models.CharField(max_length=8, blank=True)
    answered_by = models.ForeignKey(**PERSON)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=1000, blank=True)
    touch = models.ForeignKey(Touch, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version",)
    audit_shared = ("customer", "side", "kind", "occurred_at", "statement", "state", "answer", "answered_side")

    class Meta:
        verbose_name = _("claim")
        constraints = [
            one_of("side", Side, "attribution_claim_side_known"),
            one_of("kind", CLAIMABLE, "attribution_claim_kind_known"),
            one_of("state", ClaimState, "attribution_claim_state_known"),
            models.CheckConstraint(condition=~Q(statement="") & ~Q(customer=""), name="attribution_claim_says_something"),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "declined"]) | Q(answered_at__isnull=False) & ~Q(answered_side="") & ~Q(answered_side=F("side")),
                name="attribution_claim_needs_both_sides",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(answer=""), name="attribution_claim_declined_with_a_reason"),
            models.CheckConstraint(
                condition=Q(state="confirmed", touch__isnull=False) | ~Q(state="confirmed") & Q(touch=None), name="attribution_claim_becomes_a_touch"
            ),
        ]
        indexes = [
            models.Index(F("made_at").desc(), F("id").desc(), name="attribution_claim_newest"),
            models.Index("partner", F("made_at").desc(), F("id").desc(), name="attribution_claim_partner"),
            models.Index("made_at", "id", condition=Q(state="open"), name="attribution_claim_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.customer}"


class Dispute(Model):
    """A partner disagrees with what a run says about one deal. It is answered in a promised time, with a reason."""

    partner = models.ForeignKey(**PARTNER)
    result = models.ForeignKey(Result, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    deal_id = models.UUIDField()
    deal_kind = models.CharField(max_length=12)
    deal = models.CharField(max_length=240)
    reason = models.CharField(max_length=2000)
    state = models.CharField(max_length=10, default=DisputeState.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(**PERSON)
    opened_by_name = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(**PERSON)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version",)
    audit_shared = ("deal", "reason", "state", "answer")

    class Meta:
        verbose_name = _("dispute")
        constraints = [
            one_of("state", DisputeState, "attribution_dispute_state_known"),
            one_of("deal_kind", DealKind, "attribution_dispute_kind_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="attribution_dispute_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "dismissed"]) | Q(answered_at__isnull=False) & ~Q(answer=""), name="attribution_dispute_answered_in_words"
            ),
            models.UniqueConstraint(fields=["partner", "deal_id"], condition=Q(state="open"), name=ONE_OPEN_DISPUTE),
        ]
        indexes = [
            models.Index(F("opened_at").desc(), F("id").desc(), name="attribution_dispute_newest"),
            models.Index("opened_at", "id", condition=Q(state="open"), name="attribution_dispute_waiting"),
        ]

    def __str__(self) -> str:
        return self.deal


class Review(Model):
    """What a person found about a won deal that nobody was credited for."""

    deal_id = models.UUIDField(unique=True)
    deal_kind = models.CharField(max_length=12)
    finding = models.CharField(max_length=8)
    note = models.CharField(max_length=1000, blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(**PERSON)
    reviewed_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("review")
        constraints = [
            one_of("finding", Finding, "attribution_review_finding_known"),
            one_of("deal_kind", DealKind, "attribution_review_kind_known"),
        ]

    def __str__(self) -> str:
        return self.finding
