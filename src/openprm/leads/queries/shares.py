"""What routing offered to whom, for the vendor in full and for a partner without the others' names."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from openprm.kernel import db
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import NotAllowed, NotFound
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.leads.models import Receiver
from openprm.leads.rules import fairness as rules
from openprm.leads.rules.fairness import Gini, Group, Offered, Point
from openprm.partners import queries as partners
from openprm.recruitment import queries as recruitment

CURRENCY = getattr(settings, "OPENPRM_CURRENCY", "EUR")
DEFAULT_DAYS, LONGEST_DAYS = 180, 1100
USUAL_CAPACITY = 10
"""The capacity of a partner that named none."""
FEWEST_SHOWN = 5
"""A partner reads its place only among so many: with fewer it could tell who the others are."""
_OFFERS = """
select o.partner_id, count(*) as offers, coalesce(sum(o.base), 0) as offered,
       count(*) filter (where o.accepted) as accepted, coalesce(sum(o.base) filter (where o.accepted), 0) as accepted_value,
       count(*) filter (where o.won) as won, coalesce(sum(o.base) filter (where o.won), 0) as won_value,
       count(*) filter (where o.base is null) as unvalued
from (select o.partner_id, l.id, l.base_amount_minor as base, bool_or(o.accepted_at is not null) as accepted,
             bool_or(l.status = 'won' and l.partner_id = o.partner_id) as won
      from leads_offer o join leads_lead l on l.id = o.lead_id
      where o.offered_at >= %s and o.offered_at < %s group by o.partner_id, l.id) o
group by o.partner_id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerShare:
    """One partner's line of the report."""

    partner_id: UUID
    name: str
    size: str
    region: str
    tier: str
    capacity: int
    offers: int
    offered: Money
    accepted: int
    accepted_value: Money
    won: int
    won_value: Money
    share: float
    expected_share: float

    @property
    def ratio(self) -> float | None:
        return self.share / self.expected_share if self.expected_share else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """The report. `neutral` is the Gini coefficient that capacity alone would give; `accepted` and `won` are of what followed."""

    since: datetime
    until: datetime
    measure: str
    currency: str
    partners: int
    offers: int
    offered: Money
    unvalued: int
    gini: Gini
    neutral: Gini
    accepted: Gini
    won: Gini
    curve: tuple[Point, ...]
    neutral_curve: tuple[Point, ...]
    by_size: tuple[Group, ...]
    by_region: tuple[Group, ...]
    by_tier: tuple[Group, ...]
    rows: tuple[PartnerShare, ...]
    confidence: str
    top_tenth_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnShare:
    """A partner's own place. `is_shown` is false where so few partners take part that the others could be guessed."""

    since: datetime
    until: datetime
    measure: str
    is_shown: bool
    partners: int
    rank: int
    share: float
    expected_share: float
    worth: int
    expected: int
    median: int
    gini: Gini
    neutral: Gini
    curve: tuple[Point, ...]
    neutral_curve: tuple[Point, ...]
    confidence: str
    currency: str

    @property
    def ratio(self) -> float | None:
        return self.share / self.expected_share if self.expected_share else None


def fairness(actor: Actor, *, days: int = DEFAULT_DAYS, measure: str = "value", at: datetime) -> Fairness:
    """The whole report, for the vendor's people. `measure` is "value" or "leads". Raises NotAllowed."""
    if not actor.sees_all_partners or not actor.can("leads.view"):
        raise NotAllowed(_("Only the vendor's people read every partner's share."))
    since = at - timedelta(days=_days(days))
    rows, unvalued = _rows(since, at, measure)
    worth, wanted = [row.worth for row in rows], rules.expected(rows) if rows else ()
    total = sum(worth)
    exact = rules.lorenz(worth)
    return Fairness(
        since=since,
        until=at,
        measure=measure,
        currency=CURRENCY,
        partners=len(rows),
        offers=sum(row.offers for row in rows),
        offered=Money(sum(row.offered_minor for row in rows), CURRENCY),
        unvalued=unvalued,
        gini=rules.gini_with_interval(worth),
        neutral=rules.gini_with_interval(wanted),
        accepted=rules.gini_with_interval(_followed(rows, measure, "accepted")),
        won=rules.gini_with_interval(_followed(rows, measure, "won")),
        curve=rules.curve(worth),
        neutral_curve=rules.curve(wanted),
        by_size=rules.groups(rows, lambda row: row.size),
        by_region=rules.groups(rows, lambda row: row.region),
        by_tier=rules.groups(rows, lambda row: row.tier),
        rows=tuple(sorted((_share(row, one, total) for row, one in zip(rows, wanted, strict=True)), key=lambda row: (-row.share, row.name))),
        confidence=rules.confidence(partners=len(rows), offers=sum(row.offers for row in rows)),
        top_tenth_share=1 - rules.value_at(exact, 0.9) if total else 0.0,
    )


