"""Referrals for the vendor in full, and for the referrer: how far its lead is, and nothing of what the customer said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.leads import intake_policies as policies
from openprm.leads.models import Referral
from openprm.promises import queries as promises
from openprm.ui.paging import PageRequest, Slice, slice_of

PROMISE = "leads.referral"
SORTS = {"referred": "referred_at", "company": "company_name", "answered": "answered_at"}
OUTCOME = {
    "new": "routing",
    "unrouted": "routing",
    "nurture": "routing",
    "declined": "routing",
    "expired": "routing",
    "offered": "offered",
    "accepted": "working",
    "converted": "working",
    "won": "won",
    "lost": "lost",
}
"""What a referrer reads of a lead's state: whether somebody works on it and how it ended, not who said no before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRow:
    """A referral for the vendor."""

    id: UUID
    lead_id: UUID
    lead_number: str
    direction: str
    state: str
    outcome: str
    company_name: str
    country: str
    referrer: str
    referrer_id: UUID | None
    target: str
    target_id: UUID | None
    holder: str
    amount: Money | None
    note: str
    answer: str
    referred_at: datetime
    answered_at: datetime | None
    due_at: datetime | None
    overdue: bool
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReferralRow:
    """A referral for the partner that made it. The holder is named only where the referrer had named it itself."""

    id: UUID
    number: str
    direction: str
    state: str
    outcome: str
    company_name: str
    country: str
    target: str
    note: str
    answer: str
    referred_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    overdue: bool
    created_at: datetime


def referrals(actor: Actor, *, search: str = "", filters: dict[str, Any], page: PageRequest, at: datetime) -> Slice:
    """A page of referrals for the vendor."""
    found = slice_of(_narrowed(actor, search, filters), page, order_by=SORTS)
    due = promises.clocks([row.pk for row in found.rows if row.state == "waiting"], PROMISE, at)
    return found.map(lambda row: referral_row(row, due.get(row.pk)))


def newest_referrals(actor: Actor, *, filters: dict[str, Any]) -> Any:
    """For the API: rows that `referral_row` and `own_referral_rows` read."""
    return _narrowed(actor, "", filters)


def referral(actor: Actor, referral_id: UUID, at: datetime) -> ReferralRow:
    row = _rows(actor).one(referral_id)
    return referral_row(row, promises.clock(row.pk, PROMISE, at))


def own_referrals(actor: Actor, *, search: str = "", filters: dict[str, Any], page: PageRequest, at: datetime) -> Slice:
    """A page of the referrals that the actor's own partner made. Four queries."""
    found = slice_of(_narrowed(actor, search, filters), page, order_by=SORTS)
    rows = {row.id: row for row in own_referral_rows(found.rows, at)}
    return found.map(lambda row: rows[row.pk])


def own_referral(actor: Actor, referral_id: UUID, at: datetime) -> OwnReferralRow:
    return own_referral_rows([_rows(actor).one(referral_id)], at)[0]


def own_referral_rows(rows: Sequence[Referral], at: datetime) -> list[OwnReferralRow]:
    """The lead and the partner that was named lie outside the referrer's reach, so they are read by the system."""
    with system_scope():
        ids = [row.pk for row in rows]
        behind = list(Referral.objects.select_related("lead", "target").filter(pk__in=ids))
        due = promises.clocks([row.pk for row in behind if row.state == "waiting"], PROMISE, at)
    made = {row.pk: _own_row(row, due.get(row.pk)) for row in behind}
    return [made[row_id] for row_id in ids]


def referrals_of_lead(lead_id: UUID, at: datetime) -> tuple[ReferralRow, ...]:
    """Every referral of one lead, for news. In the system's scope."""
    return tuple(referral_row(row) for row in Referral.objects.select_related("referrer", "target", "lead__partner").filter(lead=lead_id))


def waiting_referrals(actor: Actor, at: datetime) -> tuple[ReferralRow, ...]:
    """Referrals that wait for an answer of the vendor, the oldest first. Two queries."""
    rows = list(_rows(actor).filter(state="waiting").order_by("referred_at")[:50])
    due = promises.clocks([row.pk for row in rows], PROMISE, at)
    return tuple(referral_row(row, due.get(row.pk)) for row in rows)


def referral_row(row: Referral, clock: Any = None) -> ReferralRow:
    """`clock` is the running promise to answer it."""
    lead = row.lead
    return ReferralRow(
        id=row.pk,
        lead_id=row.lead_id,
        lead_number=lead.number,
        direction=row.direction,
        state=row.state,
        outcome=outcome_of(row, lead.status),
        company_name=row.company_name,
        country=row.country,
        referrer=row.referrer.name if row.referrer else "",
        referrer_id=row.referrer_id,
        target=row.target.name if row.target else "",
        target_id=row.target_id,
        holder=lead.partner.name if lead.partner else "",
        amount=Money(lead.amount_minor, lead.currency) if lead.amount_minor is not None else None,
        note=row.note,
        answer=row.answer,
        referred_at=row.referred_at,
        answered_at=row.answered_at,
        due_at=clock.due_at if clock else None,
        overdue=bool(clock and clock.overdue),
        version=row.version,
        created_at=row.created_at,
    )


def _own_row(row: Referral, clock: Any) -> OwnReferralRow:
    return OwnReferralRow(
        id=row.pk,
        number=row.lead.number,
        direction=row.direction,
        state=row.state,
        outcome=outcome_of(row, row.lead.status),
        company_name=row.company_name,
        country=row.country,
        target=row.target.name if row.target else "",
        note=row.note,
        answer=row.answer,
        referred_at=row.referred_at,
        answered_at=row.answered_at,
        closed_at=row.lead.closed_at if row.state == "taken_up" else None,
        due_at=clock.due_at if clock else None,
        overdue=bool(clock and clock.overdue),
        created_at=row.created_at,
    )


def outcome_of(row: Referral, status: str) -> str:
    """How far a referral is: waiting, known, declined, routing, offered, working, won or lost."""
    return row.state if row.state != "taken_up" else OUTCOME[status]


def _rows(actor: Actor) -> Any:
    rows = policies.reach_referrals(actor)
    return rows.select_related("referrer", "target", "lead__partner") if actor.sees_all_partners else rows


def _narrowed(actor: Actor, search: str, filters: dict[str, Any]) -> Any:
    rows = _rows(actor)
    if search:
        rows = rows.filter(Q(company_name__icontains=search))
    for name in ("state", "direction"):
        if value := filters.get(name):
            rows = rows.filter(**{f"{name}__in": value if isinstance(value, tuple) else (value,)})
    return rows
