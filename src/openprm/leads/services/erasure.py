"""Forgetting the person behind a lead (S2): the row stays for the figures, everything personal goes."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.errors import refuse_if
from openprm.kernel.scope import system_scope
from openprm.leads import policies
from openprm.leads.events import LeadErased
from openprm.leads.models import Lead, LeadNote, LeadPerson, Offer
from openprm.leads.rules.intake_draft import PERSONAL
from openprm.leads.rules.lifecycle import LOCKED, ClosedReason, Status
from openprm.leads.services.outcome import end
from openprm.leads.services.results import Changed
from openprm.leads.services.unit import announce, as_system, changed, hold, load, record, save

_BLANK = {"city": "", "latitude": None, "longitude": None, "external_id": "", "external_source": "", "closed_note": "", "status_reason": ""}


def erase_lead(*, actor: Actor, lead_id: UUID, reason: str, at: datetime) -> Changed:
    """Blank every personal column and end the lead if it is open; a lead that became a deal stays one. Safe to call twice. Raises NotFound, NotAllowed."""
    lead = load(actor, lead_id)
    refuse_if(policies.why_not_erase(actor))
    with as_system(actor):
        lead = hold(lead)
        if lead.erased_at:
            return changed(lead)
        if lead.status not in LOCKED:
            end(actor, lead, Status.LOST, ClosedReason.ERASED, "", at)
        _blank(lead, at)
        record(actor, "lead.erased", lead, after={}, partners=[lead.partner_id] if lead.partner_id else [], note=reason, at=at)
        announce(LeadErased, lead, actor, at)
        return changed(lead)


def _blank(lead: Lead, at: datetime) -> None:
    lead.erased_at = at
    for name, value in _BLANK.items():
        setattr(lead, name, value)
    save(lead, "erased_at", *_BLANK)
    LeadPerson.objects.filter(lead=lead).update(**dict.fromkeys(PERSONAL, ""))
    Offer.objects.filter(lead=lead).update(comment="")
    with system_scope():  # private notes of a partner too, which people of the vendor do not even read
        LeadNote.objects.filter(lead=lead).delete()
