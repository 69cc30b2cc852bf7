"""The tiers of years on columns: rolling facts by month, points, metrics, and what a tier costs. Ibis expressions, no single row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, and_

import ibis
import ibis.expr.types as ir

from openprm.tiering.rules.formula import Formula
from openprm.tiering.rules.points import PointsLine
from openprm.tiering.rules.window import FULL_MONTHS

EXACT = "decimal(38, 9)"
YEAR = 12
LEAD = FULL_MONTHS  # months before the first one that counts, for the forgiving window


@dataclass(frozen=True, slots=True)
class Cost:
    """A tier as the replay needs it: its place, its name and the part of the revenue that its benefits cost."""

    program: str
    code: str
    name: str
    rank: int
    percent: int


def grid(people: ir.Table, months: ir.Table) -> ir.Table:
    """One row for each member and month. The months before somebody joined carry sums and are no cases."""
    rows = people.cross_join(months)
    away = (rows.month_end.year() - rows.since.year()) * 12 + rows.month_end.month() - rows.since.month()
    return rows.mutate(months_in_program=ibis.greatest(away, 0).cast(EXACT), counts=rows.is_kept & (rows["at"] >= rows.since)).drop("since", "is_kept")


def rolling(grid: ir.Table, monthly: ir.Table, facts: Sequence[str]) -> ir.Table:
    """The cases of the grid with each fact summed over the twelve months that end there, and the month's own revenue.

    A row of `monthly` without a program counts in every program of its partner.
    """
    summed = _monthly(grid, monthly, facts)
    year = ibis.window(group_by="subject", order_by="at", preceding=YEAR - 1, following=0)
    yearly = summed.mutate(
        month_revenue=summed["revenue_won"] if "revenue_won" in facts else ibis.literal(0, type=EXACT),
        **{name: summed[name].sum().over(year).cast(EXACT) for name in facts},
    )
    return yearly.filter(yearly.counts)


def _monthly(grid: ir.Table, monthly: ir.Table, facts: Sequence[str]) -> ir.Table:
    sums = {prefix: {f"{prefix}_{one}": ibis._[one].sum() for one in facts} for prefix in ("own", "all")}
    own = monthly.filter(monthly.program_id.notnull()).group_by("partner_id", "program_id", "month").aggregate(**sums["own"])
    all_ = monthly.filter(monthly.program_id.isnull()).group_by("partner_id", "month").aggregate(**sums["all"])
    rows = grid.left_join(own, [grid.partner_id == own.partner_id, grid.program_id == own.program_id, grid["at"] == own.month]).select(
        *(grid[name] for name in grid.columns), *(own[f"own_{one}"] for one in facts)
    )
    rows = rows.left_join(all_, [rows.partner_id == all_.partner_id, rows["at"] == all_.month]).select(
        *(rows[name] for name in rows.columns), *(all_[f"all_{one}"] for one in facts)
    )
    both = {one: (rows[f"own_{one}"].fill_null(0) + rows[f"all_{one}"].fill_null(0)).cast(EXACT) for one in facts}
    return rows.mutate(**both).select(*grid.columns, *facts)


def with_entered(rows: ir.Table, values: ir.Table, facts: Mapping[str, bool]) -> ir.Table:
    """Values that people entered, as of the end of each month; `facts` says for each whether single things add up."""
    for name, is_summed in facts.items():
        own = values.filter(values.metric == name)
        held = rows.select("subject", "partner_id", "at", "month_end").join(
            own,
            ["partner_id", own.starts_on <= rows.month_end, own.ends_on.isnull() | (own.ends_on > rows.month_end)],
        )
        found = held.group_by(["subject", "at"]).aggregate(**{name: held.amount.sum() if is_summed else held.amount.argmax(held.starts_on)})
        rows = rows.left_join(found, ["subject", "at"]).drop("subject_right", "at_right").mutate(**{name: ibis._[name].cast(EXACT)})
    return rows


def with_metrics(rows: ir.Table, formulas: Mapping[str, Formula]) -> ir.Table:
    """Computed metrics, each after those it reads."""
    for name, formula in formulas.items():
        rows = rows.mutate(**{name: _worked_out(formula, rows).round(6).cast(EXACT)})
    return rows


def with_points(rows: ir.Table, lines: Mapping[tuple[str, str], Sequence[PointsLine]]) -> ir.Table:
    """Points and floors; `lines` are those of each size and type of partner."""
    points = [(_is(rows, key), _points(rows, found)) for key, found in lines.items()]
    floors = [(_is(rows, key), _floors(rows, found)) for key, found in lines.items()]
    if not points:
        return rows.mutate(points=ibis.literal(0, type=EXACT), floors_met=ibis.literal(True))
    return rows.mutate(points=ibis.cases(*points, else_=0.0).cast(EXACT), floors_met=ibis.cases(*floors, else_=True))


def settled(rows: ir.Table, tiers: Iterable[Cost]) -> ir.Table:
    """The tier that each member holds in each month under a table's answers: the best of the window where the program forgives."""
    known = list(tiers)
    ranked = rows.mutate(rank_now=_case([((rows.program_id == one.program) & (rows.tier == one.code), one.rank) for one in known], rows.held_rank))
    window = ibis.window(group_by="subject", order_by="at", preceding=LEAD, following=0)
    held = ranked.mutate(rank=ibis.ifelse(ranked.is_forgiving, ranked.rank_now.max().over(window), ranked.rank_now)).filter(~ibis._.is_lead)
    here = [((held.program_id == one.program) & (held["rank"] == one.rank), one) for one in known]
    percent = _case([(condition, one.percent) for condition, one in here], ibis.literal(0))
    return held.select(
        "subject", "at", answer=_case([(condition, one.name) for condition, one in here], ibis.literal("")), rank="rank",
        cost_minor=(held.month_revenue * percent * held.minor_per_percent).round(0).cast("int64"),
    )  # fmt: skip


