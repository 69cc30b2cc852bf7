"""Signals that wait to be accepted."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.kernel.api import In, Line, Out, Page, PageQuery, idempotent, needs, paginate
from openprm.recruitment import queries, services
from openprm.recruitment.api.fields import Host, Kind

signals = Router(tags=["Recruiting"])


class SignalQuery(PageQuery):
    q: str = Field("", max_length=100)
    state: Literal["new", "accepted", "dismissed"] | None = None
    kind: Kind | None = None
    company_id: UUID | None = None


class SignalIn(In):
    company_id: UUID | None = None
    domain: Host = Field("", examples=["kallio.example"])
    company: Line = Field("", description="The name; needed with a domain that nobody knows yet.")
    kind: Kind
    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)] = Field(examples=["Kubernetes"])
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)] = Field(examples=["job advertisements"])
    observed_at: datetime
    confidence: Annotated[int, Field(ge=0, le=100, description="How sure the source is, in per cent.")]


class SignalOut(Out):
    """A signal with its doubts: what it contradicts, whether it is old or weak. It counts once it is accepted."""

    id: UUID
    company_id: UUID
    company: str
    kind: str
    value: str
    source: str
    observed_at: datetime
    confidence: int
    state: str
    feeds: str
    against: str
    is_stale: bool
    is_weak: bool
    decided_at: datetime | None
    created_at: datetime


@signals.get("", response=Page[SignalOut], summary="List signals")
@needs("recruitment.view")
def list_signals(request: HttpRequest, query: Query[SignalQuery]):
    wanted = {"state": query.state, "kind": query.kind, "company": query.company_id}
    rows = queries.signal_rows(request.auth, search=query.q, filters={name: (value,) for name, value in wanted.items() if value}, at=request.at)
    found = paginate(rows, query.cursor, query.limit)
    return {"items": list(queries.signal_views(found.items, request.at)), "next_cursor": found.next_cursor}


@signals.post("", response={201: SignalOut}, summary="Send a signal")
@needs("recruitment.manage")
@idempotent
def send_signal(request: HttpRequest, data: SignalIn):
    """The same observation twice is kept once. A signal changes no fact before a person accepts it."""
    signal_id = services.record_signal(actor=request.auth, at=request.at, **data.dict())
    return Status(201, queries.signal_of(request.auth, signal_id, request.at))


@signals.post("/{uuid:signal_id}/accept", response=SignalOut, summary="Accept a signal as a fact")
@needs("recruitment.manage")
@idempotent
def accept_signal(request: HttpRequest, signal_id: UUID):
    services.accept_signal(actor=request.auth, signal_id=signal_id, at=request.at)
    return queries.signal_of(request.auth, signal_id, request.at)


@signals.post("/{uuid:signal_id}/dismiss", response=SignalOut, summary="Dismiss a signal")
@needs("recruitment.manage")
@idempotent
def dismiss_signal(request: HttpRequest, signal_id: UUID):
    services.dismiss_signal(actor=request.auth, signal_id=signal_id, at=request.at)
    return queries.signal_of(request.auth, signal_id, request.at)
