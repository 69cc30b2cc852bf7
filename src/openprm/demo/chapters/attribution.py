"""Who gets which part of what the demo won: touches out of its own history, claims, a year of runs, two locked months, a dispute, a late touch."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.attribution import queries, services
from openprm.attribution.rules.months import back, first_of, next_month, start_of
from openprm.deals import queries as deals
from openprm.deals.queries import DecidedDeal
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.kernel.scope import system_scope

MONTHS, LOCKED = 13, (3, 2)
SPEAKING = ("partner_sales", "partner_admin")
HELP = (
    ("introduction", "We brought you to their plant manager, whom we have known for years."),
    ("reference", "We let them visit our own installation and answered their questions for a morning."),
    ("demo", "Our engineer showed the line on their floor, with their own orders."),
    ("technical", "We checked their network and wrote down what must change before the rollout."),
)


def tell(stage: Stage) -> None:
    """Everything was known by last week; the months before last are locked, a touch comes after that, and this month is computed to the day."""
    known = stage.at(days_ago=8, hour=8)
    this = first_of(stage.until.date())
    won = [one for one in _decided(this) if one.is_won and one.account_id and one.closed_at < known]
    _claims(stage, won)
    with system_scope():
        services.collect(at=known)
        for count in reversed(range(MONTHS)):
            services.compute(actor=stage.admin, month=back(this, count), at=known)
    _lock(stage, [back(this, count) for count in LOCKED])
    _dispute(stage, back(this, LOCKED[0]))
    _late(stage, [one for one in won if first_of(one.closed_at.date()) == back(this, LOCKED[1])])
    _review(stage)
    with system_scope():
        services.compute(actor=stage.admin, month=this, at=stage.until)


def _decided(this: date) -> tuple[DecidedDeal, ...]:
    with system_scope():
        return deals.decided_deals(since=start_of(back(this, MONTHS - 1)), until=start_of(next_month(this)))


def _speakers(stage: Stage) -> Iterator[tuple[PartnerOnStage, UUID]]:
    for one in stage.partners:
        person = next((people[0] for role in SPEAKING if (people := one.people.get(role))), None)
        if person:
            yield one, person


def _claims(stage: Stage, won: list[DecidedDeal]) -> None:
    """The vendor says that a partner helped with somebody else's deal, a few days after it began: confirmed, declined, or still open."""
    speakers = list(_speakers(stage))
    for place, deal in enumerate(won[-120::12]):
        partner, person = speakers[(place * 7 + 3) % len(speakers)]
        at = min(deal.opened_at + timedelta(days=5), stage.at(days_ago=20))
        if partner.partner_id == deal.partner_id or at < stage.start + timedelta(days=30):
            continue
        kind, statement = HELP[place % len(HELP)]
        told = {"kind": kind, "occurred_on": at - timedelta(days=9), "statement": statement, "deal_id": deal.id, "partner_id": partner.partner_id}
        with stage.acting(stage.managers[0], at) as actor:
            claim_id = services.make_claim(actor=actor, at=at, **told)
        _answer(stage, person, claim_id, place, at + timedelta(days=2))


def _answer(stage: Stage, person: UUID, claim_id: UUID, place: int, at: datetime) -> None:
    with stage.acting(person, at) as actor:
        if place % 4 == 3:
            services.decline_claim(actor=actor, claim_id=claim_id, reason="That was our colleague from the other region, not us.", at=at)
        elif place != 1:
            services.confirm_claim(actor=actor, claim_id=claim_id, at=at)


def _lock(stage: Stage, months: list[date]) -> None:
    at = stage.at(days_ago=7, hour=10)
    with stage.acting(stage.admin, at) as actor:
        for month in months:
            services.lock_month(actor=actor, month=month, note="Looked at with finance, as in the board pack.", at=at)


def _dispute(stage: Stage, since: date) -> None:
    """A partner that shares a deal says what is missing (where none is shared, one with a deal of its own); the answer is due."""
    at = stage.at(days_ago=3, hour=11)
    parts = [part for _partner, person in _speakers(stage) for part in _parts(stage, person, since, at)]
    if parts:
        person, row = next((part for part in parts if part[1].basis_points < 10_000), parts[0])
        reason = "We also ran the workshop with their planners in the second week; it is missing here."
        with stage.acting(person, at) as actor:
            services.open_dispute(actor=actor, deal_id=row.deal_id, reason=reason, at=at)


def _parts(stage: Stage, person: UUID, since: date, at: datetime) -> list[tuple[UUID, Any]]:
    with stage.acting(person, at) as actor:
        return [(person, row) for row in queries.newest_credits(actor, since=since)]


def _late(stage: Stage, won: list[DecidedDeal]) -> None:
    """A list of an event's guests is found after the lock: it is told beside the locked month."""
    at = stage.at(days_ago=2, hour=9)
    speakers = list(_speakers(stage))
    rows = [
        services.TouchRow(
            partner_id=speakers[place][0].partner_id, account_id=deal.account_id, kind="event", occurred_on=(deal.closed_at - timedelta(days=40)).date(),
            summary="Guest at the autumn user day", external_id=f"UD-{place + 1}",
        )
        for place, deal in enumerate(won[:3])
        if deal.account_id
    ]  # fmt: skip
    with stage.acting(stage.managers[0], at) as actor:
        services.import_touches(actor=actor, rows=rows, source="user day", at=at)
    with system_scope():
        services.correct(at=stage.until - timedelta(hours=1))


def _review(stage: Stage) -> None:
    at = stage.at(days_ago=1, hour=15)
    with stage.acting(stage.managers[0], at) as actor:
        for one in queries.review_queue(actor, limit=2)[1:]:
            services.review_win(actor=actor, deal_id=one.row.deal_id, finding="direct", note="They came to our stand and wrote to us themselves.", at=at)
