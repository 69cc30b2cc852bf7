"""The wallet of a partner: what it was given, what is reserved, claimed, paid and left, and by when; also in its own currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from babel.numbers import get_territory_currencies

from openprm.funds import proof_policies as policies
from openprm.funds.models import Activity, Allocation, Extension
from openprm.funds.queries.judging import deadline_of
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid
from openprm.kernel.money import Money, convert
from openprm.ledger import services as ledger

SOON_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """allocated = reserved + claimed + paid + left, always: every cent is in one of the four."""

    allocated: Money
    reserved: Money
    claimed: Money
    paid: Money
    left: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSums:
    """The same in the partner's currency, at the rate of the day the fund was given: it does not move with the market."""

    sums: Sums
    rate: Decimal
    rate_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletFund:
    """One fund. `is_coop` money accrued from revenue. Of each amount we pay `vendor_percent` and the partner `partner_percent`."""

    id: UUID
    number: str
    name: str
    is_coop: bool
    sums: Sums
    local: LocalSums | None
    vendor_percent: int
    partner_percent: int
    plan_by: date | None
    plan_days: int | None
    claim_by: date | None
    claim_days: int | None
    ends_on: date
    extension: str
    spent_share: Decimal | None

    @property
    def spent_percent(self) -> int:
        """For the bar: whole per cent of the fund that is planned or spent."""
        return int((self.spent_share or 0) * 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A day by which something must be done, and the money that hangs on it."""

    kind: str
    activity_id: UUID | None
    allocation_id: UUID
    request_id: UUID | None
    title: str
    on: date
    days: int
    money: Money
    extension: str
    may_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    partner_id: UUID
    local_currency: str
    funds: tuple[WalletFund, ...]
    totals: tuple[Sums, ...]
    local_total: Sums | None
    deadlines: tuple[Deadline, ...]


def wallet(actor: Actor, at: datetime, partner_id: UUID | None = None) -> Wallet | None:
    """The open funds of a partner; None for a reader without one. A fixed number of queries and one rate lookup for each currency and day."""
    owner = partner_id or actor.partner_id
    if owner is None or not actor.can("funds.view"):
        return None
    rows = list(policies.reach_allocations(actor).filter(partner_id=owner, is_closed=False).order_by("ends_on", "created_at"))
    activities = _claimable(actor, owner)
    asked = _asked(actor, owner)
    currency = currency_of(owner)
    funds = tuple(_fund(row, activities, asked, currency, at.date()) for row in rows)
    return Wallet(
        partner_id=owner,
        local_currency=currency,
        funds=funds,
        totals=_totals(fund.sums for fund in funds),
        local_total=_local_total(funds, currency),
        deadlines=_deadlines(actor, rows, activities, asked, at.date()),
    )


def deadline_about(actor: Actor, at: datetime, *, activity_id: UUID | None = None, allocation_id: UUID | None = None) -> Deadline | None:
    """The deadline of one activity or fund of the reader's; None when none hangs on it. Raises NotFound for a stranger's."""
    about = policies.reach_activities(actor).one(activity_id) if activity_id else policies.reach_allocations(actor).one(allocation_id)
    found = wallet(actor, at, about.partner_id)
    rows = found.deadlines if found else ()
    wanted = ("claim", activity_id) if activity_id else ("plan", allocation_id)
    return next((one for one in rows if (one.kind, one.activity_id if activity_id else one.allocation_id) == wanted), None)


def currency_of(partner_id: UUID) -> str:
    """The money of the partner's country; "" when its country is not known."""
    country = identity.organization(SYSTEM, partner_id).country
    found = get_territory_currencies(country) if country else []
    return found[0] if found else ""


def sums_of(row: Allocation) -> Sums:
    held = row.approved_minor - row.released_minor
    return Sums(
        allocated=Money(row.amount_minor, row.currency),
        reserved=Money(held - row.waiting_minor - row.claimed_minor, row.currency),
        claimed=Money(row.waiting_minor + row.claimed_minor - row.paid_minor, row.currency),
        paid=Money(row.paid_minor, row.currency),
        left=Money(row.left_minor, row.currency),
    )


def _claimable(actor: Actor, partner_id: UUID) -> list[Activity]:
    rows = policies.reach_activities(actor).filter(partner_id=partner_id, status="approved").select_related("request", "activity_type")
    return [row for row in rows if row.open_minor > 0]


def _asked(actor: Actor, partner_id: UUID) -> dict[UUID, str]:
    rows = policies.reach_extensions(actor).filter(partner_id=partner_id).order_by("asked_at")
    return {about: row.state for row in rows if (about := row.activity_id or row.allocation_id)}


def _fund(row: Allocation, activities: Iterable[Activity], asked: dict[UUID, str], currency: str, today: date) -> WalletFund:
    sums = sums_of(row)
    ends = [deadline_of(one) for one in activities if one.allocation_id == row.pk]
    claim_by = min(ends, default=row.claim_by)
    used = sums.allocated.minor - sums.left.minor
    return WalletFund(
        id=row.pk, number=row.number, name=row.name, is_coop=row.kind == "coop", sums=sums, local=_local(row, sums, currency),
        vendor_percent=row.vendor_percent, partner_percent=100 - row.vendor_percent, plan_by=row.plan_by, plan_days=_days(row.plan_by, today),
        claim_by=claim_by, claim_days=_days(claim_by, today), ends_on=row.ends_on, extension=asked.get(row.pk, ""),
        spent_share=Decimal(used) / sums.allocated.minor if sums.allocated.minor else None,
    )  # fmt: skip


def _days(day: date | None, today: date) -> int | None:
    return (day - today).days if day else None


def _local(row: Allocation, sums: Sums, currency: str) -> LocalSums | None:
    """At the rate that the fund keeps; None in the same currency, and where no rate was known on the day."""
    if not currency or currency == row.currency:
        return None
    held = (row.local_rate, row.local_rate_date) if row.local_currency == currency else _rate_then(row, currency)
    if held is None or held[0] is None or held[1] is None:
        return None
    rate, day = held
    names = ("allocated", "reserved", "claimed", "paid", "left")
    there = Sums(**{name: convert(getattr(sums, name), to=currency, rate=rate) for name in names})
    return LocalSums(sums=there, rate=rate, rate_date=day)


def _rate_then(row: Allocation, currency: str) -> tuple[Decimal, date] | None:
    """For a fund that keeps no rate to this currency (it was not known yet, or the partner moved): that of the day it was given."""
    try:
        rate = ledger.rate(currency=row.currency, to=currency, on=row.created_at.date())
    except Invalid:
        return None
    return rate.rate, rate.rate_date


def _totals(rows: Iterable[Sums]) -> tuple[Sums, ...]:
    """One line for each currency: amounts in two currencies are never added."""
    found: dict[str, list[Sums]] = {}
    for one in rows:
        found.setdefault(one.allocated.currency, []).append(one)
    return tuple(_added(found[currency], currency) for currency in sorted(found))


def _added(rows: list[Sums], currency: str) -> Sums:
    names = ("allocated", "reserved", "claimed", "paid", "left")
    return Sums(**{name: Money(sum(getattr(one, name).minor for one in rows), currency) for name in names})


def _local_total(funds: tuple[WalletFund, ...], currency: str) -> Sums | None:
    there = [fund.local.sums if fund.local else fund.sums for fund in funds]
    if not there or any(one.allocated.currency != currency for one in there):
        return None
    return _added(there, currency)


def _deadlines(actor: Actor, rows: Iterable[Allocation], activities: Iterable[Activity], asked: dict[UUID, str], today: date) -> tuple[Deadline, ...]:
    may = actor.can("funds.request")
    found = [
        Deadline(
            kind="plan", activity_id=None, allocation_id=row.pk, request_id=None, title=row.name, on=row.plan_by, days=(row.plan_by - today).days,
            money=Money(row.left_minor, row.currency), extension=asked.get(row.pk, ""), may_ask=may and asked.get(row.pk) != Extension.State.OPEN,
        )
        for row in rows
        if row.plan_by and row.left_minor > 0
    ]  # fmt: skip
    found += [
        Deadline(
            kind="claim", activity_id=one.pk, allocation_id=one.allocation_id, request_id=one.request_id, title=one.title, on=deadline_of(one),
            days=(deadline_of(one) - today).days, money=Money(one.open_minor, one.currency), extension=asked.get(one.pk, ""),
            may_ask=may and asked.get(one.pk) != Extension.State.OPEN,
        )
        for one in activities
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.on, one.title)))
