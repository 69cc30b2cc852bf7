"""A company on its way to becoming a partner."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.recruitment.models.company import Company
from openprm.recruitment.models.fields import PERSON, one_of
from openprm.recruitment.rules.stages import Stage


class Prospect(Model):
    company = models.OneToOneField(Company, on_delete=models.CASCADE, related_name="prospect")
    program = models.ForeignKey("partners.Program", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=10, default=Stage.IDENTIFIED.value)
    stage_since = models.DateTimeField()
    owner = models.ForeignKey(**PERSON)
    source = models.CharField(max_length=80, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    next_step_date = models.DateField(null=True, blank=True)
    lost_reason = models.CharField(max_length=300, blank=True)
    converted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version", "stage_since")

    class Meta:
        verbose_name = _("prospect")
        constraints = [
            one_of("stage", Stage, "prospect_stage_is_known"),
            models.CheckConstraint(condition=~Q(stage="lost") | ~Q(lost_reason=""), name="lost_prospect_has_a_reason"),
            models.CheckConstraint(condition=~Q(stage="converted") | Q(converted_at__isnull=False), name="converted_prospect_has_its_moment"),
            models.CheckConstraint(condition=Q(next_step_date=None) | ~Q(next_step=""), name="next_step_date_has_a_step"),
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="prospect_newest"),
            models.Index(fields=["stage", "owner"], name="prospect_stage_owner"),
        ]

    def __str__(self) -> str:
        return str(self.company)
