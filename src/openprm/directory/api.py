"""Profiles, references, messages, the locator and badges over the API: the same services and queries as the pages."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.directory import addresses, queries, services, wording
from openprm.directory.queries.listings import Wanted
from openprm.directory.rules import baking
from openprm.kernel.api import Country, In, Out, Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.errors import Invalid

profiles = Router(tags=["Directory"])
references = Router(tags=["Directory"])
locator = Router(tags=["Directory"])
badges = Router(tags=["Badges"])

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Code = Annotated[str, StringConstraints(max_length=40)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]


class OfficeIn(In):
    label: Annotated[str, StringConstraints(max_length=80)] = ""
    street: Annotated[str, StringConstraints(max_length=160)] = ""
    postal_code: Annotated[str, StringConstraints(max_length=20)] = ""
    city: Annotated[str, StringConstraints(min_length=1, max_length=80)] = Field(examples=["Helsinki"])
    country: Country = Field(examples=["FI"])
    latitude: float | None = Field(None, ge=-90, le=90, description="That of the town when left out.")
    longitude: float | None = Field(None, ge=-180, le=180)
    is_main: bool = False


class ProfileIn(In):
    summary: Annotated[str, StringConstraints(max_length=200)] = ""
    description: Annotated[str, StringConstraints(max_length=4000)] = ""
    website: Annotated[str, StringConstraints(max_length=200)] = ""
    services: list[Code] = Field(default_factory=list, max_length=20, examples=[["implementation", "support"]])
    products: list[Short] = Field(default_factory=list, max_length=20)
    industries: list[Code] = Field(default_factory=list, max_length=20)
    languages: list[Code] = Field(default_factory=list, max_length=30, examples=[["en", "fi"]])
    regions: list[Code] = Field(default_factory=list, max_length=30)
    certifications: list[Short] = Field(default_factory=list, max_length=20)
    contact_email: Email = ""
    takes_messages: bool = True
    offices: list[OfficeIn] = Field(default_factory=list, max_length=30)


class OfficeOut(Out):
    label: str
    street: str
    postal_code: str
    city: str
    country: str
    latitude: float
    longitude: float
    is_main: bool


class ProfileOut(Out):
    """A profile. `waiting` names the fields that the public sees only after the vendor's look."""

    id: UUID | None
    partner_id: UUID
    partner_name: str
    slug: str
    state: str
    visibility: str
    summary: str
    description: str
    logo_url: str
    website: str
    services: list[str]
    products: list[str]
    industries: list[str]
    languages: list[str]
    regions: list[str]
    certifications: list[str]
    contact_email: str
    takes_messages: bool
    offices: list[OfficeOut]
    complete_percent: int
    missing: list[str]
    waiting: list[str]
    is_listed: bool
    reason: str
    submitted_at: datetime | None
    version: int


class ProfileRowOut(Out):
    id: UUID
    partner_id: UUID
    name: str
    state: str
    visibility: str
    is_listed: bool
    percent: int
    references: int
    waiting_references: int
    messages: int
    submitted_at: datetime | None
    created_at: datetime


class ProfileQuery(PageQuery):
    state: Literal["draft", "submitted", "approved", "returned", "hidden"] | None = None


class DecisionIn(In):
    decision: Literal["approve", "return", "hide"]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = Field("", description="Needed to return or hide; the partner reads it.")


class ReferenceIn(In):
    customer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
    country: Country = ""
    industry: Code = ""
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
    story: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    quote: Annotated[str, StringConstraints(max_length=500)] = ""
    quoted: Annotated[str, StringConstraints(max_length=160)] = ""
    consent_by: Annotated[str, StringConstraints(max_length=160)] = ""
    consent_email: Email = ""
    consent_date: date | None = None


class ReferenceOut(Out):
    id: UUID
    partner_id: UUID
    partner_name: str
    state: str
    customer: str
    country: str
    industry: str
    title: str
    story: str
    quote: str
    quoted: str
    consent_by: str
    consent_email: str
    consent_date: date | None
    reason: str
    submitted_at: datetime | None
    created_at: datetime
    version: int


class ReferenceQuery(PageQuery):
    state: Literal["draft", "submitted", "published", "returned", "withdrawn"] | None = None


class ReferenceDecisionIn(In):
    publish: bool
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""


