"""One lead, in the shape of the side that reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.accounts import queries as accounts
from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.leads import policies
from openprm.leads.models import Lead, LeadPerson, Offer, Routing
from openprm.leads.queries.pieces import customer_of, due_of, line_names, names_of, shown
from openprm.leads.queries.results import CandidateView, OfferView, PartnerLead, ReceiverView, RoutingView, VendorLead
from openprm.leads.rules.lifecycle import LIVE, READABLE, OfferState, Status
from openprm.leads.rules.routing import WhyNot
from openprm.leads.wording import (
    closed_label,
    decline_label,
    method_label,
    offer_label,
    offer_tone,
    score_text,
    source_label,
    status_label,
    status_tone,
    why_chosen,
    why_not_label,
)
from openprm.promises import queries as promises

ACCEPT, CONVERT = "leads.accept", "leads.convert"


def lead_for_vendor(actor: Actor, lead_id: UUID, at: datetime) -> VendorLead:
    """Raises NotFound, also for a partner."""
    if not actor.sees_all_partners:
        raise NotFound()
    row = policies.reach(actor).select_related("person", "partner", "referrer", "registration").one(lead_id)
    offers = list(row.offers.order_by("-offered_at", "position"))
    routings = list(row.routings.order_by("-round"))
    names = names_of([*(offer.partner_id for offer in offers), *(UUID(line["partner"]) for one in routings for line in one.candidates)])
    people = identity.names_of(filter(None, (offer.opened_by_id for offer in offers)))
    needed = len(row.skills)
    return VendorLead(
        **shown(row, line_names(actor, [row])),
        **_words(row),
        customer=customer_of(row.person),
        region=row.region,
        language=row.language,
        source=row.source,
        source_label=source_label(row.source),
        source_detail=row.source_detail,
        campaign=row.campaign,
        external_source=row.external_source,
        external_id=row.external_id,
        referrer=row.referrer.name if row.referrer else "",
        may_share=row.may_share,
        may_contact=row.may_contact,
        partner_id=row.partner_id,
        partner=row.partner.name if row.partner else "",
        account_id=row.account_id,
        account_name=accounts.account_names([row.account_id]).get(row.account_id, "") if row.account_id else "",
        registration_id=row.registration_id,
        registration_number=row.registration.number if row.registration else "",
        accepted_at=row.accepted_at,
        closed_at=row.closed_at,
        closed_label=closed_label(row.closed_reason),
        closed_note=row.closed_note,
        erased_at=row.erased_at,
        offers=tuple(_offer(offer, names, people, needed) for offer in offers),
        routings=tuple(_routing(one, names, needed) for one in routings),
        promise=_promise(row, at),
        why_not_route=policies.why_not_route(actor, row),
        why_not_close=policies.why_not_close(actor, row),
    )


def _words(row: Lead) -> dict[str, Any]:
    return {
        "status": row.status,
        "status_label": str(status_label(row.status)),
        "status_tone": status_tone(row.status),
        "status_reason": row.status_reason,
    }


def _promise(row: Lead, at: datetime) -> Any:
    code = CONVERT if row.status in (Status.ACCEPTED, Status.CONVERTED) else ACCEPT
    return promises.clock(row.pk, code, at)


def _offer(offer: Offer, names: Mapping[UUID, str], people: Mapping[UUID, str], needed: int) -> OfferView:
    return OfferView(
        id=offer.pk,
        partner_id=offer.partner_id,
        partner=names.get(offer.partner_id, ""),
        state=offer.state,
        label=str(offer_label(offer.state)),
        tone=offer_tone(offer.state),
        method_label=method_label(offer.method),
        score_text=score_text(offer.method, offer.score) if offer.score else "",
        reasons=tuple(why_chosen(offer.method, offer.reasons, needed)),
        offered_at=offer.offered_at,
        open_by=offer.open_by,
        opened_at=offer.opened_at,
        opened_by=people.get(offer.opened_by_id, "") if offer.opened_by_id else "",
        accept_by=offer.accept_by,
        accepted_at=offer.accepted_at,
        convert_by=offer.convert_by,
        ended_at=offer.ended_at,
        decline_label=decline_label(offer.decline_reason),
        was_contacted=offer.was_contacted,
        comment=offer.comment,
    )


def _routing(row: Routing, names: Mapping[UUID, str], needed: int) -> RoutingView:
    tallies = dict(row.tallies)
    eligible = tallies.pop("eligible", 0)
    return RoutingView(
        id=row.pk,
        round=row.round,
        at=row.at,
        method=row.method,
        method_label=method_label(row.method),
        by=row.by_name,
        reason=row.reason,
        clause=row.clause,
        clause_text=row.clause_text,
        rule_version=row.rule_version,
        rule_version_id=row.rule_version_id,
        inputs=row.inputs,
        seed=row.seed,
        candidates=tuple(_candidate(line, row, names, needed) for line in row.candidates),
        left_out=tuple((why_not_label(WhyNot(code)), count) for code, count in sorted(tallies.items(), key=lambda pair: -pair[1])),
        eligible=eligible,
        unlisted=max(0, eligible + sum(tallies.values()) - len(row.candidates)),
    )


def _candidate(line: Mapping[str, Any], row: Routing, names: Mapping[UUID, str], needed: int) -> CandidateView:
    partner_id = UUID(line["partner"])
    is_out = bool(line["why_not"])
    return CandidateView(
        partner_id=partner_id,
        partner=names.get(partner_id, ""),
        chosen=partner_id in row.chosen,
        score_text="" if is_out else score_text(row.method, line["score"]),
        reasons=() if is_out else tuple(why_chosen(row.method, line, needed)),
        why_not=line["why_not"],
        why_not_label=why_not_label(line["why_not"]),
    )


def lead_for_partner(actor: Actor, lead_id: UUID, at: datetime) -> PartnerLead:
    """Raises NotFound, also for a lead that is no longer this partner's."""
    row = policies.reach(actor).one(lead_id)
    offer = policies.reach_offers(actor).filter(lead=row, state__in=sorted(LIVE | READABLE)).get()
    person = LeadPerson.objects.filter(lead=row).first() if offer.state in READABLE else None
    may_work = actor.can("leads.work")
    asked, held = offer.state in (OfferState.OFFERED, OfferState.OPENED), row.status == Status.ACCEPTED
    is_claim = offer.method == "claim"
    return PartnerLead(
        **shown(row, line_names(actor, [row])),
        customer=customer_of(person) if person else None,
        status=row.status,
        offer_state=offer.state,
        offer_label=str(status_label(row.status) if row.status in (Status.CONVERTED, Status.WON, Status.LOST) else offer_label(offer.state)),
        offer_tone="ok" if row.status in (Status.CONVERTED, Status.WON) else offer_tone(offer.state),
        is_claim=is_claim,
        others_asked=is_claim and asked,
        offered_at=offer.offered_at,
        open_by=offer.open_by,
        opened_at=offer.opened_at,
        accept_by=offer.accept_by,
        accepted_at=offer.accepted_at,
        convert_by=offer.convert_by,
        due_at=due_of(offer) if asked or held else None,
        method_label=method_label(offer.method),
        reasons=tuple(why_chosen(offer.method, offer.reasons, len(row.skills))),
        candidates=offer.reasons.get("of", 0),
        clause=offer.clause,
        clause_text=offer.clause_text,
        rule_version=offer.rule_version,
        registration_id=row.registration_id,
        registration_number=_registration_number(actor, row, at),
        closed_label=closed_label(row.closed_reason),
        closed_note=row.closed_note,
        promise=_promise(row, at) if offer.opened_at else None,
        may_work=may_work,
        can_open=may_work and offer.state == OfferState.OFFERED and not is_claim,
        can_accept=may_work and asked,
        can_decline=may_work and (asked or held),
        can_convert=may_work and held,
        can_close=may_work and held,
    )


