"""/rules: the rules in words and as graphs, dry evaluation, drafts and publication."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Status
from pydantic import AwareDatetime, Field

from openprm.kernel.api import In, Out, Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates

from . import queries, services
from .rules.jdm import to_jdm

router = Router(tags=["Rules"])
Kind = Annotated[str, Path(max_length=80, description="The kind of rules.", examples=["deals.decision"])]
LARGEST = 10**15
FactIn = bool | Annotated[int, Field(ge=-LARGEST, le=LARGEST)] | Annotated[float, Field(ge=-LARGEST, le=LARGEST)] | Annotated[str, Field(max_length=500)] | None
EXAMPLE_GRAPH = {"contentType": "application/vnd.gorules.decision", "nodes": [], "edges": []}


class VersionLineOut(Out):
    id: UUID
    number: int
    state: str = Field(examples=["published"])
    effective_at: datetime | None = Field(description="Null: since the beginning.")
    ends_at: datetime | None
    published_at: datetime
    note: str
    is_in_force: bool
    is_upcoming: bool


class RuleOut(Out):
    """A kind in one scope: the general rules, or those of one program."""

    kind: str = Field(examples=["deals.decision"])
    title: str
    about: str
    program_id: UUID | None
    program_name: str
    clauses: int
    in_force: VersionLineOut | None
    upcoming: list[VersionLineOut]


class RuleListOut(Out):
    items: list[RuleOut]


class ClauseOut(Out):
    clause: str = Field(examples=["R2"])
    text: str = Field(examples=["If the amount is up to €50,000 and no conflict is found, the registration is approved at once."])
    note: str


class ClauseChangeOut(Out):
    change: str = Field(examples=["changed"], description="added, removed, changed or moved.")
    clause: str
    before: str
    after: str


class UpcomingOut(Out):
    version: VersionLineOut
    changes: list[ClauseChangeOut]


class RuleWordsOut(Out):
    """The rules in force in words, and what is about to change."""

    kind: str
    title: str
    about: str
    program_id: UUID | None
    program_name: str
    collects: bool = Field(description="Every clause that fits applies; else the first one does.")
    version: VersionLineOut
    sha256: str
    clauses: list[ClauseOut]
    upcoming: list[UpcomingOut]


class VersionListOut(Out):
    items: list[VersionLineOut]


class RuleQuery(In):
    program_id: UUID | None = Field(None, description="The program; without it, the general rules.")


class EvaluateIn(In):
    """Facts by name. Numbers and amounts may be sent as text to stay exact; a fact left out is not known."""

    program_id: UUID | None = None
    inputs: dict[Annotated[str, Field(max_length=60)], FactIn] = Field(max_length=100, examples=[{"amount": "40000", "conflict": "none"}])


class VerdictOut(Out):
    """What the rules in force answer. Nothing is recorded."""

    kind: str
    outcome: dict[str, Any] | None = Field(examples=[{"decision": "approve", "days": 90}])
    clause: str = Field(examples=["R2"])
    clause_text: str
    inputs: dict[str, Any]
    missing: list[str] = Field(description="Facts that the table asks for and that are not known.")
    would_change: list[str] = Field(description="The smallest changes of one fact that would lead to another answer, in words.")
    version_id: UUID
    version: int


class DraftBeginIn(In):
    program_id: UUID | None = None


class DraftIn(In):
    """The table as a decision graph (JDM): one input, one decision table, one output."""

    graph: dict[str, Any] = Field(max_length=20, examples=[EXAMPLE_GRAPH])


class DraftOut(Out):
    id: UUID
    kind: str
    program_id: UUID | None
    revision: int
    earliest_at: datetime = Field(description="The first moment at which it may take effect if it is published now.")
    clauses: list[ClauseOut]
    changes: list[ClauseChangeOut]
    graph: dict[str, Any]


class PublishIn(In):
    effective_at: AwareDatetime | None = Field(None, description="With a zone. By default the end of the notice period.")
    note: str = Field("", max_length=500, description="Partners read it beside the change.")


class MonthOut(Out):
    month: str = Field(examples=["2026-11-01"])
    better: int
    worse: int
    cost_before: int = Field(description="In minor units.")
    cost_after: int


class MoveOut(Out):
    before: str = Field(examples=["Silver"])
    after: str = Field(examples=["Gold"])
    count: int


class ReplayOut(Out):
    """A what-if run: progress while it runs, then who would have stood better or worse, and the cost under both tables."""

    id: UUID
    draft_id: UUID
    kind: str
    state: str = Field(description="running, done or failed.")
    percent: int
    total: int
    cases: int
    seconds: float
    months: int
    is_current: bool = Field(description="It speaks of the draft and the rules as they stand now.")
    problem: str
    currency: str
    up: int
    down: int
    past: int = Field(description="The same today, but different in some month.")
    same: int
    cost_before_minor: int
    cost_after_minor: int
    moves: list[MoveOut]
    by_month: list[MonthOut]


class SubjectOut(Out):
    id: UUID
    label: str
    direction: str
    before: str
    after: str
    cost_before_minor: int
    cost_after_minor: int
    months_better: int
    months_worse: int


class ReplayIn(In):
    months: int | None = Field(None, ge=1, le=36, description="By default as many as the history of the kind suggests.")


@router.get("", response=RuleListOut)
@needs("rulebook.view")
def list_rules(request: HttpRequest):
    """The kinds of rules, with what is in force and what is announced."""
    return {"items": queries.list_rules(actor=request.auth, at=request.at)}


@router.get("/{str:kind}", response=RuleWordsOut)
@needs("rulebook.view")
def get_rule(request: HttpRequest, kind: Kind, query: Query[RuleQuery]):
    """The rules of one kind in words."""
    return queries.rules_in_words(actor=request.auth, kind=kind, program_id=query.program_id, at=request.at)


@router.get("/{str:kind}/versions", response=VersionListOut)
@needs("rulebook.view")
def list_rule_versions(request: HttpRequest, kind: Kind, query: Query[RuleQuery]):
    """Published and withdrawn versions, newest first."""
    return {"items": queries.versions(actor=request.auth, kind=kind, program_id=query.program_id, at=request.at)}


@router.post("/{str:kind}/evaluate", response=VerdictOut)
@needs("rulebook.view")
@idempotent
def evaluate_rule(request: HttpRequest, kind: Kind, body: EvaluateIn):
    """Ask the rules in force, without recording the answer."""
    queries.get_kind_for(request.auth, kind)
    return services.evaluate(kind=kind, program_id=body.program_id, inputs=body.inputs, at=request.at)


@router.post("/{str:kind}/drafts", response={201: DraftOut})
@needs("rulebook.edit")
@idempotent
def begin_rule_draft(request: HttpRequest, kind: Kind, body: DraftBeginIn, response: HttpResponse):
    """Begin a draft as a copy of the newest announced version."""
    draft_id = services.create_draft(actor=request.auth, kind=kind, program_id=body.program_id, at=request.at)
    return Status(201, _draft(request, draft_id, response))


@router.get("/drafts/{uuid:draft_id}", response=DraftOut)
@needs("rulebook.edit")
def get_rule_draft(request: HttpRequest, draft_id: UUID, response: HttpResponse):
    """A draft with its graph and what it changes."""
    return _draft(request, draft_id, response)


@router.put("/drafts/{uuid:draft_id}", response=DraftOut)
@needs("rulebook.edit")
@updates
@idempotent
def save_rule_draft(request: HttpRequest, draft_id: UUID, body: DraftIn, response: HttpResponse):
    """Replace the draft's table. Problems name row and column."""
    found = queries.draft(actor=request.auth, draft_id=draft_id, at=request.at)
    require_match(request, found.revision)
    table = services.read_graph(body.graph, queries.get_kind(found.kind))
    services.save_draft(actor=request.auth, draft_id=draft_id, table=table, revision=found.revision, at=request.at)
    return _draft(request, draft_id, response)


