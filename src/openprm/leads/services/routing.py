"""Routing: ask the rule, choose the partners, write down why, offer. One lead or a hundred thousand go the same way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.batches import insert_all
from openprm.kernel.errors import Conflict, NotAllowed, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id
from openprm.kernel.money import Money
from openprm.leads import policies
from openprm.leads.events import LeadPulledBack, LeadsOffered, LeadsUnrouted
from openprm.leads.models import Lead, Offer, Receiver, Routing
from openprm.leads.queries import candidates
from openprm.leads.rulekinds import ROUTING
from openprm.leads.rules.clocks import open_by
from openprm.leads.rules.lifecycle import OfferState, Status
from openprm.leads.rules.routing import MOST_OPEN, Decision, Field, LeadFacts, Method, Reach, Scored, Skills, Terms, WhyNot
from openprm.leads.services.refusals import AskedBefore, PartnerCannotReceive
from openprm.leads.services.results import Changed, RoutedMany
from openprm.leads.services.unit import announce, as_system, changed, hold, live_offers, load, record, save, settle_clocks
from openprm.leads.wording import why_not_label
from openprm.partners import queries as partners
from openprm.rulebook import services as rulebook

AT_ONCE = 2000
BY_HAND = Terms(method=Method.MANUAL)


@dataclass(slots=True)
class Planned:
    """What routing will write of one lead."""

    lead: Lead
    routing: dict[str, Any]
    offers: list[dict[str, Any]]
    status: Status
    reason: str = ""

    @property
    def partner_ids(self) -> tuple[UUID, ...]:
        return tuple(offer["partner_id"] for offer in self.offers)


@dataclass(slots=True)
class Desk:
    """One routing run: the partners as they stand, and each rule asked once for each set of facts."""

    at: datetime
    field: Field
    lines: Mapping[UUID, str]
    asked: dict[tuple, tuple[Terms, Any]] = field(default_factory=dict)

    def terms_for(self, lead: Lead) -> tuple[Terms, Any]:
        inputs = _inputs(lead, self.lines)
        key = tuple(inputs.values())
        if key not in self.asked:
            verdict = rulebook.evaluate(kind=ROUTING, program_id=None, inputs=inputs, at=self.at)
            self.asked[key] = (_terms(verdict.outcome or {}), verdict)
        return self.asked[key]


def desk_at(at: datetime) -> Desk:
    ensure_receivers()
    return Desk(at=at, field=candidates.field_at(at), lines={line.id: line.code for line in deals.product_lines(SYSTEM)})


def ensure_receivers() -> None:
    """Every partner has its row of what it takes; one that came without the news of it gets it now."""
    known = candidates.known_receivers()
    ids = [UUID(partner_id) for partner_id, _name in partners.partner_choices(SYSTEM) if UUID(partner_id) not in known]
    if ids:
        Receiver.objects.bulk_create((Receiver(partner_id=one) for one in ids), ignore_conflicts=True)
        made = list(Receiver.objects.filter(partner_id__in=ids).select_related("partner__organization"))
        for receiver in made:
            country = receiver.partner.organization.country
            receiver.countries = [country] if country else []
        Receiver.objects.bulk_update(made, ["countries"], batch_size=AT_ONCE)


def _inputs(lead: Lead, lines: Mapping[UUID, str]) -> dict[str, Any]:
    base = lead.base_amount_minor
    return {
        "source": lead.source,
        "country": lead.country or None,
        "region": lead.region or None,
        "industry": lead.industry or None,
        "employees": lead.employees,
        "grade": lead.grade or None,
        "amount": None if base is None else Money(base, deals.base_currency()),
        "product_line": lines.get(lead.product_line_id) if lead.product_line_id else None,
        "asks_skills": bool(lead.skills),
        "known_customer": lead.account_id is not None,
    }


def _terms(outcome: Mapping[str, Any]) -> Terms:
    """The rule's answer; what it leaves open is a person's decision, never a guess."""
    if not outcome:
        return BY_HAND
    return Terms(
        method=Method(outcome.get("method") or Method.MANUAL),
        min_tier=int(outcome.get("min_tier") or 0),
        skills=Skills(outcome.get("skills") or Skills.ANY),
        reach=Reach(outcome.get("reach") or Reach.COUNTRY),
        max_open=MOST_OPEN if outcome.get("max_open") is None else int(outcome["max_open"]),
        width=min(50, max(1, int(outcome.get("width") or 1))),
        open_days=min(60, max(1, int(outcome.get("open_days") or 2))),
        pace=str(outcome.get("pace") or "standard"),
    )


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
        _write([planned], desk, actor)
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
    save(lead, "status", "status_reason", "partner", "accepted_at")
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
        if not may_share:
            lead.may_share = False
            save(lead, "may_share")
        set_aside(actor, lead, reason, at)
        return changed(lead)


def recall(actor: Actor, lead: Lead, reason: str, at: datetime) -> None:
    """End what is offered now; each partner reads why. On a locked row, in the system's scope."""
    taken = live_offers(lead)
    for offer in taken:
        offer.state, offer.ended_at = OfferState.WITHDRAWN, at
        offer.save(update_fields=["state", "ended_at", "updated_at"])
        record(actor, "lead.recalled", lead, after={}, partners=[offer.partner_id], note=reason, at=at)
        announce(LeadPulledBack, lead, actor, at, partner_id=offer.partner_id, why="recalled")
    if taken:
        settle_clocks(lead, at, kept=False)
        lead.partner_id, lead.accepted_at = None, None
        save(lead, "partner", "accepted_at")


