"""What comparing leaves behind: the companies both sides chose, the rule of matching, kept comparisons, and the evidence for a score."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model

ORGANIZATION = {"to": "identity.Organization", "on_delete": models.PROTECT, "related_name": "+"}


class Target(Model):
    """A company that both sides want to work on together, chosen from what they have in common or from what one of them has.

    Its words are copied from `source`, a list of `source_owner`. A side that did not own that list reads them while the list is
    shown to it, or when the owner itself made the choice.
    """

    partner = models.ForeignKey(**ORGANIZATION)
    left_owner = models.ForeignKey(**ORGANIZATION)
    right_owner = models.ForeignKey(**ORGANIZATION)
    chooser = models.ForeignKey(**ORGANIZATION)
    person = models.CharField(max_length=120)
    source_owner = models.ForeignKey(**ORGANIZATION)
    source = models.ForeignKey("mapping.Population", on_delete=models.PROTECT, related_name="+")
    left = models.ForeignKey("mapping.Entry", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    right = models.ForeignKey("mapping.Entry", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=300)
    domain = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    chosen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("target account")
        ordering = ["-chosen_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], condition=Q(ended_at=None), name="mapping_one_open_target"),
            models.CheckConstraint(condition=Q(kind__in=["overlap", "whitespace"]), name="mapping_target_kind_known"),
            models.CheckConstraint(condition=Q(right_owner=F("partner")), name="mapping_target_right_is_the_partner"),
            models.CheckConstraint(condition=~Q(name=""), name="mapping_target_is_named"),
        ]
        indexes = [models.Index(fields=["partner", "-chosen_at"], condition=Q(ended_at=None), name="mapping_target_open")]


class Rule(Model):
    """How sure a match must be, and whether a company may be in several: one rule for all comparisons of the vendor, read by everybody."""

    owner = models.OneToOneField(**ORGANIZATION)
    permille = models.PositiveSmallIntegerField(default=500)
    one_only = models.BooleanField(default=False)
    judged = models.PositiveIntegerField(default=0)
    precision_permille = models.PositiveSmallIntegerField(null=True, blank=True)
    recall_permille = models.PositiveSmallIntegerField(null=True, blank=True)
    person = models.CharField(max_length=120, blank=True)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("rule of matching")
        constraints = [models.CheckConstraint(condition=Q(permille__gte=300, permille__lte=990), name="mapping_rule_in_range")]


class Comparison(Model):
    """What a comparison of two lists found and by which standards, so that any worker compares the changed rows alone next time. For the system."""

    partner = models.ForeignKey(**ORGANIZATION)
    left_population = models.ForeignKey("mapping.Population", on_delete=models.CASCADE, related_name="+")
    right_population = models.ForeignKey("mapping.Population", on_delete=models.CASCADE, related_name="+")
    kept = models.BinaryField()
    rows = models.PositiveIntegerField()
    compared_at = models.DateTimeField()

    class Meta:
        verbose_name = _("comparison of two lists")
        constraints = [models.UniqueConstraint(fields=["left_population", "right_population"], name="mapping_one_comparison_per_pair")]


class Standing(Model):
    """The evidence for one partner's score as of the last comparison or night. Read by the vendor."""

    partner = models.OneToOneField(**ORGANIZATION)
    won_here = models.PositiveIntegerField()
    lost_here = models.PositiveIntegerField()
    won_elsewhere = models.PositiveIntegerField()
    lost_elsewhere = models.PositiveIntegerField()
    open_here = models.PositiveIntegerField()
    open_total = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("evidence for a partner's score")
