"""Badges and their checks."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.directory import addresses, queries, services, wording
from openprm.directory.api.fields import Short
from openprm.directory.rules import baking
from openprm.kernel.api import In, Out, Page, PageQuery, etag_of, idempotent, needs, paginate
from openprm.kernel.errors import Invalid

badges = Router(tags=["Badges"])


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


def _badge(request: HttpRequest, response: HttpResponse, badge_id: UUID) -> dict[str, Any]:
    row = queries.badge(request.auth, badge_id, request.at)
    response["ETag"] = etag_of(row.version)
    return _badge_out(row)


def _badge_out(row: queries.BadgeRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in BadgeOut.model_fields if name != "url"} | {"url": addresses.badge(row.id)}
