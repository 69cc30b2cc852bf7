"""What this room keeps: numbers as they were told, targets, and costs that no other room knows."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.kernel.money import LARGEST_MINOR

COST_KINDS = {
    "team": _("Team"),
    "tools": _("Tools"),
    "recruiting": _("Recruiting"),
    "onboarding": _("Onboarding"),
    "servicing": _("Servicing"),
}


class Snapshot(Model):
    """One number as it was told at the end of a month: never changed, so last year's numbers can be read again."""

    kpi = models.CharField(max_length=60)
    segment = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=10)
    as_of = models.DateField()
    value = models.DecimalField(max_digits=26, decimal_places=6, null=True)
    low = models.DecimalField(max_digits=26, decimal_places=6, null=True)
    high = models.DecimalField(max_digits=26, decimal_places=6, null=True)
    n = models.PositiveBigIntegerField()
    why = models.CharField(max_length=20, blank=True)
    parts = models.JSONField(default=dict)
    currency = models.CharField(max_length=3)
    configuration = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("kept number")
        constraints = [
            models.UniqueConstraint(fields=["kpi", "segment", "period", "as_of", "configuration"], name="kpi_kept_once"),
            models.CheckConstraint(condition=Q(value__isnull=False) ^ ~Q(why=""), name="kpi_number_or_reason"),
        ]
        indexes = [models.Index("kpi", "segment", "period", F("as_of").desc(), name="kpi_history")]

    def __str__(self) -> str:
        return f"{self.kpi} {self.as_of}"


class Target(Model):
    """What a number should be by the end of a calendar year, quarter or month; the newest one holds."""

    kpi = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    starts_on = models.DateField()
    value = models.DecimalField(max_digits=26, decimal_places=6)
    set_by_name = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ()

    class Meta:
        verbose_name = _("target of a KPI")
        constraints = [
            models.UniqueConstraint(fields=["kpi", "period", "starts_on"], name="kpi_target_once"),
            models.CheckConstraint(condition=Q(period__in=["month", "quarter", "year"]), name="kpi_target_period_known"),
            models.CheckConstraint(condition=Q(starts_on__day=1), name="kpi_target_begins_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.starts_on}"


class Cost(Model):
    """What the program cost in a month beside incentives and market funds: for one partner, or shared."""

    month = models.DateField()
    kind = models.CharField(max_length=12, choices=COST_KINDS.items())
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=300, blank=True)
    entered_by_name = models.CharField(max_length=200, blank=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ()

    class Meta:
        verbose_name = _("cost of the program")
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="kpi_cost_is_of_a_month"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0, amount_minor__lte=LARGEST_MINOR), name="kpi_cost_in_range"),
            models.CheckConstraint(condition=Q(kind__in=list(COST_KINDS)), name="kpi_cost_kind_known"),
            models.UniqueConstraint(fields=["external_source", "external_id"], condition=~Q(external_id=""), name="kpi_cost_brought_in_once"),
        ]
        indexes = [models.Index(F("month").desc(), F("id").desc(), name="kpi_cost_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.month:%Y-%m}"


class Pack(Model):
    """One pack for the board: what was asked, and the two files that were made of it, with their hashes."""

    class State(models.TextChoices):
        PENDING = "pending", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Not made")

    as_of = models.DateField()
    period = models.CharField(max_length=10)
    compare = models.CharField(max_length=10)
    segment = models.JSONField(default=dict)
    locale = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    why = models.CharField(max_length=300, blank=True)
    asked_by_name = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_bytes = models.PositiveIntegerField(default=0)
    xlsx_sha256 = models.CharField(max_length=64, blank=True)
    xlsx_bytes = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)

    audit_shared = ()

    class Meta:
        verbose_name = _("pack")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(pdf_sha256="") & ~Q(xlsx_sha256="") & Q(ready_at__isnull=False)), name="kpi_pack_ready_has_files"
            ),
        ]
        indexes = [models.Index(F("created_at").desc(), F("id").desc(), name="kpi_pack_newest")]

    def __str__(self) -> str:
        return f"{self.as_of} {self.period}"

    def key(self, form: str) -> str:
        return f"kpis/packs/{self.pk}.{form}"


class LabelSetting(Model):
    """Whether the facts of one program are public, and from how many cases on a number is told."""

    program = models.OneToOneField("partners.Program", on_delete=models.CASCADE, related_name="+")
    is_published = models.BooleanField(default=False)
    least_cases = models.PositiveSmallIntegerField(default=20)
    changed_by_name = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ()

    class Meta:
        verbose_name = _("program facts label")
        constraints = [models.CheckConstraint(condition=Q(least_cases__gte=10, least_cases__lte=1000), name="kpi_label_least_cases_in_range")]

    def __str__(self) -> str:
        return str(self.program_id)


class PublicLabel(Model):
    """The public copy: exactly what a visitor may know of a program. It is there only while it is published."""

    program = models.OneToOneField("partners.Program", on_delete=models.CASCADE, related_name="+")
    code = models.SlugField(max_length=60, unique=True)
    as_of = models.DateField()
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("public program facts")

    def __str__(self) -> str:
        return f"{self.code} {self.as_of}"
