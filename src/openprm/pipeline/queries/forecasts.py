"""The forecast: by stage and close month, broken down, and against a target."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Count, DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, Floor, TruncMonth
from django.utils.translation import gettext as _

from openprm.deals import queries as deals
from openprm.deals.queries import Filters
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.partners import queries as partners
from openprm.pipeline import policies
from openprm.pipeline.queries.boards import rates_of
from openprm.pipeline.queries.deals import Chances, all_of, figures_of, largest, open_deals, sums
from openprm.pipeline.queries.engagements import Engagements
from openprm.pipeline.queries.results import Cell, Forecast, GroupRow, Head, Narrowed, PartnerForecast, StageRow, TargetView
from openprm.pipeline.rules import forecast as rules
from openprm.pipeline.rules.forecast import NOTHING, Figures, together

MONTHS = 6
MOST_GROUPS = 50
GROUPS = {"partner": ("partner_id", "partner__name"), "program": ("program_id", "program__name"), "owner": ("submitter_id", "submitter__name")}
BY = ("partner", "program", "product_line", "owner")


def forecast(actor: Actor, narrowed: Narrowed, by: str, at: datetime) -> Forecast:
    """Everything open by stage and close month, and by one more thing. A fixed number of statements."""
    today = at.date()
    rows, chances = open_deals(actor, narrowed), Chances(actor)
    engagements = Engagements(actor, narrowed, at, today)
    monthly = rows.annotate(month=TruncMonth("expected_close_date"), is_past=Q(expected_close_date__lt=today))
    summed = sums(monthly, chances, today, "stage", "month", "is_past")
    cells = _cells(summed, chances, engagements, today)
    groups, others = _groups(rows, chances, engagements, by, today, whole=together(row["figures"] for row in summed))
    currency = deals.base_currency()
    return Forecast(
        figures=together(cells.values()),
        heads=_heads(cells, today),
        stages=_stages(cells, chances, narrowed, today),
        groups=groups,
        others=others,
        by=by,
        target=target_of(actor, narrowed, at, rows=rows, chances=chances),
        rates=rates_of(summed, engagements.rows, currency),
        engagements=len(engagements.rows),
        left_out=narrowed.leaves_engagements_out,
        currency=currency,
    )


def _cells(summed: list[dict[str, Any]], chances: Chances, engagements: Engagements, today: date) -> dict[tuple[str, str], Figures]:
    """Figures by (stage, column). Overdue deals of this month are told apart from those that are still ahead."""
    found: dict[tuple[str, str], Figures] = defaultdict(lambda: NOTHING)
    for row in summed:
        key = "overdue" if row["is_past"] else rules.column_of(_in_month(row["month"], today), today, MONTHS)
        found[row["stage"], key] += row["figures"]
    for one in engagements.rows:
        key = rules.column_of(one.row.expected_close_date, today, MONTHS)
        found[one.row.stage, key] += one.figures(chances, today)
    return found


def _in_month(month: date | None, today: date) -> date | None:
    """A day of that month that is not past: the rest of this month begins today."""
    return max(month, today) if month and (month.year, month.month) == (today.year, today.month) else month


def _heads(cells: dict[tuple[str, str], Figures], today: date) -> tuple[Head, ...]:
    return tuple(
        Head(key=column.key, start=column.start, figures=together(figures for (_stage, key), figures in cells.items() if key == column.key))
        for column in rules.columns(today, MONTHS)
    )


def _stages(cells: dict[tuple[str, str], Figures], chances: Chances, narrowed: Narrowed, today: date) -> tuple[StageRow, ...]:
    known = [stage.code for stage in deals.stage_lanes(narrowed.program_id)]
    codes = (*known, *sorted({stage for stage, _key in cells} - set(known)))
    return tuple(_stage_row(code, cells, chances, narrowed, today) for code in codes)


def _stage_row(code: str, cells: dict[tuple[str, str], Figures], chances: Chances, narrowed: Narrowed, today: date) -> StageRow:
    row = tuple(Cell(key=column.key, figures=cells.get((code, column.key), NOTHING)) for column in rules.columns(today, MONTHS))
    chance = chances.of(code, narrowed.program_id) if code else 0
    return StageRow(
        code=code,
        name=deals.stage_named(code, narrowed.program_id).name if code else _("No stage yet"),
        probability=chance,
        category=rules.category(chance).value,
        cells=row,
        figures=together(cell.figures for cell in row),
    )


def _groups(rows: Any, chances: Chances, engagements: Engagements, by: str, today: date, *, whole: Figures) -> tuple[tuple[GroupRow, ...], int]:
    """The largest groups, and how many more there are. Engagements are a line of their own: several partners share one.

    `whole` is the sum over all deals: what the groups that are not read come to is the rest of it.
    """
    if by == "product_line":
        found = [_line_row(row) for row in _by_line(rows, chances, today)]
        unread, unread_count = NOTHING, 0
    else:
        found, unread, unread_count = _largest(rows, chances, by, today, whole)
    together_with = [one.figures(chances, today) for one in engagements.rows]
    if together_with:
        found.append(GroupRow(id="co-sell", name=_("Co-sell engagements"), figures=together(together_with)))
    found.sort(key=lambda row: (-row.figures.total, row.name))
    hidden = max(0, len(found) - MOST_GROUPS) + unread_count
    if not hidden:
        return tuple(found), 0
    others = GroupRow(id="", name=_("All others"), figures=together((unread, *(row.figures for row in found[MOST_GROUPS:]))))
    return (*found[:MOST_GROUPS], others), hidden


def _largest(rows: Any, chances: Chances, by: str, today: date, whole: Figures) -> tuple[list[GroupRow], Figures, int]:
    """The largest groups, and what all others come to: their figures and how many they are."""
    key, name = GROUPS.get(by, GROUPS["partner"])
    read, count = largest(rows, chances, today, key, name, MOST_GROUPS)
    found = [GroupRow(id=str(row[key] or ""), name=row[name] or _("Without one"), figures=row["figures"]) for row in read]
    return found, whole - together(row.figures for row in found), count - len(found)


def _by_line(rows: Any, chances: Chances, today: date) -> Iterable[dict[str, Any]]:
    """A deal's base amount is split over its product lines as its lines' amounts are, cut off to whole minor units."""
    exact = DecimalField(max_digits=40, decimal_places=0)
    share = Floor(Cast("base_amount_minor", exact) * F("lines__amount_minor") / F("amount_minor"), output_field=BigIntegerField())
    past = Q(expected_close_date__lt=today)

    def summed(amount: Any, only: Q | None = None) -> Coalesce:
        return Coalesce(Sum(amount, filter=only, output_field=BigIntegerField()), 0, output_field=BigIntegerField())

    return (
        rows.filter(amount_minor__gt=0)
        .order_by()
        .annotate(chance=chances.sql(), share=share)
        .values("lines__product_line_id", "lines__product_line__name")
        .annotate(
            n=Count("pk", distinct=True),
            total=summed("share"),
            weighted=summed(F("share") * F("chance")),
            commit=summed("share", Q(chance__gte=rules.COMMIT_FROM)),
            best=summed("share", Q(chance__gte=rules.BEST_FROM, chance__lt=rules.COMMIT_FROM)),
            late=Count("pk", filter=past, distinct=True),
            late_total=summed("share", past),
        )
    )


def _line_row(row: dict[str, Any]) -> GroupRow:
    return GroupRow(id=str(row["lines__product_line_id"] or ""), name=row["lines__product_line__name"] or _("Without one"), figures=figures_of(row))


def target_of(actor: Actor, narrowed: Narrowed, at: datetime, *, rows: Any = None, chances: Chances | None = None) -> TargetView:
    """This quarter's own target, what is won, and whether what is open covers the rest."""
    start, end = rules.quarter_of(at.date())
    row = policies.reach_targets(actor).filter(quarter_start=start).first()
    currency = deals.base_currency()
    if row is None:
        return TargetView(quarter_start=start, quarter_end=end, amount=None, version=0, coverage=None)
    found = rows if rows is not None else open_deals(actor, narrowed)
    figures = all_of(found.filter(expected_close_date__gte=start, expected_close_date__lt=end), chances or Chances(actor), at.date())
    coverage = rules.Coverage(target=row.amount_minor, won=_won(actor, start, at), open=figures.total, weighted=figures.weighted)
    return TargetView(quarter_start=start, quarter_end=end, amount=Money(row.amount_minor, currency), version=row.version, coverage=coverage)


