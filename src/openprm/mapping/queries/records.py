"""The companies that the records of one side know, with their open deals. For the system, and for suggestions to the side itself."""

from collections.abc import Sequence
from uuid import UUID

from openprm.accounts import queries as accounts
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.scope import system_scope
from openprm.mapping import policies, ports
from openprm.mapping.rules.filters import Record, Suggestion, suggestions
from openprm.mapping.rules.sharing import Kind


def records(owner_id: UUID, kind: str) -> tuple[Record, ...]:
    """The companies of one kind that the records of this side know: the vendor's accounts, or the companies of a partner's own deals."""
    with system_scope():
        found = _vendor() if identity.vendor_organization().id == owner_id else _partner(owner_id)
    return tuple(one for one in found if _is(kind, one))


def _is(kind: str, record: Record) -> bool:
    if kind == Kind.CUSTOMERS:
        return record.is_customer
    if kind == Kind.OPEN_DEALS:
        return bool(record.deals)
    if kind == Kind.PROSPECTS:
        return not record.is_customer and not record.deals
    return True


def _vendor() -> list[Record]:
    open_deals = _open(ports.deals(None))
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
            deals=open_deals.get(str(row.id), ()),
        )
        for row in accounts.export_accounts(SYSTEM, filters={})
    ]


def _partner(partner_id: UUID) -> list[Record]:
    rows = ports.deals(partner_id)
    won, deals = {_key(row) for row in rows if row.state == "won"}, _open(rows)
    newest = {_key(row): row for row in rows if row.state == "won" or _key(row) in deals}
    return [
        Record(key=key, name=row.name, domain=row.domain, country=row.country, city=row.city, is_customer=key in won, deals=deals.get(key, ()))
        for key, row in sorted(newest.items())
    ]


def _key(row: ports.DealRow) -> str:
    return str(row.account_id or row.id)


def _open(rows: Sequence[ports.DealRow]) -> dict[str, tuple[tuple[str, int, str, str], ...]]:
    found: dict[str, list[tuple[str, int, str, str]]] = {}
    for row in rows:
        if row.state == "open":
            found.setdefault(_key(row), []).append((row.id, row.minor, row.currency, row.stage))
    return {key: tuple(sorted(deals)) for key, deals in found.items()}


def suggested(actor: Actor, kind: str) -> tuple[Suggestion, ...]:
    """Filters that would make a list of their own out of the own side's records. Raises NotAllowed."""
    return suggestions(records(policies.refuse_outsider(actor), kind))
