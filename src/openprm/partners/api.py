"""Partners, programs and enrollments over the API: the same services and queries as the pages."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.kernel.api import (
    Country,
    Currency,
    In,
    Line,
    Out,
    Page,
    PageQuery,
    RequiredLine,
    Text,
    etag_of,
    idempotent,
    needs,
    paginate,
    require_match,
    updates,
)
from openprm.partners import queries, services

Type = Literal["reseller", "distributor", "var", "msp", "si", "isv", "referral", "affiliate", "consultant"]
Motion = Literal["influence", "transact", "solution", "retain"]
State = Literal["invited", "applicant", "pending", "declined", "active", "suspended", "deactivated", "banned", "offboarded", "archived"]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Team = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Host = Annotated[str, StringConstraints(strip_whitespace=True, max_length=253)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,38}$")]
Rank = Annotated[int, Field(ge=0, le=99)]

partners = Router(tags=["Partners"])
programs = Router(tags=["Programs"])
enrollments = Router(tags=["Programs"])


class PartnerQuery(PageQuery):
    q: str = Field("", max_length=100, description="Part of the name or the web domain.")
    status: State | None = None
    type: Type | None = None
    motion: Motion | None = None
    country: Country | None = None
    manager_id: UUID | None = None
    program_id: UUID | None = None


class PartnerIn(In):
    name: RequiredLine = Field(examples=["Kallio Digital"])
    legal_name: Line = ""
    domain: Host = Field("", examples=["kallio.example"])
    country: Country = Field("", examples=["FI"])
    type: Type = "reseller"
    motion: Motion = "transact"
    region: Short = ""
    team: Team = ""
    website: Host = ""
    manager_id: UUID | None = None
    parent_id: UUID | None = None
    external_source: Annotated[str, StringConstraints(max_length=60)] = ""
    external_id: Annotated[str, StringConstraints(max_length=120)] = ""


class NewPartnerIn(PartnerIn):
    program_id: UUID | None = None
    tier_id: UUID | None = None


class StatusIn(In):
    status: State
    reason: Annotated[Line, StringConstraints(max_length=500)] = Field("", description="Both sides read it. A ban needs one.")


class RenewalIn(In):
    months: Annotated[int, Field(ge=1, le=60)] | None = Field(None, description="The program's own term when left out. Only the vendor can name another.")


class EnrollmentEndIn(In):
    until: datetime | None = Field(description="The new end, or null for none.")
    reason: Annotated[RequiredLine, StringConstraints(max_length=500)]


class RenewalQuery(PageQuery):
    program_id: UUID | None = None
    within_days: Literal[30, 60, 90, 180] | None = None


class RenewalOut(Out):
    """A membership with an end. `state`: running, due (within 60 days), blocked (agreements or compliance have closed something), expired."""

    enrollment_id: UUID
    partner_id: UUID
    program_id: UUID
    partner: str
    program: str
    tier: str
    manager: str
    since: datetime
    until: datetime
    days_left: int
    renewals: int
    state: str
    version: int
    created_at: datetime


class PartnerRowOut(Out):
    id: UUID
    name: str
    type: str
    motion: str
    status: str
    country: str
    region: str
    program: str
    tier: str
    created_at: datetime
    version: int


class EnrollmentOut(Out):
    id: UUID
    partner_id: UUID
    program_id: UUID
    program_code: str
    program_name: str
    tier_id: UUID | None
    tier_code: str
    tier_name: str
    tier_rank: int
    status: str
    since: datetime
    until: datetime | None
    benefits: dict[str, int | str]
    version: int
    created_at: datetime


class PartnerOut(Out):
    """One partner. `team`, `parent_id` and the source of the record are empty on the partner's own side."""

    id: UUID
    name: str
    legal_name: str
    domain: str
    country: str
    time_zone: str
    status: str
    type: str
    motion: str
    region: str
    team: str
    website: str
    manager_id: UUID | None
    manager_name: str
    parent_id: UUID | None
    enrollments: list[EnrollmentOut]
    external_source: str
    external_id: str
    version: int
    created_at: datetime


class TierIn(In):
    code: Code = Field(examples=["gold"])
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)] = Field(examples=["Gold"])
    rank: Rank
    benefits: dict[str, Annotated[int, Field(ge=0, le=1_000_000)] | Short] = Field(default_factory=dict, max_length=20, examples=[{"protection_days": 120}])


class TierOut(Out):
    id: UUID
    program_id: UUID
    code: str
    name: str
    rank: int
    benefits: dict[str, int | str]
    partners: int
    version: int


class ProgramIn(In):
    code: Code = Field(examples=["resell"])
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    about: Annotated[Text, StringConstraints(max_length=2000)] = ""
    motion: Motion = "transact"
    currency: Currency = "EUR"
    term_months: Annotated[int, Field(ge=1, le=60)] | None = Field(None, description="How long a membership lasts; null means without an end.")
    is_active: bool = True


