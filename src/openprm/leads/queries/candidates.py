"""The partners as routing sees them at one moment: a fixed number of set-based reads, however many leads are routed. System's scope."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Max, Q

from openprm.deals import queries as deals
from openprm.leads.models import Lead, Offer, Receiver
from openprm.leads.rules.lifecycle import LIVE, OfferState
from openprm.leads.rules.routing import MOST_OPEN, Candidate, Field, LeadFacts, WhyNot

ACTION = "leads"
_BARRED = {
    OfferState.DECLINED: WhyNot.DECLINED,
    OfferState.EXPIRED: WhyNot.PASSED,
    OfferState.WITHDRAWN: WhyNot.PASSED,
    OfferState.ENDED: WhyNot.HAS_IT,
    **dict.fromkeys(LIVE, WhyNot.HAS_IT),
}
"""Why an earlier offer keeps a partner from the next one. Whoever only lost a first-claim race may be asked again."""


def field_at(at: datetime) -> Field:
    """Every partner with its tier, area, skills, free places, turn and what is closed to it. Four queries."""
    reasons = _gates(at)
    held = _open_leads()
    rows = Receiver.objects.annotate(tier=Max("partner__enrollments__tier__rank", filter=_in_force(at))).values_list(
        "partner_id",
        "countries",
        "skills",
        "latitude",
        "longitude",
        "weight",
        "max_open",
        "is_paused",
        "last_offered_at",
        "partner__organization__status",
        "tier",
    )
    return Field(_candidate(row, held, reasons) for row in rows)


def _candidate(row: Sequence, held: dict[UUID, int], reasons: dict[UUID, str]) -> Candidate:
    partner_id, countries, skills, latitude, longitude, weight, max_open, is_paused, turn, status, tier = row
    barrier = WhyNot.NOT_ACTIVE if status != "active" else WhyNot.CLOSED if partner_id in reasons else WhyNot.PAUSED if is_paused else ""
    return Candidate(
        partner_id=partner_id,
        countries=frozenset(countries),
        skills=frozenset(skills),
        latitude=latitude,
        longitude=longitude,
        tier_rank=tier or 0,
        weight=weight,
        open_leads=held.get(partner_id, 0),
        max_open=MOST_OPEN if max_open is None else max_open,
        turn=turn_of(turn) if turn else 0,
        barrier=str(barrier),
        barrier_text=reasons.get(partner_id, ""),
    )


def turn_of(moment: datetime) -> int:
    """A moment as a whole number of microseconds: exact, unlike a timestamp of floating point."""
    return (int(moment.timestamp()) * 1_000_000) + moment.microsecond


def _in_force(at: datetime) -> Q:
    enrollment = "partner__enrollments__"
    ends = Q(**{f"{enrollment}until": None}) | Q(**{f"{enrollment}until__gt": at})
    return Q(**{f"{enrollment}status": "approved", f"{enrollment}since__lte": at}) & ends


def _gates(at: datetime) -> dict[UUID, str]:
    """The partners to whom receiving leads is closed now, with the reason and what opens it."""
    gate = "partner__gates__"
    ends = Q(**{f"{gate}until": None}) | Q(**{f"{gate}until__gt": at})
    rows = Receiver.objects.filter(ends, **{f"{gate}action": ACTION, f"{gate}since__lte": at})
    return {partner_id: f"{reason} {cure}" for partner_id, reason, cure in rows.values_list("partner_id", f"{gate}reason", f"{gate}cure")}


def _open_leads() -> dict[UUID, int]:
    """How many leads each partner holds or must answer. A lead that waits for its first claim takes no place."""
    live = Offer.objects.filter(state__in=sorted(LIVE)).exclude(method="claim", state=OfferState.OFFERED)
    converted = Q(lead__status="converted")
    return dict(live.exclude(converted).values_list("partner_id").annotate(count=Count("pk")).order_by())


def facts_of(leads: Sequence[Lead], at: datetime) -> dict[UUID, LeadFacts]:
    """What routing reads of each lead: three queries for all of them."""
    barred = _barred(leads)
    holders = deals.protected_for({lead.account_id for lead in leads if lead.account_id}, at)
    return {lead.pk: _facts(lead, barred.get(lead.pk, {}), holders.get(lead.account_id, ()) if lead.account_id else ()) for lead in leads}


def _facts(lead: Lead, barred: dict[UUID, str], holders: Iterable[UUID]) -> LeadFacts:
    kept = dict.fromkeys(lead.kept_from, WhyNot.KEPT_FROM)
    holders = sorted(holders)
    return LeadFacts(
        country=lead.country,
        latitude=lead.latitude,
        longitude=lead.longitude,
        skills=frozenset(lead.skills),
        barred={**kept, **barred},
        protected_by=holders[0] if len(holders) == 1 else None,
    )


def _barred(leads: Sequence[Lead]) -> dict[UUID, dict[UUID, str]]:
    found: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    asked = [lead.pk for lead in leads if lead.rounds]
    if asked:
        rows = Offer.objects.filter(lead_id__in=asked).exclude(state=OfferState.TAKEN).order_by(F("offered_at").asc(), "pk")
        for lead_id, partner_id, state in rows.values_list("lead_id", "partner_id", "state"):
            if found[lead_id].get(partner_id) != WhyNot.DECLINED:
                found[lead_id][partner_id] = _BARRED[OfferState(state)]
    return found


def known_receivers() -> frozenset[UUID]:
    return frozenset(Receiver.objects.values_list("partner_id", flat=True))
