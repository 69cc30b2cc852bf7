"""Customer references."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import StringConstraints

from openprm.directory import queries, services
from openprm.directory.api.fields import Code, Email, own_partner_id
from openprm.kernel.api import Country, In, Out, Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates

references = Router(tags=["Directory"])


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
    reference_id = services.save_reference(actor=request.auth, partner_id=own_partner_id(request), values=data.dict(), at=request.at)
    return Status(201, _reference(request, response, reference_id))


@references.put("/{uuid:reference_id}", response=ReferenceOut, summary="Change a customer reference")
@needs("directory.edit")
@idempotent
@updates
def change_customer_reference(request: HttpRequest, reference_id: UUID, data: ReferenceIn, response: HttpResponse):
    """A published reference goes off the public pages until the vendor has approved the change."""
    require_match(request, queries.reference(request.auth, reference_id).version)
    services.save_reference(actor=request.auth, partner_id=own_partner_id(request), reference_id=reference_id, values=data.dict(), at=request.at)
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


def _reference(request: HttpRequest, response: HttpResponse, reference_id: UUID) -> queries.ReferenceRow:
    found = queries.reference(request.auth, reference_id)
    response["ETag"] = etag_of(found.version)
    return found
