"""Entries in a list, and one with its legs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ledger import policies
from openprm.ledger.models import Entry, Leg
from openprm.ledger.queries.kinds import entry_kinds, entry_label, title_of, url_of
from openprm.ledger.queries.months import is_closed
from openprm.ledger.queries.results import EntryLink, EntryRow, EntryView, LegView
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"number": "number", "value_date": "value_date"}
AT_ONCE = 1000


def entries(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    """A page of entries. Three queries."""
    found = slice_of(_filtered(actor, search, filters), page, order_by=SORTS)
    amounts = _amounts([row.pk for row in found.rows])
    return found.map(lambda row: entry_row(row, amounts))


def export_entries(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[EntryRow]:
    for rows in _in_parts(_filtered(actor, search, filters).order_by("number").iterator(chunk_size=AT_ONCE)):
        amounts = _amounts([row.pk for row in rows])
        for row in rows:
            yield entry_row(row, amounts)


def newest_entries(actor: Actor, *, search: str = "", **filters: Any) -> QuerySet:
    """For the API: rows that `entry_rows` reads."""
    return _filtered(actor, search, filters)


def entry_rows(rows: Iterable[Entry]) -> list[EntryRow]:
    rows = list(rows)
    amounts = _amounts([row.pk for row in rows])
    return [entry_row(row, amounts) for row in rows]


def entry_row(row: Entry, amounts: Mapping[UUID, tuple[Money, ...]]) -> EntryRow:
    return EntryRow(
        id=row.pk, number=row.label, kind=row.kind, label=entry_label(row.kind), value_date=row.value_date, memo=row.memo, partner_id=row.partner_id,
        partner=row.partner.name if row.partner else "", amounts=amounts.get(row.pk, ()), posted_at=row.posted_at, by=row.by_name, created_at=row.created_at,
    )  # fmt: skip


def entry(actor: Actor, entry_id: UUID) -> EntryView:
    """Raises NotFound."""
    row = policies.reach_entries(actor).select_related("partner", "reverses").one(entry_id)
    legs = row.legs.select_related("account__partner").order_by("id")
    undone = Entry.objects.filter(reverses=row).first()
    return EntryView(
        id=row.pk, number=row.label, kind=row.kind, label=entry_label(row.kind), key=row.key, value_date=row.value_date, is_closed=is_closed(row.value_date),
        memo=row.memo, partner_id=row.partner_id, partner=row.partner.name if row.partner else "", about=row.about, url=url_of(row.kind, row.about),
        legs=tuple(_leg(leg) for leg in legs), fx_currency=row.fx_currency, fx_to=row.fx_to, fx_rate=row.fx_rate, fx_date=row.fx_date,
        fx_source=row.fx_source, reverses=_link(row.reverses), reversed_by=_link(undone), posted_at=row.posted_at, by=row.by_name,
    )  # fmt: skip


def kind_choices(actor: Actor) -> list[tuple[str, str]]:
    """The kinds of entries that there may be: those that rooms name, and the books' own."""
    return sorted(entry_kinds().items(), key=lambda pair: pair[1])


def _leg(leg: Leg) -> LegView:
    return LegView(
        account_id=leg.account_id, account=leg.account.kind, title=title_of(leg.account.kind), owner=leg.account.partner.name if leg.account.partner else "",
        amount=Money(leg.amount_minor, leg.currency), currency=leg.currency,
    )  # fmt: skip


def _link(row: Entry | None) -> EntryLink | None:
    return EntryLink(id=row.pk, number=row.label) if row else None


def _amounts(ids: list[UUID]) -> dict[UUID, tuple[Money, ...]]:
    """What each entry moves: the sum of its debits, by currency."""
    sums: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry_id, currency, minor in Leg.objects.filter(entry_id__in=ids, amount_minor__gt=0).values_list("entry_id", "currency", "amount_minor"):
        sums[entry_id][currency] += minor
    return {entry_id: tuple(Money(minor, currency) for currency, minor in sorted(by.items())) for entry_id, by in sums.items()}


def _in_parts(rows: Iterable[Entry]) -> Iterator[list[Entry]]:
    part: list[Entry] = []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            yield part
            part = []
    yield part


def _filtered(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    rows = policies.reach_entries(actor).select_related("partner")
    for name, column in {"kind": "kind", "partner": "partner_id", "about": "about"}.items():
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    if days := filters.get("value_date"):
        rows = rows.filter(value_date__gte=days.low) if days.low else rows
        rows = rows.filter(value_date__lte=days.high) if days.high else rows
    if account := filters.get("account"):
        rows = rows.filter(pk__in=Leg.objects.filter(account__kind__in=account if isinstance(account, tuple) else (account,)).values("entry_id"))
    return rows.filter(_matches(search)) if search else rows


def _matches(search: str) -> Q:
    found = Q(memo__icontains=search) | Q(partner__name__icontains=search) | Q(key=search)
    digits = search.upper().removeprefix("J-").lstrip("0")
    return found | Q(number=int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 18 else found
