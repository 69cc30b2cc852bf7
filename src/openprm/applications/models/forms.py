"""What a program shows to the public, and the questions it asks, version by version."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model


class ProgramPage(Model):
    """The public page of a program and how its applications are taken. A program without a row has the defaults."""

    program = models.OneToOneField("partners.Program", on_delete=models.CASCADE, related_name="+")
    headline = models.CharField(max_length=160, blank=True)
    for_whom = models.TextField(max_length=2000, blank=True)
    types = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    requirements = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    faq = models.JSONField(default=list, blank=True)
    contact_email = models.EmailField(max_length=254, blank=True)
    is_public = models.BooleanField(default=True)
    is_open = models.BooleanField(default=True)
    allows_free_mail = models.BooleanField(default=False)
    reapply_days = models.PositiveSmallIntegerField(default=90)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("program page")
        constraints = [models.CheckConstraint(condition=Q(reapply_days__lte=1000), name="reapply_days_at_most_1000")]

    def __str__(self) -> str:
        return str(self.program)


class FormVersion(Model):
    """The questions of one program. A published version never changes: an application keeps the one it began with."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")

    program = models.ForeignKey("partners.Program", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    intro = models.TextField(max_length=1000, blank=True)
    fields = models.JSONField(default=list)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("application form")
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="one_form_per_number"),
            models.UniqueConstraint(fields=["program"], condition=Q(state="draft"), name="one_form_draft_per_program"),
            models.UniqueConstraint(fields=["program"], condition=Q(state="published"), name="one_published_form_per_program"),
            models.UniqueConstraint(fields=["id", "program"], name="form_id_and_program"),
            models.CheckConstraint(condition=Q(state__in=["draft", "published", "superseded"]), name="form_state_is_known"),
            models.CheckConstraint(condition=Q(state="draft") | Q(published_at__isnull=False), name="published_form_has_a_date"),
        ]

    def __str__(self) -> str:
        return f"{self.program}, {self.number}"


class Visit(Model):
    """One visitor of a program's page on one day. `visitor` is a keyed hash that changes daily: nobody can be followed."""

    program = models.ForeignKey("partners.Program", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    source = models.CharField(max_length=60)
    visitor = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("visit")
        constraints = [models.UniqueConstraint(fields=["program", "day", "visitor"], name="one_visit_per_day")]
        indexes = [models.Index(fields=["program", "source", "day"], name="visit_program_source")]
