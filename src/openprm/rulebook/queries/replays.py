"""What-if runs as their readers see them: progress, sums, and the winners and losers by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.money import Money
from openprm.kernel.registry import registry
from openprm.ui.paging import PageRequest, Slice, slice_of

from .. import policies
from ..models import Replay, ReplaySubject, RuleVersion
from ..ports import WhatIfSource
from ..rules.reading import ReadTable
from ..rules.replay import Tally
from .kinds import get_kind, program_name
from .reading import base_of

PORT = "rulebook.what_if"
SORTS = {"label": "label", "cost": "cost_minor", "before": "rank_before", "after": "rank_after"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayView:
    """One run. `is_current` says that it speaks of the draft as it stands now, against the rules as they stand now."""

    id: UUID
    draft_id: UUID
    kind: str
    title: str
    program_name: str
    state: str
    percent: int
    total: int
    done: int
    cases: int
    seconds: float
    months: int
    until: datetime
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None
    problem: str
    tally: Tally
    currency: str
    subject_label: str
    answer_label: str
    cost_about: str
    is_required: bool
    is_current: bool
    is_draft: bool

    @property
    def cost(self) -> Money:
        return Money(self.tally.cost, self.currency)

    @property
    def cost_before(self) -> Money:
        return Money(self.tally.cost_before, self.currency)

    @property
    def cost_after(self) -> Money:
        return Money(self.tally.cost_after, self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRow:
    """A winner or a loser."""

    id: UUID
    label: str
    direction: str
    before: str
    after: str
    cost_before: Money
    cost_after: Money
    cost: Money
    months_better: int
    months_worse: int


def find_source(kind: str) -> WhatIfSource | None:
    """Who keeps the history of these rules, if anybody does."""
    return next((source for source in registry.filling(PORT) if source.kind == kind), None)


def replay(*, actor: Actor, replay_id: UUID, at: datetime) -> ReplayView:
    """Raises NotFound, for partners always."""
    return _view(policies.reach_replays(actor).select_related("version__rule_set").one(replay_id), at)


def newest_replay(*, actor: Actor, draft_id: UUID, at: datetime) -> ReplayView | None:
    """The last run of a draft, whether or not the draft was changed since."""
    row = policies.reach_replays(actor).filter(version_id=draft_id).select_related("version__rule_set").order_by("-requested_at", "-id").first()
    return _view(row, at) if row else None


def replay_subjects(*, actor: Actor, replay_id: UUID, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    """Winners and losers, a page of them. Two queries."""
    currency = replay_currency(actor, replay_id)
    return slice_of(_filtered(actor, replay_id, search, filters), page, order_by=SORTS).map(lambda row: _row(row, currency))


def export_replay_subjects(*, actor: Actor, replay_id: UUID, search: str = "", filters: Mapping[str, Any]) -> Iterator[SubjectRow]:
    currency = replay_currency(actor, replay_id)
    for row in _filtered(actor, replay_id, search, filters).order_by("label", "pk").iterator(chunk_size=1000):
        yield _row(row, currency)


def newest_replay_subjects(*, actor: Actor, replay_id: UUID) -> ScopedQuerySet:
    """For the API: rows that `subject_row` reads."""
    return _filtered(actor, replay_id, "", {})


def replay_currency(actor: Actor, replay_id: UUID) -> str:
    source = find_source(policies.reach_replays(actor).one(replay_id).kind)
    return source.currency if source else "EUR"


def subject_row(row: ReplaySubject, currency: str) -> SubjectRow:
    return _row(row, currency)


def _filtered(actor: Actor, replay_id: UUID, search: str, filters: Mapping[str, Any]) -> ScopedQuerySet:
    rows = ReplaySubject.objects.filter(replay__in=policies.reach_replays(actor).filter(pk=replay_id).values("pk"))
    if wanted := filters.get("direction"):
        rows = rows.filter(direction__in=wanted)
    return rows.filter(label__icontains=search) if search else rows


def _row(row: ReplaySubject, currency: str) -> SubjectRow:
    return SubjectRow(
        id=row.subject_id, label=row.label, direction=row.direction, before=row.before, after=row.after,
        cost_before=Money(row.cost_before_minor, currency), cost_after=Money(row.cost_after_minor, currency), cost=Money(row.cost_minor, currency),
        months_better=row.months_better, months_worse=row.months_worse,
    )  # fmt: skip


def _view(row: Replay, at: datetime) -> ReplayView:
    source, kind = find_source(row.kind), get_kind(row.kind)
    return ReplayView(
        id=row.pk, draft_id=row.version_id, kind=row.kind, title=str(kind.title), program_name=program_name(kind, row.program_id), state=row.state,
        percent=100 if row.state == Replay.State.DONE else row.done * 100 // max(row.total, 1), total=row.total, done=row.done, cases=row.cases,
        seconds=row.milliseconds / 1000, months=row.months, until=row.until, requested_by=row.requested_by_name, requested_at=row.requested_at,
        finished_at=row.finished_at, problem=row.problem, tally=Tally.from_json(row.tally), currency=source.currency if source else "EUR",
        subject_label=str(source.subject_label) if source else "", answer_label=str(source.answer_label) if source else "",
        cost_about=str(source.cost_about) if source else "", is_required=bool(source and source.is_required),
        is_current=_is_current(row, at), is_draft=row.version.state == RuleVersion.State.DRAFT,
    )  # fmt: skip


def _is_current(row: Replay, at: datetime) -> bool:
    if row.version.state != RuleVersion.State.DRAFT:
        return row.version.sha256 == row.sha256
    base = base_of(row.version.rule_set, at)
    return row.version.sha256 == row.sha256 and row.base_sha256 == (base.sha256 if base else "")


def compare_at_once(source: WhatIfSource, history: Any, before: ReadTable, after: ReadTable) -> Any:
    """Two tables over one history, here and now: for a few thousand cases that somebody waits for. Gives an `engine.replay.Compared`."""
    from ..engine.replay import compare  # the columnar engine takes a second to load

    return compare(source, history, before, after)
