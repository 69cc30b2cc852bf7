"""A partner's leaving: the case, its steps, the export it takes along, and how long what is kept."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.offboarding import rules

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}


class Offboarding(Model):
    """One leaving of one partner. `closed_memberships` and `ended_enrollments` say what a reinstatement opens again."""

    class Kind(models.TextChoices):
        MUTUAL = "mutual", _("By agreement")
        VENDOR = "vendor", _("By us")
        PARTNER = "partner", _("By the partner")
        CAUSE = "cause", _("For cause")

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        OPEN = "open", _("Leaving")
        DONE = "done", _("Left")
        DECLINED = "declined", _("Declined")
        CANCELED = "canceled", _("Called off")
        REINSTATED = "reinstated", _("Taken back")

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    status = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(max_length=1000)
    notice_days = models.PositiveSmallIntegerField(default=rules.NOTICE_DAYS)
    requested_at = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey(**PERSON)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(**PERSON)
    access_ends_at = models.DateTimeField(null=True, blank=True)
    access_ended_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=1000, blank=True)
    farewell = models.TextField(max_length=2000, blank=True)
    closed_memberships = ArrayField(models.UUIDField(), default=list, blank=True)
    ended_enrollments = models.JSONField(default=list, blank=True)
    link_ends_at = models.DateTimeField(null=True, blank=True)
    farewell_sent_at = models.DateTimeField(null=True, blank=True)
    erase_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    survey_score = models.PositiveSmallIntegerField(null=True, blank=True)
    survey_text = models.CharField(max_length=2000, blank=True)
    survey_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version", "closed_memberships", "ended_enrollments", "survey_text", "farewell_sent_at")
    audit_shared = (
        *("kind", "status", "reason", "notice_days", "requested_at", "opened_at", "access_ends_at", "access_ended_at"),
        *("finished_at", "closed_at", "closed_reason", "link_ends_at", "erase_at", "erased_at", "survey_score", "survey_at"),
    )

    class Meta:
        verbose_name = _("offboarding")
        constraints = [
            models.UniqueConstraint(fields=["partner"], condition=Q(status__in=["requested", "open"]), name="one_running_offboarding"),
            models.UniqueConstraint(fields=["id", "partner"], name="offboarding_and_its_partner"),
            models.CheckConstraint(condition=Q(kind__in=list(rules.KINDS)), name="offboarding_kind_is_known"),
            models.CheckConstraint(condition=Q(status__in=list(rules.STATES)), name="offboarding_status_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="offboarding_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(status__in=["open", "done"]) | Q(opened_at__isnull=False, access_ends_at__isnull=False), name="offboarding_open_is_dated"
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(finished_at__isnull=False, access_ended_at__isnull=False, erase_at__isnull=False),
                name="offboarding_done_is_complete",
            ),
            models.CheckConstraint(condition=Q(notice_days__lte=365), name="offboarding_notice_in_range"),
            models.CheckConstraint(condition=Q(survey_score=None) | Q(survey_score__lte=10), name="offboarding_score_in_range"),
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="offboarding_newest"),
            models.Index("access_ends_at", condition=Q(status="open", access_ended_at=None), name="offboarding_access_due"),
            models.Index("erase_at", condition=Q(status="done", erased_at=None), name="offboarding_erasure_due"),
        ]

    def __str__(self) -> str:
        return str(self.partner)


class Step(Model):
    """One step of the checklist. `usual` and `items` hold what was decided; `note` says what was done, or why not."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        FAILED = "failed", _("Failed")

    offboarding = models.ForeignKey(Offboarding, on_delete=models.CASCADE, related_name="steps")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    usual = models.JSONField(default=dict, blank=True)
    items = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(**PERSON)

    class Meta:
        verbose_name = _("step of an offboarding")
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["offboarding", "code"], name="one_step_per_code"),
            models.CheckConstraint(condition=Q(state__in=list(rules.STEP_STATES)), name="offboarding_step_state_is_known"),
            models.CheckConstraint(condition=~Q(state__in=list(rules.SETTLED)) | Q(settled_at__isnull=False), name="settled_step_is_dated"),
            models.CheckConstraint(condition=~Q(state__in=["skipped", "failed"]) | ~Q(note=""), name="skipped_or_failed_step_says_why"),
        ]

    def __str__(self) -> str:
        return self.code


class Export(Model):
    """The file that a partner takes along. Its bytes lie in storage under `storage_key` until the link has ended."""

    offboarding = models.ForeignKey(Offboarding, on_delete=models.CASCADE, related_name="exports")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    storage_key = models.CharField(max_length=200, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    parts = models.JSONField(default=list)
    made_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)
    downloads = models.PositiveIntegerField(default=0)
    downloaded_at = models.DateTimeField(null=True, blank=True)

    snapshot_leaves_out = ("storage_key",)
    audit_shared = ("sha256", "size", "made_at", "gone_at")

    class Meta:
        verbose_name = _("export of a partner")
        constraints = [models.UniqueConstraint(fields=["offboarding"], condition=Q(gone_at=None), name="one_export_per_offboarding")]


class RetentionPeriod(Model):
    """How long one kind of data is kept after a partner left."""

    kind = models.CharField(max_length=20, unique=True)
    days = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("retention period")
        constraints = [models.CheckConstraint(condition=Q(days__gte=1, days__lte=3650), name="retention_days_in_range")]

    def __str__(self) -> str:
        return self.kind
