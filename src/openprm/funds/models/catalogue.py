"""The catalogue of pre-approved kinds of activity, and the proofs that each asks for."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openprm.funds.rules.catalogue import FORMATS, MOST_PROOFS, ActivityTerms, ProofTerms
from openprm.kernel.models import Model
from openprm.kernel.money import Money


def _codes(longest: int) -> Any:
    return ArrayField(models.CharField(max_length=longest), default=list, blank=True)


class ActivityType(Model):
    """A kind of activity that may be paid for. An empty list is open to all. Each change is a new `version`; requests keep a copy of theirs."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    about = models.TextField(max_length=2000, blank=True)
    max_percent = models.DecimalField(max_digits=5, decimal_places=2)
    cap_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    claim_within_days = models.PositiveSmallIntegerField(default=60)
    countries = _codes(2)
    programs = _codes(60)
    tiers = _codes(60)
    partner_types = _codes(12)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("kind of activity")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z0-9][a-z0-9-]*$"), name="activity_type_code_is_a_code"),
            models.CheckConstraint(condition=Q(max_percent__gt=0, max_percent__lte=100), name="activity_type_pays_a_share"),
            models.CheckConstraint(condition=Q(cap_minor__isnull=True) | Q(cap_minor__gt=0, currency__regex="^[A-Z]{3}$"), name="activity_type_cap_is_money"),
            models.CheckConstraint(condition=Q(claim_within_days__gte=1, claim_within_days__lte=730), name="activity_type_can_be_claimed"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cap(self) -> Money | None:
        return Money(self.cap_minor, self.currency) if self.cap_minor is not None else None

    def terms(self) -> ActivityTerms:
        """The promise of this version, as values. Reads the proofs."""
        return ActivityTerms(
            code=self.code, name=self.name, version=self.version, max_percent=self.max_percent, cap=self.cap, claim_within_days=self.claim_within_days,
            countries=tuple(self.countries), programs=tuple(self.programs), tiers=tuple(self.tiers), partner_types=tuple(self.partner_types),
            proofs=tuple(proof.terms() for proof in self.proofs.all()),
        )  # fmt: skip


class ProofRule(Model):
    """One proof that a kind of activity asks for."""

    activity_type = models.ForeignKey(ActivityType, on_delete=models.CASCADE, related_name="proofs")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    about = models.CharField(max_length=500, blank=True)
    formats = ArrayField(models.CharField(max_length=4), default=list)
    minimum = models.PositiveSmallIntegerField(default=1)
    dated_within = models.BooleanField(default=False)
    max_age_days = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("proof rule")
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["activity_type", "code"], name="one_proof_rule_per_code"),
            models.CheckConstraint(condition=Q(formats__contained_by=list(FORMATS)) & Q(formats__len__gte=1), name="proof_formats_are_known"),
            models.CheckConstraint(condition=Q(minimum__gte=1, minimum__lte=MOST_PROOFS), name="proof_minimum_is_a_few"),
            models.CheckConstraint(condition=Q(max_age_days__isnull=True) | Q(max_age_days__gte=1, max_age_days__lte=730), name="proof_age_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def terms(self) -> ProofTerms:
        return ProofTerms(
            code=self.code, name=self.name, about=self.about, formats=tuple(self.formats), minimum=self.minimum, dated_within=self.dated_within,
            max_age_days=self.max_age_days,
        )  # fmt: skip
