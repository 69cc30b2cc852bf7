"""Recruiting over the API: the same services and queries as the pages."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.kernel.api import Country, In, Line, Out, Page, PageQuery, RequiredLine, RequiredText, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.recruitment import queries, services

Stage = Literal["identified", "contacted", "engaged", "qualified", "invited", "lost"]
Kind = Literal[
    "technology", "certification", "skill", "industry", "headcount", "revenue", "founded", "ownership", "location", "hiring", "funding", "social", "news"
]  # fmt: skip
Type = Literal["reseller", "distributor", "var", "msp", "si", "isv", "referral", "affiliate", "consultant"]
Motion = Literal["influence", "transact", "solution", "retain"]
Host = Annotated[str, StringConstraints(strip_whitespace=True, max_length=253)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Mail = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Facts = dict[Short, int | Word | Annotated[list[Word], Field(max_length=60)] | None]

prospects, companies, signals = Router(tags=["Recruiting"]), Router(tags=["Recruiting"]), Router(tags=["Recruiting"])
profiles, whitespace, referrals = Router(tags=["Recruiting"]), Router(tags=["Recruiting"]), Router(tags=["Referrals"])


class ProspectQuery(PageQuery):
    q: str = Field("", max_length=100, description="Part of the name, the domain or the next step.")
    stage: Literal["identified", "contacted", "engaged", "qualified", "invited", "converted", "lost"] | None = None
    owner_id: UUID | None = None
    program_id: UUID | None = None


class ProspectIn(In):
    name: RequiredLine = Field(examples=["Kallio Digital"])
    domain: Host = Field("", examples=["kallio.example"])
    country: Country = ""
    program_id: UUID | None = None
    owner_id: UUID | None = None
    source: Short = ""
    next_step: Line = ""
    next_step_date: date | None = None
    contact_name: Annotated[str, StringConstraints(max_length=120)] = ""
    contact_email: Mail = ""
    facts: Facts = Field(default_factory=dict, examples=[{"employees": 120, "skills": ["SAP", "Azure"]}])


class ProspectPatch(In):
    program_id: UUID | None = None
    owner_id: UUID | None = None
    source: Short = ""
    next_step: Line = ""
    next_step_date: date | None = None


class StageIn(In):
    stage: Stage
    reason: Line = Field("", description="Needed for `lost`.")


class ConvertIn(In):
    type: Type = "reseller"
    motion: Motion = "transact"
    program_id: UUID | None = None
    tier_id: UUID | None = None
    invite: bool = True


class PartnerIdOut(Out):
    partner_id: UUID


class ProspectOut(Out):
    """A prospect with its proven points, and what they could become when everything unknown turns out well."""

    id: UUID
    company_id: UUID
    name: str
    domain: str
    country: str
    stage: str
    stage_since: datetime
    owner: str
    owner_id: UUID | None
    program: str
    program_id: UUID | None
    source: str
    next_step: str
    next_step_date: date | None
    points: int | None
    could_reach: int | None
    fit: str
    missing_percent: int | None
    created_at: datetime
    version: int


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


class CriterionIn(In):
    fact: Short = Field(examples=["employees"])
    operator: Literal["is", "one_of", "contains_any", "contains_all", "at_least", "at_most", "between", "exists"]
    value: int | Line | Annotated[list[int | Word], Field(max_length=60)] | None = None
    weight: Annotated[int, Field(ge=1, le=100)] = 10


class CriterionSetOut(Out):
    fact: str
    operator: str
    value: Any
    weight: int


class ProfileIn(In):
    program_id: UUID
    criteria: Annotated[list[CriterionIn], Field(max_length=30)]
    note: Annotated[str, StringConstraints(max_length=300)] = ""
    publish: bool = Field(False, description="Put it in force at once; left out, it is kept as the draft.")


class ProfileOut(Out):
    id: UUID
    program_id: UUID
    program: str
    number: int
    state: str
    note: str
    criteria: list[CriterionSetOut]
    published_at: datetime | None
    created_at: datetime
    version: int


class ScoreIn(In):
    program_id: UUID
    facts: Facts


class GapOut(Out):
    capability: str
    region: str
    industry: str
    deals: int
    partners: int
    amount_minor: int
    at_risk_minor: int
    currency: str


class MapOut(Out):
    regions: list[str]
    industries: list[str]
    gaps: list[GapOut]
    amount_minor: int
    at_risk_minor: int
    currency: str


class MapQuery(In):
    industry: str = Field("", max_length=200)


class ReferralIn(In):
    company: RequiredLine
    domain: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=253)]
    contact_name: Annotated[str, StringConstraints(max_length=120)] = ""
    contact_email: Mail = ""
    note: Annotated[str, StringConstraints(max_length=500)] = ""


class ReferralOut(Out):
    """A company that a partner brought. `partner_id` is empty on the partner's own side."""

    id: UUID
    company: str
    domain: str
    state: str
    reward_percent: int | None
    joined_at: datetime | None
    window_starts_at: datetime | None
    window_ends_at: datetime | None
    declined_reason: str
    created_at: datetime
    partner_id: UUID | None = None
    referred_id: UUID | None = None


