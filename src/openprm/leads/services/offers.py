"""What a partner does with an offer: open it, take it, say no; and what happens when it does nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, NotFound, refuse_if
from openprm.leads import policies
from openprm.leads.events import LeadAccepted, LeadDeclined, LeadOpened, LeadPulledBack
from openprm.leads.models import Lead, Offer
from openprm.leads.rules.lifecycle import ASKED, LIVE, DeclineReason, OfferState, Status
from openprm.leads.services import routing
from openprm.leads.services.refusals import LeadTaken
from openprm.leads.services.results import Changed
from openprm.leads.services.unit import ACCEPT, CONVERT, announce, as_system, changed, hold, load, record, save, settle_clocks
from openprm.partners import queries as partners
from openprm.promises import services as promises

LONGEST_COMMENT = 1000
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Case:
    """A locked lead with the partner's own live offer of it."""

    lead: Lead
    offer: Offer


def open_lead(*, actor: Actor, lead_id: UUID, at: datetime) -> Changed:
    """See who the customer is. The moment is kept as the proof of receipt, and the time to answer begins. Opening twice changes nothing.

    Raises NotFound, NotAllowed (also for a lead that must be claimed), LeadTaken.
    """
    lead = load(actor, lead_id)
    refuse_if(policies.why_not_open(actor, lead, _offer_of(actor, lead)))
    with as_system(actor):
        case = _case(actor, lead)
        if case.offer.state == OfferState.OFFERED:
            _open(actor, case, at)
        return changed(case.lead)


def accept_lead(*, actor: Actor, lead_id: UUID, version: int | None = None, at: datetime) -> Changed:
    """Take the lead. Of several partners that are asked at once the first one has it, and the others are told. Accepting twice changes nothing.

    Raises NotFound, NotAllowed (also while receiving leads is closed to the partner), Stale, LeadTaken.
    """
    refuse_if(policies.why_not_work(actor))
    lead = _seen(actor, lead_id, version)
    refuse_if(partners.why_closed(_partner(actor), "leads", at))
    with as_system(actor):
        case = _case(actor, lead)
        if case.offer.state == OfferState.ACCEPTED:
            return changed(case.lead)
        if case.offer.state == OfferState.OFFERED:
            _open(actor, case, at, starts_clock=False)
        passed_over = _close_others(case, at)
        _take(actor, case, passed_over, at)
        return changed(case.lead)


def decline_lead(
    *, actor: Actor, lead_id: UUID, reason: str, was_contacted: bool | None = None, comment: str = "", version: int | None = None, at: datetime
) -> Changed:
    """Say no, before or after taking it; the next partner is asked and this one never again. What is called spam waits for a person instead.

    Raises NotFound, NotAllowed, Stale, Invalid, LeadTaken.
    """
    refuse_if(policies.why_not_work(actor))
    lead = _seen(actor, lead_id, version)
    comment = _comment(reason, comment)
    with as_system(actor):
        case = _case(actor, lead)
        _decline(actor, case, reason, was_contacted, comment, at)
        if reason == DeclineReason.SPAM:
            return changed(_left(case.lead, Status.DECLINED, _("A partner calls it spam: %(comment)s") % {"comment": comment or "–"}, at))
        offered = () if _others_are_asked(case) else routing.pass_on(case.lead, nobody=Status.DECLINED, at=at)
        return changed(case.lead, offered)


def pull_back(*, lead_id: UUID, why: str, at: datetime) -> int:
    """Take back what was not answered in time and ask the next partner; gives how many offers ran out. Needs the system's scope, safe to repeat."""
    lead = Lead.objects.locked().one(lead_id)
    late = list(_late(lead, why, at).locked())
    for offer in late:
        offer.state, offer.ended_at = OfferState.EXPIRED, at
        offer.save(update_fields=["state", "ended_at", "updated_at"])
        record(SYSTEM, "lead.expired", lead, after={}, partners=[offer.partner_id], data={"why": why}, at=at)
        announce(LeadPulledBack, lead, SYSTEM, at, partner_id=offer.partner_id, why=why)
    if late:
        settle_clocks(lead, at, kept=False)
        if not Offer.objects.filter(lead=lead, state__in=sorted(LIVE)).exists():
            lead.partner_id = None
            routing.pass_on(lead, nobody=Status.EXPIRED, at=at)
    return len(late)