def pass_on(lead: Lead, *, nobody: Status, at: datetime) -> tuple[UUID, ...]:
    """Offer a lead that came back to the next candidate, or leave it to a person. On a locked row, in the system's scope."""
    return _route([lead], desk_at(at), actor=SYSTEM, nobody=nobody).get(lead.pk, ())


# -- the one way that all of them take -----------------------------------------------------------


def _route(leads: Sequence[Lead], desk: Desk, *, actor: Actor, nobody: Status, reason: str = "") -> dict[UUID, tuple[UUID, ...]]:
    facts = candidates.facts_of(leads, desk.at)
    planned = [_plan(desk, lead, facts[lead.pk], actor, nobody, reason) for lead in leads]
    _write(planned, desk, actor)
    return {one.lead.pk: one.partner_ids for one in planned}


def _plan(desk: Desk, lead: Lead, facts: LeadFacts, actor: Actor, nobody: Status, reason: str) -> Planned:
    """Decide one lead, and count the decision for those that follow."""
    terms, verdict = desk.terms_for(lead)
    seed = f"{lead.pk}:{lead.rounds + 1}"
    decision = desk.field.decide(facts, terms, seed)
    routing = _routing(lead, desk, actor, terms, verdict, decision, seed, reason)
    return _planned(desk, lead, routing, decision.chosen, terms, nobody, decision)


def _plan_by_hand(desk: Desk, lead: Lead, partner_id: UUID, terms: Terms, actor: Actor, reason: str) -> Planned:
    facts = candidates.facts_of([lead], desk.at)[lead.pk]
    one = desk.field.by_id[partner_id]
    matched = len(facts.skills & one.skills)
    scored = Scored(partner_id, 0, "", {"tier": one.tier_rank, "skills": matched, "open": one.open_leads, "most": min(one.max_open, terms.max_open)})
    decision = Decision((scored,), (scored,), {}, 1)
    hand = Terms(method=Method.MANUAL, open_days=terms.open_days, pace=terms.pace, max_open=terms.max_open)
    routing = _routing(lead, desk, actor, hand, None, decision, f"{lead.pk}:{lead.rounds + 1}", reason)
    return _planned(desk, lead, routing, decision.chosen, hand, Status.UNROUTED, decision)


def _routing(lead: Lead, desk: Desk, actor: Actor, terms: Terms, verdict: Any, decision: Decision, seed: str, reason: str) -> dict[str, Any]:
    """The row of the decision, by the names of its attributes."""
    person = None if actor.is_system else actor
    return {
        "id": new_id(),
        "lead_id": lead.pk,
        "round": lead.rounds + 1,
        "method": terms.method.value,
        "by_id": person.user_id if person else None,
        "by_name": person.name[:120] if person else "",
        "reason": reason[:1000],
        "seed": seed,
        "clause": verdict.clause if verdict else "",
        "clause_text": verdict.clause_text if verdict else "",
        "rule_version_id": verdict.version_id if verdict else None,
        "rule_version": verdict.version if verdict else None,
        "inputs": _plain(verdict.inputs) if verdict else {},
        "terms": _plain_terms(terms),
        "candidates": [scored.plain() for scored in decision.kept],
        "tallies": {str(code): count for code, count in decision.tallies.items()} | {"eligible": decision.eligible},
        "chosen": [scored.partner_id for scored in decision.chosen],
        "at": desk.at,
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str | int | bool | type(None)) else str(value) for name, value in values.items()}


def _plain_terms(terms: Terms) -> dict[str, Any]:
    return {
        "method": terms.method.value,
        "min_tier": terms.min_tier,
        "skills": terms.skills.value,
        "reach": terms.reach.value,
        "max_open": terms.max_open,
        "width": terms.width,
        "open_days": terms.open_days,
        "pace": terms.pace,
    }


