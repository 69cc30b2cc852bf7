"""What the vendor sets: how corrupt it takes a country to be, and which lapse closes which actions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.compliance.models.cases import LEVELS
from openprm.kernel.models import Model

LAPSES = {
    "due_diligence": _("Due diligence has run out"),
    "declined": _("Due diligence was declined"),
    "red_flag": _("A red flag is open on an approved partner"),
    "certificate": _("A certificate has run out"),
    "esg": _("The ESG answers have run out"),
    "verification": _("The verification is not approved"),
}


class CountryRisk(Model):
    """The corruption class of a country. What is not in the table counts as medium."""

    country = models.CharField(max_length=2, unique=True)
    level = models.CharField(max_length=6, choices=LEVELS.items())
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("country class")
        constraints = [
            models.CheckConstraint(condition=Q(level__in=list(LEVELS)), name="country_level_is_known"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="country_risk_has_a_code"),
        ]

    def __str__(self) -> str:
        return self.country


class GatePolicy(Model):
    """One line of the gate policy: when this lapses, these actions are closed until it is cured."""

    lapse = models.CharField(max_length=14, choices=LAPSES.items())
    subject = models.CharField(max_length=40, blank=True)
    actions = ArrayField(models.CharField(max_length=10))
    includes_missing = models.BooleanField(default=False)
    grace_days = models.PositiveSmallIntegerField(default=0)
    partner_types = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    in_force_since = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("lapse", "subject", "actions", "includes_missing", "grace_days", "partner_types", "is_active")

    class Meta:
        verbose_name = _("gate policy")
        constraints = [
            models.CheckConstraint(condition=Q(lapse__in=list(LAPSES)), name="policy_lapse_is_known"),
            models.CheckConstraint(condition=Q(actions__contained_by=["deals", "leads", "funds", "payouts", "portal"]), name="policy_actions_are_known"),
            models.CheckConstraint(condition=Q(grace_days__lte=365), name="policy_grace_is_a_year_at_most"),
        ]

    def __str__(self) -> str:
        return str(LAPSES[self.lapse])