class DeclineIn(In):
    reason: Reason


@prospects.get("", response=Page[ProspectOut], summary="List prospects")
@needs("recruitment.view")
def list_prospects(request: HttpRequest, query: Query[ProspectQuery]):
    wanted = {"stage": query.stage, "owner": query.owner_id, "program": query.program_id}
    rows = queries.prospect_rows(request.auth, search=query.q, filters={name: (value,) for name, value in wanted.items() if value})
    found = paginate(rows, query.cursor, query.limit)
    return {"items": [queries.prospect_row(row, request.at.date()) for row in found.items], "next_cursor": found.next_cursor}


@prospects.post("", response={201: ProspectOut}, summary="Add a prospect")
@needs("recruitment.manage")
@idempotent
def add_prospect(request: HttpRequest, data: ProspectIn, response: HttpResponse):
    """A company whose domain a partner or another prospect has is refused with its name."""
    prospect_id = services.add_prospect(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _prospect(request, response, prospect_id))


@prospects.get("/{uuid:prospect_id}", response=ProspectOut, summary="Read a prospect")
@needs("recruitment.view")
def get_prospect(request: HttpRequest, prospect_id: UUID, response: HttpResponse):
    return _prospect(request, response, prospect_id)


@prospects.patch("/{uuid:prospect_id}", response=ProspectOut, summary="Change a prospect")
@needs("recruitment.manage")
@idempotent
@updates
def change_prospect(request: HttpRequest, prospect_id: UUID, data: ProspectPatch, response: HttpResponse):
    """Fields that are left out stay as they are."""
    require_match(request, _prospect(request, response, prospect_id).version)
    services.update_prospect(actor=request.auth, prospect_id=prospect_id, changes=data.dict(exclude_unset=True), at=request.at)
    return _prospect(request, response, prospect_id)


@prospects.post("/{uuid:prospect_id}/stage", response=ProspectOut, summary="Move a prospect")
@needs("recruitment.manage")
@idempotent
def move_prospect(request: HttpRequest, prospect_id: UUID, data: StageIn, response: HttpResponse):
    services.move_stage(actor=request.auth, prospect_id=prospect_id, stage=data.stage, reason=data.reason, at=request.at)
    return _prospect(request, response, prospect_id)


@prospects.post("/{uuid:prospect_id}/convert", response={201: PartnerIdOut}, summary="Make a prospect a partner")
@needs("recruitment.manage")
@idempotent
def convert_prospect(request: HttpRequest, prospect_id: UUID, data: ConvertIn):
    """Creates the partner and, unless `invite` is false, invites its main contact. The history comes along."""
    return Status(201, {"partner_id": services.convert(actor=request.auth, prospect_id=prospect_id, at=request.at, **data.dict())})


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


@profiles.get("", response=Page[ProfileOut], summary="List ideal partner profiles")
@needs("recruitment.view")
def list_profiles(request: HttpRequest, query: Query[PageQuery]):
    """Every version of every program; at most one per program is `published`, at most one a `draft`."""
    found = paginate(queries.newest_profiles(request.auth), query.cursor, query.limit)
    return {"items": [queries.profile_view(row) for row in found.items], "next_cursor": found.next_cursor}


