"""The entries of the books, with what they cost."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.partners import queries as partners
from openprm.profitability import policies
from openprm.profitability.models import Book, Entry, Rate
from openprm.profitability.queries.results import EntryView
from openprm.profitability.rules.facts import HOURS_IN_MINUTES, effort_cost, rate_in_force
from openprm.profitability.rules.kinds import INCOMES, Kind
from openprm.profitability.wording import KIND
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"month": "month", "kind": "kind", "recorded": "created_at"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list of entries is narrowed to; everything optional."""

    kinds: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    group_id: UUID | None = None
    program_id: UUID | None = None
    deal_id: UUID | None = None


EVERYTHING = Filters()


def newest(actor: Actor, filters: Filters = EVERYTHING) -> QuerySet:
    """The rows of a list, for the API's own paging; `views` reads them. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    equal = {"group_id": filters.group_id, "program_id": filters.program_id, "deal_id": filters.deal_id, "kind__in": filters.kinds}
    bounds = {"month__gte": filters.since, "month__lte": filters.until}
    wanted = {name: value for name, value in (equal | bounds).items() if value}
    return policies.reach(actor, Entry).filter(**wanted).select_related("group")


def entries(actor: Actor, filters: Filters, page: PageRequest) -> Slice[EntryView]:
    """One page of the list. Raises NotAllowed."""
    found = slice_of(newest(actor, filters), page, order_by=SORTS)
    ready = iter(views(actor, found.rows))
    return found.map(lambda _row: next(ready))


def export(actor: Actor, filters: Filters) -> Iterator[EntryView]:
    yield from views(actor, newest(actor, filters).order_by("-month", "-id"))


def entry(actor: Actor, entry_id: UUID) -> EntryView:
    """Raises NotFound, NotAllowed."""
    policies.refuse_outsider(actor)
    return view_of(actor, policies.reach(actor, Entry).select_related("group").one(entry_id))


def view_of(actor: Actor, row: Entry) -> EntryView:
    return next(iter(views(actor, [row])))


def rates_of(actor: Actor) -> Mapping[UUID, list[tuple[date, int]]]:
    found: dict[UUID, list[tuple[date, int]]] = {}
    for group_id, since, minor in policies.reach(actor, Rate).values_list("group_id", "since", "hourly_minor"):
        found.setdefault(group_id, []).append((since, minor))
    return found


def cost_of(row: Entry, rates: Mapping[UUID, list[tuple[date, int]]]) -> int:
    """The amount that was entered, or the hours at the group's rate of that month."""
    if row.amount_minor is not None:
        return row.amount_minor
    return effort_cost(row.minutes or 0, rate_in_force(rates.get(row.group_id, []), row.month) or 0)


def views(actor: Actor, rows: Iterable[Entry]) -> Iterator[EntryView]:
    rows = list(rows)
    rates, currency = rates_of(actor), policies.reach(actor, Book).values_list("currency", flat=True).first() or ""
    wanted = tuple({row.deal_id for row in rows if row.deal_id})
    numbers = dict(deals.listed(actor, deals.Filters(ids=wanted)).values_list("pk", "number")) if wanted else {}
    programs = {program.id: program.name for program in partners.programs(actor)} if any(row.program_id for row in rows) else {}
    lines = {line.id: line.name for line in deals.product_lines(actor)} if any(row.product_line_id for row in rows) else {}
    for row in rows:
        yield EntryView(
            **{name: getattr(row, name) for name in ("id", "kind", "month", "minutes", "group_id", "deal_id", "program_id", "product_line_id")},
            **{name: getattr(row, name) for name in ("note", "source", "external_id", "version", "created_at")},
            kind_label=str(KIND[Kind(row.kind)]),
            is_income=Kind(row.kind) in INCOMES,
            hours=hours_of(row.minutes) if row.minutes else None,
            group=row.group.name if row.group else "",
            amount=Money(cost_of(row, rates), currency),
            deal=numbers.get(row.deal_id, ""),
            program=programs.get(row.program_id, ""),
            product_line=lines.get(row.product_line_id, ""),
            author=row.author_name,
        )


def hours_of(minutes: int) -> Decimal:
    """Hours with two decimals."""
    return (Decimal(minutes) / HOURS_IN_MINUTES).quantize(Decimal("0.01"))
