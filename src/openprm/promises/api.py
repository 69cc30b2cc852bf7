"""/promises: what is promised, what was kept, and the clocks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Query, Router, Status
from pydantic import Field

from openprm.kernel.api import In, Line, Out, Page, PageQuery, Text, idempotent, needs
from openprm.kernel.api.cursors import decode_cursor, encode_cursor
from openprm.promises import queries, services
from openprm.promises.queries import ClockFilters
from openprm.promises.rules.targets import Unit

router = Router(tags=["Promises"])


class TargetOut(Out):
    """A published time and for whom it counts."""

    id: UUID
    number: int
    words: str = Field(examples=["2 working days"])
    for_whom: str = Field(examples=["All partners"])
    program_id: UUID | None
    tier_code: str
    effective_at: datetime
    notice: str
    published_by: str
    published_at: datetime


class PromiseOut(Out):
    code: str = Field(examples=["deals.decision"])
    name: str = Field(examples=["Answer deals in 2 working days"])
    owed_by: str = Field(examples=["vendor"])
    in_force: list[TargetOut]
    coming: list[TargetOut]


class RecordOut(Out):
    """Promised against kept. `total` counts kept and missed, also what is late and still unanswered; not what was withdrawn in time."""

    code: str
    name: str
    owed_by: str
    target_words: str
    kept: int
    total: int
    rate: float | None = Field(description="kept / total; null when there were none.", examples=[0.98])
    median_hours: float | None = Field(description="Hours as the promise counts them, pauses left out.", examples=[5.2])
    p90_hours: float | None
    open: int
    at_risk: int
    overdue: int
    weeks: str = Field(description="26 weeks, oldest first: k all kept, w some late, b half or more late, n none due.", examples=["kkkkwkkkkkkkkkkkkknkkkkkkb"])


class RecordQuery(In):
    partner_id: UUID | None = Field(None, description="One partner; for callers on the vendor's side. A partner always gets its own.")
    weeks: int = Field(26, ge=1, le=260)


class ClockOut(Out):
    """One clock of one promise."""

    id: UUID
    code: str
    state: str = Field(examples=["running"])
    partner_id: UUID
    subject_id: UUID
    subject_label: str
    target_words: str
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None
    answered_at: datetime | None
    overdue: bool
    seconds_left: int = Field(description="Counted seconds that are left, not those of a wall clock.")


class ClockQuery(PageQuery):
    code: str = Field("", max_length=80)
    state: str = Field("", pattern="^(running|overdue|paused|kept|broken|canceled)?$")
    partner_id: UUID | None = None


class TargetIn(In):
    """A new time for a promise. It needs 14 days of notice when it makes things harder for partners."""

    code: Line = Field(examples=["deals.decision"])
    amount: int = Field(ge=1, le=2000, examples=[2])
    unit: Unit = Unit.BUSINESS_DAYS
    program_id: UUID | None = None
    tier_code: Line = Field("", max_length=40)
    effective_at: datetime | None = Field(None, description="Null is at once.")
    notice: Text = ""


@router.get("", response=list[PromiseOut])
@needs("promises.view")
def list_promises(request):
    """What is promised now, to whom, and what changes soon."""
    return queries.promises(request.auth, request.at)


@router.get("/record", response=list[RecordOut])
@needs("promises.view")
def get_promise_record(request, query: Query[RecordQuery]):
    """Promised against kept, by promise."""
    since = queries.since_weeks_ago(request.at, query.weeks)
    return queries.record(request.auth, partner_id=query.partner_id, since=since, at=request.at)


@router.get("/clocks", response=Page[ClockOut])
@needs("promises.view")
def list_promise_clocks(request, query: Query[ClockQuery]):
    """The clocks, the newest started first."""
    filters = ClockFilters(codes=(query.code,) if query.code else (), states=(query.state,) if query.state else (), partner_id=query.partner_id)
    after = decode_cursor(query.cursor) if query.cursor else None
    found: list[Any] = queries.clocks_after(request.auth, filters, after=after, limit=query.limit + 1, at=request.at)
    shown, has_more = found[: query.limit], len(found) > query.limit
    return {"items": shown, "next_cursor": encode_cursor(shown[-1].started_at, shown[-1].id) if has_more else None}


@router.post("/targets", response={201: TargetOut})
@needs("promises.publish")
@idempotent
def publish_promise_target(request, body: TargetIn):
    """Publish a new time for a promise."""
    values = body.dict()
    version = services.publish_target(actor=request.auth, at=request.at, **values)
    return Status(201, queries.target(version.pk, request.at))