def _planned(desk: Desk, lead: Lead, routing: dict[str, Any], chosen: Sequence[Scored], terms: Terms, nobody: Status, decision: Decision) -> Planned:
    turn, until = candidates.turn_of(desk.at), open_by(desk.at, terms.open_days)
    opens = 0 if terms.method == Method.CLAIM else 1
    shared = {
        "lead_id": lead.pk,
        "routing_id": routing["id"],
        "method": terms.method.value,
        "clause": routing["clause"],
        "clause_text": routing["clause_text"],
        "rule_version": routing["rule_version"],
        "pace": terms.pace,
        "offered_at": desk.at,
        "open_by": until,
    }
    offers = []
    for place, scored in enumerate(chosen, start=1):
        desk.field.take(scored.partner_id, turn, opens=opens)
        offers.append(
            shared | {"partner_id": scored.partner_id, "position": place, "score": scored.score, "reasons": {**scored.facts, "of": decision.eligible}}
        )
    if offers:
        return Planned(lead, routing, offers, Status.OFFERED)
    return Planned(lead, routing, offers, nobody, _why_nobody(terms, decision))


def _why_nobody(terms: Terms, decision: Decision) -> str:
    """Why nobody got it, in a sentence for the vendor."""
    if terms.method == Method.MANUAL:
        return _("The rule leaves this lead to a person.")
    most = max(decision.tallies.items(), key=lambda pair: (pair[1], pair[0]), default=None)
    if most is None:
        return _("There is no partner yet.")
    return _("No partner fits. Most often: %(why)s (%(count)d).") % {"why": why_not_label(most[0]).lower(), "count": most[1]}


_SETTLE = """
update leads_lead as l set status = s.status, status_reason = s.reason, method = s.method, rounds = l.rounds + 1, partner_id = null, accepted_at = null,
       routed_at = %s, version = l.version + 1, updated_at = %s
  from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[]) as s(id, status, reason, method)
 where l.id = s.id
"""


def _write(planned: Sequence[Planned], desk: Desk, actor: Actor) -> None:
    """Everything that was planned, in a fixed number of statements for each batch."""
    if not planned:
        return
    insert_all(Routing, [one.routing for one in planned])
    insert_all(Offer, [offer for one in planned for offer in one.offers])
    _settle(planned, desk)
    turns = {partner_id for one in planned for partner_id in one.partner_ids}
    Receiver.objects.filter(partner_id__in=turns).update(last_offered_at=desk.at)
    _tell(planned, desk, actor)


def _settle(planned: Sequence[Planned], desk: Desk) -> None:
    """The leads' own columns, in the database and on the rows at hand."""
    columns = zip(*((one.lead.pk, one.status.value, one.reason[:500], one.routing["method"]) for one in planned), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [desk.at, desk.at, *(list(column) for column in columns)])
    for one in planned:
        lead = one.lead
        lead.status, lead.status_reason, lead.method, lead.rounds = one.status, one.reason[:500], one.routing["method"], lead.rounds + 1
        lead.partner_id, lead.accepted_at, lead.routed_at, lead.version = None, None, desk.at, lead.version + 1


def _tell(planned: Sequence[Planned], desk: Desk, actor: Actor) -> None:
    offered = [one for one in planned if one.offers]
    left = [one for one in planned if not one.offers]
    audit.record_many(actor, "lead.offered", [_offered_entry(one) for one in offered], at=desk.at)
    audit.record_many(actor, "lead.unrouted", [_left_entry(one) for one in left], at=desk.at)
    pairs = [(one.lead.pk, partner_id, one.routing["method"]) for one in offered for partner_id in one.partner_ids]
    if pairs:
        leads, partner_ids, methods = zip(*pairs, strict=True)
        publish(LeadsOffered(lead_ids=leads, partner_ids=partner_ids, methods=methods, actor_id=actor.user_id, at=desk.at))
    if left:
        publish(LeadsUnrouted(lead_ids=tuple(one.lead.pk for one in left), actor_id=actor.user_id, at=desk.at))


def _offered_entry(one: Planned) -> audit.Entry:
    partner_ids = one.partner_ids
    told = {name: one.routing[name] for name in ("method", "clause", "rule_version")}
    return audit.Entry(one.lead, after={}, refs=(one.lead.pk, *partner_ids), visible_to=partner_ids, data=told, note=one.routing["reason"])


def _left_entry(one: Planned) -> audit.Entry:
    return audit.Entry(one.lead, after={}, refs=(one.lead.pk,), note=one.reason)
