"""What the pipeline keeps of its own: a person's target for a quarter, the close dates that moved, and each quarter's forecast as it stood at its start."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model

PARTNER = {"to": "identity.Organization", "on_delete": models.CASCADE, "related_name": "+"}


class Target(Model):
    """What one person wants to win in one quarter, in the reporting currency. `partner` is empty on the vendor's side."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(**PARTNER, null=True, blank=True)
    quarter_start = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("quarter_start", "amount_minor", "currency")

    class Meta:
        verbose_name = _("target")
        constraints = [
            models.UniqueConstraint(fields=["user", "partner", "quarter_start"], nulls_distinct=False, name="one_target_per_quarter"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0, amount_minor__lte=10**15), name="target_in_range"),
        ]


class CloseMove(Model):
    """A registration's expected close date went from one day to another. The database writes it, whoever changes the date."""

    registration = models.ForeignKey("deals.Registration", on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(**PARTNER)
    before = models.DateField()
    after = models.DateField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("moved close date")
        indexes = [
            models.Index(F("at").desc(), name="close_move_newest"),
            models.Index(fields=["registration"], name="close_move_of_deal"),
        ]


class KeptForecast(Model):
    """What one partner's deals were forecast to bring in a quarter, as it stood at the quarter's start: won by then, and open with their chances."""

    partner = models.ForeignKey(**PARTNER)
    quarter_start = models.DateField()
    quarter_end = models.DateField(help_text="The first day after the quarter.")
    deals = models.PositiveIntegerField()
    open_minor = models.BigIntegerField()
    forecast_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept forecast")
        constraints = [
            models.UniqueConstraint(fields=["partner", "quarter_start"], name="one_kept_forecast_per_quarter"),
            models.CheckConstraint(condition=Q(quarter_start__lt=F("quarter_end")), name="kept_forecast_of_a_quarter"),
        ]
