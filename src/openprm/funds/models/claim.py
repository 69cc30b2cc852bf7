"""A claim for money that was spent, in the currency of its bills, with its worth in the fund's currency at the rate of its day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.funds.models.fields import LARGEST, PARTNER, PERSON, RATE, NextNumber, a_currency, money, one_of
from openprm.funds.models.request import Activity, FundRequest
from openprm.funds.rules.lifecycle import ClaimStatus
from openprm.kernel.models import Model


class Claim(Model):
    """`fund_minor` is `amount_minor` in the fund's currency; approval and payment are counted there."""

    number = models.CharField(max_length=14, db_default=NextNumber("FC"), editable=False, unique=True)
    request = models.ForeignKey(FundRequest, on_delete=models.PROTECT, related_name="claims")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="claims")
    partner = models.ForeignKey(**PARTNER)
    currency = models.CharField(max_length=3)
    spent_minor = money()
    amount_minor = money()
    fund_currency = models.CharField(max_length=3)
    fx_rate = models.DecimalField(**RATE, default=1)
    fx_date = models.DateField()
    fund_minor = money()
    approved_minor = money()
    paid_minor = money(editable=False)
    spent_on = models.DateField()
    is_final = models.BooleanField(default=True)
    status = models.CharField(max_length=10, default=ClaimStatus.SUBMITTED)
    note = models.CharField(max_length=1000, blank=True)
    answer = models.CharField(max_length=1000, blank=True)
    judgement = models.JSONField(default=dict, blank=True)
    claimed_by = models.ForeignKey(**PERSON)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("status", "spent_minor", "amount_minor", "currency", "fund_minor", "fund_currency", "approved_minor", "fx_rate", "answer", "submitted_at")
    snapshot_leaves_out = ("judgement", "paid_minor")

    class Meta:
        verbose_name = _("claim")
        constraints = [
            one_of("status", ClaimStatus, "fund_claim_status_known"),
            a_currency("fund_claim_currency_is_a_code"),
            models.UniqueConstraint(fields=["id", "partner"], name="fund_claim_with_partner"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0, amount_minor__lte=LARGEST), name="fund_claim_amount_in_range"),
            models.CheckConstraint(condition=Q(amount_minor__lte=F("spent_minor")), name="fund_claim_within_spent"),
            models.CheckConstraint(condition=Q(fx_rate__gt=0), name="fund_claim_rate_positive"),
            models.CheckConstraint(condition=Q(approved_minor__gte=0) & Q(approved_minor__lte=F("fund_minor")), name="fund_claim_approved_within_asked"),
            models.CheckConstraint(condition=Q(paid_minor__gte=0) & Q(paid_minor__lte=F("approved_minor")), name="fund_paid_within_claim"),
        ]
        indexes = [
            models.Index("request", name="fund_claim_request"),
            models.Index("partner", F("created_at").desc(), F("id").desc(), name="fund_claim_partner"),
            models.Index("status", F("created_at").desc(), F("id").desc(), name="fund_claim_status"),
            models.Index("decided_at", condition=Q(status__in=["approved", "partial", "paid"]), name="fund_claim_decided"),
        ]

    def __str__(self) -> str:
        return self.number