def _case(branches: Sequence[tuple[ir.BooleanValue, object]], otherwise: ir.Value) -> ir.Value:
    return ibis.cases(*branches, else_=otherwise) if branches else otherwise


def _is(rows: ir.Table, key: tuple[str, str]) -> ir.BooleanValue:
    return (rows.track == key[0]) & (rows.partner_type == key[1])


def _points(rows: ir.Table, lines: Sequence[PointsLine]) -> ir.Value:
    return reduce(add, [_one(rows, line) for line in lines], ibis.literal(0.0))


def _floors(rows: ir.Table, lines: Sequence[PointsLine]) -> ir.Value:
    return reduce(and_, [_one(rows, line) > 0 for line in lines if line.is_floored], ibis.literal(True))


def _one(rows: ir.Table, line: PointsLine) -> ir.Value:
    """The same arithmetic as `rules.points.points_for`, in the same order."""
    if line.metric not in rows.columns or line.full_at <= 0:
        return ibis.literal(0.0)
    have = rows[line.metric].cast("float64")
    share = ibis.least(have / float(line.full_at), 1.0)
    return ibis.ifelse(have > 0, (share * float(line.most) * 100 + 1e-9).floor() / 100, 0.0).fill_null(0.0).cast("float64")


def _worked_out(formula: Formula, rows: ir.Table) -> ir.Value:
    if formula.op == "number":
        return ibis.literal(float(formula.number))
    if formula.op == "fact":
        return rows[formula.fact].cast("float64") if formula.fact in rows.columns else ibis.null("float64")
    parts = [_worked_out(part, rows) for part in formula.parts]
    match formula.op:
        case "+":
            return parts[0] + parts[1]
        case "-":
            return parts[0] - parts[1]
        case "*":
            return parts[0] * parts[1]
        case "/":
            return parts[0] / parts[1].nullif(0)
        case "neg":
            return -parts[0]
    known = reduce(and_, [part.notnull() for part in parts])
    return ibis.ifelse(known, ibis.least(*parts) if formula.op == "min" else ibis.greatest(*parts), ibis.null("float64"))