@router.delete("/drafts/{uuid:draft_id}", response={204: None})
@needs("rulebook.edit")
@idempotent
def discard_rule_draft(request: HttpRequest, draft_id: UUID):
    """Throw the draft away."""
    services.discard_draft(actor=request.auth, draft_id=draft_id, at=request.at)
    return Status(204, None)


@router.post("/drafts/{uuid:draft_id}/publish", response=VersionLineOut)
@needs("rulebook.publish")
@idempotent
def publish_rule_draft(request: HttpRequest, draft_id: UUID, body: PublishIn):
    """Announce the draft; it takes effect after the notice period at the earliest."""
    version_id = services.publish(actor=request.auth, draft_id=draft_id, effective_at=body.effective_at, note=body.note, at=request.at)
    return queries.version(actor=request.auth, version_id=version_id, at=request.at).version


@router.post("/drafts/{uuid:draft_id}/replay", response={202: ReplayOut})
@needs("rulebook.edit")
@idempotent
def replay_rule_draft(request: HttpRequest, draft_id: UUID, body: ReplayIn):
    """Start a what-if run of the saved draft over the real history. Ask for it again until it is done."""
    replay_id = services.begin_replay(actor=request.auth, draft_id=draft_id, months=body.months, at=request.at)
    return Status(202, _replay(queries.replay(actor=request.auth, replay_id=replay_id, at=request.at)))


