"""Taking back what a file brought in: the undo of an import."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotAllowed
from openprm.leads.models import Arrival, Lead, Offer
from openprm.leads.rules.lifecycle import Status

UNTOUCHED = (Status.NEW, Status.UNROUTED, Status.NURTURE, Status.OFFERED)


class LeadIsWorkedOn(Conflict):
    """Somebody opened or accepted the lead since it came in."""


def take_back(*, actor: Actor, lead_ids: Sequence[UUID], at: datetime) -> None:
    """Remove leads that a file created and nobody touched; of a lead that was there before, only what the file added.

    Raises NotAllowed, LeadIsWorkedOn.
    """
    if not actor.sees_all_partners or not actor.can("leads.import"):
        raise NotAllowed()
    for lead in Lead.objects.filter(pk__in=list(lead_ids)).locked():
        arrivals = list(Arrival.objects.filter(lead=lead).order_by("-received_at"))
        if lead.source != "csv" or len(arrivals) > 1:
            _forget_arrival(arrivals)
        else:
            _remove(actor, lead, at)


def _forget_arrival(arrivals: list[Arrival]) -> None:
    newest = next((one for one in arrivals if one.source == "csv"), None)
    if newest:
        newest.delete()


def _remove(actor: Actor, lead: Lead, at: datetime) -> None:
    opened = Offer.objects.filter(lead=lead, opened_at__isnull=False).exists()
    if lead.status not in UNTOUCHED or opened or lead.referrals.exists():
        raise LeadIsWorkedOn(_("%(number)s was opened by a partner since it was imported. Close it instead.") % {"number": lead.number})
    audit.record(actor, "lead.taken_back", lead, after={}, at=at)
    Offer.objects.filter(lead=lead).delete()
    lead.delete()