def pull_back_unopened(*, at: datetime) -> int:
    """Take back the leads that nobody opened in time, up to 200 at once; gives how many."""
    rows = Offer.objects.filter(state=OfferState.OFFERED, open_by__lte=at).order_by("open_by")
    ids = list(dict.fromkeys(rows.values_list("lead_id", flat=True)[:AT_ONCE]))
    for lead_id in ids:
        pull_back(lead_id=lead_id, why="unopened", at=at)
    return len(ids)


def pass_on_from(*, partner_id: UUID, at: datetime) -> int:
    """Take back what a partner holds or was offered, because it may not have leads any more, and ask the next ones; gives how many.

    Needs the system's scope, safe to repeat. What became a deal stays with the deal.
    """
    mine = Offer.objects.filter(partner_id=partner_id, state__in=sorted(LIVE)).exclude(lead__status=Status.CONVERTED)
    ids = sorted(set(mine.values_list("lead_id", flat=True)))
    for lead_id in ids:
        lead = Lead.objects.locked().one(lead_id)
        offer = Offer.objects.filter(lead=lead, partner_id=partner_id, state__in=sorted(LIVE)).locked().first()
        if offer is None or lead.status == Status.CONVERTED:
            continue
        offer.state, offer.ended_at = OfferState.WITHDRAWN, at
        offer.save(update_fields=["state", "ended_at", "updated_at"])
        record(SYSTEM, "lead.recalled", lead, after={}, partners=[partner_id], data={"why": "inactive"}, at=at)
        announce(LeadPulledBack, lead, SYSTEM, at, partner_id=partner_id, why="recalled")
        settle_clocks(lead, at, kept=False)
        if not Offer.objects.filter(lead=lead, state__in=sorted(LIVE)).exists():
            lead.partner_id = None
            routing.pass_on(lead, nobody=Status.EXPIRED, at=at)
    return len(ids)


def _late(lead: Lead, why: str, at: datetime):
    rows = Offer.objects.filter(lead=lead)
    if why == "unopened":
        return rows.filter(state=OfferState.OFFERED, open_by__lte=at)
    return rows.filter(state=OfferState.OPENED if why == "unanswered" else OfferState.ACCEPTED) if lead.status != Status.CONVERTED else rows.none()


def _partner(actor: Actor) -> UUID:
    if not actor.is_partner or actor.partner_id is None:
        raise NotFound()
    return actor.partner_id


def _offer_of(actor: Actor, lead: Lead) -> Offer:
    """The partner's own offer that stands. Raises LeadTaken when it stands no more."""
    found = Offer.objects.filter(lead=lead, partner_id=_partner(actor), state__in=sorted({*LIVE, OfferState.ENDED})).first()
    if found is None:
        raise _gone(lead)
    return found


def _seen(actor: Actor, lead_id: UUID, version: int | None) -> Lead:
    """The lead as the partner sees it. One that was offered to it and is gone says so, instead of hiding."""
    try:
        return load(actor, lead_id, version=version)
    except NotFound:
        lost = policies.reach_offers(actor).filter(lead_id=lead_id, state__in=[OfferState.TAKEN, OfferState.EXPIRED, OfferState.WITHDRAWN]).exists()
        if not lost:
            raise
    raise LeadTaken(_("This lead is gone: another partner was faster, or its time ran out."))


def _gone(lead: Lead) -> LeadTaken:
    return LeadTaken(_("%(number)s is gone: another partner was faster, or its time ran out.") % {"number": lead.number})


def _case(actor: Actor, lead: Lead) -> Case:
    """Lead first, then the offer: everybody locks in this order. Raises LeadTaken."""
    lead = hold(lead)
    return Case(lead, _offer_of(actor, lead))


def _open(actor: Actor, case: Case, at: datetime, *, starts_clock: bool = True) -> None:
    lead, offer = case.lead, case.offer
    offer.state, offer.opened_at, offer.opened_by_id = OfferState.OPENED, at, actor.user_id
    if starts_clock:
        offer.accept_by = _start(ACCEPT, case, at)
    offer.save(update_fields=["state", "opened_at", "opened_by", "accept_by", "updated_at"])
    record(actor, "lead.opened", lead, after={}, partners=[offer.partner_id], at=at)
    announce(LeadOpened, lead, actor, at, partner_id=offer.partner_id)


