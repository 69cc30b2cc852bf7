"""A change of an approved deal that somebody proposes: what was, what shall be, and what became of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.deals.models.fields import one_of
from openprm.deals.models.registration import PERSON, Registration
from openprm.deals.rules.amendments import AMENDABLE, Kind, State
from openprm.kernel.models import Model


class Amendment(Model):
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="amendments")
    partner = models.ForeignKey("identity.Organization", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, default=Kind.CHANGE)
    state = models.CharField(max_length=10, default=State.PROPOSED)
    before = models.JSONField()
    after = models.JSONField()
    changed = ArrayField(models.CharField(max_length=40))
    reason = models.CharField(max_length=500)
    proposer = models.ForeignKey(**PERSON)
    proposer_name = models.CharField(max_length=120, blank=True)
    proposer_side = models.CharField(max_length=10, blank=True)
    proposed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    automatic = models.BooleanField(default=False)
    decider = models.ForeignKey(**PERSON)
    decider_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    clause = models.CharField(max_length=60, blank=True)
    clause_text = models.TextField(blank=True)
    rule_version_id = models.UUIDField(null=True, blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)
    inputs = models.JSONField(default=dict, blank=True)
    new_registration = models.ForeignKey(Registration, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    snapshot_leaves_out = ("version", "inputs", "rule_version_id", "due_at")
    audit_shared = (*AMENDABLE, "amount_minor", "currency")

    class Meta:
        verbose_name = _("amendment")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "number"], name="amendment_once_per_number"),
            models.UniqueConstraint(fields=["registration"], condition=Q(state=State.PROPOSED), name="one_open_amendment"),
            one_of("kind", Kind, "amendment_kind_known"),
            one_of("state", State, "amendment_state_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="amendment_has_reason"),
            models.CheckConstraint(condition=Q(state=State.PROPOSED) | Q(decided_at__isnull=False), name="amendment_decided_is_dated"),
        ]
        indexes = [
            models.Index("due_at", "id", condition=Q(state=State.PROPOSED), name="amendment_waiting"),
            models.Index("partner", F("proposed_at").desc(), name="amendment_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.registration.number} / {self.number}"
