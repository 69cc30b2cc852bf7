"""What happened, as it was calculated with: the source of earnings. Never changed; what turns out otherwise is a further revision."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from openprm.earnings.models.fields import PARTNER
from openprm.kernel.models import Model


class SourceEvent(Model):
    """One thing that happened for one partner, in the plain values of `incentives.rules.model.EarnEvent`.

    `source_key` names the thing ("deal_won:<id>"); `revision` counts how often its values were corrected afterwards.
    """

    partner = models.ForeignKey(**PARTNER)
    code = models.CharField(max_length=40)
    source_key = models.CharField(max_length=160)
    source_id = models.UUIDField()
    customer_id = models.UUIDField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    about = models.CharField(max_length=200, blank=True)
    occurred_on = models.DateField()
    payload = models.JSONField()
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("event")
        constraints = [
            models.UniqueConstraint(fields=["partner", "source_key", "revision"], name="earning_event_once"),
            models.UniqueConstraint(fields=["id", "partner"], name="earning_event_and_its_partner"),
        ]
        indexes = [
            models.Index("source_key", name="earning_event_by_key"),
            models.Index("partner", "code", "occurred_on", name="earning_event_of_partner"),
            models.Index("customer_id", "occurred_on", condition=models.Q(customer_id__isnull=False), name="earning_event_of_customer"),
            models.Index("source_id", F("revision").desc(), name="earning_event_by_source"),
        ]

    def __str__(self) -> str:
        return self.about or self.source_key


class CreditShare(Model):
    """The share of a deal's credit that one partner holds after a decision. A deal without rows is credited whole to its partner."""

    partner = models.ForeignKey(**PARTNER)
    source_key = models.CharField(max_length=160)
    basis_points = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("share of the credit")
        constraints = [
            models.UniqueConstraint(fields=["source_key", "partner"], name="earning_share_once"),
            models.CheckConstraint(condition=models.Q(basis_points__lte=10000), name="earning_share_within_the_whole"),
        ]


class Terms(Model):
    """The plan version that lines were calculated with, kept whole: a proof needs nothing else."""

    version_id = models.UUIDField(unique=True)
    plan_id = models.UUIDField()
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    content = models.JSONField()

    class Meta:
        verbose_name = _("plan version")

    def __str__(self) -> str:
        return self.name
