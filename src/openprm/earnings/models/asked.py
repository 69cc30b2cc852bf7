"""What one person proposes and another decides: adjustments by hand, bounties with their proof. And the sealed statements."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.earnings.models.earning import Earning
from openprm.earnings.models.fields import LARGEST, PARTNER, PERSON, NextAdjustmentNumber, currency_is_a_code, one_of
from openprm.earnings.rules.states import Asked, BountyReject
from openprm.kernel.models import Model


class Adjustment(Model):
    """Money given or taken by hand. Who proposes it never approves it."""

    number = models.CharField(max_length=24, unique=True, db_default=NextAdjustmentNumber(), editable=False)
    partner = models.ForeignKey(**PARTNER)
    user = models.ForeignKey(**PERSON)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=1000)
    about = models.ForeignKey(Earning, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, default=Asked.PROPOSED)
    proposed_by = models.ForeignKey(**PERSON)
    proposed_by_name = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(**PERSON)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=1000, blank=True)
    earning = models.OneToOneField(Earning, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("adjustment")
        constraints = [
            one_of("state", Asked, "adjustment_state_known"),
            currency_is_a_code("adjustment_currency_is_a_code"),
            models.CheckConstraint(condition=~Q(amount_minor=0) & Q(amount_minor__gte=-LARGEST, amount_minor__lte=LARGEST), name="adjustment_amount_in_range"),
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_says_why"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decided_by__isnull=False, proposed_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="adjustment_needs_four_eyes",
            ),
            models.CheckConstraint(condition=~Q(state="rejected") | ~Q(decision_reason=""), name="rejected_adjustment_says_why"),
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="adjustment_newest"),
            models.Index("proposed_at", condition=Q(state="proposed"), name="adjustment_open"),
        ]

    def __str__(self) -> str:
        return self.number


class Bounty(Model):
    """What a partner did for a bounty, with the proof (G11)."""

    partner = models.ForeignKey(**PARTNER)
    user = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120, blank=True)
    plan_id = models.UUIDField()
    plan_name = models.CharField(max_length=200)
    title = models.CharField(max_length=160)
    note = models.CharField(max_length=2000, blank=True)
    link = models.CharField(max_length=500, blank=True)
    happened_on = models.DateField()
    state = models.CharField(max_length=9, default=Asked.PROPOSED)
    submitted_at = models.DateTimeField()
    proof_name = models.CharField(max_length=160, blank=True)
    proof_type = models.CharField(max_length=120, blank=True)
    proof_size = models.PositiveIntegerField(default=0)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    proof_key = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(**PERSON)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reject_code = models.CharField(max_length=14, blank=True)
    decision_reason = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version", "proof_key")
    audit_shared = ("title", "note", "link", "happened_on", "state", "reject_code", "decision_reason", "plan_name", "proof_name")

    class Meta:
        verbose_name = _("bounty submission")
        constraints = [
            one_of("state", Asked, "bounty_state_known"),
            one_of("reject_code", ["", *BountyReject], "bounty_reject_code_known"),
            models.CheckConstraint(condition=~Q(title=""), name="bounty_says_what"),
            models.CheckConstraint(condition=~Q(proof_sha256="") | ~Q(link=""), name="bounty_has_a_proof"),
            models.CheckConstraint(condition=~Q(state="rejected") | ~Q(reject_code="") & ~Q(decision_reason=""), name="rejected_bounty_says_why"),
            # The same file is no second proof, whoever sends it, unless the first was refused.
            models.UniqueConstraint(
                fields=["plan_id", "proof_sha256"], condition=~Q(proof_sha256="") & Q(state__in=["proposed", "approved"]), name="bounty_proof_once"
            ),
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="bounty_newest"),
            models.Index("submitted_at", condition=Q(state="proposed"), name="bounty_open"),
        ]

    def __str__(self) -> str:
        return self.title


class Statement(Model):
    """A partner's month, sealed: what it shows never changes, whatever happens to its lines later."""

    partner = models.ForeignKey(**PARTNER)
    month = models.DateField()
    currency = models.CharField(max_length=3)
    opening_minor = models.BigIntegerField()
    earned_minor = models.BigIntegerField()
    taken_back_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    lines = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("statement")
        constraints = [
            models.UniqueConstraint(fields=["partner", "month", "currency"], name="statement_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="statement_is_of_a_month"),
        ]
        indexes = [
            models.Index(F("month").desc(), F("id").desc(), name="statement_newest"),
            models.Index(F("created_at").desc(), F("id").desc(), name="statement_created"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.currency}"
