"""The work in an engagement. Every row belongs to the party that wrote it, and to an audience."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.cosell.models.engagement import Engagement
from openprm.cosell.models.fields import PARTY, PERSON, one_of
from openprm.cosell.rules.words import Audience, NeedState, PrimaryNeed, TaskState
from openprm.kernel.models import Model


class _Work(Model):
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(**PARTY)
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120, blank=True)
    audience = models.CharField(max_length=8, default=Audience.SHARED)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.engagement.number


class Note(_Work):
    body = models.TextField(max_length=4000)

    class Meta:
        verbose_name = _("note")
        indexes = [models.Index("engagement", F("created_at").desc(), name="cosell_note_newest")]
        constraints = [one_of("audience", Audience, "cosell_note_audience"), models.CheckConstraint(condition=~Q(body=""), name="cosell_note_says_something")]


class Task(_Work):
    """A step on one member's side. One that another side proposes is accepted or rejected there first (L4)."""

    owner = models.ForeignKey(**PARTY)
    assignee = models.ForeignKey(**PERSON)
    title = models.CharField(max_length=200)
    due_date = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, default=TaskState.PROPOSED)
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("task")
        indexes = [
            models.Index("engagement", name="cosell_task_of_engagement"),
            models.Index("owner", "due_date", condition=Q(state__in=["proposed", "accepted"]), name="cosell_task_open"),
        ]
        constraints = [one_of("audience", Audience, "cosell_task_audience"), one_of("state", TaskState, "cosell_task_state")]


class Document(_Work):
    """A file; its bytes lie in storage under `storage_key`."""

    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200, unique=True)

    class Meta:
        verbose_name = _("document")
        indexes = [models.Index("engagement", F("created_at").desc(), name="cosell_document_newest")]
        constraints = [
            one_of("audience", Audience, "cosell_document_audience"),
            models.UniqueConstraint(fields=["engagement", "party", "sha256", "audience"], name="cosell_document_once"),
        ]


class NextStep(Model):
    """What one side will do next, for everybody who may see it. Never changed, only followed by the next one (L7)."""

    engagement = models.ForeignKey(Engagement, on_delete=models.DO_NOTHING, related_name="+")
    party = models.ForeignKey(**{**PARTY, "on_delete": models.DO_NOTHING})
    author = models.ForeignKey(**{**PERSON, "on_delete": models.DO_NOTHING})
    author_name = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=255)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("next step")
        indexes = [models.Index("engagement", F("at").desc(), name="next_step_newest")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="next_step_says_something")]

    def __str__(self) -> str:
        return self.engagement.number


class Need(Model):
    """What one member asks of another, under a promise (L8). Others see it when they see both and have full view."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(**PARTY)
    asked = models.ForeignKey(**PARTY)
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120, blank=True)
    need = models.CharField(max_length=30)
    detail = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, default=NeedState.OPEN)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(**PERSON)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("ask")
        indexes = [
            models.Index("engagement", F("asked_at").desc(), name="need_newest"),
            models.Index("asked", "due_at", condition=Q(state="open"), name="need_open"),
        ]
        constraints = [
            one_of("need", PrimaryNeed, "need_known"),
            one_of("state", NeedState, "need_state_known"),
            models.CheckConstraint(condition=~Q(party=F("asked")), name="nobody_asks_itself"),
        ]

    def __str__(self) -> str:
        return self.engagement.number
