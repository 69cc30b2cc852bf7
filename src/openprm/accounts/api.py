"""Accounts and contacts over the API: the same services and queries as the pages."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.accounts import queries, services
from openprm.kernel.api import AmountMinor, Country, In, Line, Out, Page, PageQuery, RequiredLine, etag_of, idempotent, needs, paginate, require_match, updates

Motion = Literal["direct", "channel", "shared"]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Host = Annotated[str, StringConstraints(strip_whitespace=True, max_length=253)]
Source = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
OwnCurrency = Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")]

accounts = Router(tags=["Accounts"])
contacts = Router(tags=["Accounts"])


class AccountQuery(PageQuery):
    q: str = Field("", max_length=100, description="Part of the name, or the web domain.")
    country: Country | None = None
    industry: Short | None = None
    motion: Motion | None = None
    domain: Host | None = Field(None, description="Any form of a web address: it is cut to its domain.")
    owner_id: UUID | None = None
    external_source: Source | None = None


class AccountIn(In):
    name: RequiredLine = Field(examples=["Ostrava Steelworks"])
    legal_name: Line = Field("", examples=["Ostrava Steelworks a.s."])
    domain: Host = Field("", examples=["ostravasteel.example"])
    country: Country = Field("", examples=["CZ"])
    region: Short = ""
    city: Short = ""
    industry: Short = ""
    employees: Annotated[int, Field(ge=0, le=100_000_000)] | None = None
    annual_revenue_minor: AmountMinor | None = None
    currency: OwnCurrency = ""
    parent_id: UUID | None = None
    motion: Motion = "shared"
    owner_id: UUID | None = None
    is_customer: bool = False
    external_source: Source = ""
    external_id: Line = ""


class AccountOut(Out):
    """One account. On the partner's side the vendor's own columns (motion, owner, revenue, source) are empty."""

    id: UUID
    name: str
    legal_name: str
    domain: str
    country: str
    region: str
    city: str
    industry: str
    employees: int | None
    annual_revenue_minor: int | None
    currency: str
    motion: str
    owner: str
    parent_id: UUID | None
    is_customer: bool
    external_source: str
    external_id: str
    version: int
    created_at: datetime


class CandidateQuery(In):
    name: Line
    legal_name: Line = ""
    domain: Host = ""
    country: Country = ""
    limit: int = Field(5, ge=1, le=20)


class ReasonOut(Out):
    kind: str = Field(examples=["domain"])
    text: str
    percent: int


class CandidateOut(Out):
    account_id: UUID
    name: str
    score: int
    reasons: list[ReasonOut]


class MergeIn(In):
    merged_id: UUID = Field(description="The account that is folded into this one.")


class MergeOut(Out):
    id: UUID
    kept_id: UUID


class ApartIn(In):
    other_id: UUID
    note: Annotated[str, StringConstraints(max_length=500)] = ""


class ContactQuery(PageQuery):
    account_id: UUID | None = None


class _ContactFields(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)] = Field(examples=["Petra Malá"])
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""


class ContactIn(_ContactFields):
    account_id: UUID


class ContactChangeIn(_ContactFields):
    pass


class ContactOut(Out):
    id: UUID
    account_id: UUID
    account: str
    name: str
    email: str
    phone: str
    title: str
    partner_id: UUID | None
    version: int
    created_at: datetime


@accounts.get("", response=Page[AccountOut], summary="List accounts")
@needs("accounts.view")
def list_accounts(request: HttpRequest, query: Query[AccountQuery]):
    """The vendor sees all accounts, a partner those where it has a deal or that were shared with it."""
    wanted = {"country": query.country, "industry": query.industry, "motion": query.motion, "owner": query.owner_id}
    filters: dict[str, Any] = {name: (value,) for name, value in wanted.items() if value}
    filters |= {"domain": query.domain, "source": query.external_source}
    found = paginate(queries.newest_accounts(request.auth, search=query.q, filters=filters), query.cursor, query.limit)
    return {"items": [_out(queries.account_row(request.auth, row)) for row in found.items], "next_cursor": found.next_cursor}


@accounts.get("/candidates", response=list[CandidateOut], summary="Find out whether a company is known")
@needs("accounts.manage")
def list_account_candidates(request: HttpRequest, query: Query[CandidateQuery]):
    """Accounts that may be this company, the surest first, each with its reasons."""
    draft = queries.AccountDraft(query.name, query.legal_name, query.domain, query.country)
    return queries.duplicate_candidates(request.auth, draft, query.limit)


@accounts.get("/{uuid:account_id}", response=AccountOut, summary="Read an account")
@needs("accounts.view")
def get_account(request: HttpRequest, account_id: UUID, response: HttpResponse):
    return _account(request, response, account_id)


@accounts.post("", response={201: AccountOut}, summary="Add an account")
@needs("accounts.manage")
@idempotent
def add_account(request: HttpRequest, data: AccountIn, response: HttpResponse):
    """Adds without asking: look for candidates first."""
    account_id = services.create_account(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _account(request, response, account_id))


@accounts.patch("/{uuid:account_id}", response=AccountOut, summary="Change an account")
@needs("accounts.manage")
@idempotent
@updates
def change_account(request: HttpRequest, account_id: UUID, data: AccountIn, response: HttpResponse):
    """Fields that are left out stay as they are."""
    require_match(request, queries.account(request.auth, account_id).version)
    services.update_account(actor=request.auth, account_id=account_id, changes=data.dict(exclude_unset=True), at=request.at)
    return _account(request, response, account_id)


@accounts.post("/{uuid:account_id}/merge", response={201: MergeOut}, summary="Merge another account into this one")
@needs("accounts.manage")
@idempotent
def merge_account(request: HttpRequest, account_id: UUID, data: MergeIn):
    merge_id = services.merge_accounts(actor=request.auth, kept_id=account_id, merged_id=data.merged_id, at=request.at)
    return Status(201, {"id": merge_id, "kept_id": account_id})


@accounts.post("/merges/{uuid:merge_id}/undo", response=AccountOut, summary="Undo a merge")
@needs("accounts.manage")
@idempotent
def undo_account_merge(request: HttpRequest, merge_id: UUID, response: HttpResponse):
    """Gives the account that stands again."""
    return _account(request, response, services.undo_merge(actor=request.auth, merge_id=merge_id, at=request.at))


@accounts.post("/{uuid:account_id}/apart", response={204: None}, summary="Note that another account is not the same company")
@needs("accounts.manage")
@idempotent
def keep_account_apart(request: HttpRequest, account_id: UUID, data: ApartIn):
    services.keep_apart(actor=request.auth, account_id=account_id, other_id=data.other_id, note=data.note, at=request.at)
    return Status(204, None)


@contacts.get("", response=Page[ContactOut], summary="List contacts")
@needs("accounts.view")
def list_contacts(request: HttpRequest, query: Query[ContactQuery]):
    """A partner sees the people it brought itself."""
    found = paginate(queries.newest_contacts(request.auth, account_id=query.account_id), query.cursor, query.limit)
    return {"items": [queries.contact_view(row) for row in found.items], "next_cursor": found.next_cursor}


@contacts.get("/{uuid:contact_id}", response=ContactOut, summary="Read a contact")
@needs("accounts.view")
def get_contact(request: HttpRequest, contact_id: UUID, response: HttpResponse):
    return _contact(request, response, contact_id)


@contacts.post("", response={201: ContactOut}, summary="Add a contact")
@needs("accounts.add_contacts")
@idempotent
def add_contact(request: HttpRequest, data: ContactIn, response: HttpResponse):
    contact_id = services.create_contact(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _contact(request, response, contact_id))


@contacts.patch("/{uuid:contact_id}", response=ContactOut, summary="Change a contact")
@needs("accounts.add_contacts")
@idempotent
@updates
def change_contact(request: HttpRequest, contact_id: UUID, data: ContactChangeIn, response: HttpResponse):
    require_match(request, queries.contact(request.auth, contact_id).version)
    services.update_contact(actor=request.auth, contact_id=contact_id, changes=data.dict(exclude_unset=True), at=request.at)
    return _contact(request, response, contact_id)


@contacts.delete("/{uuid:contact_id}", response={204: None}, summary="Remove a contact")
@needs("accounts.add_contacts")
@idempotent
def remove_contact(request: HttpRequest, contact_id: UUID):
    services.remove_contact(actor=request.auth, contact_id=contact_id, at=request.at)
    return Status(204, None)


ROUTERS = {"accounts": accounts, "contacts": contacts}


def _out(row: queries.AccountRow) -> dict[str, Any]:
    money = row.revenue
    values = {name: getattr(row, name) for name in AccountOut.model_fields if hasattr(row, name)}
    return values | {"annual_revenue_minor": money.minor if money else None, "currency": money.currency if money else ""}


def _account(request: HttpRequest, response: HttpResponse, account_id: UUID) -> dict[str, Any]:
    row = queries.account_row(request.auth, queries.newest_accounts(request.auth, filters={}).one(account_id))
    response["ETag"] = etag_of(row.version)
    return _out(row)


def _contact(request: HttpRequest, response: HttpResponse, contact_id: UUID) -> queries.ContactView:
    found = queries.contact(request.auth, contact_id)
    response["ETag"] = etag_of(found.version)
    return found
