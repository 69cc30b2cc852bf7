"""What becomes of a lead: a registration without typing it again, or an end with its reason; and what follows the deal."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.deals import queries as deals
from openprm.deals import services as deal_services
from openprm.deals.rules.draft import LineDraft, RegistrationDraft
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.leads import policies
from openprm.leads.events import LeadClosed, LeadConverted
from openprm.leads.models import Lead, LeadPerson, Offer
from openprm.leads.rules.lifecycle import REASONS_TO_LOSE, ClosedReason, OfferState, Status
from openprm.leads.services import routing
from openprm.leads.services.results import Changed, Converted
from openprm.leads.services.unit import CONVERT, announce, as_system, changed, hold, load, record, save, settle_clocks
from openprm.promises import services as promises

USUAL_DAYS = 90
LONGEST_NOTE = 1000


def draft_of(*, actor: Actor, lead_id: UUID, product_id: UUID | None = None, at: datetime) -> RegistrationDraft:
    """The registration that the lead becomes, filled with everything that the lead knows; its value is put on `product_id`. Raises NotFound."""
    lead = load(actor, lead_id)
    person = LeadPerson.objects.filter(lead=lead).first() or LeadPerson(lead=lead)
    product_id = product_id or _product(actor, lead)
    lines = (LineDraft(product_id=product_id, quantity=1, amount_minor=lead.amount_minor or 0),) if product_id else ()
    return RegistrationDraft(
        title=person.title or person.company_name,
        customer_name=person.company_name,
        customer_domain=person.company_domain,
        customer_country=lead.country,
        customer_city=lead.city,
        contact_name=person.contact_name,
        contact_email=person.contact_email,
        contact_phone=person.contact_phone,
        contact_title=person.contact_title,
        currency=lead.currency,
        expected_close_date=(at + timedelta(days=USUAL_DAYS)).date(),
        description=person.message,
        lines=lines,
    )


def _product(actor: Actor, lead: Lead) -> UUID | None:
    """The first product on offer of the line that the lead asks for."""
    return next((one.id for one in deals.products(actor) if one.is_active and one.line_id == lead.product_line_id), None) if lead.product_line_id else None


@transaction.atomic
def convert_lead(*, actor: Actor, lead_id: UUID, draft: RegistrationDraft | None = None, version: int | None = None, at: datetime) -> Converted:
    """Register the lead as a deal; from then on it is locked and follows the deal's outcome. Without `draft` it goes as the lead has it.

    Raises NotFound, NotAllowed, Stale, and what registering a deal raises: Invalid with what is missing, CapacityReached; then nothing changes.
    """
    lead = load(actor, lead_id, version=version)
    refuse_if(policies.why_not_convert(actor, lead))
    draft = draft or draft_of(actor=actor, lead_id=lead_id, at=at)
    with as_system(actor):
        refuse_if(policies.why_not_convert(actor, hold(lead)))
    made = deal_services.register(actor=actor, draft=draft, partner_id=lead.partner_id, at=at)
    with as_system(actor):
        lead = hold(lead)
        before = lead.snapshot()
        lead.status, lead.registration_id = Status.CONVERTED, made.registration_id
        save(lead, "status", "registration")
        promises.keep(subject_id=lead.pk, code=CONVERT, at=at)
        told = {"registration": made.number}
        record(actor, "lead.converted", lead, before=before, partners=[lead.partner_id], refs=[made.registration_id], data=told, at=at)
        announce(LeadConverted, lead, actor, at, partner_id=lead.partner_id, registration_id=made.registration_id)
    return Converted(
        lead_id=lead.pk,
        number=lead.number,
        version=lead.version,
        registration_id=made.registration_id,
        registration_number=made.number,
        outcome=made.outcome,
    )


def close_lost(*, actor: Actor, lead_id: UUID, reason: str, note: str = "", version: int | None = None, at: datetime) -> Changed:
    """End a lead that leads nowhere, with the reason. Raises NotFound, NotAllowed, Stale, Invalid."""
    if reason not in REASONS_TO_LOSE:
        raise Invalid(_("Choose one of the reasons."), field="reason")
    return _close(actor, lead_id, Status.LOST, reason, note, version, at)


def close_won(*, actor: Actor, lead_id: UUID, note: str, version: int | None = None, at: datetime) -> Changed:
    """End a lead that was sold without a registration; the note says what was sold. Raises NotFound, NotAllowed, Stale, Invalid."""
    if not note.strip():
        raise Invalid(_("Say in a few words what was sold, and why no deal was registered."), field="note")
    return _close(actor, lead_id, Status.WON, ClosedReason.SOLD, note, version, at)


def _close(actor: Actor, lead_id: UUID, status: Status, reason: str, note: str, version: int | None, at: datetime) -> Changed:
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": LONGEST_NOTE}, field="note")
    if reason == ClosedReason.OTHER and not note:
        raise Invalid(_("Say in a few words what the reason is."), field="note")
    lead = load(actor, lead_id, version=version)
    refuse_if(_why_not_end(actor, lead, status))
    with as_system(actor):
        lead = hold(lead)
        refuse_if(_why_not_end(actor, lead, status))
        end(actor, lead, status, reason, note, at)
        return changed(lead)


def _why_not_end(actor: Actor, lead: Lead, status: Status) -> str | None:
    if reason := policies.why_not_close(actor, lead):
        return reason
    if status == Status.WON and lead.status != Status.ACCEPTED:
        return _("Nobody works on %(number)s. A lead is won by the partner that accepted it.") % {"number": lead.number}
    return None


def end(actor: Actor, lead: Lead, status: Status, reason: str, note: str, at: datetime) -> None:
    """Write the end of a locked lead; offers that wait are taken back. In the system's scope."""
    holder = lead.partner_id
    if holder is None:
        routing.recall(actor, lead, note, at)
    before = lead.snapshot()
    settle_clocks(lead, at, kept=holder is not None and not actor.is_system)
    Offer.objects.filter(lead=lead, state=OfferState.ACCEPTED).update(state=OfferState.ENDED, ended_at=at)
    lead.status, lead.closed_at, lead.closed_reason, lead.closed_note = status, at, reason, note[:LONGEST_NOTE]
    save(lead, "status", "closed_at", "closed_reason", "closed_note")
    verb = "lead.won" if status == Status.WON else "lead.lost"
    record(actor, verb, lead, before=before, partners=[holder] if holder else [], note=note, data={"reason": str(reason)}, at=at)
    announce(LeadClosed, lead, actor, at, partner_id=holder, status=str(status), reason=str(reason))


def follow_deal(*, registration_id: UUID, won: bool, reason: str, note: str = "", at: datetime) -> None:
    """End the lead as its registration ended. Safe to call twice; a registration without a lead is passed over. Needs the system's scope."""
    lead = Lead.objects.filter(registration_id=registration_id, status=Status.CONVERTED).locked().first()
    if lead:
        end(SYSTEM, lead, Status.WON if won else Status.LOST, reason, note, at)
