"""Why a lead went where it went, and what each partner takes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.leads.models.fields import PERSON
from openprm.leads.models.lead import Lead


class Routing(Model):
    """One routing decision with everything it was made from; it names others, so the partner's role never reads it."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="routings")
    round = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=12)
    by = models.ForeignKey(**PERSON)
    by_name = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    seed = models.CharField(max_length=60)
    clause = models.CharField(max_length=60, blank=True)
    clause_text = models.TextField(blank=True)
    rule_version_id = models.UUIDField(null=True, blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)
    inputs = models.JSONField(default=dict, blank=True)
    terms = models.JSONField(default=dict, blank=True)
    candidates = models.JSONField(default=list, blank=True)
    tallies = models.JSONField(default=dict, blank=True)
    chosen = ArrayField(models.UUIDField(), default=list, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("routing decision")
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "round"], name="one_routing_per_round"),
            models.UniqueConstraint(fields=["id", "lead"], name="routing_id_and_lead"),
        ]


class Receiver(Model):
    """What one partner takes: where, with which skills, how many at a time. The weight is the vendor's."""

    partner = models.OneToOneField("partners.Partner", on_delete=models.CASCADE, related_name="+")
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    max_open = models.PositiveSmallIntegerField(null=True, blank=True)
    is_paused = models.BooleanField(default=False)
    last_offered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    audit_shared = ("countries", "skills", "latitude", "longitude", "max_open", "is_paused")
    snapshot_leaves_out = ("last_offered_at", "version")

    class Meta:
        verbose_name = _("intake of a partner")
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=100), name="receiver_weight_in_range"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="receiver_is_on_earth",
            ),
        ]
        indexes = [models.Index(F("last_offered_at").asc(nulls_first=True), name="receiver_turn")]

    def __str__(self) -> str:
        return str(self.partner)
