"""The person behind a lead takes its consent back: what we know of it is erased, the lead ends, whoever holds it is told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.leads.events import ConsentWithdrawn
from openprm.leads.models import Arrival, Lead, Referral
from openprm.leads.rules import consent as rules
from openprm.leads.services import links
from openprm.leads.services.erasure import erase_lead

WITHDRAWN = "The person withdrew its consent by the link in our mail."
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Held:
    """What a person reads behind its link: what we keep of it, on which ground, and who has it."""

    number: str
    company_name: str
    contact_name: str
    received_at: datetime
    consent_text: str
    given_at: datetime | None
    is_shared: bool
    is_erased: bool


def held_by_link(token: str) -> Held:
    """What stands behind a withdrawal link. Raises NotFound."""
    with system_scope():
        lead = _lead(token)
        first = Arrival.objects.filter(lead=lead).order_by("-received_at").first()
        return Held(
            number=lead.number,
            company_name=lead.person.company_name,
            contact_name=lead.person.contact_name,
            received_at=lead.received_at,
            consent_text=first.consent_text if first else "",
            given_at=first.given_at if first else None,
            is_shared=lead.partner_id is not None,
            is_erased=lead.erased_at is not None,
        )


def withdraw_url(lead_id: UUID) -> str:
    """The link by which a person takes its consent back: for the mails of whoever sent us the lead."""
    return links.withdraw_url(lead_id)


def withdraw(*, token: str, at: datetime) -> None:
    """Erase the person behind a lead and end it. Safe to call twice. Raises NotFound."""
    with system_scope():
        lead = _lead(token)
        if lead.erased_at is None:
            withdraw_consent(lead_id=lead.pk, note=WITHDRAWN, at=at)


def withdraw_consent(*, lead_id: UUID, note: str, at: datetime) -> None:
    """What a withdrawal does, by whichever way it came: the person's link, or the CRM. Needs the system's scope."""
    lead = Lead.objects.locked().one(lead_id)
    partner_id = lead.partner_id
    Arrival.objects.filter(lead=lead, withdrawn_at=None).update(withdrawn_at=at)
    audit.record(SYSTEM, "lead.consent_withdrawn", lead, after={}, visible_to=(partner_id,) if partner_id else (), note=note, at=at)
    erase_lead(actor=SYSTEM, lead_id=lead.pk, reason=note, at=at)
    publish(ConsentWithdrawn(lead_id=lead.pk, number=lead.number, partner_id=partner_id, at=at))


def forget_traces(*, lead_id: UUID, at: datetime) -> None:
    """What intake keeps of an erased lead's person beside the lead. Safe to call twice."""
    with system_scope():
        Arrival.objects.filter(lead=lead_id).update(network_address=None, proof="")
        Referral.objects.filter(lead=lead_id).update(company_name="", note="")


def forget_old(*, at: datetime) -> int:
    """Erase the people behind leads that closed long ago; gives how many."""
    with system_scope():
        due = Lead.objects.filter(erased_at=None, closed_at__lte=at - rules.KEPT_AFTER_CLOSING).order_by("closed_at")[:AT_ONCE]
        for lead in due:
            erase_lead(actor=SYSTEM, lead_id=lead.pk, reason="Closed for two years.", at=at)
        return len(due)


def _lead(token: str) -> Lead:
    lead = Lead.objects.select_related("person").filter(pk=links.read(token, links.WITHDRAW)).first()
    if lead is None:
        raise links.dead()
    return lead
