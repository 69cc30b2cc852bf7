"""Public profiles."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from openprm.directory import queries, services
from openprm.directory.api.fields import Code, Email, Short
from openprm.kernel.api import Country, In, Out, Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.errors import Invalid

profiles = Router(tags=["Directory"])


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


_DECIDE = {
    "approve": lambda request, profile_id, reason: services.approve_profile(actor=request.auth, profile_id=profile_id, at=request.at),
    "return": lambda request, profile_id, reason: services.return_profile(actor=request.auth, profile_id=profile_id, reason=reason, at=request.at),
    "hide": lambda request, profile_id, reason: services.hide_profile(actor=request.auth, profile_id=profile_id, reason=reason, at=request.at),
}


def _profile(request: HttpRequest, response: HttpResponse, partner_id: UUID) -> dict[str, Any]:
    own = queries.own_profile(request.auth, partner_id)
    response["ETag"] = etag_of(own.version)
    values = {name: getattr(own, name) for name in ProfileOut.model_fields if hasattr(own, name)}
    return values | {"complete_percent": own.completeness.percent, "missing": list(own.completeness.missing)}
