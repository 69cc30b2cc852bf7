"""Routing: ask the rule, choose the partners, write down why, offer. One lead or a hundred thousand go the same way."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, NotAllowed, refuse_if
from openprm.leads import policies
from openprm.leads.events import LeadPulledBack
from openprm.leads.models import Lead
from openprm.leads.queries import candidates
from openprm.leads.rules.lifecycle import OfferState, Status
from openprm.leads.rules.routing import Decision, LeadFacts, Method, Scored, Terms, WhyNot
from openprm.leads.services.desk import AT_ONCE, Desk, Planned, desk_at, planned_of, routing_row
from openprm.leads.services.offering import write
from openprm.leads.services.refusals import AskedBefore, PartnerCannotReceive
from openprm.leads.services.results import Changed, RoutedMany
from openprm.leads.services.unit import announce, as_system, changed, hold, live_offers, load, record, save, settle_clocks
from openprm.partners import queries as partners

# -- use cases -----------------------------------------------------------------------------------


def route_new(leads: Sequence[Lead], *, actor: Actor, at: datetime) -> dict[UUID, tuple[UUID, ...]]:
    """Route leads that just came in; gives the partners of each. In the system's scope."""
    return _route(leads, desk_at(at), actor=actor, nobody=Status.UNROUTED)


def route_leads(*, actor: Actor, lead_ids: Iterable[UUID] | None = None, at: datetime) -> RoutedMany:
    """Route all leads that are new, or the named ones of them, in batches. Raises NotAllowed."""
    if not actor.can("leads.route"):
        raise NotAllowed(_("Your role cannot route leads."))
    offered = unrouted = offers = 0
    with as_system(actor):
        desk = desk_at(at)
        for leads in _batches(lead_ids):
            made = _route(leads, desk, actor=actor, nobody=Status.UNROUTED)
            found = [partner_ids for partner_ids in made.values() if partner_ids]
            offered, unrouted, offers = offered + len(found), unrouted + len(leads) - len(found), offers + sum(map(len, found))
    return RoutedMany(offered=offered, unrouted=unrouted, offers=offers)


def _batches(lead_ids: Iterable[UUID] | None) -> Iterator[list[Lead]]:
    """New leads that may be shared, locked, oldest id first."""
    rows = Lead.objects.filter(status=Status.NEW, may_share=True).order_by("pk")
    if lead_ids is not None:
        ids = iter(sorted(set(lead_ids)))
        while part := list(islice(ids, AT_ONCE)):
            yield list(rows.filter(pk__in=part).locked())
        return
    after: UUID | None = None
    while True:
        batch = list((rows.filter(pk__gt=after) if after else rows).locked()[:AT_ONCE])
        yield batch
        if len(batch) < AT_ONCE:
            return
        after = batch[-1].pk


def route_again(*, actor: Actor, lead_id: UUID, reason: str = "", version: int | None = None, at: datetime) -> Changed:
    """Take the lead back from whoever has it and let the rules choose the next one. Raises NotFound, NotAllowed, Stale."""
    lead = load(actor, lead_id, version=version)
    refuse_if(policies.why_not_route(actor, lead))
    with as_system(actor):
        lead = hold(lead)
        refuse_if(policies.why_not_route(actor, lead))
        recall(actor, lead, reason, at)
        offered = _route([lead], desk_at(at), actor=actor, nobody=Status.UNROUTED, reason=reason).get(lead.pk, ())
        return changed(lead, offered)


def assign_lead(*, actor: Actor, lead_id: UUID, partner_id: UUID, reason: str, version: int | None = None, at: datetime) -> Changed:
    """A person chooses the partner, with a reason. The rules of area, tier and room do not bind; a no, a closed gate and a
    protected customer do. Raises NotFound, NotAllowed, Stale, AskedBefore, PartnerCannotReceive.
    """
    lead = load(actor, lead_id, version=version)
    refuse_if(policies.why_not_route(actor, lead))
    partners.partner(actor, partner_id)
    with as_system(actor):
        lead = hold(lead)
        refuse_if(policies.why_not_route(actor, lead))
        desk = desk_at(at)
        _refuse_partner(desk, lead, partner_id)
        recall(actor, lead, reason, at)
        terms, _verdict = desk.terms_for(lead)
        planned = _plan_by_hand(desk, lead, partner_id, terms, actor, reason)
        write([planned], desk, actor)
        return changed(lead, [partner_id])


