"""Private comparisons with other installations over the API: peers, comparisons, results. People agree here too; nothing starts by itself."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.kernel.api import IdOut, In, Out, Page, PageQuery, RequiredLine, idempotent, needs, paginate
from openprm.mapping.engine.psi.limits import FEW, LEAST, MOST
from openprm.mapping.engine.psi.messages import LONGEST_PURPOSE
from openprm.mapping.queries import private as queries
from openprm.mapping.services import private

peers = Router(tags=["Private comparisons"])
comparisons = Router(tags=["Private comparisons"])

VIEW, COMPARE, PEERS = "mapping.view_private", "mapping.compare_private", "mapping.manage_peers"
ModeName = Literal["count", "reveal"]


def _text(least: int, most: int) -> type[str]:
    return Annotated[str, StringConstraints(strip_whitespace=True, min_length=least, max_length=most)]  # type: ignore[return-value]


class LimitsIn(In):
    """The stricter of both sides counts."""

    least: int = Field(100, ge=LEAST, le=MOST, description="Domains a list must have at least.")
    most: int = Field(1_000_000, ge=LEAST, le=MOST, description="Domains a list may have at most.")
    runs: int = Field(2, ge=1, le=100, description="Comparisons in a period.")
    days: int = Field(30, ge=1, le=3660, description="The period.")
    few: int = Field(20, ge=FEW, le=MOST, description="Two lists of ours must be the same or differ in so many domains.")


class PeerLimitsOut(Out):
    least: int
    most: int
    runs: int
    days: int
    few: int


class PrivatePeerIn(In):
    name: RequiredLine = Field(max_length=80)
    url: _text(9, 300) = Field(examples=["https://partners.bolt.example"])
    public_key: _text(1, 200) = Field(description="The line of 44 signs that the other side gives you.")
    certificate: _text(0, 20_000) = Field("", description="The PEM that alone is trusted there; without it, what this machine trusts.")


class WordsIn(In):
    words: _text(1, 300) = Field(description="The twelve words that the other side reads to you.")


class PrivatePeerOut(Out):
    id: UUID
    name: str
    url: str
    state: str
    fingerprint: str
    limits: PeerLimitsOut
    left: int = Field(description="Comparisons left in the period.")
    next_at: datetime | None


class OwnKeyOut(Out):
    public_key: str
    fingerprint: str
    words: list[str]
    since: datetime


class ComparisonIn(In):
    peer_id: UUID
    list_id: UUID
    mode: ModeName = "count"
    purpose: _text(1, LONGEST_PURPOSE) = Field(description="What the result is for; both sides sign it.")
    days: int = Field(7, ge=1, le=31, description="Days in which it can be answered.")


class AgreeIn(In):
    list_id: UUID
    mode: ModeName = Field(description="What you agree to; it must be what the other side asks for.")


class ComparisonOut(Out):
    id: UUID
    peer_id: UUID
    peer: str
    mode: str
    purpose: str
    state: str
    began_it: bool
    list: str
    agreed_by: str
    agreed_at: datetime | None
    their_agreed_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None
    size: int | None = Field(description="Domains of our list; ours alone to know.")
    our_points: int | None = Field(description="What the other side learns of that: the length, filled up.")
    their_points: int | None
    common: int | None
    problem: str
    transcript_hash: str
    follows_id: UUID | None


class CommonCompanyOut(Out):
    domain: str
    keys: list[str] = Field(description="Our own ids of it.")
    name: str


@peers.get("/key", response=OwnKeyOut | None, summary="Read our own public key")
@needs(VIEW)
def get_private_key_line(request: HttpRequest):
    """Null when none was made yet."""
    found = queries.own_key(request.auth)
    return None if found is None else {"public_key": found.line, "fingerprint": found.fingerprint, "words": list(found.words), "since": found.since}


@peers.get("", response=Page[PrivatePeerOut], summary="List the peers of private comparisons")
@needs(VIEW)
def list_private_peers(request: HttpRequest, query: Query[PageQuery]):
    found = paginate(queries.newest_peers(request.auth), query.cursor, query.limit)
    return {"items": [queries.peer(request.auth, row.pk, request.at) for row in found.items], "next_cursor": found.next_cursor}


@peers.post("", response={201: IdOut}, summary="Add a peer")
@needs(PEERS)
@idempotent
def add_private_peer(request: HttpRequest, data: PrivatePeerIn):
    """Nothing is sent or taken before its key is compared and pinned."""
    draft = private.PeerDraft(name=data.name, url=data.url, public=data.public_key, certificate=data.certificate)
    return Status(201, {"id": private.add_peer(actor=request.auth, draft=draft, at=request.at)})


@peers.post("/{uuid:peer_id}/pin", response={204: None}, summary="Pin the key of a peer")
@needs(PEERS)
@idempotent
def pin_private_peer(request: HttpRequest, peer_id: UUID, data: WordsIn):
    private.pin_peer(actor=request.auth, peer_id=peer_id, words=data.words, at=request.at)
    return Status(204, None)


@peers.put("/{uuid:peer_id}/limits", response={204: None}, summary="Set the limits of a peer")
@needs(PEERS)
@idempotent
def set_private_peer_limits(request: HttpRequest, peer_id: UUID, data: LimitsIn):
    private.set_limits(actor=request.auth, peer_id=peer_id, limits=private.read_limits(**data.dict()), at=request.at)
    return Status(204, None)


@peers.delete("/{uuid:peer_id}", response={204: None}, summary="Revoke a peer")
@needs(PEERS)
@idempotent
def revoke_private_peer(request: HttpRequest, peer_id: UUID):
    """What is open with it ends, its messages are refused; what was compared stays."""
    private.revoke_peer(actor=request.auth, peer_id=peer_id, at=request.at)
    return Status(204, None)


@comparisons.get("", response=Page[ComparisonOut], summary="List private comparisons")
@needs(VIEW)
def list_private_comparisons(request: HttpRequest, query: Query[PageQuery]):
    found = paginate(queries.newest_runs(request.auth), query.cursor, query.limit)
    return {"items": list(queries.runs(found.items)), "next_cursor": found.next_cursor}


@comparisons.post("", response={201: IdOut}, summary="Begin a private comparison")
@needs(COMPARE)
@idempotent
def begin_private_comparison(request: HttpRequest, data: ComparisonIn):
    """You agree for our side. The other side's people decide for theirs."""
    draft = private.RunDraft(peer_id=data.peer_id, population_id=data.list_id, mode=data.mode, purpose=data.purpose, days=data.days)
    return Status(201, {"id": private.start(actor=request.auth, draft=draft, at=request.at)})