def _registration_number(actor: Actor, row: Lead, at: datetime) -> str:
    """The number of the deal; blank for somebody who may not see the deal itself."""
    if not row.registration_id:
        return ""
    try:
        return deals.registration_for_partner(actor, row.registration_id, at).number
    except NotFound:
        return ""


def receiver_of(actor: Actor, partner_id: UUID) -> ReceiverView:
    """What this partner takes. Raises NotFound."""
    row = policies.reach_receivers(actor).filter(partner_id=partner_id).first()
    if row is None:
        raise NotFound()
    held = Offer.objects.filter(partner_id=partner_id, state__in=sorted(LIVE)).exclude(method="claim", state="offered").exclude(lead__status="converted")
    return ReceiverView(
        partner_id=partner_id,
        countries=tuple(row.countries),
        skills=tuple(row.skills),
        latitude=row.latitude,
        longitude=row.longitude,
        weight=row.weight,
        max_open=row.max_open,
        is_paused=row.is_paused,
        last_offered_at=row.last_offered_at,
        open_leads=held.count(),
        version=row.version,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The lead behind a registration."""

    id: UUID
    number: str
    source_label: str
    campaign: str
    received_at: datetime
    accepted_at: datetime | None


def lead_of_registration(actor: Actor, registration_id: UUID) -> Origin | None:
    row = policies.reach(actor).filter(registration_id=registration_id).first()
    if row is None:
        return None
    return Origin(
        id=row.pk,
        number=row.number,
        source_label=source_label(row.source),
        campaign=row.campaign,
        received_at=row.received_at,
        accepted_at=row.accepted_at,
    )


def place_of(actor: Actor, lead_id: UUID) -> tuple[UUID | None, UUID | None] | None:
    """The deal that a lead became and the customer's account it belongs to, as far as the actor reaches it; None where there is neither."""
    row = policies.reach(actor).filter(pk=lead_id).first()
    return (row.registration_id, row.account_id) if row and (row.registration_id or row.account_id) else None
