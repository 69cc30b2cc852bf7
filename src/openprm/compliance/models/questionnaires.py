"""Questionnaires in versions, and a partner's replies to one version."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.compliance.models.cases import PARTNER, PERSON, RiskCase
from openprm.kernel.models import Model


class Questionnaire(Model):
    class Purpose(models.TextChoices):
        DUE_DILIGENCE = "due_diligence", _("Due diligence")
        ESG = "esg", _("Environment, social, governance")

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    purpose = models.CharField(max_length=14, choices=Purpose)
    answer_days = models.PositiveSmallIntegerField(default=14)
    valid_months = models.PositiveSmallIntegerField(default=12)

    class Meta:
        verbose_name = _("questionnaire")
        constraints = [models.CheckConstraint(condition=Q(code__regex=r"^[a-z0-9][a-z0-9-]*$"), name="questionnaire_code_is_a_code")]

    def __str__(self) -> str:
        return self.title


class QuestionnaireVersion(Model):
    """The questions as they were asked. A published version never changes: the database refuses it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    intro = models.TextField(max_length=2000, blank=True)
    questions = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(**PERSON)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("version of a questionnaire")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="one_questionnaire_version_per_number"),
            models.UniqueConstraint(fields=["questionnaire"], condition=Q(state="draft"), name="one_draft_per_questionnaire"),
            models.UniqueConstraint(fields=["questionnaire"], condition=Q(state="published"), name="one_published_questionnaire_version"),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.number}"


class Reply(Model):
    """A partner's answers to one version, saved as often as it likes until it submits them."""

    class State(models.TextChoices):
        SENT = "sent", _("Waits for the partner")
        SUBMITTED = "submitted", _("Submitted")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    partner = models.ForeignKey(**PARTNER)
    case = models.ForeignKey(RiskCase, null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    cycle = models.PositiveSmallIntegerField(default=1)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+")
    questions = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="replies")
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    answers = models.JSONField(default=dict, blank=True)
    message = models.TextField(max_length=2000, blank=True)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(**PERSON)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(**PERSON)
    valid_until = models.DateTimeField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    category_scores = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("state", "message", "due_at", "submitted_at", "score", "valid_until")
    snapshot_leaves_out = ("answers",)

    class Meta:
        verbose_name = _("reply to a questionnaire")
        constraints = [
            models.UniqueConstraint(fields=["partner", "questionnaire"], condition=Q(state__in=["sent", "submitted"]), name="one_open_reply_per_questionnaire"),
            models.UniqueConstraint(fields=["id", "partner"], name="reply_id_and_partner"),
            models.CheckConstraint(condition=Q(state="sent") | Q(state="withdrawn") | Q(submitted_at__isnull=False), name="submitted_reply_says_when"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__lte=100), name="reply_score_is_at_most_100"),
        ]
        indexes = [
            models.Index("partner", F("sent_at").desc(), name="reply_of_partner"),
            models.Index(fields=["state", "due_at"], name="reply_state_due"),
        ]

    def __str__(self) -> str:
        return str(self.questionnaire)