def _take(actor: Actor, case: Case, passed_over: Iterable[UUID], at: datetime) -> None:
    lead, offer = case.lead, case.offer
    before = lead.snapshot()
    promises.keep(subject_id=lead.pk, code=ACCEPT, at=at)
    offer.state, offer.accepted_at, offer.accepted_by_id, offer.convert_by = OfferState.ACCEPTED, at, actor.user_id, _start(CONVERT, case, at)
    offer.save(update_fields=["state", "accepted_at", "accepted_by", "convert_by", "updated_at"])
    lead.status, lead.status_reason, lead.partner_id, lead.accepted_at = Status.ACCEPTED, "", offer.partner_id, at
    save(lead, "status", "status_reason", "partner", "accepted_at")
    record(actor, "lead.accepted", lead, before=before, partners=[offer.partner_id], at=at)
    announce(LeadAccepted, lead, actor, at, partner_id=offer.partner_id, passed_over=tuple(passed_over))


def _start(code: str, case: Case, at: datetime) -> datetime:
    standing = partners.enrollment(case.offer.partner_id, at)
    clock = promises.start(
        actor=SYSTEM,
        code=code,
        subject=case.lead,
        partner_id=case.offer.partner_id,
        program_id=standing.program_id if standing else None,
        tier_code=standing.tier_code if standing else "",
        pace=case.offer.pace,
        refs=(case.lead.pk, case.offer.partner_id),
        at=at,
    )
    return clock.due_at


def _close_others(case: Case, at: datetime) -> list[UUID]:
    others = list(Offer.objects.filter(lead=case.lead, state__in=sorted(ASKED)).exclude(pk=case.offer.pk).locked())
    for other in others:
        other.state, other.ended_at = OfferState.TAKEN, at
    Offer.objects.bulk_update(others, ["state", "ended_at"])
    return [other.partner_id for other in others]


def _comment(reason: str, comment: str) -> str:
    """The comment in its stored spelling. Raises Invalid."""
    comment = " ".join(comment.split())
    if reason not in set(DeclineReason):
        raise Invalid(_("Choose one of the reasons."), field="reason")
    if len(comment) > LONGEST_COMMENT:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": LONGEST_COMMENT}, field="comment")
    if reason == DeclineReason.OTHER and not comment:
        raise Invalid(_("Say in a few words what the reason is."), field="comment")
    return comment


def _decline(actor: Actor, case: Case, reason: str, was_contacted: bool | None, comment: str, at: datetime) -> None:
    lead, offer = case.lead, case.offer
    if offer.state == OfferState.ENDED or lead.status not in (Status.OFFERED, Status.ACCEPTED):
        raise _gone(lead)
    promises.keep(subject_id=lead.pk, code=ACCEPT, at=at)
    promises.cancel(subject_id=lead.pk, code=CONVERT, at=at)
    offer.state, offer.ended_at, offer.decline_reason, offer.was_contacted, offer.comment = OfferState.DECLINED, at, reason, was_contacted, comment
    offer.save(update_fields=["state", "ended_at", "decline_reason", "was_contacted", "comment", "updated_at"])
    lead.partner_id, lead.accepted_at = None, None
    told = {"reason": reason, "was_contacted": was_contacted}
    record(actor, "lead.declined", lead, after={}, partners=[offer.partner_id], note=comment, data=told, at=at)
    announce(LeadDeclined, lead, actor, at, partner_id=offer.partner_id, reason=reason)


def _others_are_asked(case: Case) -> bool:
    return Offer.objects.filter(lead=case.lead, state__in=sorted(LIVE)).exists()


def _left(lead: Lead, status: Status, reason: str, at: datetime) -> Lead:
    """Nobody has the lead now; a person decides."""
    routing.recall(SYSTEM, lead, reason, at)
    before = lead.snapshot()
    lead.status, lead.status_reason, lead.partner_id, lead.accepted_at = status, reason[:500], None, None
    save(lead, "status", "status_reason", "partner", "accepted_at")
    record(SYSTEM, "lead.left", lead, before=before, note=reason, at=at)
    return lead