@router.get("/replays/{uuid:replay_id}", response=ReplayOut)
@needs("rulebook.edit")
def get_rule_replay(request: HttpRequest, replay_id: UUID):
    """A what-if run with its progress and sums."""
    return _replay(queries.replay(actor=request.auth, replay_id=replay_id, at=request.at))


@router.get("/replays/{uuid:replay_id}/subjects", response=Page[SubjectOut])
@needs("rulebook.edit")
def list_rule_replay_subjects(request: HttpRequest, replay_id: UUID, query: Query[PageQuery]):
    """Winners and losers by name."""
    currency = queries.replay_currency(request.auth, replay_id)
    found = paginate(queries.newest_replay_subjects(actor=request.auth, replay_id=replay_id), query.cursor, query.limit)
    return {"items": [_subject(queries.subject_row(row, currency)) for row in found.items], "next_cursor": found.next_cursor}


@router.post("/versions/{uuid:version_id}/withdraw", response=VersionLineOut)
@needs("rulebook.publish")
@idempotent
def withdraw_rule_version(request: HttpRequest, version_id: UUID):
    """Take back an announced version before it takes effect."""
    services.withdraw(actor=request.auth, version_id=version_id, at=request.at)
    return queries.version(actor=request.auth, version_id=version_id, at=request.at).version


def _draft(request: HttpRequest, draft_id: UUID, response: HttpResponse) -> dict[str, Any]:
    found = queries.draft(actor=request.auth, draft_id=draft_id, at=request.at)
    response["ETag"] = etag_of(found.revision)
    names = ("id", "kind", "program_id", "revision", "earliest_at", "clauses", "changes")
    return {name: getattr(found, name) for name in names} | {"graph": to_jdm(found.table, queries.get_kind(found.kind))}


def _replay(found: queries.ReplayView) -> dict[str, Any]:
    tally = found.tally
    names = ("id", "draft_id", "kind", "state", "percent", "total", "cases", "seconds", "months", "is_current", "problem", "currency")
    return {
        **{name: getattr(found, name) for name in names}, "up": tally.up, "down": tally.down, "past": tally.past, "same": tally.same,
        "cost_before_minor": tally.cost_before, "cost_after_minor": tally.cost_after, "by_month": list(tally.months),
        "moves": [{"before": before, "after": after, "count": count} for (before, after), count in tally.moves.items()],
    }  # fmt: skip


def _subject(row: queries.SubjectRow) -> dict[str, Any]:
    names = ("id", "label", "direction", "before", "after", "months_better", "months_worse")
    costs = {"cost_before_minor": row.cost_before.minor, "cost_after_minor": row.cost_after.minor}
    return {**{name: getattr(row, name) for name in names}, **costs}