class MessageOut(Out):
    id: UUID
    name: str
    email: str
    company: str
    text: str
    is_new: bool
    created_at: datetime


class LocatorQuery(In):
    text: Annotated[str, StringConstraints(max_length=100)] = ""
    program: Code = ""
    tier: Annotated[str, StringConstraints(max_length=81)] = Field("", description="program/tier", examples=["resell/gold"])
    service: Code = ""
    industry: Code = ""
    language: Code = ""
    country: Country = ""
    near: Annotated[str, StringConstraints(max_length=100)] = Field("", description="A town, or latitude,longitude.", examples=["Helsinki"])
    within_km: int = Field(100, ge=1, le=5000)
    page: int = Field(1, ge=1, le=400)


class FoundOut(Out):
    id: UUID
    slug: str
    name: str
    summary: str
    url: str
    city: str
    countries: list[str]
    services: list[str]
    industries: list[str]
    tiers: list[str]
    references: int
    distance_km: float | None


class FoundPage(Out):
    items: list[FoundOut]
    total: int
    page: int
    pages: int
    understood_place: str


class BadgeOut(Out):
    id: UUID
    partner_id: UUID
    partner_name: str
    code: str
    kind: str
    name: str
    subtitle: str
    state: str
    issued_at: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    revoked_because: str
    revoked_note: str
    url: str
    created_at: datetime
    version: int


class BadgeQuery(PageQuery):
    state: Literal["valid", "expired", "replaced", "revoked"] | None = None
    kind: Literal["tier", "certificate"] | None = None
    partner_id: UUID | None = None


class CertificateIn(In):
    partner_id: UUID
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)] = Field(examples=["Certified architect"])
    subtitle: Short = ""
    description: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    criteria: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
    valid_until: datetime | None = None


class RevokeIn(In):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class CheckIn(In):
    credential: Annotated[str, StringConstraints(min_length=1, max_length=200_000)] = Field(description="The compact token, or the text of a baked SVG.")


class CheckOut(Out):
    code: str
    passed: bool | None
    text: str


class VerdictOut(Out):
    holds: bool
    state: str
    title: str
    text: str
    badge: dict[str, str]
    checks: list[CheckOut]


@profiles.get("", response=Page[ProfileRowOut], summary="List partner profiles")
@needs("directory.view")
def list_partner_profiles(request: HttpRequest, query: Query[ProfileQuery]):
    """The vendor sees all, a partner its own."""
    found = paginate(queries.newest_profiles(request.auth, filters={"state": query.state}), query.cursor, query.limit)
    return {"items": [queries.profile_row(row) for row in found.items], "next_cursor": found.next_cursor}


@profiles.get("/{uuid:partner_id}", response=ProfileOut, summary="Read a partner's profile")
@needs("directory.view")
def get_partner_profile(request: HttpRequest, partner_id: UUID, response: HttpResponse):
    return _profile(request, response, partner_id)


@profiles.patch("/{uuid:partner_id}", response=ProfileOut, summary="Change one's own profile")
@needs("directory.edit")
@idempotent
@updates
def change_partner_profile(request: HttpRequest, partner_id: UUID, data: ProfileIn, response: HttpResponse):
    """Fields that are left out stay as they are; offices are replaced as a whole."""
    require_match(request, queries.own_profile(request.auth, partner_id).version)
    changes: dict[str, Any] = data.dict(exclude_unset=True)
    offices = changes.pop("offices", None)
    services.save_profile(actor=request.auth, partner_id=partner_id, changes=changes, offices=offices, at=request.at)
    return _profile(request, response, partner_id)


@profiles.post("/{uuid:partner_id}/submit", response=ProfileOut, summary="Ask for the profile to be public")
@needs("directory.edit")
@idempotent
def submit_partner_profile(request: HttpRequest, partner_id: UUID, response: HttpResponse):
    services.submit_profile(actor=request.auth, partner_id=partner_id, at=request.at)
    return _profile(request, response, partner_id)


@profiles.post("/{uuid:partner_id}/private", response=ProfileOut, summary="Take one's own profile off the public pages")
@needs("directory.edit")
@idempotent
def make_partner_profile_private(request: HttpRequest, partner_id: UUID, response: HttpResponse):
    services.make_private(actor=request.auth, partner_id=partner_id, at=request.at)
    return _profile(request, response, partner_id)


