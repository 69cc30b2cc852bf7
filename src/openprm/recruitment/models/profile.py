"""The ideal partner profile of a program, in versions. A published one never changes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.recruitment.models.fields import PERSON, one_of


class IdealProfile(Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("In force")
        RETIRED = "retired", _("Replaced")

    program = models.ForeignKey("partners.Program", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    criteria = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(**PERSON)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version",)

    class Meta:
        verbose_name = _("ideal partner profile")
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="one_profile_per_number"),
            models.UniqueConstraint(fields=["program"], condition=Q(state="draft"), name="one_draft_profile"),
            models.UniqueConstraint(fields=["program"], condition=Q(state="published"), name="one_profile_in_force"),
            models.CheckConstraint(condition=Q(state="draft") | (Q(published_at__isnull=False) & ~Q(criteria=[])), name="published_profile_is_whole"),
            one_of("state", ("draft", "published", "retired"), "profile_state_is_known"),
        ]
        indexes = [models.Index("program", F("number").desc(), name="profile_program_number")]

    def __str__(self) -> str:
        return f"{self.program} {self.number}"
