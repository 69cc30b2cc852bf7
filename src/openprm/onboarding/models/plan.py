"""The plan of one partner: levels, tasks on both sides, what people wrote about them and the files that prove them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.onboarding.models.fields import PARTNER, PERSON
from openprm.onboarding.models.template import TemplateVersion


class Plan(Model):
    """A copy of one template version for one partner. `last_progress_at` moves with every sign of work."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        COMPLETED = "completed", _("Completed")
        ENDED = "ended", _("Ended")

    partner = models.ForeignKey(**PARTNER)
    program = models.ForeignKey("partners.Program", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    template_version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="plans")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=500, blank=True)
    last_progress_at = models.DateTimeField()
    stuck_since = models.DateTimeField(null=True, blank=True)
    stuck_reason = models.CharField(max_length=10, blank=True)
    stuck_task = models.ForeignKey("onboarding.PlanTask", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("state", "started_at", "ended_at", "ended_reason")

    class Meta:
        verbose_name = _("onboarding plan")
        constraints = [
            models.UniqueConstraint(fields=["partner", "program"], condition=Q(state="running"), nulls_distinct=False, name="one_running_plan_per_program"),
            models.UniqueConstraint(fields=["id", "partner"], name="plan_id_and_partner"),
            models.CheckConstraint(
                condition=Q(state="running", ended_at=None) | (~Q(state="running") & Q(ended_at__isnull=False)), name="plan_that_runs_has_no_end"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "state"], name="plan_of_partner"),
            models.Index(F("started_at").desc(), "id", name="plan_started"),
            models.Index(fields=["stuck_since"], condition=Q(state="running", stuck_since__isnull=False), name="plan_stuck"),
        ]

    def __str__(self) -> str:
        return self.name


class PlanLevel(Model):
    class State(models.TextChoices):
        LOCKED = "locked", _("Not open yet")
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Passed over")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="levels")
    partner = models.ForeignKey(**PARTNER)
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    about = models.TextField(max_length=1500, blank=True)
    badge = models.CharField(max_length=80, blank=True)
    benefit = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.LOCKED)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    audit_shared = ("state", "name", "reason")

    class Meta:
        verbose_name = _("level")
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="one_level_per_key"),
            models.UniqueConstraint(fields=["id", "plan"], name="level_id_and_plan"),
        ]

    def __str__(self) -> str:
        return self.name


class PlanTask(Model):
    """A task of one partner's plan. The owner is a side with a role, and a person once one is known."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        WAIVED = "waived", _("Waived")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    level = models.ForeignKey(PlanLevel, on_delete=models.CASCADE, related_name="tasks")
    partner = models.ForeignKey(**PARTNER)
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    about = models.TextField(max_length=1500, blank=True)
    kind = models.CharField(max_length=10)
    side = models.CharField(max_length=10)
    role = models.CharField(max_length=30)
    owner = models.ForeignKey(**PERSON)
    link = models.CharField(max_length=300, blank=True)
    milestone = models.CharField(max_length=80, blank=True)
    needs_evidence = models.BooleanField(default=False)
    is_required = models.BooleanField(default=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(max_length=4000, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(**PERSON)
    done_by_name = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("state", "title", "due_at", "answer", "reason", "done_by_name")
    snapshot_leaves_out = ("reminded_at", "overdue_told_at")

    class Meta:
        verbose_name = _("onboarding task")
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="one_task_per_key"),
            models.UniqueConstraint(fields=["id", "partner"], name="task_id_and_partner"),
            models.CheckConstraint(condition=Q(side__in=["partner", "vendor"]), name="task_side_is_known"),
            models.CheckConstraint(
                condition=Q(state="open", done_at=None) | (~Q(state="open") & Q(done_at__isnull=False)), name="task_that_is_over_has_a_time"
            ),
            models.CheckConstraint(condition=~Q(state="waived") | ~Q(reason=""), name="task_is_waived_with_a_reason"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="onboarding_task_due"),
            models.Index(fields=["owner", "due_at"], condition=Q(state="open"), name="onboarding_task_owner"),
            models.Index(fields=["partner", "milestone"], condition=Q(state="open"), name="onboarding_task_milestone"),
        ]

    def __str__(self) -> str:
        return self.title


class _OnTask(Model):
    task = models.ForeignKey(PlanTask, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(**PARTNER)
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120, blank=True)
    author_side = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True


class Comment(_OnTask):
    body = models.TextField(max_length=4000)

    audit_shared = ("body",)

    class Meta:
        verbose_name = _("comment")
        indexes = [models.Index(fields=["task", "created_at"], name="onboarding_comment_of_task")]


class Evidence(_OnTask):
    """A file that shows that a task is done. Its bytes lie in storage under `storage_key`."""

    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200, unique=True)

    snapshot_leaves_out = ("storage_key",)
    audit_shared = ("name", "content_type", "size", "sha256")

    class Meta:
        verbose_name = _("evidence")
        constraints = [models.UniqueConstraint(fields=["task", "sha256"], name="evidence_once_per_task")]
