"""What is said about a lead: between the vendor and the partner that works on it, or among one side's own people."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openprm.kernel.models import Model
from openprm.leads.models.fields import ORGANIZATION, PERSON, one_of
from openprm.leads.models.lead import Lead
from openprm.leads.rules.notes import Audience, NoteSide


class LeadNote(Model):
    """`partner` is the one it was talked with, or whose own it is: who gets the lead next reads none of it.

    A private note of the vendor names no partner; a private one of a partner is kept from people of the vendor by the database.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(**ORGANIZATION, null=True, blank=True)
    audience = models.CharField(max_length=10, default=Audience.SHARED)
    author = models.ForeignKey(**PERSON)
    author_name = models.CharField(max_length=120, blank=True)
    author_side = models.CharField(max_length=10)
    body = models.TextField(max_length=4000)

    snapshot_leaves_out = ("body",)

    class Meta:
        verbose_name = _("note on a lead")
        indexes = [models.Index("lead", F("created_at").desc(), name="lead_note_newest")]
        constraints = [
            one_of("audience", Audience, "lead_note_audience_known"),
            one_of("author_side", NoteSide, "lead_note_side_known"),
            models.CheckConstraint(condition=~Q(body=""), name="lead_note_says_something"),
            models.CheckConstraint(
                condition=Q(audience="private", author_side="vendor", partner=None) | (~Q(audience="private", author_side="vendor") & Q(partner__isnull=False)),
                name="lead_note_is_with_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.lead)
