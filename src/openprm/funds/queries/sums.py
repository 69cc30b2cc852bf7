"""Budgets and funds with their roll-ups: one recursive statement for any number of levels."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from openprm.funds import policies
from openprm.funds.models import Allocation, Budget
from openprm.funds.queries.results import BudgetRow, BudgetView, FundRow, Sums
from openprm.funds.wording import KIND
from openprm.kernel import db
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ui.paging import PageRequest, Slice, slice_of

MOST_BUDGETS = 1000
CHUNK = 500
FUND_SORTS = {"created": "created_at", "number": "number", "amount": "amount_minor", "ends": "ends_on", "name": "name"}
_ROLL_UP = """
with recursive tree as (
  select id as root, id from funds_budget where id = any(%s)
  union all select t.root, b.id from funds_budget b join tree t on b.parent_id = t.id)
select tree.root, coalesce(sum(a.approved_minor - a.released_minor), 0)::bigint as requested, coalesce(sum(a.claimed_minor), 0)::bigint as claimed,
  coalesce(sum(a.paid_minor), 0)::bigint as paid
from tree left join funds_allocation a on a.budget_id = tree.id group by tree.root
"""


def budget_tree(actor: Actor, *, text: str = "", kind: tuple[str, ...] = (), closed: bool | None = None) -> tuple[BudgetRow, ...]:
    """Every budget under its parent, with the sums of all levels below. Two queries."""
    rows = policies.reach_budgets(actor).select_related("program", "partner").order_by("starts_on", "created_at")[:MOST_BUDGETS]
    made = budget_rows(rows)
    kept = [row for row in made if _fits(row, text.strip().casefold(), kind, closed)]
    return tuple(_in_order(kept))


def _fits(row: BudgetRow, text: str, kind: tuple[str, ...], closed: bool | None) -> bool:
    said = f"{row.number} {row.name} {row.program} {row.partner}".casefold()
    return (not text or text in said) and (not kind or row.kind in kind) and (closed is None or row.is_closed == closed)


def _in_order(rows: list[BudgetRow]) -> Iterator[BudgetRow]:
    """Parents before their children; what lost its parent to a filter stands on top."""
    here = {row.id for row in rows}
    below: dict[UUID | None, list[BudgetRow]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in here else None, []).append(row)

    def walk(parent: UUID | None) -> Iterator[BudgetRow]:
        for row in below.get(parent, ()):
            yield row
            yield from walk(row.id)

    return walk(None)


def newest_budgets(actor: Actor) -> QuerySet:
    return policies.reach_budgets(actor).select_related("program", "partner")


def budget_rows(rows: Iterable[Budget]) -> list[BudgetRow]:
    rows = list(rows)
    sums = {one["root"]: one for one in db.rows(_ROLL_UP, [[row.pk for row in rows]])} if rows else {}
    return [_budget_row(row, sums[row.pk]) for row in rows]


def _budget_row(row: Budget, rolled: dict) -> BudgetRow:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    return BudgetRow(
        id=row.pk, number=row.number, name=row.name, level=row.level, parent_id=row.parent_id, kind=row.kind, kind_label=str(KIND[row.kind]),
        sums=Sums(
            amount=money(row.amount_minor), requested=money(rolled["requested"]), claimed=money(rolled["claimed"]), paid=money(rolled["paid"]),
            left=money(row.amount_minor - row.allotted_minor),
        ),
        allotted=money(row.allotted_minor), program=row.program.name if row.program else "", partner=row.partner.name if row.partner else "",
        starts_on=row.starts_on, ends_on=row.ends_on, ignores_limits=row.ignores_limits, is_closed=row.is_closed, version=row.version,
        created_at=row.created_at,
    )  # fmt: skip


def budget(actor: Actor, budget_id: UUID) -> BudgetView:
    """One budget with its way up, what lies under it, and its funds. Raises NotFound."""
    row = newest_budgets(actor).select_related("program", "partner", "owner").one(budget_id)
    children = list(newest_budgets(actor).filter(parent=row).order_by("created_at"))
    own, *below = budget_rows([row, *children])
    funds = newest_funds(actor).filter(budget=row).order_by("partner__name", "created_at")[:MOST_BUDGETS]
    return BudgetView(
        **{name: getattr(own, name) for name in BudgetRow.__dataclass_fields__},
        about=row.about, owner=row.owner.name if row.owner else "", path=path_of(row), children=tuple(below), funds=tuple(map(fund_row, funds)),
        may_manage=not policies.why_not_manage(actor),
    )  # fmt: skip


def path_of(row: Budget) -> tuple[tuple[UUID, str], ...]:
    """The budgets above, from the root down."""
    found: list[tuple[UUID, str]] = []
    above = row.parent_id
    while above:
        parent = Budget.objects.only("pk", "name", "parent_id").get(pk=above)
        found.insert(0, (parent.pk, parent.name))
        above = parent.parent_id
    return tuple(found)


def budget_choices(actor: Actor, *, for_children: bool = False) -> tuple[tuple[str, str], ...]:
    """Open budgets, indented by level; those of the fifth level take no children."""
    rows = [row for row in budget_tree(actor, closed=False) if not for_children or row.level < 5]
    return tuple((str(row.id), f"{'  ' * (row.level - 1)}{row.name} ({row.sums.amount.currency})") for row in rows)


def newest_funds(actor: Actor, *, text: str = "", kind: tuple[str, ...] = (), partner_id: UUID | None = None, closed: bool | None = None) -> QuerySet:
    rows = policies.reach_allocations(actor).select_related("partner")
    if text := text.strip()[:100]:
        rows = rows.filter(Q(name__icontains=text) | Q(number__iexact=text) | Q(partner__name__icontains=text))
    rows = rows.filter(kind__in=kind) if kind else rows
    rows = rows.filter(partner_id=partner_id) if partner_id else rows
    return rows if closed is None else rows.filter(is_closed=closed)


def list_funds(actor: Actor, page: PageRequest, **filters: object) -> Slice[FundRow]:
    return slice_of(newest_funds(actor, **filters), page, order_by=FUND_SORTS).map(fund_row)  # type: ignore[arg-type]


def export_funds(actor: Actor, **filters: object) -> Iterator[FundRow]:
    """Every matching fund, newest first, read in chunks by key."""
    after: tuple[datetime, UUID] | None = None
    while True:
        rows = newest_funds(actor, **filters).order_by("-created_at", "-id")  # type: ignore[arg-type]
        if after:
            rows = rows.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], pk__lt=after[1]))
        chunk = list(rows[:CHUNK])
        yield from map(fund_row, chunk)
        if len(chunk) < CHUNK:
            return
        after = (chunk[-1].created_at, chunk[-1].pk)


def fund(actor: Actor, fund_id: UUID) -> FundRow:
    return fund_row(newest_funds(actor).one(fund_id))


def open_funds(actor: Actor, at: datetime) -> tuple[FundRow, ...]:
    """The funds that this partner can ask for today, the next to end first."""
    rows = newest_funds(actor, closed=False).filter(Q(plan_by=None) | Q(plan_by__gte=at.date()), ends_on__gte=at.date()).order_by("ends_on", "created_at")
    return tuple(map(fund_row, rows[:100]))


def fund_row(row: Allocation) -> FundRow:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    sums = Sums(
        amount=money(row.amount_minor), requested=money(row.approved_minor - row.released_minor), claimed=money(row.claimed_minor),
        paid=money(row.paid_minor), left=money(row.left_minor),
    )  # fmt: skip
    return FundRow(
        id=row.pk, number=row.number, name=row.name, partner_id=row.partner_id, partner=row.partner.name, budget_id=row.budget_id, kind=row.kind,
        kind_label=str(KIND[row.kind]), sums=sums, vendor_percent=row.vendor_percent, plan_by=row.plan_by, claim_by=row.claim_by, ends_on=row.ends_on,
        is_closed=row.is_closed, version=row.version, created_at=row.created_at,
    )  # fmt: skip
