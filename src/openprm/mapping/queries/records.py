"""The companies that the records of one side know, with their open deals. For the system, and for suggestions to the side itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from uuid import UUID

from openprm.accounts import queries as accounts
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.scope import system_scope
from openprm.mapping import policies, ports
from openprm.mapping.rules.filters import MOST_VALUES, Filter, OpenDeal, Record, Suggestion, counts, suggestions
from openprm.mapping.rules.sharing import Kind

LOOKED_THROUGH = 20_000
"""So many records are looked through for suggestions and for what a filter can ask."""


def records(owner_id: UUID, kind: str, most: int | None = None) -> tuple[Record, ...]:
    """The companies of one kind that the records of this side know: the vendor's accounts, or the companies of a partner's own deals."""
    with system_scope():
        found = _vendor(most) if identity.vendor_organization().id == owner_id else _partner(owner_id)
    return tuple(one for one in found if _is(kind, one))


def _is(kind: str, record: Record) -> bool:
    if kind == Kind.CUSTOMERS:
        return record.is_customer
    if kind == Kind.OPEN_DEALS:
        return bool(record.deals)
    if kind == Kind.PROSPECTS:
        return not record.is_customer and not record.deals
    return True


def _vendor(most: int | None) -> list[Record]:
    rows = ports.deals(None)
    deals, open_deals, won = _told(rows), _open(rows), _won(rows)
    return [
        Record(
            key=str(row.id),
            name=row.name,
            domain=row.domain,
            country=row.country,
            city=row.city,
            industry=row.industry,
            owner=row.owner,
            is_customer=row.is_customer,
            won_on=won.get(str(row.id)),
            deals=deals.get(str(row.id), ()),
            open_deals=open_deals.get(str(row.id), ()),
        )
        for row in islice(accounts.export_accounts(SYSTEM, filters={}), most)
    ]


def _partner(partner_id: UUID) -> list[Record]:
    rows = ports.deals(partner_id)
    won, deals, open_deals = _won(rows), _told(rows), _open(rows)
    newest = {_key(row): row for row in rows if row.state == "won" or _key(row) in deals}
    return [
        Record(
            key=key,
            name=row.name,
            domain=row.domain,
            country=row.country,
            city=row.city,
            is_customer=key in won,
            won_on=won.get(key),
            deals=deals.get(key, ()),
            open_deals=open_deals.get(key, ()),
        )
        for key, row in sorted(newest.items())
    ]


def _key(row: ports.DealRow) -> str:
    return str(row.account_id or row.id)


def _told(rows: Sequence[ports.DealRow]) -> dict[str, tuple[tuple[str, int, str, str], ...]]:
    found: dict[str, list[tuple[str, int, str, str]]] = {}
    for row in rows:
        if row.state == "open":
            found.setdefault(_key(row), []).append((row.id, row.minor, row.currency, row.stage))
    return {key: tuple(sorted(deals)) for key, deals in found.items()}


def _open(rows: Sequence[ports.DealRow]) -> dict[str, tuple[OpenDeal, ...]]:
    found: dict[str, tuple[OpenDeal, ...]] = {}
    for row in rows:
        if row.state == "open":
            deal = OpenDeal(minor=row.minor, currency=row.currency, stage=row.stage, program=row.program, closes_on=row.closes_on)
            found[_key(row)] = (*found.get(_key(row), ()), deal)
    return found


def _won(rows: Sequence[ports.DealRow]) -> dict[str, date]:
    """The day of the last won deal of each company."""
    found: dict[str, date] = {}
    for row in rows:
        if row.state == "won":
            day = row.decided_at.date() if row.decided_at else date.min
            found[_key(row)] = max(day, found.get(_key(row), date.min))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """What the own side's records offer for lists: the commonest values of each column with how many companies, and filters worth a list of their own."""

    choices: Mapping[str, list[tuple[str, int]]]
    suggested: tuple[Suggestion, ...]


def proposals(actor: Actor, kind: str) -> Proposals:
    """Out of the first 20,000 records. Raises NotAllowed."""
    found = records(policies.refuse_outsider(actor), kind, LOOKED_THROUGH)
    return Proposals(choices={column: counted.most_common(MOST_VALUES) for column, counted in counts(found).items()}, suggested=suggestions(found))


def kept_by(actor: Actor, kind: str, wanted: Filter) -> int:
    """How many companies of the own side's records a filter keeps. Raises NotAllowed."""
    return sum(wanted.keeps(one) for one in records(policies.refuse_outsider(actor), kind))
