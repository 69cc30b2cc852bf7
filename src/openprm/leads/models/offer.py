"""What is offered to whom: one row for a lead and a partner, with the two clocks and the answer."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.leads.models.fields import ORGANIZATION, PERSON, one_of
from openprm.leads.models.lead import Lead
from openprm.leads.models.routing import Routing
from openprm.leads.rules.lifecycle import ASKED, LIVE, DeclineReason, OfferState
from openprm.leads.rules.routing import Method


class Offer(Model):
    """`opened_at` is the proof that the partner got the lead; `reasons` and the clause say why it was this partner."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="offers")
    partner = models.ForeignKey(**ORGANIZATION)
    routing = models.ForeignKey(Routing, on_delete=models.PROTECT, related_name="offers")
    method = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default=OfferState.OFFERED)
    position = models.PositiveSmallIntegerField(default=1)
    score = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=dict, blank=True)
    clause = models.CharField(max_length=60, blank=True)
    clause_text = models.TextField(blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)
    pace = models.CharField(max_length=10, default="standard")
    offered_at = models.DateTimeField()
    open_by = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(**PERSON)
    accept_by = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(**PERSON)
    convert_by = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=20, blank=True)
    was_contacted = models.BooleanField(null=True, blank=True)
    comment = models.CharField(max_length=1000, blank=True)

    audit_shared = ("state", "opened_at", "accept_by", "accepted_at", "convert_by", "decline_reason", "was_contacted", "comment")
    snapshot_leaves_out = ("reasons", "clause_text")

    class Meta:
        verbose_name = _("offer of a lead")
        constraints = [
            one_of("state", OfferState, "offer_state_known"),
            one_of("method", Method, "offer_method_known"),
            one_of("decline_reason", ("", *DeclineReason), "offer_decline_reason_known"),
            # A decliner is never asked again; who let it pass or lost it to another may be, by hand.
            models.UniqueConstraint(fields=["lead", "partner"], condition=~Q(state__in=["expired", "withdrawn", "taken"]), name="never_offered_to_a_decliner"),
            models.UniqueConstraint(fields=["lead"], condition=Q(state__in=["accepted", "ended"]), name="one_partner_works_a_lead"),
            models.CheckConstraint(condition=~Q(state__in=["opened", "accepted", "ended"]) | Q(opened_at__isnull=False), name="opened_offer_has_its_moment"),
            models.CheckConstraint(condition=Q(state__in=sorted(LIVE), ended_at=None) | ~Q(state__in=sorted(LIVE)), name="live_offer_has_no_end"),
        ]
        indexes = [
            models.Index("lead", "state", name="offer_of_lead"),
            models.Index("partner", "state", F("offered_at").desc(), F("id").desc(), name="offer_of_partner"),
            models.Index("partner", condition=Q(state__in=sorted(LIVE)), name="offer_live"),
            models.Index("open_by", condition=Q(state=OfferState.OFFERED), name="offer_unopened"),
            models.Index("state", "accept_by", condition=Q(state__in=sorted(ASKED)), name="offer_asked"),
            models.Index("offered_at", name="offer_by_moment"),
        ]

    def __str__(self) -> str:
        return str(self.lead)