def _won(actor: Actor, start: date, at: datetime) -> int:
    return _won_since(actor, start, at).aggregate(total=Sum("base_amount_minor"))["total"] or 0


def _won_since(actor: Actor, start: date, at: datetime) -> QuerySet:
    since = datetime.combine(start, time.min, tzinfo=UTC)
    return deals.listed(actor, Filters(status=("closed_won",), closed_from=since.date())).order_by().filter(closed_at__lte=at)


def forecasts_by_partner(actor: Actor, start: date, end: date, at: datetime) -> tuple[PartnerForecast, ...]:
    """Of every partner what is won since `start` and, weighted, what is open with a close date from `start` to before `end`; registrations alone."""
    rows = open_deals(actor, Narrowed()).filter(expected_close_date__gte=start, expected_close_date__lt=end)
    ahead = {row["partner_id"]: row["figures"] for row in sums(rows, Chances(actor), at.date(), "partner_id")}
    won = dict(_won_since(actor, start, at).values("partner_id").annotate(total=Sum("base_amount_minor")).values_list("partner_id", "total"))
    every = {UUID(one) for one, _name in partners.partner_choices(actor)} | ahead.keys() | won.keys()
    return tuple(_of_partner(one, ahead.get(one, NOTHING), won.get(one) or 0) for one in sorted(every))


def _of_partner(partner_id: UUID, ahead: Figures, won: int) -> PartnerForecast:
    return PartnerForecast(partner_id=partner_id, deals=ahead.count, open_minor=ahead.total, forecast_minor=won + ahead.weighted)


CATEGORIES: dict[str, Callable[[], str]] = {
    "commit": lambda: _("Commit"),
    "best_case": lambda: _("Best case"),
    "pipeline": lambda: _("Pipeline"),
}
