"""The books: accounts with their balance, entries with their legs, months that close, and how finance names things."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model, ScopedManager

ONE_ACCOUNT = "ledger_one_account"
ONE_KEY = "ledger_one_entry_per_key"
ONE_REVERSAL = "ledger_one_reversal"
FLOOR = "ledger_account_floor"
OPEN_PERIOD = "ledger_period_is_open"
PARTNER = {"to": "identity.Organization", "on_delete": models.DO_NOTHING, "null": True, "blank": True, "related_name": "+"}


class Account(Model):
    """One place for money: a kind, perhaps of one partner and for one subject, in one currency. Its balance is kept by the database."""

    place = models.CharField(max_length=150, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    partner = models.ForeignKey(**PARTNER)
    subject_id = models.UUIDField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    normal = models.SmallIntegerField()
    floor_minor = models.BigIntegerField(null=True, blank=True)
    balance_minor = models.BigIntegerField(default=0)
    leg_count = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("account")
        constraints = [
            models.UniqueConstraint(fields=["kind", "partner", "subject_id", "currency"], nulls_distinct=False, name=ONE_ACCOUNT),
            models.CheckConstraint(condition=Q(normal__in=[1, -1]), name="ledger_account_normal"),
            models.CheckConstraint(condition=Q(floor_minor=None) | Q(floor_minor__lte=F("balance_minor") * F("normal")), name=FLOOR),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="ledger_account_currency"),
        ]
        indexes = [models.Index(fields=["partner", "kind"], condition=Q(partner__isnull=False), name="ledger_account_partner")]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency}"


class Entry(Model):
    """One happening in the books, for good. `key` makes it happen once; what its legs are about is one partner at most."""

    number = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    value_date = models.DateField()
    memo = models.CharField(max_length=300, blank=True)
    partner = models.ForeignKey(**PARTNER)
    about = models.UUIDField(null=True, blank=True)
    reverses = models.ForeignKey("self", on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64)
    fx_currency = models.CharField(max_length=3, blank=True)
    fx_to = models.CharField(max_length=3, blank=True)
    fx_rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    fx_date = models.DateField(null=True, blank=True)
    fx_source = models.CharField(max_length=60, blank=True)
    posted_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["key"], name=ONE_KEY),
            models.UniqueConstraint(fields=["reverses"], condition=Q(reverses__isnull=False), name=ONE_REVERSAL),
            models.CheckConstraint(
                condition=Q(fx_rate=None, fx_date=None, fx_currency="", fx_to="")
                | Q(fx_rate__gt=0, fx_date__isnull=False, fx_currency__regex="^[A-Z]{3}$", fx_to__regex="^[A-Z]{3}$"),
                name="ledger_entry_rate_is_whole",
            ),
            models.CheckConstraint(condition=~Q(key="") & ~Q(kind=""), name="ledger_entry_says_what"),
        ]
        indexes = [
            models.Index(fields=["value_date", "number"], name="ledger_entry_date"),
            models.Index(fields=["partner", "-number"], condition=Q(partner__isnull=False), name="ledger_entry_partner"),
            models.Index(fields=["about"], condition=Q(about__isnull=False), name="ledger_entry_about"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"J-{self.number:06d}"


class Leg(models.Model):
    """One side of an entry. Lean, because there are millions; nobody addresses one. What it repeats is checked by the database."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.DO_NOTHING, related_name="legs", db_constraint=False)
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="legs", db_constraint=False, db_index=False)
    partner = models.ForeignKey(**{**PARTNER, "db_constraint": False, "db_index": False})
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    value_date = models.DateField()

    objects = ScopedManager()

    class Meta:
        verbose_name = _("leg")
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_leg_moves_money")]
        indexes = [
            models.Index(fields=["account", "value_date", "id"], name="ledger_leg_statement"),
            BrinIndex(fields=["value_date"], name="ledger_leg_days", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class Turnover(models.Model):
    """What moved on an account in a month. Kept by the database, so that the books of any day are a short sum."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="turnovers", db_index=False)
    month = models.DateField()
    debit_minor = models.BigIntegerField(default=0)
    credit_minor = models.BigIntegerField(default=0)
    leg_count = models.BigIntegerField(default=0)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("turnover")
        constraints = [models.UniqueConstraint(fields=["account", "month"], name="ledger_one_turnover")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Period(Model):
    """A month of the books. It closes once, after the months before it, and never opens again."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    month = models.DateField(unique=True)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+")
    closed_by_name = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    unposted_count = models.PositiveIntegerField(default=0)
    entry_count = models.PositiveBigIntegerField(default=0)
    totals = models.JSONField(default=dict, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("period")
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="ledger_period_is_a_month"),
            models.CheckConstraint(condition=Q(state="open", closed_at=None) | Q(state="closed", closed_at__isnull=False), name="ledger_closed_is_dated"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class AccountCode(Model):
    """The number of an account kind in the accountant's chart, for all exports (`format` empty) or for one. An empty one was taken back."""

    kind = models.CharField(max_length=60)
    format = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("account code")
        constraints = [
            models.UniqueConstraint(fields=["kind", "format"], name="ledger_one_code"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class ExportSettings(Model):
    """What the accountant's program wants to read at the head of a file. One row."""

    only = models.BooleanField(default=True, unique=True)
    datev_consultant = models.PositiveIntegerField(default=1001)
    datev_client = models.PositiveIntegerField(default=1)
    datev_account_length = models.PositiveSmallIntegerField(default=4)
    fiscal_year_start = models.PositiveSmallIntegerField(default=1)
    xero_tax_rate = models.CharField(max_length=50, default="Tax Exempt")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("export settings")
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="ledger_one_export_settings"),
            models.CheckConstraint(condition=Q(datev_account_length__gte=4, datev_account_length__lte=8), name="ledger_datev_account_length"),
            models.CheckConstraint(condition=Q(fiscal_year_start__gte=1, fiscal_year_start__lte=12), name="ledger_fiscal_month"),
            models.CheckConstraint(
                condition=Q(datev_consultant__gte=1001, datev_consultant__lte=9999999, datev_client__gte=1, datev_client__lte=99999),
                name="ledger_datev_numbers",
            ),
        ]

    def __str__(self) -> str:
        return "export settings"
