"""Templates: for which program, and their versions, which never change once published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.actionplans.models.fields import PERSON
from openprm.actionplans.rules import content as contents
from openprm.kernel.models import Model


class Template(Model):
    name = models.CharField(max_length=120)
    about = models.TextField(max_length=1000, blank=True)
    program = models.ForeignKey("partners.Program", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("action plan template")
        constraints = [models.UniqueConstraint(fields=["name"], name="one_action_plan_template_per_name")]

    def __str__(self) -> str:
        return self.name


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
        verbose_name = _("version of an action plan template")
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_number_per_action_plan_version"),
            models.UniqueConstraint(fields=["template"], condition=Q(state="draft"), name="one_draft_per_action_plan_template"),
            models.UniqueConstraint(fields=["template"], condition=Q(state="published"), name="one_action_plan_version_in_use"),
            models.CheckConstraint(condition=Q(state="draft") | Q(published_at__isnull=False), name="action_plan_version_was_published"),
        ]

    def __str__(self) -> str:
        return f"{self.template.name} {self.number}"

    @property
    def parsed(self) -> contents.Content:
        return contents.from_json(self.content)

    def put(self, content: contents.Content) -> None:
        self.content = contents.to_json(content)
        self.lock += 1