@profiles.post("", response={201: ProfileOut}, summary="Write an ideal partner profile")
@needs("recruitment.configure")
@idempotent
def write_profile(request: HttpRequest, data: ProfileIn):
    services.save_draft(
        actor=request.auth, program_id=data.program_id, criteria=[one.dict() for one in data.criteria], note=data.note, at=request.at
    )  # fmt: skip
    if data.publish:
        services.publish_profile(actor=request.auth, program_id=data.program_id, at=request.at)
    found = queries.profiles_of(request.auth, data.program_id)
    return Status(201, found.in_force if data.publish else found.draft)


@profiles.post("/score", response=ScoreOut | None, summary="Score facts without keeping them")
@needs("recruitment.view")
@idempotent
def score_facts(request: HttpRequest, data: ScoreIn):
    """Null while the program has no profile in force."""
    return queries.score_company(program_id=data.program_id, facts=data.facts, at=request.at)


@whitespace.get("", response=MapOut, summary="Read the whitespace map")
@needs("recruitment.view_map")
def read_map(request: HttpRequest, query: Query[MapQuery]):
    """Gaps between the open pipeline and the partners that could serve it, the most at risk first."""
    found = queries.whitespace(request.auth, at=request.at, industry=query.industry)
    gaps = [{**_named(gap, "capability", "region", "industry", "deals", "partners"), **_amounts(gap)} for gap in found.gaps]
    return {"regions": found.regions, "industries": found.industries, "gaps": gaps, **_amounts(found)}


@referrals.get("", response=Page[ReferralOut], summary="List referrals")
@needs("recruitment.view_referrals")
def list_referrals(request: HttpRequest, query: Query[PageQuery]):
    """The vendor sees all, a partner those it made."""
    found = paginate(queries.newest_referrals(request.auth), query.cursor, query.limit)
    rows = queries.referral_rows(found.items, request.at) if request.auth.sees_all_partners else [queries.own_referral(row) for row in found.items]
    return {"items": rows, "next_cursor": found.next_cursor}


@referrals.post("", response={201: ReferralOut}, summary="Introduce a company")
@needs("recruitment.refer")
@idempotent
def introduce(request: HttpRequest, data: ReferralIn):
    referral_id = services.introduce(actor=request.auth, at=request.at, **data.dict())
    return Status(201, next(row for row in queries.own_referrals(request.auth, request.at) if row.id == referral_id))


@referrals.post("/{uuid:referral_id}/decline", response=ReferralOut, summary="Decline an introduction")
@needs("recruitment.manage")
@idempotent
def decline_referral(request: HttpRequest, referral_id: UUID, data: DeclineIn):
    services.decline_referral(actor=request.auth, referral_id=referral_id, reason=data.reason, at=request.at)
    return queries.referral_rows([queries.newest_referrals(request.auth).one(referral_id)], request.at)[0]


ROUTERS = {
    "prospects": prospects,
    "companies": companies,
    "signals": signals,
    "ideal-profiles": profiles,
    "whitespace": whitespace,
    "referrals": referrals,
}


def _prospect(request: HttpRequest, response: HttpResponse, prospect_id: UUID) -> queries.ProspectRow:
    found = queries.prospect_row(queries.prospect_rows(request.auth, filters={}).one(prospect_id), request.at.date())
    response["ETag"] = etag_of(found.version)
    return found


def _company(request: HttpRequest, response: HttpResponse, company_id: UUID) -> dict[str, Any]:
    found = queries.company(request.auth, company_id, request.at)
    response["ETag"] = etag_of(found.version)
    names = ("id", "name", "domain", "country", "source", "partner_id", "mark", "invited_at", "messaged_at", "scores", "alike", "created_at", "version")
    return {**_named(found, *names), "facts": [one for group in found.facts for one in group.known]}


def _named(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _amounts(row: Any) -> dict[str, Any]:
    return {"amount_minor": row.amount.minor, "at_risk_minor": row.at_risk.minor, "currency": row.amount.currency}