def _refuse_partner(desk: Desk, lead: Lead, partner_id: UUID) -> None:
    candidate = desk.field.by_id.get(partner_id)
    if candidate is None or candidate.barrier in (WhyNot.NOT_ACTIVE, WhyNot.CLOSED):
        why = candidate.barrier_text if candidate and candidate.barrier == WhyNot.CLOSED else _("It is not an active partner.")
        raise PartnerCannotReceive(_("This partner cannot be offered leads: %(why)s") % {"why": why}, field="partner_id")
    facts = candidates.facts_of([lead], desk.at)[lead.pk]
    barred = facts.barred.get(partner_id)
    if barred == WhyNot.DECLINED:
        raise AskedBefore(_("This partner said no to %(number)s. Nobody is asked twice.") % {"number": lead.number}, field="partner_id")
    if barred == WhyNot.HAS_IT:
        raise Conflict(_("This partner has %(number)s already.") % {"number": lead.number}, field="partner_id")
    if facts.protected_by not in (None, partner_id):
        raise Conflict(
            _("The customer of %(number)s is protected for another partner. Release the protection first.") % {"number": lead.number}, field="partner_id"
        )


def set_aside(actor: Actor, lead: Lead, reason: str, at: datetime) -> None:
    """Nobody is offered the lead: it is kept for the vendor's own care. In the system's scope, on a locked or new row."""
    before = lead.snapshot()
    lead.status, lead.status_reason, lead.partner_id, lead.accepted_at = Status.NURTURE, reason[:500], None, None
    save(lead, "status", "status_reason", "partner", "accepted_at", "may_share")
    record(actor, "lead.set_aside", lead, before=before, note=reason, at=at)


def nurture_lead(*, actor: Actor, lead_id: UUID, reason: str, may_share: bool = True, version: int | None = None, at: datetime) -> Changed:
    """Keep the lead for later; with `may_share=False` because the customer took its consent to be passed on back. Raises NotFound, NotAllowed, Stale."""
    lead = load(actor, lead_id, version=version)
    refuse_if(policies.why_not_route(actor, lead))
    with as_system(actor):
        lead = hold(lead)
        refuse_if(
            policies.why_not_route(actor, lead) if lead.status != Status.NURTURE else _("%(number)s is kept for later already.") % {"number": lead.number}
        )
        recall(actor, lead, reason, at)
        lead.may_share = lead.may_share and may_share
        set_aside(actor, lead, reason, at)
        return changed(lead)


def recall(actor: Actor, lead: Lead, reason: str, at: datetime) -> None:
    """End what is offered now; each partner reads why. The lead itself is saved by whoever says what becomes of it, for it may not
    be accepted without a partner. On a locked row, in the system's scope."""
    taken = live_offers(lead)
    for offer in taken:
        offer.state, offer.ended_at = OfferState.WITHDRAWN, at
        offer.save(update_fields=["state", "ended_at", "updated_at"])
        record(actor, "lead.recalled", lead, after={}, partners=[offer.partner_id], note=reason, at=at)
        announce(LeadPulledBack, lead, actor, at, partner_id=offer.partner_id, why="recalled")
    if taken:
        settle_clocks(lead, at, kept=False)
        lead.partner_id, lead.accepted_at = None, None


def pass_on(lead: Lead, *, nobody: Status, at: datetime) -> tuple[UUID, ...]:
    """Offer a lead that came back to the next candidate, or leave it to a person. On a locked row, in the system's scope."""
    return _route([lead], desk_at(at), actor=SYSTEM, nobody=nobody).get(lead.pk, ())


# -- the one way that all of them take -----------------------------------------------------------


def _route(leads: Sequence[Lead], desk: Desk, *, actor: Actor, nobody: Status, reason: str = "") -> dict[UUID, tuple[UUID, ...]]:
    facts = candidates.facts_of(leads, desk.at)
    planned = [_plan(desk, lead, facts[lead.pk], actor, nobody, reason) for lead in leads]
    write(planned, desk, actor)
    return {one.lead.pk: one.partner_ids for one in planned}


def _plan(desk: Desk, lead: Lead, facts: LeadFacts, actor: Actor, nobody: Status, reason: str) -> Planned:
    """Decide one lead, and count the decision for those that follow."""
    terms, verdict = desk.terms_for(lead)
    seed = f"{lead.pk}:{lead.rounds + 1}"
    decision = desk.field.decide(facts, terms, seed)
    routing = routing_row(lead, desk, actor, terms, verdict, decision, seed, reason)
    return planned_of(desk, lead, routing, decision.chosen, terms, nobody, decision)


def _plan_by_hand(desk: Desk, lead: Lead, partner_id: UUID, terms: Terms, actor: Actor, reason: str) -> Planned:
    facts = candidates.facts_of([lead], desk.at)[lead.pk]
    one = desk.field.by_id[partner_id]
    matched = len(facts.skills & one.skills)
    scored = Scored(partner_id, 0, "", {"tier": one.tier_rank, "skills": matched, "open": one.open_leads, "most": min(one.max_open, terms.max_open)})
    decision = Decision((scored,), (scored,), {}, 1)
    hand = Terms(method=Method.MANUAL, open_days=terms.open_days, pace=terms.pace, max_open=terms.max_open)
    routing = routing_row(lead, desk, actor, hand, None, decision, f"{lead.pk}:{lead.rounds + 1}", reason)
    return planned_of(desk, lead, routing, decision.chosen, hand, Status.UNROUTED, decision)
