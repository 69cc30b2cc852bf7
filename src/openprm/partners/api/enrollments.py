"""Which partner is in which program and tier, until when, and how it goes on."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.kernel.api import Page, idempotent, needs, paginate
from openprm.partners import queries, services
from openprm.partners.api.partners import answered
from openprm.partners.api.schemas import (
    EnrollmentEndIn,
    EnrollmentIn,
    EnrollmentOut,
    EnrollmentQuery,
    PartnerOut,
    RenewalIn,
    RenewalOut,
    RenewalQuery,
    TierChoiceIn,
)

enrollments = Router(tags=["Programs"])


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
def enrollanswered(request: HttpRequest, data: EnrollmentIn, response: HttpResponse):
    services.enroll(actor=request.auth, at=request.at, **data.dict())
    return Status(201, answered(request, response, data.partner_id))


@enrollments.put("/{uuid:partner_id}/{uuid:program_id}", response=PartnerOut, summary="Change a partner's tier")
@needs("partners.manage")
@idempotent
def change_partner_tier(request: HttpRequest, partner_id: UUID, program_id: UUID, data: TierChoiceIn, response: HttpResponse):
    services.change_tier(actor=request.auth, partner_id=partner_id, program_id=program_id, tier_id=data.tier_id, at=request.at)
    return answered(request, response, partner_id)


@enrollments.delete("/{uuid:partner_id}/{uuid:program_id}", response=PartnerOut, summary="Take a partner out of a program")
@needs("partners.manage")
@idempotent
def end_partner_enrollment(request: HttpRequest, partner_id: UUID, program_id: UUID, response: HttpResponse):
    services.end_enrollment(actor=request.auth, partner_id=partner_id, program_id=program_id, at=request.at)
    return answered(request, response, partner_id)


@enrollments.post("/{uuid:partner_id}/{uuid:program_id}/renewal", response=PartnerOut, summary="Renew a membership")
@needs("partners.renew")
@idempotent
def renew_partner_enrollment(request: HttpRequest, partner_id: UUID, program_id: UUID, data: RenewalIn, response: HttpResponse):
    """For the vendor at any time, for an administrator of the partner in the last 60 days. What agreements or compliance have closed must be open."""
    services.renew_enrollment(actor=request.auth, partner_id=partner_id, program_id=program_id, months=data.months, at=request.at)
    return answered(request, response, partner_id)


@enrollments.put("/{uuid:partner_id}/{uuid:program_id}/end", response=PartnerOut, summary="Move the end of a membership")
@needs("partners.manage")
@idempotent
def move_enrollment_end(request: HttpRequest, partner_id: UUID, program_id: UUID, data: EnrollmentEndIn, response: HttpResponse):
    services.set_enrollment_end(actor=request.auth, partner_id=partner_id, program_id=program_id, at=request.at, **data.dict())
    return answered(request, response, partner_id)


@enrollments.get("/renewals", response=Page[RenewalOut], summary="List memberships that end")
@needs("partners.view")
def list_renewals(request: HttpRequest, query: Query[RenewalQuery]):
    """The vendor sees all partners' memberships, a partner its own."""
    wanted = {"program": query.program_id, "due": str(query.within_days) if query.within_days else None}
    filters = {name: (value,) for name, value in wanted.items() if value}
    found = paginate(queries.newest_renewals(request.auth, request.at, filters=filters), query.cursor, query.limit)
    return {"items": queries.renewal_rows(found.items, request.at), "next_cursor": found.next_cursor}
