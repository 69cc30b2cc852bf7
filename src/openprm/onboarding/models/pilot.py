"""Pilots: something tried with chosen partners, measured, and then rolled out or ended."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.onboarding.models.fields import PARTNER, PERSON
from openprm.onboarding.models.template import Template


class Pilot(Model):
    class Kind(models.TextChoices):
        PROGRAM = "program", _("A way to run the program")
        FEATURE = "feature", _("A feature")
        TEMPLATE = "template", _("An onboarding template")

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        RUNNING = "running", _("Running")
        ROLLED_OUT = "rolled_out", _("Rolled out")
        ENDED = "ended", _("Ended")

    name = models.CharField(max_length=120)
    about = models.TextField(max_length=2000)
    kind = models.CharField(max_length=10, choices=Kind)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    program = models.ForeignKey("partners.Program", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    starts_date = models.DateField()
    ends_date = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    result = models.TextField(max_length=4000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(**PERSON)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("name", "state", "starts_date", "ends_date")

    class Meta:
        verbose_name = _("pilot")
        constraints = [
            models.CheckConstraint(condition=Q(ends_date__gt=F("starts_date")), name="pilot_ends_after_it_starts"),
            models.CheckConstraint(
                condition=(Q(kind="template") & Q(template__isnull=False)) | (~Q(kind="template") & Q(template=None)), name="pilot_of_a_template_names_it"
            ),
            models.CheckConstraint(condition=~Q(state__in=["rolled_out", "ended"]) | ~Q(result=""), name="pilot_is_closed_with_a_result"),
        ]

    def __str__(self) -> str:
        return self.name


class PilotGoal(Model):
    """What the pilot wants to reach: a number before, the number hoped for, the number measured."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="goals")
    name = models.CharField(max_length=160)
    unit = models.CharField(max_length=40, blank=True)
    baseline = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=2)
    measured = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    measured_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("goal")


class PilotPartner(Model):
    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Takes part")
        DECLINED = "declined", _("Declined")

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="members")
    partner = models.ForeignKey(**PARTNER)
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(**PERSON)
    answered_by_name = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=500, blank=True)

    audit_shared = ("state", "note")

    class Meta:
        verbose_name = _("invitation to a pilot")
        constraints = [models.UniqueConstraint(fields=["pilot", "partner"], name="one_invitation_per_pilot")]

    def __str__(self) -> str:
        return str(self.pilot)