class ProgramOut(Out):
    id: UUID
    code: str
    name: str
    about: str
    motion: str
    currency: str
    term_months: int | None
    is_active: bool
    partners: int
    tiers: list[TierOut]
    version: int
    created_at: datetime


class EnrollmentQuery(PageQuery):
    partner_id: UUID | None = None
    program_id: UUID | None = None
    status: Literal["draft", "pending", "approved", "rejected", "terminated", "expired"] | None = None


class EnrollmentIn(In):
    partner_id: UUID
    program_id: UUID
    tier_id: UUID | None = Field(None, description="The lowest tier when left out.")


class TierChoiceIn(In):
    tier_id: UUID


@partners.get("", response=Page[PartnerRowOut], summary="List partners")
@needs("partners.view")
def list_partners(request: HttpRequest, query: Query[PartnerQuery]):
    """The vendor sees all partners, a partner itself."""
    wanted = {"status": query.status, "type": query.type, "motion": query.motion, "country": query.country, "manager": query.manager_id}
    filters: dict[str, Any] = {name: (value,) for name, value in wanted.items() if value}
    if query.program_id:
        filters["program"] = (query.program_id,)
    found = paginate(queries.newest_partners(request.auth, search=query.q, filters=filters), query.cursor, query.limit)
    return {"items": [queries.partner_row(row) for row in found.items], "next_cursor": found.next_cursor}


@partners.get("/{uuid:partner_id}", response=PartnerOut, summary="Read a partner")
@needs("partners.view")
def get_partner(request: HttpRequest, partner_id: UUID, response: HttpResponse):
    return _partner(request, response, partner_id)


@partners.post("", response={201: PartnerOut}, summary="Add a partner")
@needs("partners.manage")
@idempotent
def add_partner(request: HttpRequest, data: NewPartnerIn, response: HttpResponse):
    partner_id = services.create_partner(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _partner(request, response, partner_id))


@partners.patch("/{uuid:partner_id}", response=PartnerOut, summary="Change a partner")
@needs("partners.manage")
@idempotent
@updates
def change_partner(request: HttpRequest, partner_id: UUID, data: PartnerIn, response: HttpResponse):
    """Fields that are left out stay as they are."""
    require_match(request, queries.partner(request.auth, partner_id).version)
    services.update_partner(actor=request.auth, partner_id=partner_id, changes=data.dict(exclude_unset=True), at=request.at)
    return _partner(request, response, partner_id)


@partners.post("/{uuid:partner_id}/status", response=PartnerOut, summary="Move a partner along its life")
@needs("partners.manage")
@idempotent
def change_partner_status(request: HttpRequest, partner_id: UUID, data: StatusIn, response: HttpResponse):
    """The people of a suspended, banned, declined or archived partner cannot sign in; of a deactivated one they only look. A partner
    leaves by an offboarding, not here. The answer to a move that the life of a partner does not know is 409."""
    services.change_status(actor=request.auth, partner_id=partner_id, status=data.status, reason=data.reason, at=request.at)
    return _partner(request, response, partner_id)


@programs.get("", response=Page[ProgramOut], summary="List programs")
@needs("partners.view")
def list_programs(request: HttpRequest, query: Query[PageQuery]):
    """Every program with its tiers, the highest first, and what each tier gives."""
    rows = sorted(queries.programs(request.auth), key=lambda row: (row.created_at, row.id), reverse=True)
    found = paginate(rows, query.cursor, query.limit)
    return {"items": found.items, "next_cursor": found.next_cursor}


@programs.get("/{uuid:program_id}", response=ProgramOut, summary="Read a program")
@needs("partners.view")
def get_program(request: HttpRequest, program_id: UUID, response: HttpResponse):
    return _program(request, response, program_id)


@programs.post("", response={201: ProgramOut}, summary="Add a program")
@needs("partners.configure")
@idempotent
def add_program(request: HttpRequest, data: ProgramIn, response: HttpResponse):
    program_id = services.create_program(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _program(request, response, program_id))


@programs.put("/{uuid:program_id}", response=ProgramOut, summary="Change a program")
@needs("partners.configure")
@idempotent
@updates
def change_program(request: HttpRequest, program_id: UUID, data: ProgramIn, response: HttpResponse):
    require_match(request, queries.program(request.auth, program_id).version)
    services.update_program(actor=request.auth, program_id=program_id, changes=data.dict(), at=request.at)
    return _program(request, response, program_id)


@programs.post("/{uuid:program_id}/tiers", response={201: ProgramOut}, summary="Add a tier")
@needs("partners.configure")
@idempotent
def add_tier(request: HttpRequest, program_id: UUID, data: TierIn, response: HttpResponse):
    services.create_tier(actor=request.auth, program_id=program_id, at=request.at, **data.dict())
    return Status(201, _program(request, response, program_id))


