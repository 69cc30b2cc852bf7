"""Discovered companies and what is known of them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.kernel.api import Country, In, Out, Page, PageQuery, RequiredLine, RequiredText, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.recruitment import queries, services
from openprm.recruitment.api.fields import Facts, Host, Mail, named
from openprm.recruitment.api.prospects import ProspectOut, _prospect

companies = Router(tags=["Recruiting"])


class CompanyQuery(PageQuery):
    q: str = Field("", max_length=100)
    mark: Literal["starred", "ignored", "none"] | None = None
    fit: Literal["strong", "open", "weak"] | None = None


class CompanyIn(In):
    name: RequiredLine
    domain: Host = ""
    country: Country = ""
    contact_name: Annotated[str, StringConstraints(max_length=120)] = ""
    contact_email: Mail = ""
    facts: Facts = Field(default_factory=dict)


class FactsIn(In):
    facts: Facts = Field(description="A null value takes the fact away.")
    source: Annotated[str, StringConstraints(min_length=1, max_length=80)] = "api"
    observed_at: datetime | None = None
    confidence: Annotated[int, Field(ge=0, le=100)] = 100


class MarkIn(In):
    mark: Literal["starred", "ignored", "none"]


class LetterIn(In):
    kind: Literal["invitation", "message"]
    subject: Annotated[str, StringConstraints(min_length=1, max_length=160)]
    body: RequiredText
    email: Mail = Field("", description="The main contact when left out.")
    program_id: UUID | None = None


class AlikeOut(Out):
    partner_id: UUID
    partner: str
    category: int | None
    profile: int | None
    performance: int | None
    total: int
    at: datetime


class CriterionOut(Out):
    code: str
    label: str
    wanted: str
    state: str
    points: float
    most: float
    weight: int
    sentence: str


class ScoreOut(Out):
    points: int
    could_reach: int
    missing_share: float
    fit: str
    profile_id: UUID | None
    profile_version: int
    criteria: list[CriterionOut]


class ProgramScoreOut(Out):
    program_id: UUID
    program: str
    score: ScoreOut


class KnownOut(Out):
    name: str
    value: Any
    source: str
    observed_at: datetime | None
    confidence: int
    signal_id: UUID | None
    is_stale: bool
    is_weak: bool


class CompanyRowOut(Out):
    id: UUID
    name: str
    domain: str
    country: str
    source: str
    points: int | None
    could_reach: int | None
    fit: str
    missing_percent: int | None
    alike: AlikeOut | None
    mark: str
    invited_at: datetime | None
    messaged_at: datetime | None
    new_signals: int
    stage: str
    created_at: datetime
    version: int


class CompanyOut(Out):
    id: UUID
    name: str
    domain: str
    country: str
    source: str
    partner_id: UUID | None
    mark: str
    invited_at: datetime | None
    messaged_at: datetime | None
    facts: list[KnownOut]
    scores: list[ProgramScoreOut]
    alike: AlikeOut | None
    created_at: datetime
    version: int


@companies.get("", response=Page[CompanyRowOut], summary="List discovered companies")
@needs("recruitment.view")
def list_companies(request: HttpRequest, query: Query[CompanyQuery]):
    """Companies that are neither partners nor in the pipeline; ignored ones only with `mark=ignored`."""
    wanted = {"mark": query.mark, "fit": query.fit}
    rows = queries.company_rows(request.auth, search=query.q, filters={name: (value,) for name, value in wanted.items() if value})
    found = paginate(rows, query.cursor, query.limit)
    return {"items": [queries.company_row(row) for row in found.items], "next_cursor": found.next_cursor}


@companies.post("", response={201: CompanyOut}, summary="Add a discovered company")
@needs("recruitment.manage")
@idempotent
def add_company(request: HttpRequest, data: CompanyIn, response: HttpResponse):
    company_id = services.add_company(actor=request.auth, source="api", at=request.at, **data.dict())
    return Status(201, _company(request, response, company_id))


@companies.get("/{uuid:company_id}", response=CompanyOut, summary="Read a company with its facts and scores")
@needs("recruitment.view")
def get_company(request: HttpRequest, company_id: UUID, response: HttpResponse):
    return _company(request, response, company_id)


@companies.put("/{uuid:company_id}/facts", response=CompanyOut, summary="Say what is known of a company")
@needs("recruitment.manage")
@idempotent
@updates
def set_facts(request: HttpRequest, company_id: UUID, data: FactsIn, response: HttpResponse):
    require_match(request, queries.company(request.auth, company_id, request.at).version)
    services.set_facts(actor=request.auth, company_id=company_id, at=request.at, **data.dict())
    return _company(request, response, company_id)


@companies.post("/{uuid:company_id}/mark", response=CompanyOut, summary="Star or ignore a company")
@needs("recruitment.manage")
@idempotent
def mark_company(request: HttpRequest, company_id: UUID, data: MarkIn, response: HttpResponse):
    _company(request, response, company_id)
    services.mark(actor=request.auth, company_ids=[company_id], mark=data.mark, at=request.at)
    return _company(request, response, company_id)


@companies.post("/{uuid:company_id}/take-up", response={201: ProspectOut}, summary="Take a company into the pipeline")
@needs("recruitment.manage")
@idempotent
def take_up_company(request: HttpRequest, company_id: UUID, response: HttpResponse):
    return Status(201, _prospect(request, response, services.take_up(actor=request.auth, company_id=company_id, at=request.at)))


@companies.post("/{uuid:company_id}/letters", response={201: CompanyOut}, summary="Write to a company")
@needs("recruitment.manage")
@idempotent
def write_to_company(request: HttpRequest, company_id: UUID, data: LetterIn, response: HttpResponse):
    services.write_to(actor=request.auth, company_id=company_id, at=request.at, **data.dict())
    return Status(201, _company(request, response, company_id))


def _company(request: HttpRequest, response: HttpResponse, company_id: UUID) -> dict[str, Any]:
    found = queries.company(request.auth, company_id, request.at)
    response["ETag"] = etag_of(found.version)
    names = ("id", "name", "domain", "country", "source", "partner_id", "mark", "invited_at", "messaged_at", "scores", "alike", "created_at", "version")
    return {**named(found, *names), "facts": [one for group in found.facts for one in group.known]}