def own_fairness(actor: Actor, *, days: int = DEFAULT_DAYS, measure: str = "value", at: datetime) -> OwnShare:
    """Where the actor's own partner stands among all. Raises NotFound."""
    if not actor.is_partner or actor.is_collaborator_only:
        raise NotFound()
    since = at - timedelta(days=_days(days))
    rows, _unvalued = _rows(since, at, measure)
    own = rules.standing(rows, actor.partner_id)
    is_shown = own is not None and len(rows) >= FEWEST_SHOWN
    worth, wanted = ([row.worth for row in rows], rules.expected(rows)) if is_shown else ([], ())
    return OwnShare(
        since=since,
        until=at,
        measure=measure,
        is_shown=is_shown,
        partners=len(rows) if is_shown else 0,
        rank=own.rank if is_shown else 0,
        share=own.share if is_shown else 0.0,
        expected_share=own.expected_share if is_shown else 0.0,
        worth=own.worth if own else 0,
        expected=own.expected if is_shown else 0,
        median=own.median if is_shown else 0,
        gini=rules.gini_with_interval(worth),
        neutral=rules.gini_with_interval(wanted),
        curve=rules.curve(worth),
        neutral_curve=rules.curve(wanted),
        confidence=rules.confidence(partners=len(rows), offers=sum(row.offers for row in rows)) if is_shown else "none",
        currency=CURRENCY,
    )


def _days(days: int) -> int:
    return max(7, min(days, LONGEST_DAYS))


def _followed(rows: tuple[Offered, ...], measure: str, what: str) -> list[int]:
    name = f"{what}_minor" if measure == "value" else what
    return [getattr(row, name) for row in rows]


def _rows(since: datetime, until: datetime, measure: str) -> tuple[tuple[Offered, ...], int]:
    """Every active partner that takes leads, also those that were offered none, and how many leads carry no value."""
    with system_scope():
        found = {row["partner_id"]: row for row in db.rows(_OFFERS, [since, until])}
        taking = _taking(until)
        rows = tuple(_offered(row, found.get(row["id"], {}), measure) for row in taking)
        return rows, sum(row["unvalued"] for row in found.values())


def _taking(at: datetime) -> list[dict[str, Any]]:
    """The partners that routing could reach: active, and not paused by themselves."""
    receivers = {row.partner_id: row for row in Receiver.objects.all()}
    facts = recruitment.partner_facts(at)
    return [
        {
            "id": row.id,
            "name": row.name,
            "region": row.region,
            "tier": row.tier,
            "size": rules.size_of(facts.get(row.id, {}).get("employees")),
            "capacity": _capacity(receivers.get(row.id)),
        }
        for row in partners.export_partners(SYSTEM, filters={"status": "active"})
        if row.id not in receivers or not receivers[row.id].is_paused
    ]


def _capacity(receiver: Receiver | None) -> int:
    return USUAL_CAPACITY if receiver is None or receiver.max_open is None else receiver.max_open


def _offered(partner: dict[str, Any], found: dict[str, Any], measure: str) -> Offered:
    offers, offered = found.get("offers", 0), int(found.get("offered", 0))
    return Offered(
        partner_id=partner["id"],
        name=partner["name"],
        size=partner["size"],
        region=partner["region"],
        tier=partner["tier"],
        capacity=partner["capacity"],
        worth=offered if measure == "value" else offers,
        offers=offers,
        offered_minor=offered,
        accepted=found.get("accepted", 0),
        accepted_minor=int(found.get("accepted_value", 0)),
        won=found.get("won", 0),
        won_minor=int(found.get("won_value", 0)),
    )


def _share(row: Offered, wanted: float, total: int) -> PartnerShare:
    return PartnerShare(
        partner_id=row.partner_id,
        name=row.name,
        size=row.size,
        region=row.region,
        tier=row.tier,
        capacity=row.capacity,
        offers=row.offers,
        offered=Money(row.offered_minor, CURRENCY),
        accepted=row.accepted,
        accepted_value=Money(row.accepted_minor, CURRENCY),
        won=row.won,
        won_value=Money(row.won_minor, CURRENCY),
        share=row.worth / total if total else 0.0,
        expected_share=wanted / total if total else 0.0,
    )
