"""What is owed since when, and the accounts that the vendor pays from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.payouts.models.fields import PARTNER

PAYING_KINDS = {"sepa": _("SEPA credit transfer (pain.001)"), "ach": _("NACHA file"), "csv": _("CSV file"), "stripe": _("Stripe Connect")}


class Owed(Model):
    """Approved money of one partner and currency that waits to be paid: the subject of the promise."""

    partner = models.ForeignKey(**PARTNER)
    currency = models.CharField(max_length=3)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("money owed")
        constraints = [models.UniqueConstraint(fields=["partner", "currency"], condition=Q(ended_at=None), name="one_open_debt_per_currency")]

    def __str__(self) -> str:
        return str(_("Payout in %(currency)s") % {"currency": self.currency})


class PayingAccount(Model):
    """An account or a provider that the vendor pays from. What is secret is sealed."""

    kind = models.CharField(max_length=6, choices=PAYING_KINDS.items())
    name = models.CharField(max_length=140)
    currency = models.CharField(max_length=3, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    sealed = models.TextField(blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("sealed",)

    class Meta:
        verbose_name = _("paying account")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(PAYING_KINDS)), name="paying_kind_is_known"),
            models.UniqueConstraint(fields=["kind", "currency"], condition=Q(is_active=True), name="one_paying_account_per_kind"),
        ]

    def __str__(self) -> str:
        return self.name
