"""Every protected deal with the dated work on it, for replaying a draft of the windows that reflect work: the rulebook's what-if (X11).

`settle` is the sum of `rules/evidence_curve.py` on columns; a property test pins the two together. A row of the history is
a piece of evidence, or one of three marks of its deal: "first" (in its first stage), "start" and "end".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.activities import queries as activities
from openprm.deals.evidence_rules import EVIDENCE
from openprm.deals.models import Document, ProtectionGrant, ProtectionStep, Registration, StageMove
from openprm.deals.rulekinds import CURRENCY
from openprm.deals.rules.evidence_curve import DOCUMENT, EVIDENCE_KINDS, STAGE, WEEK, Evidence, StageFrom, WindowFacts
from openprm.deals.rules.window import whole_days
from openprm.deals.window_history import YEAR, ProtectedDeals
from openprm.kernel.money import minor_units
from openprm.partners import queries as partners

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

FIRST, START, END = "first", "start", "end"
NUMBERS = (
    *(f"days_{kind}" for kind in EVIDENCE_KINDS), "self_percent", "self_most", "logged_within", "most_added", "most_days", "quiet_days", "week_days",
    "floor_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One protected deal as the sum reads it. `until` is the last day that counts: the end of its protection, or the day of the replay."""

    subject: str
    at: date
    asks: Mapping[str, Any]
    facts: WindowFacts
    evidence: tuple[Evidence, ...]
    until: date
    booked_minor: int


class WorkedDeals(ProtectedDeals):
    """Fills "rulebook.what_if". Deals that began with a fixed window are replayed with the stage in which they stand, for theirs were not kept."""

    kind = EVIDENCE.code
    cost_about = _("What is kept from others: the booked amount, for the part of a year that the window comes to with the work that was logged.")

    def history(self, *, subject_ids: Sequence[UUID], program_id: UUID | None, months: int, at: datetime) -> pa.Table:
        return as_columns(deals_of(subject_ids, months=months, at=at))

    def settle(self, rows: ibis.Table) -> ibis.Table:
        summed = _summed(_with_gaps(_counted(_terms(rows))))
        room = _least(summed.most_added, summed.most_days - summed.base_days)
        added = _least(_floor(room), summed.verified + _least(summed.self_most, summed.self_reported))
        taken = _least(_floor(summed.base_days - summed.floor_days), summed.lost)
        length = summed.base_days + summed.by_hand + summed.is_work.ifelse(added - taken, 0)
        cost = (summed.booked_minor.cast("float64") * length / YEAR).round(0).cast("int64")
        return summed.select("subject", "at", answer=length.cast("string"), rank=length, cost_minor=cost)


def _terms(rows: ibis.Table) -> ibis.Table:
    """The terms of each row; where its stage has a fixed window, those of the deal's first stage, which say whether work counts at all."""
    import ibis

    said = {name: _number(rows, name) for name in NUMBERS}
    rows = rows.mutate(window=rows.window.fill_null("fixed"), is_mark=rows.piece.isin([FIRST, START, END]), **said)
    whole = ibis.window(group_by="subject", order_by=[(rows.piece != FIRST), rows.day])
    first = {f"first_{name}": rows[name].first().over(whole) for name in NUMBERS}
    rows = rows.mutate(is_work=(rows.window.first().over(whole) == "work"), **first)
    own = rows.window == "work"
    return rows.mutate(**{name: own.ifelse(rows[name], rows[f"first_{name}"]) for name in NUMBERS})


