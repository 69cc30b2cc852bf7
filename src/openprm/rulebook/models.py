"""Rule sets, their versions and the decisions taken by them. The database keeps what was published."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model

NO_OVERLAP = "rulebook_one_version_in_force"
ONE_DRAFT = "rulebook_one_draft"
ONE_REPLAY = "rulebook_one_running_replay"


class RuleSet(Model):
    """The rules of one kind: the general ones (no program), or those of one program."""

    kind = models.CharField(max_length=80)
    program_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("rule set")
        constraints = [models.UniqueConstraint(fields=["kind", "program_id"], nulls_distinct=False, name="rulebook_one_set_per_kind_and_program")]

    def __str__(self) -> str:
        return self.kind


class RuleVersion(Model):
    """One table of a set. A draft can change; from publication on, only its end can move and it can be withdrawn."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="versions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    number = models.PositiveIntegerField(null=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    period = DateTimeRangeField(null=True)
    for_partners = models.BooleanField(default=True)
    notice_days = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=500, default="", blank=True)
    revision = models.PositiveIntegerField(default=1)
    drafted_by = models.UUIDField(null=True)
    published_by = models.UUIDField(null=True)
    published_by_name = models.CharField(max_length=200, default="", blank=True)
    published_at = models.DateTimeField(null=True)

    snapshot_leaves_out = ("content", "revision")
    audit_shared = ("state", "number", "period", "note", "sha256")

    class Meta:
        verbose_name = _("rule version")
        constraints = [
            ExclusionConstraint(
                name=NO_OVERLAP,
                expressions=[("rule_set", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(state="published"),
            ),
            models.UniqueConstraint(fields=["rule_set"], condition=Q(state="draft"), name=ONE_DRAFT),
            models.UniqueConstraint(fields=["rule_set", "number"], name="rulebook_one_number"),
            models.CheckConstraint(
                condition=Q(state="draft", number=None, period=None, published_at=None)
                | Q(~Q(state="draft"), number__isnull=False, period__isnull=False, published_at__isnull=False),
                name="rulebook_drafts_have_no_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set} v{self.number}" if self.number else str(self.rule_set)

    @property
    def effective_at(self):
        """When it takes effect; None means since ever."""
        return self.period.lower if self.period else None

    @property
    def ends_at(self):
        return self.period.upper if self.period else None


class Decision(Model):
    """One answer that a published version gave: on what, by which clause, and what would have changed it. Never edited."""

    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=80)
    program_id = models.UUIDField(null=True)
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    subject_label = models.CharField(max_length=200)
    partner_id = models.UUIDField(null=True)
    for_partners = models.BooleanField()
    inputs = models.JSONField()
    outcome = models.JSONField(null=True)
    clause = models.CharField(max_length=1000)
    clause_text = models.TextField()
    would_change = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision")
        indexes = [
            models.Index(fields=["subject_id", "-at"], name="rulebook_decision_subject"),
            models.Index(fields=["kind", "-at"], name="rulebook_decision_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.clause}"


class Replay(Model):
    """A what-if run: one draft, exactly as it stood, and the rules it would replace, replayed over the real history in the background."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE, related_name="replays")
    kind = models.CharField(max_length=80)
    program_id = models.UUIDField(null=True)
    sha256 = models.CharField(max_length=64)
    base_sha256 = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    months = models.PositiveSmallIntegerField()
    until = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    cases = models.PositiveBigIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    tally = models.JSONField(default=dict, blank=True)
    problem = models.CharField(max_length=500, default="", blank=True)
    requested_by = models.UUIDField(null=True)
    requested_by_name = models.CharField(max_length=200, default="", blank=True)
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    snapshot_leaves_out = ("tally",)

    class Meta:
        verbose_name = _("what-if run")
        constraints = [
            models.UniqueConstraint(fields=["version", "sha256", "base_sha256"], condition=Q(state="running"), name=ONE_REPLAY),
            models.CheckConstraint(condition=Q(state="running") | Q(finished_at__isnull=False), name="rulebook_ended_replay_is_dated"),
            models.CheckConstraint(condition=Q(done__lte=models.F("total")), name="rulebook_replay_does_not_overrun"),
        ]
        indexes = [models.Index(fields=["version", "-requested_at"], name="rulebook_replay_version")]

    def __str__(self) -> str:
        return f"{self.kind} what-if"


class ReplaySubject(Model):
    """Somebody to whom the draft would have made a difference."""

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="subjects")
    subject_id = models.UUIDField()
    label = models.CharField(max_length=200)
    direction = models.CharField(max_length=4)
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    rank_before = models.FloatField(default=0)
    rank_after = models.FloatField(default=0)
    cost_before_minor = models.BigIntegerField(default=0)
    cost_after_minor = models.BigIntegerField(default=0)
    cost_minor = models.GeneratedField(
        expression=models.F("cost_after_minor") - models.F("cost_before_minor"), output_field=models.BigIntegerField(), db_persist=True
    )
    months_better = models.PositiveSmallIntegerField(default=0)
    months_worse = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("affected subject")
        constraints = [
            models.UniqueConstraint(fields=["replay", "subject_id"], name="rulebook_subject_once_per_replay"),
            models.CheckConstraint(condition=Q(direction__in=["up", "down", "past"]), name="rulebook_replay_direction_known"),
        ]
        indexes = [models.Index(fields=["replay", "direction", "cost_minor"], name="rulebook_replay_direction")]

    def __str__(self) -> str:
        return self.label
