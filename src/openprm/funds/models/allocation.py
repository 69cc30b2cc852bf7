"""What one partner was given out of a budget: its fund. The sums below it are kept by triggers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.funds.models.budget import Budget
from openprm.funds.models.fields import LARGEST, PARTNER, RATE, NextNumber, a_currency, money, one_of
from openprm.funds.rules.lifecycle import Kind
from openprm.kernel.models import Model


class Allocation(Model):
    """`approved` is what approved requests reserved, `released` what they gave back, `claimed` what was approved for payment, `paid` what was paid.

    Left is `amount - approved + released`, and the database never lets it go below zero. `program` is the budget's, written by the database:
    partners read it here, as they never read budgets. `local_rate` is what one unit was in the partner's own money the day the fund was given.
    """

    number = models.CharField(max_length=14, db_default=NextNumber("FA"), editable=False, unique=True)
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="allocations")
    partner = models.ForeignKey(**PARTNER)
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    kind = models.CharField(max_length=4, default=Kind.MDF)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    amount_minor = money()
    approved_minor = money(editable=False)
    released_minor = money(editable=False)
    waiting_minor = money(editable=False)
    claimed_minor = money(editable=False)
    paid_minor = money(editable=False)
    vendor_percent = models.PositiveSmallIntegerField(default=100)
    local_currency = models.CharField(max_length=3, blank=True, editable=False)
    local_rate = models.DecimalField(**RATE, null=True, editable=False)
    local_rate_date = models.DateField(null=True, editable=False)
    plan_by = models.DateField(null=True, blank=True)
    claim_by = models.DateField(null=True, blank=True)
    ends_on = models.DateField()
    is_closed = models.BooleanField(default=False)
    warned_days = models.PositiveSmallIntegerField(default=0, editable=False)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("name", "amount_minor", "currency", "kind", "plan_by", "claim_by", "ends_on", "vendor_percent", "is_closed")
    snapshot_leaves_out = (
        "approved_minor", "released_minor", "waiting_minor", "claimed_minor", "paid_minor", "warned_days", "local_currency", "local_rate", "local_rate_date",
    )  # fmt: skip

    class Meta:
        verbose_name = _("fund")
        constraints = [
            one_of("kind", Kind, "fund_kind_known"),
            a_currency("fund_currency_is_a_code"),
            models.UniqueConstraint(fields=["id", "partner"], name="fund_with_partner"),
            models.UniqueConstraint(fields=["id", "partner", "currency"], name="fund_with_partner_and_currency"),
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="one_fund_per_external_id"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0, amount_minor__lte=LARGEST), name="fund_amount_in_range"),
            models.CheckConstraint(condition=Q(amount_minor__gte=F("approved_minor") - F("released_minor")), name="fund_never_below_zero"),
            models.CheckConstraint(condition=Q(vendor_percent__gte=1, vendor_percent__lte=100), name="fund_vendor_percent_in_range"),
        ]
        indexes = [
            models.Index("budget", name="fund_budget"),
            models.Index("partner", F("created_at").desc(), name="fund_partner"),
            models.Index("ends_on", condition=Q(is_closed=False), name="fund_open_until"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def left_minor(self) -> int:
        return self.amount_minor - self.approved_minor + self.released_minor
