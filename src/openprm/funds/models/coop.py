"""Co-op money: the published rates, and the lines that a partner's revenue earned."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.funds.models.proofs import BY_PERSON, OF_PARTNER
from openprm.kernel.models import Model


class AccrualRate(Model):
    """The share of a won deal that goes into the partner's co-op pot. Published, never changed: the next one takes over on its day."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    tier = models.ForeignKey("partners.Tier", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    expires_after_days = models.PositiveSmallIntegerField(default=365)
    effective_from = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(**BY_PERSON)

    class Meta:
        verbose_name = _("accrual rate")
        constraints = [
            models.UniqueConstraint(fields=["program", "tier", "effective_from"], nulls_distinct=False, name="one_accrual_rate_per_day"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="accrual_rate_is_a_share"),
            models.CheckConstraint(condition=Q(expires_after_days__gte=30, expires_after_days__lte=1825), name="accrual_lasts_a_while"),
            models.CheckConstraint(condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("effective_from")), name="accrual_rate_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"


class AccrualLine(Model):
    """One line of a pot: what a deal earned, a correction of it, or what ran out. Lines are added, never changed; each is one ledger entry."""

    class Kind(models.TextChoices):
        ACCRUED = "accrued", _("Accrued")
        CORRECTED = "corrected", _("Corrected")
        EXPIRED = "expired", _("Ran out")

    partner = models.ForeignKey(**OF_PARTNER | {"on_delete": models.DO_NOTHING})  # history that the database keeps
    allocation = models.ForeignKey("funds.Allocation", on_delete=models.PROTECT, related_name="accruals")
    kind = models.CharField(max_length=10, choices=Kind)
    lot = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    registration_id = models.UUIDField()
    registration_number = models.CharField(max_length=24)
    rate = models.ForeignKey(AccrualRate, on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    deal_minor = models.BigIntegerField()
    deal_currency = models.CharField(max_length=3)
    fx_rate = models.DecimalField(max_digits=20, decimal_places=10)
    fx_date = models.DateField()
    revenue_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    occurred_on = models.DateField()
    expires_on = models.DateField()
    cause = models.CharField(max_length=120)
    note = models.CharField(max_length=500, blank=True)
    entry_id = models.UUIDField()
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(**BY_PERSON)

    class Meta:
        verbose_name = _("co-op line")
        ordering = ["booked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["registration_id"], condition=Q(kind="accrued"), name="one_accrual_per_deal"),
            models.UniqueConstraint(fields=["lot", "cause"], condition=~Q(kind="accrued"), name="one_line_per_cause"),
            models.CheckConstraint(condition=Q(kind="accrued", lot=None) | (~Q(kind="accrued") & Q(lot__isnull=False)), name="accrual_change_names_its_lot"),
            models.CheckConstraint(
                condition=Q(kind="accrued", amount_minor__gte=0) | Q(kind="corrected") | Q(kind="expired", amount_minor__lt=0),
                name="accrual_has_its_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "booked_at"], name="accruals_of_partner"),
            models.Index(fields=["expires_on"], condition=Q(kind="accrued"), name="accruals_that_end"),
        ]

    def __str__(self) -> str:
        return f"{self.registration_number}: {self.get_kind_display()}"


class AccrualWarning(Model):
    """A partner was told so many days before that money runs out. Without it nothing does."""

    partner = models.ForeignKey(**OF_PARTNER)
    lot = models.ForeignKey(AccrualLine, on_delete=models.CASCADE, related_name="warnings")
    days = models.PositiveSmallIntegerField()
    given_on = models.DateField()

    class Meta:
        verbose_name = _("warning")
        constraints = [models.UniqueConstraint(fields=["lot", "days"], name="one_warning_per_threshold")]
