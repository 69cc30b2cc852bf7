"""The real history of tiers, for the rulebook's what-if: what every member's facts were, month by month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.analytics.datasets import Dataset
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import NotFound
from openprm.kernel.money import minor_units
from openprm.partners import queries as partners
from openprm.partners.rules import TYPES
from openprm.rulebook import queries as rulebook
from openprm.rulebook.rules.reading import ReadTable
from openprm.tiering.models import MetricValue, Standing
from openprm.tiering.queries import metrics
from openprm.tiering.queries.facts import points_lines
from openprm.tiering.queries.members import Member, members, names_of, policy
from openprm.tiering.rules.ladder import POINTS_RULES, TIER_RULES

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

MONTHS = 24
TRACKS = ("small", "medium", "large")


class TierHistory:
    """Fills "rulebook.what_if" for tier rules. One subject is one enrollment; one case is one month of it."""

    kind = TIER_RULES
    subject_label = _("Partner")
    answer_label = _("Tier")
    cost_about = _("Discount and market fund of the tier, in per cent of what was won in each month.")
    currency = metrics.CURRENCY
    months = MONTHS
    is_required = True

    def subjects(self, *, program_id: UUID | None, at: datetime) -> Sequence[tuple[UUID, str]]:
        many = dict(partners.program_choices()) if program_id is None else {}
        found = names_of(_programs(program_id, at), at)
        return [(key, f"{name}, {many[str(program)]}" if many else name) for key, program, name in found]

    def history(self, *, subject_ids: Sequence[UUID], program_id: UUID | None, months: int, at: datetime) -> pa.Table:
        import ibis  # a second to load, and only the worker needs it

        from openprm.analytics.session import session
        from openprm.tiering.engine import history

        held = {program: members(program, at, enrollment_ids=subject_ids) for program in _programs(program_id, at)}
        months_asked = _calendar(months, history.YEAR, history.LEAD, at)
        source = _monthly_source()
        with session(actor=SYSTEM, datasets=[_asked(source, held, months_asked["at"][0].as_py(), at)] if source else []) as data:
            rows = history.grid(ibis.memtable(_people(held)), ibis.memtable(months_asked))
            rows = history.rolling(rows, data.table(source.name), _facts_of(source)) if source else rows
            rows = history.with_entered(rows, ibis.memtable(_entered(held)), _by_hand())
            rows = history.with_points(history.with_metrics(rows, metrics.formulas()), _points_of(held, at))
            return data.backend.to_pyarrow(rows)

    def settle(self, rows: ibis.Table) -> ibis.Table:
        from openprm.tiering.engine import history

        tiers = [
            history.Cost(
                program=str(program.id),
                code=tier.code,
                name=tier.name,
                rank=tier.rank,
                percent=int(tier.benefits["discount_percent"]) + int(tier.benefits["market_fund_percent"]),
            )
            for program in partners.programs(SYSTEM)
            for tier in program.tiers
        ]
        return history.settled(rows, tiers)


class PointsHistory(TierHistory):
    """Fills "rulebook.what_if" for the points table: other points, the tier rules in force on them."""

    kind = POINTS_RULES

    def history(self, *, subject_ids: Sequence[UUID], program_id: UUID | None, months: int, at: datetime) -> pa.Table:
        import pyarrow as pa

        found = super().history(subject_ids=subject_ids, program_id=program_id, months=months, at=at)
        return found.append_column("asked_at", pa.array([at.isoformat()] * found.num_rows, type=pa.string()))

    def answer(self, rows: ibis.Table, table: ReadTable, ask: Callable[[ibis.Table, ReadTable], ibis.Table]) -> ibis.Table:
        from openprm.tiering.engine import history

        held = {key: points_lines(table, *key) for key in product(TRACKS, TYPES)}
        return ask(history.with_points(rows.drop("points", "floors_met"), held), self._tier_table(rows))

    def _tier_table(self, rows: ibis.Table) -> ReadTable:
        """The tier rules of the one program that is replayed, or the general ones."""
        known = rows.select("program_id", "asked_at").distinct().limit(2).to_pyarrow().to_pylist()
        program = UUID(known[0]["program_id"]) if len(known) == 1 else None
        found = rulebook.find_table(kind=TIER_RULES, program_id=program, at=datetime.fromisoformat(known[0]["asked_at"]))
        if found is None:
            raise NotFound()
        return found


def _programs(program_id: UUID | None, at: datetime) -> list[UUID]:
    """The one program, or for general rules every program that has none of its own."""
    if program_id:
        return [program_id]
    general = rulebook.in_force(kind=TIER_RULES, program_id=None, at=at)
    asked = [UUID(one) for one, _name in partners.program_choices()]
    return [one for one in asked if (found := rulebook.in_force(kind=TIER_RULES, program_id=one, at=at)) is None or (general and found.id == general.id)]


def _people(held: Mapping[UUID, Sequence[Member]]) -> pa.Table:
    """The members, with what does not change from month to month."""
    columns: dict[str, list[Any]] = {name: [] for name in _PEOPLE}
    for program, rows in held.items():
        forgives, tracks = policy(program).is_forgiving, dict(Standing.objects.filter(program_id=program).values_list("partner_id", "track"))
        for one in rows:
            since = _month(one.since.date(), 0)
            values = (str(one.enrollment_id), str(one.partner_id), str(program), one.rank, one.partner_type, tracks.get(one.partner_id, "medium"), since)
            for name, value in zip(_PEOPLE, (*values, forgives, _MINOR_PER_PERCENT), strict=True):
                columns[name].append(value)
    return _table(columns, _PEOPLE)


def _calendar(months: int, year: int, lead: int, at: datetime) -> pa.Table:
    """The months: those that count, before them those that only forgive, before them those that only add up to a year."""
    firsts = [_month(at.date(), -back) for back in range(months + lead + year - 2, -1, -1)]
    kept, begins = firsts[year - 1], firsts[year - 1 + lead]
    ends = [min(_month(first, 1) - timedelta(days=1), at.date()) for first in firsts]
    columns = {"at": firsts, "month_end": ends, "is_kept": [first >= kept for first in firsts], "is_lead": [first < begins for first in firsts]}
    return _table(columns, {"at": "date", "month_end": "date", "is_kept": "bool", "is_lead": "bool"})


_MINOR_PER_PERCENT = 10 ** minor_units(metrics.CURRENCY) // 100 or 1
_PEOPLE = {
    "subject": "text", "partner_id": "text", "program_id": "text", "held_rank": "int", "partner_type": "text", "track": "text", "since": "date",
    "is_forgiving": "bool", "minor_per_percent": "int",
}  # fmt: skip


def _table(columns: Mapping[str, Sequence[Any]], kinds: Mapping[str, str]) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array(list(columns[name]), type=_arrow(kind)) for name, kind in kinds.items()})


def _arrow(kind: str) -> Any:
    from openprm.analytics.datasets import ARROW

    return ARROW[kind]  # type: ignore[index]


def _monthly_source() -> Dataset | None:
    """The one data set that has a history today; several sources would be joined here."""
    return next((source.monthly for source in metrics.sources() if source.monthly is not None), None)


def _facts_of(source: Dataset) -> list[str]:
    return [name for name in source.columns if name not in ("partner_id", "program_id", "month")]


def _asked(source: Dataset, held: Mapping[UUID, Sequence[Member]], first: date, at: datetime) -> Dataset:
    ids = [one.partner_id for rows in held.values() for one in rows]
    return replace(source, parameters={**source.parameters, "partner_ids": ids, "since": datetime.combine(first, time(), at.tzinfo), "until": at})


def _entered(held: Mapping[UUID, Sequence[Member]]) -> pa.Table:
    ids = [one.partner_id for rows in held.values() for one in rows]
    rows = list(MetricValue.objects.filter(partner_id__in=ids).values_list("partner_id", "metric", "amount", "starts_on", "ends_on"))
    names = {"partner_id": "text", "metric": "text", "amount": "decimal", "starts_on": "date", "ends_on": "date"}
    plain: Iterator[list[Any]] = ([str(row[0]), row[1], row[2], row[3], row[4]] for row in rows)
    columns = list(zip(*plain, strict=True)) or [()] * len(names)
    return _table(dict(zip(names, columns, strict=True)), names)


def _by_hand() -> dict[str, bool]:
    return {fact.name: fact.counted for fact in metrics.by_hand()}


def _points_of(held: Mapping[UUID, Sequence[Member]], at: datetime) -> dict[tuple[str, str], Any]:
    """The points table for each size and type; the general one stands for programs without their own."""
    program = next(iter(held), None)
    read = rulebook.find_table(kind=POINTS_RULES, program_id=program if len(held) == 1 else None, at=at)
    types = {one.partner_type for rows in held.values() for one in rows}
    return {(track, one): points_lines(read, track, one) for track in TRACKS for one in types}


def _month(day: date, away: int) -> date:
    place = day.year * 12 + day.month - 1 + away
    return date(place // 12, place % 12 + 1, 1)
