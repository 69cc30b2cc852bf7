"""How credit is divided (configurations), what came of it (runs with their results and credits), and which run stands for a month."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.attribution.models.fields import ACCOUNT, PARTNER, PERSON, first_of_month, one_of
from openprm.attribution.models.touches import Touch
from openprm.attribution.rules.words import MODELS, DealKind, Outcome
from openprm.kernel.models import Model

WHOLE = "attribution_points_are_whole"
LOCKED = "attribution_month_is_locked"


class Configuration(Model):
    """One published way to divide credit. Never changed; `sha256` is of what it decides."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=120)
    model = models.CharField(max_length=20)
    half_life = models.DecimalField(max_digits=6, decimal_places=2, default=7)
    weights = ArrayField(models.DecimalField(max_digits=6, decimal_places=2), default=list, blank=True)
    window_days = models.PositiveSmallIntegerField(default=365)
    gap_points = models.PositiveSmallIntegerField(default=2500)
    note = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(**PERSON)
    published_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("configuration")
        constraints = [
            one_of("model", MODELS, "attribution_model_known"),
            models.CheckConstraint(condition=Q(half_life__gt=0), name="attribution_half_life_positive"),
            models.CheckConstraint(condition=Q(window_days__gte=1, window_days__lte=1095), name="attribution_window_in_range"),
            models.CheckConstraint(condition=Q(gap_points__gte=1, gap_points__lte=10_000), name="attribution_gap_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (v{self.number})"


class Run(Model):
    """What one configuration makes of one month as it was known at `as_of`. Never changed."""

    number = models.PositiveBigIntegerField(unique=True)
    month = models.DateField()
    configuration = models.ForeignKey(Configuration, on_delete=models.PROTECT, related_name="+")
    configuration_sha256 = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    rules = models.JSONField(default=list)
    result_sha256 = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    deal_count = models.PositiveIntegerField()
    sourced_count = models.PositiveIntegerField()
    influenced_count = models.PositiveIntegerField()
    unattributed_count = models.PositiveIntegerField()
    sourced_minor = models.BigIntegerField()
    influenced_minor = models.BigIntegerField()
    unattributed_minor = models.BigIntegerField()
    late_count = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(**PERSON)
    made_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("run")
        constraints = [
            first_of_month("attribution_run_month"),
            models.CheckConstraint(
                condition=Q(deal_count=F("sourced_count") + F("influenced_count") + F("unattributed_count")), name="attribution_run_adds_up"
            ),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="attribution_run_currency"),
        ]
        indexes = [models.Index("month", F("number").desc(), name="attribution_run_month_newest")]

    def __str__(self) -> str:
        return f"AR-{self.number:06d}"


class Month(Model):
    """The run that stands for a month. Locked, it stands for good."""

    month = models.DateField(unique=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(**PERSON)
    locked_by_name = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("month")
        constraints = [first_of_month("attribution_month_first")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Result(Model):
    """One decided deal in a run, with the facts it was read with and the touches that stood before it. `line` is its line in the file of the run."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="results")
    kind = models.CharField(max_length=12)
    deal_id = models.UUIDField()
    number = models.CharField(max_length=24, blank=True)
    customer = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    account = models.ForeignKey(**{**ACCOUNT, "on_delete": models.DO_NOTHING, "db_constraint": False})
    program_id = models.UUIDField(null=True, blank=True)
    deal_type = models.CharField(max_length=12)
    is_won = models.BooleanField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    base_minor = models.BigIntegerField()
    fx_rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    fx_date = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=12)
    touch_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    judged = models.JSONField(default=list)
    line = models.TextField(default="", blank=True)

    class Meta:
        verbose_name = _("result")
        constraints = [
            one_of("kind", DealKind, "attribution_result_kind_known"),
            one_of("outcome", Outcome, "attribution_result_outcome_known"),
            models.UniqueConstraint(fields=["run", "deal_id"], name="attribution_result_once_per_run"),
        ]
        indexes = [
            models.Index("deal_id", name="attribution_result_deal"),
            models.Index("run", "outcome", F("base_minor").desc(), F("id").desc(), name="attribution_result_largest"),
            models.Index(F("closed_at").desc(), F("id").desc(), name="attribution_result_newest"),
        ]

    def __str__(self) -> str:
        return self.number or self.customer


class OfDeal(Model):
    """What a partner may know of a deal it has a part in; the rest of the result is the vendor's."""

    kind = models.CharField(max_length=12)
    deal_id = models.UUIDField()
    number = models.CharField(max_length=24, blank=True)
    customer = models.CharField(max_length=200, blank=True)
    account_id = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField()

    class Meta:
        abstract = True


class Credit(OfDeal):
    """A partner's part of one won deal in a run. The parts of a deal are 10,000 points together, or there is none."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="credits")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(**PARTNER)
    outcome = models.CharField(max_length=12)
    basis_points = models.PositiveIntegerField()
    credit_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    evidence = models.JSONField(default=list)

    class Meta:
        verbose_name = _("credit")
        constraints = [
            models.UniqueConstraint(fields=["result", "partner"], name="attribution_credit_once_per_deal"),
            one_of("outcome", (Outcome.SOURCED, Outcome.INFLUENCED), "attribution_credit_outcome_known"),
            models.CheckConstraint(condition=Q(basis_points__gte=1, basis_points__lte=10_000), name="attribution_credit_in_range"),
        ]
        indexes = [
            models.Index("run", "partner", name="attribution_credit_run"),
            models.Index("partner", F("created_at").desc(), F("id").desc(), name="attribution_credit_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.basis_points}"


class LateTouch(OfDeal):
    """A claim that came after the time for claims on a deal: seen, counted apart, without credit."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="late")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(**PARTNER)
    touch = models.ForeignKey(Touch, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("late touch")
        constraints = [models.UniqueConstraint(fields=["result", "touch"], name="attribution_late_once")]


class Correction(Model):
    """What a locked run would say now, by its own rules, with the touches that became known since. It stands beside the locked numbers and changes none."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="corrections")
    as_of = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    touch_count = models.PositiveIntegerField()
    deal_count = models.PositiveIntegerField()
    sourced_minor = models.BigIntegerField()
    influenced_minor = models.BigIntegerField()
    unattributed_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        verbose_name = _("correction")
        indexes = [models.Index("run", F("as_of").desc(), name="attribution_correction_newest")]

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d}"


class CorrectedPart(OfDeal):
    """What a partner has of one deal in a locked run, and what it would have now."""

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="parts")
    partner = models.ForeignKey(**PARTNER)
    locked_points = models.PositiveIntegerField()
    locked_minor = models.BigIntegerField()
    found_points = models.PositiveIntegerField()
    found_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        verbose_name = _("corrected part")
        constraints = [models.UniqueConstraint(fields=["correction", "deal_id", "partner"], name="attribution_corrected_once")]
        indexes = [models.Index("partner", F("closed_at").desc(), name="attribution_corrected_partner")]

    def __str__(self) -> str:
        return f"{self.found_minor - self.locked_minor}"
