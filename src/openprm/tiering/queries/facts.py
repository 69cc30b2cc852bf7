"""What is known of partners in a program at a moment: facts, points, and what will be left of them after the warning time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.rulebook import queries as rulebook
from openprm.tiering.models import MetricValue
from openprm.tiering.ports import FactSource, TierFact
from openprm.tiering.queries import metrics
from openprm.tiering.queries.members import Member
from openprm.tiering.rules import formula, points, risk, window
from openprm.tiering.rules.ladder import POINTS_RULES
from openprm.tiering.rules.progress import Projection

Numbers = dict[UUID, dict[str, Decimal]]
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class FactSheet:
    """Everything that tier rules may ask about one partner; `projections` look ahead to the end of the warning time."""

    values: Mapping[str, Any]
    projections: Mapping[str, Projection] = field(default_factory=dict)
    score: points.Score | None = None


@dataclass(frozen=True, slots=True)
class _Span:
    """The year that counts now, and what of it still counts when the warning time is over."""

    since: datetime
    kept_since: datetime
    recent_since: datetime
    until: datetime
    warned_until: datetime


def fact_sheets(*, program_id: UUID, members: Sequence[Member], tracks: Mapping[UUID, str], warn_days: int, at: datetime) -> dict[UUID, FactSheet]:
    """The sheets of these members, in a number of queries that does not grow with them."""
    ids, span = [one.partner_id for one in members], _span(at, warn_days)
    known = _read_sources(ids, program_id, span)
    entered = _Entered(ids, span)
    lines, computed = _PointsLines(program_id, at), metrics.formulas()
    return {one.partner_id: _sheet(one, tracks.get(one.partner_id, "medium"), known, entered, lines, computed, at) for one in members}


def _span(at: datetime, warn_days: int) -> _Span:
    since, warn = datetime.combine(window.year_before(at.date()), at.timetz()), timedelta(days=warn_days)
    return _Span(since, since + warn, at - warn, at, at + warn)


@dataclass(frozen=True, slots=True)
class _Known:
    now: Numbers
    kept: Numbers
    recent: Numbers
    ending: dict[UUID, dict[str, tuple[Decimal, date]]]


def _read_sources(ids: Sequence[UUID], program_id: UUID, span: _Span) -> _Known:
    found = _Known(defaultdict(dict), defaultdict(dict), defaultdict(dict), defaultdict(dict))
    for source in metrics.sources():
        for numbers, since in ((found.now, span.since), (found.kept, span.kept_since), (found.recent, span.recent_since)):
            _add(numbers, source.read(partner_ids=ids, program_id=program_id, since=since, until=span.until))
        if ending := getattr(source, "expiring", None):
            _add(found.ending, ending(partner_ids=ids, program_id=program_id, since=span.until, until=span.warned_until))
    return found


def _add(numbers: dict[UUID, dict[str, Any]], more: Mapping[UUID, Mapping[str, Any]]) -> None:
    for partner_id, values in more.items():
        for name, value in values.items():
            numbers[partner_id].setdefault(name, value)


class _Entered:
    """The values that people entered, at the moment and at the end of the warning time."""

    def __init__(self, ids: Sequence[UUID], span: _Span):
        self.today, self.later = span.until.date(), span.warned_until.date()
        self.rows: dict[tuple[UUID, str], list[MetricValue]] = defaultdict(list)
        for row in MetricValue.objects.filter(partner_id__in=ids, starts_on__lte=self.later).order_by("starts_on"):
            self.rows[row.partner_id, row.metric].append(row)

    def now(self, partner_id: UUID, fact: TierFact) -> Decimal | None:
        return value_on(self.rows.get((partner_id, fact.name), ()), self.today, is_summed=fact.counted)

    def ending(self, partner_id: UUID, fact: TierFact) -> tuple[Decimal, date] | None:
        rows = self.rows.get((partner_id, fact.name), ())
        days = [row.ends_on for row in rows if row.starts_on <= self.today and row.ends_on and self.today < row.ends_on <= self.later]
        lost = (self.now(partner_id, fact) or NONE) - (value_on(rows, self.later, is_summed=fact.counted) or NONE)
        return (lost, min(days)) if days and lost > 0 else None


def value_on(rows: Iterable[MetricValue], day: date, *, is_summed: bool) -> Decimal | None:
    """The value of one metric of one partner on a day: the newest that holds, or all that hold together where single things are counted."""
    holding = [row.amount for row in rows if row.starts_on <= day and (row.ends_on is None or day < row.ends_on)]
    if not holding:
        return None
    return sum(holding, NONE) if is_summed else holding[-1]


class _PointsLines:
    """The points table of the program, asked once for each size and type."""

    def __init__(self, program_id: UUID, at: datetime):
        self.read = rulebook.find_table(kind=POINTS_RULES, program_id=program_id, at=at)
        self.kept: dict[tuple[str, str], tuple[points.PointsLine, ...]] = {}

    def of(self, track: str, partner_type: str) -> tuple[points.PointsLine, ...]:
        if (track, partner_type) not in self.kept:
            self.kept[track, partner_type] = points_lines(self.read, track, partner_type)
        return self.kept[track, partner_type]


def points_lines(read: Any, track: str, partner_type: str) -> tuple[points.PointsLine, ...]:
    """The clauses of a points table that concern partners of this size and type."""
    if read is None:
        return ()
    answers = {clause: read.outcomes[clause] for clause in read.matched({"track": track, "partner_type": partner_type})}
    return tuple(
        points.PointsLine(clause, answer["metric"], Decimal(answer["full_at"]), Decimal(answer["points"]), bool(answer.get("floored")))
        for clause, answer in answers.items()
        if answer.get("metric") and answer.get("full_at") is not None and answer.get("points") is not None
    )


def _sheet(
    member: Member, track: str, known: _Known, entered: _Entered, lines: _PointsLines, computed: Mapping[str, formula.Formula], at: datetime
) -> FactSheet:
    filled = metrics.filled_facts()
    values: dict[str, Any] = {"months_in_program": Decimal(_months(member.since, at))}
    for name, fact in metrics.base_facts().items():
        values[name] = _value(member.partner_id, fact, known.now, filled) if name in filled else entered.now(member.partner_id, fact)
    for name, read in computed.items():
        values[name] = formula.value(read, values)
    score = points.earn(lines.of(track, member.partner_type), values)
    ahead = {name: _ahead(member.partner_id, fact, values[name], known, entered, filled) for name, fact in metrics.base_facts().items()}
    asked = {**values, "points": score.points, "floors_met": score.floors_met, "partner_type": member.partner_type, "track": track}
    return FactSheet(asked, {name: one for name, one in ahead.items() if one}, score)


def _value(partner_id: UUID, fact: TierFact, numbers: Numbers, filled: Mapping[str, FactSource]) -> Decimal | None:
    return numbers[partner_id].get(fact.name, NONE if fact.window == "rolling" else None)


def _ahead(partner_id: UUID, fact: TierFact, now: Decimal | None, known: _Known, entered: _Entered, filled: Mapping[str, FactSource]) -> Projection | None:
    if fact.name in filled and fact.window == "rolling":
        kept, recent = known.kept[partner_id].get(fact.name, NONE), known.recent[partner_id].get(fact.name, NONE)
        return Projection(fact=fact.name, now=now, later=risk.projected(kept=kept, recent=recent))
    ending = known.ending[partner_id].get(fact.name) if fact.name in filled else entered.ending(partner_id, fact)
    return Projection(fact=fact.name, now=now, later=None, lost=ending[0], lost_on=ending[1]) if ending else None


def _months(since: datetime, at: datetime) -> int:
    return max(0, (at.year - since.year) * 12 + at.month - since.month - (at.day < since.day))