@profiles.post("/{uuid:partner_id}/decision", response=ProfileOut, summary="Decide on a profile")
@needs("directory.review")
@idempotent
def decide_partner_profile(request: HttpRequest, partner_id: UUID, data: DecisionIn, response: HttpResponse):
    """Approve what the partner sent, return it with a reason, or hide it from the public."""
    own = queries.own_profile(request.auth, partner_id)
    if own.id is None:
        raise Invalid("This partner has not written a profile yet.", field="partner_id")
    _DECIDE[data.decision](request, own.id, data.reason)
    return _profile(request, response, partner_id)


@references.get("", response=Page[ReferenceOut], summary="List customer references")
@needs("directory.view")
def list_customer_references(request: HttpRequest, query: Query[ReferenceQuery]):
    """The vendor sees what was sent to it, a partner its own."""
    found = paginate(queries.newest_references(request.auth, filters={"state": query.state}), query.cursor, query.limit)
    return {"items": [queries.reference_row(row) for row in found.items], "next_cursor": found.next_cursor}


@references.get("/{uuid:reference_id}", response=ReferenceOut, summary="Read a customer reference")
@needs("directory.view")
def get_customer_reference(request: HttpRequest, reference_id: UUID, response: HttpResponse):
    return _reference(request, response, reference_id)


@references.post("", response={201: ReferenceOut}, summary="Write a customer reference")
@needs("directory.edit")
@idempotent
def add_customer_reference(request: HttpRequest, data: ReferenceIn, response: HttpResponse):
    reference_id = services.save_reference(actor=request.auth, partner_id=_own_id(request), values=data.dict(), at=request.at)
    return Status(201, _reference(request, response, reference_id))


@references.put("/{uuid:reference_id}", response=ReferenceOut, summary="Change a customer reference")
@needs("directory.edit")
@idempotent
@updates
def change_customer_reference(request: HttpRequest, reference_id: UUID, data: ReferenceIn, response: HttpResponse):
    """A published reference goes off the public pages until the vendor has approved the change."""
    require_match(request, queries.reference(request.auth, reference_id).version)
    services.save_reference(actor=request.auth, partner_id=_own_id(request), reference_id=reference_id, values=data.dict(), at=request.at)
    return _reference(request, response, reference_id)


@references.post("/{uuid:reference_id}/submit", response=ReferenceOut, summary="Send a customer reference to the vendor")
@needs("directory.edit")
@idempotent
def submit_customer_reference(request: HttpRequest, reference_id: UUID, response: HttpResponse):
    services.submit_reference(actor=request.auth, reference_id=reference_id, at=request.at)
    return _reference(request, response, reference_id)


@references.post("/{uuid:reference_id}/withdraw", response=ReferenceOut, summary="Withdraw a customer reference")
@needs("directory.edit")
@idempotent
def withdraw_customer_reference(request: HttpRequest, reference_id: UUID, response: HttpResponse):
    services.withdraw_reference(actor=request.auth, reference_id=reference_id, at=request.at)
    return _reference(request, response, reference_id)


@references.post("/{uuid:reference_id}/decision", response=ReferenceOut, summary="Publish or return a customer reference")
@needs("directory.review")
@idempotent
def decide_customer_reference(request: HttpRequest, reference_id: UUID, data: ReferenceDecisionIn, response: HttpResponse):
    services.decide_reference(actor=request.auth, reference_id=reference_id, is_published=data.publish, reason=data.reason, at=request.at)
    return _reference(request, response, reference_id)


@locator.get("", response=FoundPage, summary="Find partners")
@needs("directory.view")
def find_partners(request: HttpRequest, query: Query[LocatorQuery]):
    """What the public directory finds, also by distance from a place."""
    found = queries.find(Wanted(**query.dict()))
    items = [
        {
            **{name: getattr(row, name) for name in ("id", "slug", "name", "summary", "city", "countries", "services", "industries", "distance_km")},
            "url": addresses.listing(row.slug),
            "tiers": [f"{grade.program}/{grade.tier}" for grade in row.grades],
            "references": row.reference_count,
        }
        for row in found.rows
    ]
    return {"items": items, "total": found.total, "page": found.page, "pages": found.pages, "understood_place": found.town.name if found.town else ""}


