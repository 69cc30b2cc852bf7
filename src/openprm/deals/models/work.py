"""The work around a deal: notes, tasks and files, shared with the partner or for the vendor's eyes only."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.deals.models.registration import PERSON, Registration
from openprm.kernel.models import Model


class Visibility(models.TextChoices):
    INTERNAL = "internal", _("Internal")
    SHARED = "shared", _("Shared")


class _Work(Model):
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=10, choices=Visibility)
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120, blank=True)
    author_side = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True


class Note(_Work):
    body = models.TextField(max_length=4000)

    audit_shared = ("body",)

    class Meta:
        verbose_name = _("note")
        indexes = [models.Index("registration", F("created_at").desc(), name="note_of_registration")]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="note_says_something")]


class Task(_Work):
    """A thing to do on a deal; internal ones stay hidden from the partner (D13)."""

    title = models.CharField(max_length=200)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    due_date = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(**PERSON)
    archived_at = models.DateTimeField(null=True, blank=True)

    audit_shared = ("title", "due_date", "done_at")

    class Meta:
        verbose_name = _("task")
        indexes = [
            models.Index("registration", name="task_of_registration"),
            models.Index("assignee", "due_date", condition=Q(done_at__isnull=True, archived_at__isnull=True), name="task_open"),
        ]


class Document(_Work):
    """A file on a deal. Its bytes lie in storage under `storage_key`; type and name come from its content."""

    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200, unique=True)

    snapshot_leaves_out = ("storage_key",)
    audit_shared = ("name", "content_type", "size", "sha256")

    class Meta:
        verbose_name = _("document")
        indexes = [models.Index("registration", F("created_at").desc(), name="document_of_registration")]
        constraints = [models.UniqueConstraint(fields=["registration", "sha256", "visibility"], name="document_once_per_registration")]
