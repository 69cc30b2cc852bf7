"""The mutual plan of one deal: steps of both sides and the customer, what proves them, and who agreed to what."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.actionplans.models.fields import PARTNER, PERSON, one_of
from openprm.actionplans.models.template import TemplateVersion
from openprm.actionplans.rules import words
from openprm.kernel.models import Model


class Plan(Model):
    """Between the vendor and one partner. `revision` moves with what was agreed on, `version` with every shared change."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")

    partner = models.ForeignKey(**PARTNER)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    registration = models.ForeignKey("deals.Registration", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    account_id = models.UUIDField(null=True, blank=True)
    program = models.ForeignKey("partners.Program", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    template_version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="plans")
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=160)
    customer = models.CharField(max_length=200, blank=True)
    close_date = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(**PERSON)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("title", "close_date", "state", "ended_reason", "revision")
    snapshot_leaves_out = ("version", "account_id", "program_id", "template_version_id", "started_by_id")

    class Meta:
        verbose_name = _("action plan")
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "partner"], condition=Q(state="running"), name="one_running_action_plan_per_subject"),
            models.UniqueConstraint(fields=["id", "partner"], name="action_plan_id_and_partner"),
            models.CheckConstraint(
                condition=Q(state="running", ended_at=None) | (~Q(state="running") & Q(ended_at__isnull=False)), name="action_plan_that_runs_has_no_end"
            ),
            models.CheckConstraint(condition=~Q(subject_kind="registration") | Q(registration__isnull=False), name="action_plan_of_a_registration_names_it"),
        ]
        indexes = [
            models.Index(F("started_at").desc(), F("id").desc(), name="action_plan_newest"),
            models.Index("partner", F("started_at").desc(), F("id").desc(), name="action_plan_of_partner"),
            models.Index(fields=["subject_id"], name="action_plan_of_subject"),
        ]

    def __str__(self) -> str:
        return self.title


class Step(Model):
    """Something that one side or the customer does until a day. A private one exists for its own side alone."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    partner = models.ForeignKey(**PARTNER)
    title = models.CharField(max_length=160)
    about = models.TextField(max_length=1500, blank=True)
    side = models.CharField(max_length=10)
    owner = models.ForeignKey(**PERSON)
    customer_contact = models.CharField(max_length=120, blank=True)
    visibility = models.CharField(max_length=10, default=words.Visibility.SHARED)
    due_date = models.DateField()
    waits_for = ArrayField(models.UUIDField(), default=list, blank=True)
    state = models.CharField(max_length=10, default=words.State.OPEN)
    reason = models.CharField(max_length=500, blank=True)
    evidence_note = models.CharField(max_length=2000, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(**PERSON)
    done_by_name = models.CharField(max_length=120, blank=True)
    added_side = models.CharField(max_length=10)
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("title", "about", "side", "owner_id", "customer_contact", "due_date", "state", "reason", "evidence_note", "done_by_name")
    snapshot_leaves_out = ("overdue_told_at", "version")

    class Meta:
        verbose_name = _("step")
        constraints = [
            models.UniqueConstraint(fields=["id", "partner"], name="action_step_id_and_partner"),
            one_of("side", words.Side, "action_step_side_known"),
            one_of("state", words.State, "action_step_state_known"),
            one_of("visibility", words.Visibility, "action_step_visibility_known"),
            models.CheckConstraint(
                condition=Q(state="open", done_at=None) | (~Q(state="open") & Q(done_at__isnull=False)), name="action_step_that_is_over_has_a_time"
            ),
            models.CheckConstraint(condition=~Q(state="skipped") | ~Q(reason=""), name="action_step_is_skipped_with_a_reason"),
        ]
        indexes = [
            models.Index(fields=["plan", "due_date"], name="action_step_of_plan"),
            models.Index(fields=["owner", "due_date"], condition=Q(state="open"), name="action_step_of_owner"),
            models.Index(fields=["due_date"], condition=Q(state="open", overdue_told_at=None), name="action_step_to_remind"),
        ]

    def __str__(self) -> str:
        return self.title


class Evidence(Model):
    """A file that shows that a step is done. Its bytes lie in storage under `storage_key`; it is seen by who sees the step."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="files")
    partner = models.ForeignKey(**PARTNER)
    visibility = models.CharField(max_length=10)
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120, blank=True)
    author_side = models.CharField(max_length=10, blank=True)
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200, unique=True)

    snapshot_leaves_out = ("storage_key",)
    audit_shared = ("name", "content_type", "size", "sha256")

    class Meta:
        verbose_name = _("evidence")
        constraints = [models.UniqueConstraint(fields=["step", "sha256"], name="action_evidence_once_per_step")]


class SignOff(Model):
    """One side agreed to one revision. `content` is the shared plan as it stood; it never changes."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="signatures")
    partner = models.ForeignKey(**PARTNER)
    side = models.CharField(max_length=10)
    revision = models.PositiveIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(**PERSON)
    by_name = models.CharField(max_length=120, blank=True)
    signed_at = models.DateTimeField()

    audit_shared = ("side", "revision", "by_name")
    snapshot_leaves_out = ("content",)

    class Meta:
        verbose_name = _("signature")
        constraints = [
            models.UniqueConstraint(fields=["plan", "revision", "side"], name="action_plan_signed_once_per_side"),
            one_of("side", (words.Side.VENDOR, words.Side.PARTNER), "action_plan_signature_side_known"),
        ]


class PrivateEntry(Model):
    """What happened to the partner's private steps. The vendor reads the audit log in full, so it is not written there."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(**PARTNER)
    step_id = models.UUIDField()
    verb = models.CharField(max_length=40)
    note = models.CharField(max_length=2000, blank=True)
    by = models.ForeignKey(**PERSON)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("private entry")
        indexes = [models.Index("plan", F("at").desc(), name="action_private_entry_of_plan")]