@locator.get("/messages", response=Page[MessageOut], summary="Read what visitors wrote")
@needs("directory.view")
def list_directory_messages(request: HttpRequest, query: Query[PageQuery]):
    """Messages go to the partner; the vendor reads none."""
    found = paginate(queries.newest_messages(request.auth), query.cursor, query.limit)
    return {"items": [queries.message_row(row) for row in found.items], "next_cursor": found.next_cursor}


@badges.get("", response=Page[BadgeOut], summary="List badges")
@needs("directory.view")
def list_badges(request: HttpRequest, query: Query[BadgeQuery]):
    filters = {"state": query.state, "kind": query.kind, "partner_id": query.partner_id}
    found = paginate(queries.newest_badges(request.auth, filters=filters, at=request.at), query.cursor, query.limit)
    return {"items": [_badge_out(queries.badge_row(row, request.at)) for row in found.items], "next_cursor": found.next_cursor}


@badges.get("/{uuid:badge_id}", response=BadgeOut, summary="Read a badge")
@needs("directory.view")
def get_badge(request: HttpRequest, badge_id: UUID, response: HttpResponse):
    return _badge(request, response, badge_id)


@badges.post("", response={201: BadgeOut}, summary="Issue a certificate badge")
@needs("directory.award")
@idempotent
def issue_certificate_badge(request: HttpRequest, data: CertificateIn, response: HttpResponse):
    """Tier badges are issued by themselves. Issuing the same badge again gives the one that is there."""
    badge_id = services.give_certificate(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _badge(request, response, badge_id))


@badges.post("/{uuid:badge_id}/revoke", response=BadgeOut, summary="Take a badge back")
@needs("directory.award")
@idempotent
def revoke_partner_badge(request: HttpRequest, badge_id: UUID, data: RevokeIn, response: HttpResponse):
    services.revoke_badge(actor=request.auth, badge_id=badge_id, note=data.reason, at=request.at)
    return _badge(request, response, badge_id)


@badges.post("/check", response=VerdictOut, summary="Check a badge")
@needs("directory.view")
@idempotent
def check_badge_credential(request: HttpRequest, data: CheckIn):
    """The verdict on any badge of this issuer. Nothing is kept."""
    try:
        verdict = queries.check(data.credential.encode(), request.at)
    except baking.NotABadge as error:
        raise Invalid(wording.no_credential(str(error)), field="credential") from None
    said = wording.verdict(verdict)
    checks = [{"code": check.code, "passed": check.is_passed, "text": text} for check, text in said.checks]
    return {"holds": verdict.holds, "state": verdict.state, "title": said.title, "text": said.text, "badge": dict(verdict.facts), "checks": checks}


ROUTERS = {"partner-profiles": profiles, "customer-references": references, "directory": locator, "badges": badges}
_DECIDE = {
    "approve": lambda request, profile_id, reason: services.approve_profile(actor=request.auth, profile_id=profile_id, at=request.at),
    "return": lambda request, profile_id, reason: services.return_profile(actor=request.auth, profile_id=profile_id, reason=reason, at=request.at),
    "hide": lambda request, profile_id, reason: services.hide_profile(actor=request.auth, profile_id=profile_id, reason=reason, at=request.at),
}


def _own_id(request: HttpRequest) -> UUID:
    return request.auth.partner_id


def _profile(request: HttpRequest, response: HttpResponse, partner_id: UUID) -> dict[str, Any]:
    own = queries.own_profile(request.auth, partner_id)
    response["ETag"] = etag_of(own.version)
    values = {name: getattr(own, name) for name in ProfileOut.model_fields if hasattr(own, name)}
    return values | {"complete_percent": own.completeness.percent, "missing": list(own.completeness.missing)}


def _reference(request: HttpRequest, response: HttpResponse, reference_id: UUID) -> queries.ReferenceRow:
    found = queries.reference(request.auth, reference_id)
    response["ETag"] = etag_of(found.version)
    return found


def _badge(request: HttpRequest, response: HttpResponse, badge_id: UUID) -> dict[str, Any]:
    row = queries.badge(request.auth, badge_id, request.at)
    response["ETag"] = etag_of(row.version)
    return _badge_out(row)


def _badge_out(row: queries.BadgeRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in BadgeOut.model_fields if name != "url"} | {"url": addresses.badge(row.id)}
