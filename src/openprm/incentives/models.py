"""Plans, usage and its shares. What was booked for a closed month never changes; a correction is a line of its own."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.incentives.rules.model import KINDS
from openprm.incentives.wording import KIND
from openprm.kernel.models import Model

ONE_CODE, ONE_REVISION, ONE_CLOSED_MONTH = "incentives_one_code", "incentives_one_revision", "incentives_one_closed_month"
SHARES_IN_CAP, MONTH_IS_OPEN = "usage_shares_in_cap", "usage_month_is_open"
AMOUNT = Q(amount_minor__gte=-(10**15), amount_minor__lte=10**15)


class Plan(Model):
    """A plan by its name. What it pays stands in its published tables (`incentives.plan`, the plan in the place of a program)."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=[(kind, KIND[kind]) for kind in KINDS])
    about = models.CharField(max_length=500, blank=True)
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, null=True, related_name="+")
    partner_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    ended_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("plan")
        constraints = [models.UniqueConstraint(fields=["code"], name=ONE_CODE)]

    def __str__(self) -> str:
        return self.name


class UsageMonth(Model):
    """A month that is closed: nothing is booked in it any more."""

    month = models.DateField()
    closed_at = models.DateTimeField()
    closed_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("closed month")
        constraints = [
            models.UniqueConstraint(fields=["month"], name=ONE_CLOSED_MONTH),
            models.CheckConstraint(condition=Q(month__day=1), name="usage_month_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class UsageLine(Model):
    """What a customer used in a month, as told by a source; a later telling of the same id is a further line with the difference."""

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=120)
    revision = models.PositiveIntegerField(default=1)
    customer_key = models.CharField(max_length=120)
    customer_name = models.CharField(max_length=200)
    product_line = models.ForeignKey("deals.ProductLine", on_delete=models.PROTECT, null=True, related_name="+")
    service_month = models.DateField()
    booked_month = models.DateField()
    quantity = models.DecimalField(max_digits=20, decimal_places=6)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("usage line")
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id", "revision"], name=ONE_REVISION),
            models.CheckConstraint(condition=Q(service_month__day=1, booked_month__day=1), name="usage_line_months_first_day"),
            models.CheckConstraint(condition=Q(booked_month__gte=F("service_month")), name="usage_booked_not_before_service"),
            models.CheckConstraint(condition=AMOUNT, name="usage_amount_in_range"),
        ]
        indexes = [
            models.Index(fields=["booked_month", "-booked_at"], name="usage_line_booked"),
            models.Index(fields=["customer_key", "service_month"], name="usage_line_customer"),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def corrects(self):
        """The closed month that this line corrects, or None."""
        return self.service_month if self.booked_month != self.service_month else None


class UsageShare(Model):
    """What part of a customer's usage is credited to a partner, from one month to another. Never changed: superseded, so that any day can be read."""

    customer_key = models.CharField(max_length=120)
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    from_month = models.DateField()
    until_month = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=200, blank=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("usage share")
        constraints = [
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="usage_share_in_range"),
            models.CheckConstraint(condition=Q(from_month__day=1), name="usage_share_first_day"),
            models.CheckConstraint(condition=Q(until_month=None) | Q(until_month__day=1, until_month__gte=F("from_month")), name="usage_share_ends_after"),
            models.CheckConstraint(condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")), name="usage_share_superseded_later"),
        ]
        indexes = [models.Index(fields=["customer_key", "from_month"], name="usage_share_customer")]

    def __str__(self) -> str:
        return f"{self.customer_key} {self.percent} %"


class UsageCredit(Model):
    """What one usage line gives one partner. A change of shares in an open month is a further credit with the difference."""

    line = models.ForeignKey(UsageLine, on_delete=models.PROTECT, related_name="credits")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    service_month = models.DateField()
    booked_month = models.DateField()
    customer_name = models.CharField(max_length=200)
    booked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("usage credit")
        constraints = [models.UniqueConstraint(fields=["line", "partner", "revision"], name="usage_one_credit")]
        indexes = [models.Index(fields=["partner", "-service_month"], name="usage_credit_partner")]

    def __str__(self) -> str:
        return f"{self.customer_name} {self.service_month:%Y-%m}"