def _counted(rows: ibis.Table) -> ibis.Table:
    """The marks "start" and "end", and the best piece of each kind on each day that gives days at all."""
    import ibis

    full = ibis.cases(*((rows.piece == kind, rows[f"days_{kind}"]) for kind in EVIDENCE_KINDS), else_=0)
    percent = _least(_floor(rows.self_percent), 100)
    given = rows.is_verified.ifelse(full, (full * percent).cast("int64") // 100)
    rows = rows.mutate(points=(rows.is_verified | (rows.late_days <= rows.logged_within)).ifelse(given, 0))
    best = ibis.window(group_by=["subject", "day", "piece"], order_by=[rows.points.desc(), rows.is_verified.desc()])
    rows = rows.mutate(place=ibis.row_number().over(best))
    return rows.filter((rows.place == 0) & (rows.piece != FIRST) & (rows.is_mark | (rows.points > 0)))


def _with_gaps(rows: ibis.Table) -> ibis.Table:
    """What the quiet weeks after each piece of work cost, by the terms of the stage in which the deal stood then."""
    import ibis

    order = ibis.cases((rows.piece == START, 0), (rows.piece == END, 2), else_=1)
    following = ibis.window(group_by="subject", order_by=[rows.day, order])
    gap = rows.day.lead().over(following).delta(rows.day, unit="day").fill_null(0)
    return rows.mutate(lost=(_floor(gap - rows.quiet_days) // WEEK) * rows.week_days)


def _summed(rows: ibis.Table) -> ibis.Table:
    is_piece = ~rows.is_mark
    return rows.group_by(["subject", "at"]).aggregate(
        base_days=rows.base_days.max(), by_hand=rows.by_hand.max(), booked_minor=rows.booked_minor.max(), is_work=rows.is_work.any(),
        verified=rows.points.sum(where=is_piece & rows.is_verified).fill_null(0),
        self_reported=rows.points.sum(where=is_piece & ~rows.is_verified).fill_null(0),
        lost=rows.lost.sum().fill_null(0), **{name: rows[f"first_{name}"].max() for name in ("self_most", "most_added", "most_days", "floor_days")},
    )  # fmt: skip


def _number(rows: ibis.Table, name: str) -> Any:
    """An answer of the table in whole days, 0 where it gives none or has no such column."""
    import ibis

    return _floor(rows[name].fill_null(0).cast("int64")) if name in rows.columns else ibis.literal(0, type="int64")


def _least(one: Any, other: Any) -> Any:
    import ibis

    return ibis.least(one, other)


def _floor(value: Any) -> Any:
    import ibis

    return ibis.greatest(value, 0)


def as_columns(deals: Iterator[Deal] | Sequence[Deal]) -> pa.Table:
    import pyarrow as pa  # only the worker needs it

    exact = pa.decimal128(38, 9)
    kinds = {
        "subject": pa.string(), "at": pa.date32(), "amount": exact, "tier_rank": exact, "tier": pa.string(), "deal_type": pa.string(),
        "territory": pa.string(), "stage": pa.string(), "piece": pa.string(), "day": pa.date32(), "is_verified": pa.bool_(), "late_days": pa.int64(),
        "base_days": pa.int64(), "by_hand": pa.int64(), "booked_minor": pa.int64(),
    }  # fmt: skip
    cases = [row for deal in deals for row in _rows(deal)]
    return pa.table({name: pa.array([case[name] for case in cases], type=kind) for name, kind in kinds.items()})


def _rows(deal: Deal) -> Iterator[Mapping[str, Any]]:
    facts, until = deal.facts, max(deal.until, deal.facts.starts_on)
    shared = {
        "subject": deal.subject, "at": deal.at.replace(day=1), "base_days": facts.base_days, "by_hand": facts.by_hand_days, "booked_minor": deal.booked_minor,
        **deal.asks,
    }  # fmt: skip
    mark = {"is_verified": True, "late_days": 0}
    yield shared | mark | {"piece": FIRST, "day": facts.starts_on, "stage": facts.stages[0].stage}
    yield shared | mark | {"piece": START, "day": facts.starts_on, "stage": facts.stage_on(facts.starts_on)}
    yield shared | mark | {"piece": END, "day": until, "stage": facts.stage_on(until)}
    for one in deal.evidence:
        if facts.starts_on <= one.day <= until:
            late = (one.known_on - one.day).days if one.known_on else 0
            yield shared | {"piece": one.kind, "day": one.day, "stage": facts.stage_on(one.day), "is_verified": one.is_verified, "late_days": late}


def deals_of(subject_ids: Sequence[UUID], *, months: int, at: datetime) -> Iterator[Deal]:
    """The deals with their windows and evidence, in a fixed number of queries. In the system's scope."""
    since = at - timedelta(days=31 * months)
    rows = list(Registration.objects.filter(pk__in=subject_ids, booked_at__gt=since).select_related("territory").order_by("pk"))
    ids = [row.pk for row in rows]
    held = partners.enrollments({row.partner_id for row in rows}, at)
    grants, steps = _by_deal(ProtectionGrant.objects.filter(registration__in=ids)), _by_deal(ProtectionStep.objects.filter(registration__in=ids))
    moves = _by_deal(StageMove.objects.filter(registration__in=ids).order_by("moved_at", "id"))
    files = _by_deal(Document.objects.filter(registration__in=ids, visibility="shared", author_side="partner"))
    work = activities.work_on_many({row.pk: (row.partner_id, row.account_id) for row in rows})
    for row in rows:
        if grants.get(row.pk):
            facts = _facts(row, grants[row.pk], steps.get(row.pk, []), moves.get(row.pk, []))
            yield Deal(
                subject=str(row.pk), at=row.booked_at.date(), asks=_asks(row, held.get(row.partner_id)), facts=facts, booked_minor=row.base_amount_minor,
                evidence=(*_work(work.get(row.pk, ())), *_stages(moves.get(row.pk, [])), *_files(files.get(row.pk, []))), until=_until(grants[row.pk], at),
            )  # fmt: skip


def _by_deal(rows: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.registration_id, []).append(row)
    return found


def _facts(row: Registration, grants: list[Any], steps: list[Any], moves: list[Any]) -> WindowFacts:
    opened = next((step for step in steps if step.kind == ProtectionStep.Kind.OPENED), None)
    starts_at = opened.at if opened else min(grant.starts_at for grant in grants)
    base = opened.days if opened else whole_days(max(grant.ends_at for grant in grants) - starts_at)
    by_hand = sum(step.days for step in steps if step.kind == ProtectionStep.Kind.BY_HAND)
    stages = (StageFrom(day=starts_at.date(), stage=opened.cause if opened else str(row.stage)), *(_stage(move) for move in moves))
    return WindowFacts(starts_on=starts_at.date(), base_days=base, by_hand_days=by_hand, stages=stages)


def _stage(move: StageMove) -> StageFrom:
    return StageFrom(day=move.moved_at.date(), stage=move.stage)


def _until(grants: list[Any], at: datetime) -> date:
    """A window that ended is quiet no longer."""
    return min(at, max(grant.ended_at or at for grant in grants)).date()


def _asks(row: Registration, held: Any) -> Mapping[str, Any]:
    return {
        "amount": Decimal(row.base_amount_minor).scaleb(-minor_units(CURRENCY)), "tier_rank": Decimal(held.tier_rank) if held else None,
        "tier": held.tier_code if held else None, "deal_type": str(row.deal_type), "territory": row.territory.code if row.territory else None,
    }  # fmt: skip


def _work(found: Sequence[Any]) -> list[Evidence]:
    return [Evidence(kind=one.kind, day=one.occurred_at.date(), ref=str(one.id), is_verified=one.is_verified, known_on=one.recorded_at.date()) for one in found]


def _stages(moves: list[Any]) -> list[Evidence]:
    return [Evidence(kind=STAGE, day=move.moved_at.date(), ref=str(move.pk), is_verified=True) for move in moves]


def _files(files: list[Any]) -> list[Evidence]:
    return [Evidence(kind=DOCUMENT, day=file.created_at.date(), ref=str(file.pk), is_verified=True) for file in files]
