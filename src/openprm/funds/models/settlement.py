"""Instalments of an approved claim: what is owed on which day, and what was paid at which rates."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.funds.models.claim import Claim
from openprm.funds.models.fields import LARGEST, PARTNER, RATE, a_currency, money, one_of
from openprm.funds.rules.lifecycle import InstalmentState
from openprm.kernel.models import Model


class Settlement(Model):
    """`fund_minor` is owed, in the fund's currency. Once paid, `amount_minor` of `currency` is what moved, with both rates as they stood that day."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="settlements")
    partner = models.ForeignKey(**PARTNER)
    position = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, default=InstalmentState.DUE)
    fund_currency = models.CharField(max_length=3)
    fund_minor = money()
    payable_from = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = money()
    fx_to_claim = models.DecimalField(**RATE, null=True, blank=True)
    fx_to_budget = models.DecimalField(**RATE, null=True, blank=True)
    fx_date = models.DateField(null=True, blank=True)
    run_id = models.UUIDField(null=True, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    released_because = models.CharField(max_length=300, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)

    audit_shared = ("state", "fund_minor", "fund_currency", "currency", "amount_minor", "fx_to_claim", "fx_to_budget", "payable_from", "reference", "paid_at")

    class Meta:
        verbose_name = _("instalment")
        ordering = ["position", "created_at"]
        constraints = [
            one_of("state", InstalmentState, "fund_instalment_state_known"),
            a_currency("fund_instalment_currency_is_a_code"),
            models.CheckConstraint(condition=Q(fund_minor__gt=0, fund_minor__lte=LARGEST), name="fund_instalment_in_range"),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_at__isnull=False, fx_to_claim__gt=0, fx_to_budget__gt=0, amount_minor__gt=0),
                name="fund_payment_has_moment_and_rates",
            ),
        ]
        indexes = [
            models.Index("claim", name="fund_instalment_claim"),
            models.Index("partner", "payable_from", condition=Q(state="due"), name="fund_instalment_due"),
            models.Index("run_id", condition=Q(run_id__isnull=False), name="fund_instalment_run"),
        ]

    def __str__(self) -> str:
        return f"{self.claim}/{self.position}"
