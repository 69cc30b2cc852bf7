"""A partner's own books: read and written by its administrators alone. The database gives the vendor no row of them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.kernel.money import LARGEST_MINOR
from openprm.profitability.rules.facts import MOST_MINUTES
from openprm.profitability.rules.kinds import EFFORT, ENTERED

OWNER = {"to": "identity.Organization", "on_delete": models.PROTECT, "related_name": "+"}


def _is_first_day(column: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__day": 1}), name=name)


class Book(Model):
    """The partner's settings: its currency, what it usually keeps of a sale, and whose hours training takes."""

    partner = models.OneToOneField(**OWNER)
    currency = models.CharField(max_length=3)
    margin_bp = models.PositiveIntegerField(null=True, blank=True)
    training_group = models.ForeignKey("profitability.Group", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("book")
        constraints = [models.CheckConstraint(condition=Q(margin_bp__isnull=True) | Q(margin_bp__lte=10_000), name="profit_margin_is_a_share")]

    def __str__(self) -> str:
        return self.currency


class Group(Model):
    """People who cost the same: consultants, engineers."""

    partner = models.ForeignKey(**OWNER)
    name = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("group of people")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(F("partner"), Lower("name"), name="profit_group_once"),
            models.UniqueConstraint(fields=["id", "partner"], name="profit_group_and_partner"),
            models.CheckConstraint(condition=~Q(name=""), name="profit_group_is_named"),
        ]

    def __str__(self) -> str:
        return self.name


class Rate(Model):
    """What an hour of a group costs from a month on."""

    partner = models.ForeignKey(**OWNER)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="rates")
    since = models.DateField()
    hourly_minor = models.BigIntegerField()

    class Meta:
        verbose_name = _("cost rate")
        ordering = ["group", "since"]
        constraints = [
            models.UniqueConstraint(fields=["group", "since"], name="profit_rate_once_per_month"),
            models.CheckConstraint(condition=Q(hourly_minor__gt=0, hourly_minor__lte=LARGEST_MINOR), name="profit_rate_in_range"),
            _is_first_day("since", "profit_rate_begins_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m}"


class Entry(Model):
    """One thing the partner writes down: hours of a group, or an amount, in a month; for a deal, a program, a product line, or for all."""

    partner = models.ForeignKey(**OWNER)
    kind = models.CharField(max_length=14)
    month = models.DateField()
    minutes = models.PositiveIntegerField(null=True, blank=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    amount_minor = models.BigIntegerField(null=True, blank=True)
    deal_id = models.UUIDField(null=True, blank=True)
    program_id = models.UUIDField(null=True, blank=True)
    product_line_id = models.UUIDField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    author_name = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=4, default="hand")
    external_id = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("entry of your books")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in ENTERED]), name="profit_entry_kind_known"),
            models.CheckConstraint(condition=Q(source__in=["hand", "file", "api"]), name="profit_entry_source_known"),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True, group__isnull=True, amount_minor__gt=0, amount_minor__lte=LARGEST_MINOR)
                | Q(minutes__gt=0, minutes__lte=MOST_MINUTES, group__isnull=False, amount_minor__isnull=True, kind__in=sorted(kind.value for kind in EFFORT)),
                name="profit_entry_is_hours_or_amount",
            ),
            _is_first_day("month", "profit_entry_is_of_a_month"),
            models.UniqueConstraint(fields=["partner", "external_id"], condition=~Q(external_id=""), name="profit_entry_once_per_id"),
        ]
        indexes = [models.Index("partner", F("month").desc(), F("id").desc(), name="profit_entry_by_month")]

    def __str__(self) -> str:
        return f"{self.kind} {self.month:%Y-%m}"


class Change(Model):
    """Who changed the books, kept beside them: the sealed log is read by the vendor, so nothing of this stands there."""

    partner = models.ForeignKey(**OWNER)
    person = models.CharField(max_length=120)
    what = models.CharField(max_length=20)
    about = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("change of the books")
        indexes = [models.Index("partner", F("created_at").desc(), F("id").desc(), name="profit_change_newest")]

    def __str__(self) -> str:
        return self.what
