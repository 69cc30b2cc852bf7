"""Calendars and targets are published and never edited; clocks only move forward, and an answered one stays as it is."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.promises.rules import clocks
from openprm.promises.rules.targets import Pace, Target, Unit, Version


class BusinessCalendar(Model):
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_default = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("business calendar")
        constraints = [models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_calendar")]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(Model):
    """Working hours from `effective_at` on. An empty zone or country is that of the vendor's organization."""

    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    week = models.JSONField(_("working hours"))
    country = models.CharField(_("country of the public holidays"), max_length=2, blank=True)
    subdivision = models.CharField(_("part of the country"), max_length=8, blank=True)
    has_holidays = models.BooleanField(_("public holidays are days off"), default=True)
    closed_dates = ArrayField(models.DateField(), verbose_name=_("own days off"), default=list)
    opened_dates = ArrayField(models.DateField(), verbose_name=_("holidays on which we work"), default=list)
    effective_at = models.DateTimeField(_("from"))
    published_by = models.CharField(max_length=200)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("working hours")
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number")]

    def __str__(self) -> str:
        return f"{self.calendar} {self.number}"

    @property
    def spans(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        return tuple(tuple((int(open_), int(close)) for open_, close in day) for day in self.week)


class TargetVersion(Model):
    """How long a promise may take from `effective_at` on, for all or for one program or tier."""

    code = models.CharField(_("promise"), max_length=80)
    number = models.PositiveIntegerField(_("version"))
    program_id = models.UUIDField(_("program"), null=True)
    tier_code = models.CharField(_("tier"), max_length=40, blank=True)
    amount = models.PositiveIntegerField(_("amount"), null=True)
    unit = models.CharField(_("unit"), max_length=16, blank=True, choices=[(unit.value, unit.value) for unit in Unit])
    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.PROTECT, related_name="+")
    effective_at = models.DateTimeField(_("from"))
    notice = models.TextField(_("notice"), blank=True)
    published_by = models.CharField(max_length=200)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("promise target")
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="target_version_number"),
            models.CheckConstraint(condition=Q(amount__isnull=True, unit="") | Q(amount__gt=0) & ~Q(unit=""), name="target_amount_has_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"

    @property
    def target(self) -> Target | None:
        return Target(self.amount, Unit(self.unit)) if self.amount else None

    def version(self) -> Version:
        return Version(id=self.pk, number=self.number, target=self.target, effective_at=self.effective_at, program_id=self.program_id, tier_code=self.tier_code)


class PromiseClock(Model):
    """One promise about one subject. The columns that the guard in the database lets change are those of `MOVING`."""

    MOVING = (
        "state", "running_since", "due_at", "warn_at", "spent_seconds", "paused_at", "answered_at", "missed_at", "settled_at", "taken_seconds",
        "warned_at", "pauses",
    )  # fmt: skip

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        CANCELED = "canceled", _("Canceled")

    code = models.CharField(_("promise"), max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    subject_label = models.CharField(_("about"), max_length=200)
    partner_id = models.UUIDField(_("partner"))
    program_id = models.UUIDField(null=True)
    tier_code = models.CharField(max_length=40, blank=True)
    pace = models.CharField(_("promise class"), max_length=8, choices=[(pace.value, pace.value) for pace in Pace], default=Pace.STANDARD)
    refs = ArrayField(models.UUIDField(), default=list)
    target = models.ForeignKey(TargetVersion, on_delete=models.PROTECT, related_name="+")
    hours = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="+")
    allowed_seconds = models.PositiveIntegerField()
    started_at = models.DateTimeField(_("started"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    running_since = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))
    warn_at = models.DateTimeField()
    spent_seconds = models.PositiveIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    pauses = models.JSONField(default=list)
    answered_at = models.DateTimeField(_("answered"), null=True)
    missed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    taken_seconds = models.PositiveIntegerField(_("taken"), null=True)
    warned_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("promise")
        db_table = "promises_clock"
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "code"], condition=Q(state__in=["running", "paused"]), name="one_open_clock"),
            models.CheckConstraint(
                condition=~Q(state="kept") | Q(missed_at__isnull=True, answered_at__lte=F("due_at"), taken_seconds__isnull=False), name="clock_kept_in_time"
            ),
            models.CheckConstraint(condition=~Q(state="broken") | Q(missed_at__isnull=False), name="clock_broken_was_missed"),
            models.CheckConstraint(condition=~Q(state="canceled") | Q(missed_at__isnull=True, answered_at__isnull=True), name="clock_canceled_before_due"),
            models.CheckConstraint(
                condition=Q(state="paused", paused_at__isnull=False) | (~Q(state="paused") & Q(paused_at__isnull=True)), name="clock_paused_since"
            ),
            models.CheckConstraint(condition=Q(allowed_seconds__gt=0), name="clock_allows_some_time"),
            models.CheckConstraint(condition=Q(pace__in=[pace.value for pace in Pace]), name="clock_pace_is_known"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="running", missed_at__isnull=True), name="clock_becomes_overdue"),
            models.Index(fields=["warn_at"], condition=Q(state="running", missed_at__isnull=True, warned_at__isnull=True), name="clock_becomes_due_soon"),
            models.Index(fields=["subject_id", "code", "-started_at"], name="clock_of_subject"),
            models.Index(fields=["partner_id", "settled_at"], name="clock_of_partner"),
            models.Index(fields=["settled_at"], include=["code", "state", "partner_id", "taken_seconds", "missed_at"], name="clock_settled"),
            GinIndex(fields=["refs"], name="clock_refs"),
        ]

    def __str__(self) -> str:
        return self.subject_label

    def clock(self) -> clocks.Clock:
        return clocks.Clock(
            state=clocks.State(self.state),
            allowed=self.allowed_seconds,
            started_at=self.started_at,
            running_since=self.running_since,
            due_at=self.due_at,
            warn_at=self.warn_at,
            spent=self.spent_seconds,
            paused_at=self.paused_at,
            answered_at=self.answered_at,
            missed_at=self.missed_at,
            taken=self.taken_seconds,
        )

    def move(self, clock: clocks.Clock, at: datetime) -> None:
        """Take over a step of the clock and store it."""
        if self.paused_at and clock.paused_at is None:
            self.pauses = [*self.pauses, [self.paused_at.isoformat(), at.isoformat()]]
        self.state, self.running_since, self.due_at, self.warn_at = clock.state.value, clock.running_since, clock.due_at, clock.warn_at
        self.spent_seconds, self.paused_at, self.answered_at = clock.spent, clock.paused_at, clock.answered_at
        self.missed_at, self.settled_at, self.taken_seconds = clock.missed_at, clock.settled_at, clock.taken
        self.save(update_fields=[*self.MOVING, "updated_at"])


class PromiseStanding(Model):
    """What was settled over all partners in the last 26 weeks, summed up by a job so that a home page need not do it.

    It holds for the weeks that began with `since`; a reader who wants other weeks, or finds it old, sums up itself."""

    code = models.CharField(max_length=80, unique=True)
    since = models.DateTimeField()
    computed_at = models.DateTimeField()
    kept = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    median_seconds = models.FloatField(null=True)
    p90_seconds = models.FloatField(null=True)
    partners = models.PositiveIntegerField()
    weeks = models.JSONField()

    class Meta:
        verbose_name = _("promise record")