@comparisons.get("/{uuid:comparison_id}", response=ComparisonOut, summary="Read a private comparison")
@needs(VIEW)
def get_private_comparison(request: HttpRequest, comparison_id: UUID):
    return queries.run(request.auth, comparison_id)


@comparisons.post("/{uuid:comparison_id}/agree", response={204: None}, summary="Agree to a private comparison")
@needs(COMPARE)
@idempotent
def agree_to_private_comparison(request: HttpRequest, comparison_id: UUID, data: AgreeIn):
    private.agree(actor=request.auth, run_id=comparison_id, population_id=data.list_id, mode=data.mode, at=request.at)
    return Status(204, None)


@comparisons.post("/{uuid:comparison_id}/decline", response={204: None}, summary="Decline a private comparison")
@needs(COMPARE)
@idempotent
def decline_private_comparison(request: HttpRequest, comparison_id: UUID):
    private.decline(actor=request.auth, run_id=comparison_id, at=request.at)
    return Status(204, None)


@comparisons.post("/{uuid:comparison_id}/names", response={201: IdOut}, summary="Ask for the names after a count")
@needs(COMPARE)
@idempotent
def ask_private_names(request: HttpRequest, comparison_id: UUID):
    """You agree for our side to both sides' seeing the names of what is common. It counts as another comparison."""
    return Status(201, {"id": private.ask_names(actor=request.auth, run_id=comparison_id, at=request.at)})


@comparisons.delete("/{uuid:comparison_id}", response={204: None}, summary="Give a private comparison up")
@needs(COMPARE)
@idempotent
def drop_private_comparison(request: HttpRequest, comparison_id: UUID):
    """Its secret is destroyed. One that we answered still counts."""
    private.drop(actor=request.auth, run_id=comparison_id, at=request.at)
    return Status(204, None)


@comparisons.get("/{uuid:comparison_id}/companies", response=Page[CommonCompanyOut], summary="List the companies that both sides have")
@needs(VIEW)
def list_private_common_companies(request: HttpRequest, comparison_id: UUID, query: Query[PageQuery]):
    """Only of a comparison in which both sides agreed to the names."""
    found = paginate(queries.common(request.auth, comparison_id), query.cursor, query.limit)
    return {"items": list(queries.companies(found.items)), "next_cursor": found.next_cursor}


@comparisons.get("/{uuid:comparison_id}/transcript", response=dict[str, Any], summary="Read the signed transcript of a private comparison")
@needs(VIEW)
def get_private_transcript(request: HttpRequest, comparison_id: UUID):
    return json.loads(queries.transcript(request.auth, comparison_id))


ROUTERS = {"private-peers": peers, "private-comparisons": comparisons}