@programs.put("/tiers/{uuid:tier_id}", response=TierOut, summary="Change a tier")
@needs("partners.configure")
@idempotent
@updates
def change_program_tier(request: HttpRequest, tier_id: UUID, data: TierIn, response: HttpResponse):
    require_match(request, queries.tier(request.auth, tier_id).version)
    services.update_tier(actor=request.auth, tier_id=tier_id, changes=data.dict(), at=request.at)
    tier = queries.tier(request.auth, tier_id)
    response["ETag"] = etag_of(tier.version)
    return tier


@enrollments.get("", response=Page[EnrollmentOut], summary="List enrollments")
@needs("partners.view")
def list_enrollments(request: HttpRequest, query: Query[EnrollmentQuery]):
    """Which partner is in which program and tier; a partner sees its own."""
    wanted = {"partner": query.partner_id, "program": query.program_id, "status": query.status}
    rows = queries.newest_enrollments(request.auth).filter(**{name: value for name, value in wanted.items() if value})
    found = paginate(rows, query.cursor, query.limit)
    return {"items": [queries.enrollment_view(row) for row in found.items], "next_cursor": found.next_cursor}


@enrollments.post("", response={201: PartnerOut}, summary="Enroll a partner")
@needs("partners.manage")
@idempotent
def enroll_partner(request: HttpRequest, data: EnrollmentIn, response: HttpResponse):
    services.enroll(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _partner(request, response, data.partner_id))


@enrollments.put("/{uuid:partner_id}/{uuid:program_id}", response=PartnerOut, summary="Change a partner's tier")
@needs("partners.manage")
@idempotent
def change_partner_tier(request: HttpRequest, partner_id: UUID, program_id: UUID, data: TierChoiceIn, response: HttpResponse):
    services.change_tier(actor=request.auth, partner_id=partner_id, program_id=program_id, tier_id=data.tier_id, at=request.at)
    return _partner(request, response, partner_id)


@enrollments.delete("/{uuid:partner_id}/{uuid:program_id}", response=PartnerOut, summary="Take a partner out of a program")
@needs("partners.manage")
@idempotent
def end_partner_enrollment(request: HttpRequest, partner_id: UUID, program_id: UUID, response: HttpResponse):
    services.end_enrollment(actor=request.auth, partner_id=partner_id, program_id=program_id, at=request.at)
    return _partner(request, response, partner_id)


@enrollments.post("/{uuid:partner_id}/{uuid:program_id}/renewal", response=PartnerOut, summary="Renew a membership")
@needs("partners.renew")
@idempotent
def renew_partner_enrollment(request: HttpRequest, partner_id: UUID, program_id: UUID, data: RenewalIn, response: HttpResponse):
    """For the vendor at any time, for an administrator of the partner in the last 60 days. What agreements or compliance have closed must be open."""
    services.renew_enrollment(actor=request.auth, partner_id=partner_id, program_id=program_id, months=data.months, at=request.at)
    return _partner(request, response, partner_id)


@enrollments.put("/{uuid:partner_id}/{uuid:program_id}/end", response=PartnerOut, summary="Move the end of a membership")
@needs("partners.manage")
@idempotent
def move_enrollment_end(request: HttpRequest, partner_id: UUID, program_id: UUID, data: EnrollmentEndIn, response: HttpResponse):
    services.set_enrollment_end(actor=request.auth, partner_id=partner_id, program_id=program_id, at=request.at, **data.dict())
    return _partner(request, response, partner_id)


@enrollments.get("/renewals", response=Page[RenewalOut], summary="List memberships that end")
@needs("partners.view")
def list_renewals(request: HttpRequest, query: Query[RenewalQuery]):
    """The vendor sees all partners' memberships, a partner its own."""
    wanted = {"program": query.program_id, "due": str(query.within_days) if query.within_days else None}
    filters = {name: (value,) for name, value in wanted.items() if value}
    found = paginate(queries.newest_renewals(request.auth, request.at, filters=filters), query.cursor, query.limit)
    return {"items": queries.renewal_rows(found.items, request.at), "next_cursor": found.next_cursor}


ROUTERS = {"partners": partners, "programs": programs, "enrollments": enrollments}


def _partner(request: HttpRequest, response: HttpResponse, partner_id: UUID) -> queries.PartnerView:
    found = queries.partner(request.auth, partner_id)
    response["ETag"] = etag_of(found.version)
    return found


def _program(request: HttpRequest, response: HttpResponse, program_id: UUID) -> queries.ProgramView:
    found = queries.program(request.auth, program_id)
    response["ETag"] = etag_of(found.version)
    return found
