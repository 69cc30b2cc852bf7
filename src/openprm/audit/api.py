"""/audit: events, proofs, seals and the public keys."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Path, Query, Router
from pydantic import Field

from openprm.audit import queries
from openprm.audit.queries import Search
from openprm.kernel.api import In, Out, Page, PageQuery, needs
from openprm.kernel.api.cursors import decode_cursor, encode_cursor

router = Router(tags=["Audit"])


class ChangeOut(Out):
    field: str = Field(examples=["amount_minor"])
    label: str = Field(examples=["Amount"])
    old: str = Field(examples=["€180,000.00"])
    new: str = Field(examples=["€240,000.00"])


class EventOut(Out):
    """One line of the log, as far as this caller may read it."""

    id: UUID
    at: datetime
    verb: str = Field(examples=["deal.approved"])
    label: str = Field(examples=["approved the registration"])
    actor_name: str = Field(examples=["Ingrid Solberg"])
    actor_side: str = Field(examples=["vendor"])
    subject_type: str = Field(examples=["deals.registration"])
    subject_id: UUID
    subject_label: str = Field(examples=["DR-000123 Ostrava Steelworks"])
    note: str
    data: dict[str, Any]
    changes: list[ChangeOut]
    seal: int | None = Field(description="The number of the seal over this event; null while it waits for one.", examples=[421])


class EventQuery(PageQuery):
    verb: str = Field("", max_length=80, examples=["deal.approved"])
    ref: UUID | None = Field(None, description="Only events of the timeline of this object: a registration, an account, a partner.")
    person: str = Field("", max_length=100, description="A part of the name of who did it.")
    since: datetime | None = None
    until: datetime | None = None


class SealOut(Out):
    """One seal: the root over a batch of events, the hash of the seal before, and what was signed."""

    number: int
    at: datetime
    size: int = Field(description="How many events it holds.")
    root: str
    previous: str
    hash: str
    key: str = Field(description="Fingerprint of the key that signed it.")


class SealQuery(In):
    before: int | None = Field(None, ge=1, le=2**53, description="Only seals with a lower number.")
    limit: int = Field(50, ge=1, le=200)


class SealList(Out):
    items: list[SealOut]
    next_before: int | None = Field(description="Send it as `before` for the next page; null on the last.")


class KeyOut(Out):
    fingerprint: str
    public_key: str = Field(description="The Ed25519 public key, 32 bytes in base64.")
    endorsed_by: str = Field(description="Fingerprint of the key before, when that one signed this one.")


class ProofQuery(In):
    private: bool = Field(False, description="Open the private half; for callers on the vendor's side.")


@router.get("/events", response=Page[EventOut])
@needs("audit.view")
def list_audit_events(request, query: Query[EventQuery]):
    """What happened, newest first: all of it for the vendor, what is visible to it for a partner."""
    search = Search(person=query.person, verbs=(query.verb,) if query.verb else (), ref=query.ref, since=query.since, until=query.until)
    after = decode_cursor(query.cursor) if query.cursor else None
    found = queries.events_after(request.auth, search, after=after, limit=query.limit + 1)
    shown, has_more = found[: query.limit], len(found) > query.limit
    return {"items": shown, "next_cursor": encode_cursor(shown[-1].at, shown[-1].id) if has_more else None}


@router.get("/events/{uuid:event_id}", response=EventOut)
@needs("audit.view")
def get_audit_event(request, event_id: UUID):
    """One event."""
    return queries.event(request.auth, event_id)


@router.get("/events/{uuid:event_id}/proof", response=dict[str, Any])
@needs("audit.view")
def get_audit_proof(request, event_id: UUID, query: Query[ProofQuery]):
    """The proof that the event stands in the sealed log; see docs/algorithms/audit-log.md. 409 while it waits for its seal."""
    return queries.proof(request.auth, event_id, with_private=query.private)


@router.get("/seals", response=SealList)
@needs("audit.view")
def list_audit_seals(request, query: Query[SealQuery]):
    """The seals, newest first. They hold hashes only and are the same for everybody."""
    found = queries.seals_before(request.auth, query.before, limit=query.limit + 1)
    shown, has_more = found[: query.limit], len(found) > query.limit
    return {"items": shown, "next_before": shown[-1].number if has_more else None}


SealNumber = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/seals/{int:number}/checkpoint", response=dict[str, Any])
@needs("audit.view")
def get_audit_checkpoint(request, number: SealNumber):
    """A signed seal to keep outside: with it `openprm verify-log --checkpoint` tells whether the log was written anew."""
    return queries.checkpoint(request.auth, number)


@router.get("/public-key", response=list[KeyOut])
@needs("audit.view")
def list_audit_keys(request):
    """The keys that sign seals, the one in use first."""
    return [{"fingerprint": key.fingerprint, "public_key": key.text, "endorsed_by": key.endorsed_by} for key in queries.public_keys()]
