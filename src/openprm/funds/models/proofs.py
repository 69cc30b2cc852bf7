"""The files that prove an activity."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model

OF_PARTNER: dict[str, Any] = {"to": "identity.Organization", "on_delete": models.CASCADE, "related_name": "+"}
BY_PERSON: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}


class ProofFile(Model):
    """A file for one proof of one activity. While `claim` is empty it is a draft; with it, it is evidence and stays."""

    partner = models.ForeignKey(**OF_PARTNER)
    activity = models.ForeignKey("funds.Activity", on_delete=models.CASCADE, related_name="proofs")
    claim = models.ForeignKey("funds.Claim", on_delete=models.CASCADE, null=True, blank=True, related_name="proofs")
    rule = models.CharField(max_length=60)
    name = models.CharField(max_length=160)
    format = models.CharField(max_length=4)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200, unique=True)
    dated_on = models.DateField(null=True, blank=True)
    author = models.ForeignKey(**BY_PERSON)
    author_name = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField()

    audit_shared = ("rule", "name", "format", "size", "sha256", "dated_on")
    snapshot_leaves_out = ("storage_key",)

    class Meta:
        verbose_name = _("proof")
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "rule", "sha256"], condition=Q(claim=None), name="one_draft_per_proof_content"),
            models.CheckConstraint(condition=Q(size__gt=0), name="proof_file_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
