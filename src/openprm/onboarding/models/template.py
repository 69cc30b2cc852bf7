"""Templates: whom they are for, and their versions, which never change once published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.onboarding.models.fields import PERSON
from openprm.onboarding.rules import content as contents
from openprm.onboarding.rules.segment import Segment


class Template(Model):
    """A plan that can be given to partners. Automatic ones start by themselves for the partners of their segment."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    about = models.TextField(max_length=1000, blank=True)
    program = models.ForeignKey("partners.Program", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    motion = models.CharField(max_length=10, blank=True)
    type = models.CharField(max_length=12, blank=True)
    countries = models.JSONField(default=list, blank=True)
    is_automatic = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("onboarding template")
        constraints = [models.UniqueConstraint(fields=["code"], name="one_onboarding_template_per_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def segment(self) -> Segment:
        return Segment(program_id=self.program_id, motion=self.motion, type=self.type, countries=tuple(self.countries))


class TemplateVersion(Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("In use")
        RETIRED = "retired", _("Earlier")

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    content = models.JSONField(default=dict)
    notice = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(**PERSON)
    published_by_name = models.CharField(max_length=120, blank=True)
    lock = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("version of an onboarding template")
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_number_per_onboarding_version"),
            models.UniqueConstraint(fields=["template"], condition=Q(state="draft"), name="one_draft_per_onboarding_template"),
            models.UniqueConstraint(fields=["template"], condition=Q(state="published"), name="one_onboarding_version_in_use"),
            models.CheckConstraint(condition=Q(state="draft") | Q(published_at__isnull=False), name="onboarding_version_was_published"),
        ]

    def __str__(self) -> str:
        return f"{self.template.name} {self.number}"

    @property
    def parsed(self) -> contents.Content:
        return contents.from_json(self.content)

    def put(self, content: contents.Content) -> None:
        self.content = contents.to_json(content)
        self.lock += 1
