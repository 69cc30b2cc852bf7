"""Account mapping over the API: own lists and their rows, what is shown, and what both sides have."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.kernel.api import AmountMinor, Currency, IdOut, In, Out, Page, PageQuery, idempotent, needs, paginate
from openprm.kernel.errors import NotFound
from openprm.mapping import queries, services
from openprm.mapping.rules.filters import Filter

lists = Router(tags=["Account lists"])
mapping = Router(tags=["Account mapping"])

KindName = Literal["customers", "open_deals", "prospects", "own"]
SourceName = Literal["records", "upload", "api"]
LevelName = Literal["hidden", "counts", "overlaps", "all"]
PurposeName = Literal["selling", "planning", "marketing", "success"]
FieldName = Literal["identifiers", "deals", "people"]
Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
MOST_ROWS = 2_000


def _text(most: int) -> type[str]:
    return Annotated[str, StringConstraints(strip_whitespace=True, max_length=most)]  # type: ignore[return-value]


class MoneyOut(Out):
    minor: int
    currency: str


class TermsOut(Out):
    level: str
    fields: list[str]
    purpose: str
    days: int


class ListOut(Out):
    id: UUID
    name: str
    kind: str
    source: str
    row_count: int
    refreshed_at: datetime | None
    general: TermsOut | None = Field(description="What everybody sees whom you compare with; null is nothing.")
    version: int


class ListIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)] = Field(examples=["Customers in Finland"])
    kind: KindName
    source: SourceName = "api"
    countries: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]] = Field(default_factory=list, max_length=50)


class DealIn(In):
    id: Key
    amount_minor: AmountMinor
    currency: Currency
    stage: _text(60) = ""


class CompanyIn(In):
    """A company; `id` is its id in your own system."""

    id: Key
    name: _text(300) = ""
    domain: _text(253) = ""
    country: _text(60) = ""
    city: _text(120) = ""
    lei: _text(40) = ""
    duns: _text(40) = ""
    vat: _text(40) = ""
    owner: _text(120) = ""
    email: _text(254) = ""
    deals: list[DealIn] = Field(default_factory=list, max_length=200)


class CompaniesIn(In):
    items: list[CompanyIn] = Field(min_length=1, max_length=MOST_ROWS)


class KeysIn(In):
    ids: list[Key] = Field(min_length=1, max_length=MOST_ROWS)


class CompanyOut(Out):
    """What was not granted is empty; `key` is yours alone."""

    id: UUID
    key: str
    name: str
    domain: str
    country: str
    city: str
    identifiers: dict[str, str]
    people: dict[str, str]
    deals: list[MoneyOut]


class RowsOut(Out):
    added: int
    changed: int
    gone: int
    same: int


class CountOut(Out):
    count: int


class TermsIn(In):
    level: LevelName
    fields: list[FieldName] = Field(default_factory=list, max_length=3)
    purpose: PurposeName = "selling"
    days: int = Field(365, ge=1, le=730)
    partner_id: UUID | None = Field(None, description="One partner alone; without it, everybody you compare with.")


class ShownOut(Out):
    id: UUID
    name: str
    kind: str
    row_count: int
    level: str
    fields: list[str]
    purpose: str
    expires_at: datetime


class CellOut(Out):
    mine_id: UUID
    theirs_id: UUID
    count: int | None = Field(description="Null where only counts are shown and this one is too small to tell.")
    level: str


class MatrixOut(Out):
    we_agreed: bool
    they_agreed: bool
    theirs: list[ShownOut]
    cells: list[CellOut]


class OverlapOut(Out):
    id: UUID
    mine: CompanyOut
    theirs: CompanyOut
    percent: int
    matched_on: list[str]
    state: str


class CellQuery(PageQuery):
    mine_id: UUID
    theirs_id: UUID


class WhitespaceQuery(PageQuery):
    theirs_id: UUID


@lists.get("", response=list[ListOut], summary="List our lists")
@needs("mapping.view")
def list_account_lists(request: HttpRequest):
    return list(queries.lists(request.auth))


@lists.post("", response={201: IdOut}, summary="Make a list")
@needs("mapping.manage")
@idempotent
def add_account_list(request: HttpRequest, data: ListIn):
    """Nobody else sees it before you say so."""
    draft = services.ListDraft(name=data.name, kind=data.kind, source=data.source, filter=Filter(countries=tuple(sorted(data.countries))))
    return Status(201, {"id": services.create_list(actor=request.auth, draft=draft, at=request.at)})


@lists.delete("/{uuid:list_id}", response={204: None}, summary="Put a list away")
@needs("mapping.manage")
@idempotent
def remove_account_list(request: HttpRequest, list_id: UUID):
    """Its rows are deleted; the log of who looked stays."""
    services.archive_list(actor=request.auth, population_id=list_id, at=request.at)
    return Status(204, None)


@lists.get("/{uuid:list_id}/companies", response=Page[CompanyOut], summary="List the companies of a list of ours")
@needs("mapping.view")
def list_account_list_companies(request: HttpRequest, list_id: UUID, query: Query[PageQuery]):
    found = paginate(queries.newest_companies(request.auth, list_id), query.cursor, query.limit)
    return {"items": list(queries.companies(request.auth, found.items, request.at)), "next_cursor": found.next_cursor}


@lists.post("/{uuid:list_id}/companies", response=RowsOut, summary="Add or change companies of a list")
@needs("mapping.manage")
@idempotent
def put_account_list_companies(request: HttpRequest, list_id: UUID, data: CompaniesIn):
    """Up to 2,000, by your own ids; all are taken, or none. Companies that you do not name stay."""
    rows = [_row(item) for item in data.items]
    return services.put_rows(actor=request.auth, population_id=list_id, rows=rows, at=request.at)


def _row(item: CompanyIn) -> services.Row:
    told = item.dict(exclude={"id", "deals"})
    return services.Row(key=item.id, deals=tuple((deal.id, deal.amount_minor, deal.currency, deal.stage) for deal in item.deals), **told)


@lists.post("/{uuid:list_id}/companies/remove", response=CountOut, summary="Take companies out of a list")
@needs("mapping.manage")
@idempotent
def drop_account_list_companies(request: HttpRequest, list_id: UUID, data: KeysIn):
    return {"count": services.drop_rows(actor=request.auth, population_id=list_id, keys=data.ids, at=request.at)}


@lists.put("/{uuid:list_id}/terms", response={204: None}, summary="Say what is shown of a list")
@needs("mapping.share")
@idempotent
def set_account_list_terms(request: HttpRequest, list_id: UUID, data: TermsIn):
    """It holds at once. The same terms again renew a grant that ran out."""
    terms = services.read_terms(level=data.level, fields=data.fields, purpose=data.purpose, days=data.days)
    services.set_terms(actor=request.auth, population_id=list_id, terms=terms, partner_id=data.partner_id, at=request.at)
    return Status(204, None)


@mapping.get("/{uuid:partner_id}", response=MatrixOut, summary="Read what both sides have, in numbers")
@needs("mapping.view")
def get_account_matrix(request: HttpRequest, partner_id: UUID):
    """Own lists against those of which the other side shows something."""
    _refuse_stranger(request, partner_id)
    found, stands = queries.matrix(request.auth, partner_id, request.at), queries.connection(request.auth, partner_id)
    cells = [cell for row in found.rows for cell in row.cells]
    return {"we_agreed": stands.we_agreed, "they_agreed": stands.they_agreed, "theirs": list(found.theirs), "cells": cells}


def _refuse_stranger(request: HttpRequest, partner_id: UUID) -> None:
    if request.auth.is_partner and partner_id != request.auth.partner_id:
        raise NotFound()


@mapping.get("/{uuid:partner_id}/overlaps", response=Page[OverlapOut], summary="List the companies that both have")
@needs("mapping.view")
def list_account_overlaps(request: HttpRequest, partner_id: UUID, query: Query[CellQuery]):
    """Of one list of ours and one of theirs whose overlaps are shown. The other side reads that you looked."""
    _refuse_stranger(request, partner_id)
    found = paginate(queries.newest_matches(request.auth, query.mine_id, query.theirs_id, request.at), query.cursor, query.limit)
    items = list(queries.overlaps(request.auth, found.items, request.at))
    services.note_look(actor=request.auth, population_id=query.theirs_id, what="overlaps", rows=len(items), at=request.at)
    return {"items": items, "next_cursor": found.next_cursor}


@mapping.get("/{uuid:partner_id}/whitespace", response=Page[CompanyOut], summary="List the companies that only the other side has")
@needs("mapping.view")
def list_account_whitespace(request: HttpRequest, partner_id: UUID, query: Query[WhitespaceQuery]):
    """Only where all of their list is shown. The other side reads that you looked."""
    _refuse_stranger(request, partner_id)
    found = paginate(queries.whitespace(request.auth, query.theirs_id, request.at), query.cursor, query.limit)
    items = list(queries.companies(request.auth, found.items, request.at))
    services.note_look(actor=request.auth, population_id=query.theirs_id, what="whitespace", rows=len(items), at=request.at)
    return {"items": items, "next_cursor": found.next_cursor}


@mapping.post("/{uuid:partner_id}/agreement", response={204: None}, summary="Agree to compare lists")
@needs("mapping.share")
@idempotent
def agree_to_compare(request: HttpRequest, partner_id: UUID):
    """Nothing is compared before the other side agrees too."""
    services.agree(actor=request.auth, partner_id=partner_id, at=request.at)
    return Status(204, None)


@mapping.delete("/{uuid:partner_id}/agreement", response={204: None}, summary="End the comparing of lists")
@needs("mapping.share")
@idempotent
def end_comparing(request: HttpRequest, partner_id: UUID):
    """Every grant ends at once, in both directions."""
    services.end(actor=request.auth, partner_id=partner_id, at=request.at)
    return Status(204, None)


ROUTERS = {"account-lists": lists, "account-mapping": mapping}
