"""Registrations: from draft to won, for both sides."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.deals import queries, services
from openprm.deals.api import shapes
from openprm.deals.api.paging import page_request
from openprm.deals.api.schemas import (
    ApproveIn,
    CustomerIn,
    ReasonIn,
    RegistrationIn,
    RegistrationOut,
    RegistrationPage,
    RegistrationPatch,
    RegistrationQuery,
    RejectIn,
    ReturnIn,
    StageIn,
    WonIn,
)
from openprm.deals.queries import Filters
from openprm.deals.rules.draft import LineDraft, RegistrationDraft, merged
from openprm.kernel.api import etag_of, idempotent, matched_version, needs, updates

router = Router(tags=["Registrations"])
SEVERAL = ("status", "stage", "verdict", "deal_type", "lost_code")


def read(request: HttpRequest, registration_id: UUID) -> Any:
    """The registration as the caller's side sees it."""
    query = queries.registration_for_partner if request.auth.is_partner else queries.registration_for_vendor
    return query(request.auth, registration_id, request.at)


def answered(request: HttpRequest, response: HttpResponse, registration_id: UUID) -> Any:
    """The registration after a change, with the ETag of its new version."""
    found = read(request, registration_id)
    response["ETag"] = etag_of(found.version)
    return shapes.registration(found)


def _draft(values: dict[str, Any]) -> dict[str, Any]:
    if "lines" in values:
        values["lines"] = tuple(LineDraft(**line) for line in values["lines"])
    return values


@router.get("", response=RegistrationPage, summary="List registrations")
@needs("deals.view")
def list_registrations(request: HttpRequest, query: Query[RegistrationQuery]):
    """Newest first unless `sort` says otherwise. A partner sees its own; the vendor sees all but drafts."""
    page = page_request("registrations", cursor=query.cursor, limit=query.limit, sort=query.sort)
    held = query.dict(exclude={"cursor", "limit", "sort", "q", *SEVERAL})
    several = {name: tuple(getattr(query, name)) for name in SEVERAL}
    filters = Filters(text=query.q, **several, **held)
    found = queries.registrations(request.auth, filters, page, request.at)
    return {"items": [shapes.row(row) for row in found.rows], "next_cursor": found.next_cursor or None}


@router.post("", response={201: RegistrationOut}, summary="Create a registration")
@needs("deals.register")
@idempotent
def create_registration(request: HttpRequest, data: RegistrationIn, response: HttpResponse):
    """Keep a draft, or with `submit` send it to the reviewer in the same call."""
    draft = RegistrationDraft(**_draft(data.dict(exclude={"partner_id", "submit"})))
    create = services.register if data.submit else services.save_draft
    saved = create(actor=request.auth, draft=draft, partner_id=data.partner_id, at=request.at)
    response["Location"] = f"/api/v1/registrations/{saved.registration_id}"
    return Status(201, answered(request, response, saved.registration_id))


@router.get("/{uuid:registration_id}", response=RegistrationOut, summary="Read a registration")
@needs("deals.view")
def get_registration(request: HttpRequest, registration_id: UUID, response: HttpResponse):
    """Everything about one deal as your side may see it: lines, promise, steps, decisions with their clause, protections."""
    return answered(request, response, registration_id)


@router.patch("/{uuid:registration_id}", response=RegistrationOut, summary="Change a draft")
@needs("deals.register")
@idempotent
@updates
def update_registration(request: HttpRequest, registration_id: UUID, data: RegistrationPatch, response: HttpResponse):
    """Change what is sent and leave the rest. A returned registration is changed by `resubmit`."""
    version = matched_version(request)
    draft = merged(queries.draft_of(request.auth, registration_id), _draft(data.dict(exclude_unset=True)))
    services.save_draft(actor=request.auth, draft=draft, registration_id=registration_id, version=version, at=request.at)
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/submit", response=RegistrationOut, summary="Submit a draft")
@needs("deals.register")
@idempotent
@updates
def submit_registration(request: HttpRequest, registration_id: UUID, response: HttpResponse):
    """Runs the conflict check and the decision rules; the answer says who decides and by when."""
    services.submit(actor=request.auth, registration_id=registration_id, version=matched_version(request), at=request.at)
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/resubmit", response=RegistrationOut, summary="Send a returned registration back")
@needs("deals.register")
@idempotent
@updates
def resubmit_registration(request: HttpRequest, registration_id: UUID, data: RegistrationPatch, response: HttpResponse):
    """Only the fields that the reviewer opened may be sent."""
    version = matched_version(request)
    draft = merged(queries.draft_of(request.auth, registration_id), _draft(data.dict(exclude_unset=True)))
    services.resubmit(actor=request.auth, registration_id=registration_id, draft=draft, version=version, at=request.at)
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/withdraw", response=RegistrationOut, summary="Withdraw a registration")
@needs("deals.register")
@idempotent
@updates
def withdraw_registration(request: HttpRequest, registration_id: UUID, data: ReasonIn, response: HttpResponse):
    """Before the decision only, and final."""
    services.withdraw(actor=request.auth, registration_id=registration_id, reason=data.reason, version=matched_version(request), at=request.at)
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/cancel", response=RegistrationOut, summary="Cancel a registration")
@needs("deals.view")
@idempotent
@updates
def cancel_registration(request: HttpRequest, registration_id: UUID, data: ReasonIn, response: HttpResponse):
    """Discards a draft, or ends an approved deal that the customer stopped."""
    services.cancel(actor=request.auth, registration_id=registration_id, reason=data.reason, version=matched_version(request), at=request.at)
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/review", response=RegistrationOut, summary="Start the review")
@needs("deals.review")
@idempotent
@updates
def start_registration_review(request: HttpRequest, registration_id: UUID, response: HttpResponse):
    services.start_review(actor=request.auth, registration_id=registration_id, version=matched_version(request), at=request.at)
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/approve", response=RegistrationOut, summary="Approve a registration")
@needs("deals.approve")
@idempotent
@updates
def approve_registration(request: HttpRequest, registration_id: UUID, data: ApproveIn, response: HttpResponse):
    """Takes the approval step that is yours; the last step opens the protection. 409 when another protection stands."""
    services.approve(actor=request.auth, registration_id=registration_id, reason=data.reason, version=matched_version(request), at=request.at)
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/return", response=RegistrationOut, summary="Return for information")
@needs("deals.review")
@idempotent
@updates
def return_registration(request: HttpRequest, registration_id: UUID, data: ReturnIn, response: HttpResponse):
    """Opens the named fields to the partner and stops the clock of the promise."""
    services.return_for_information(
        actor=request.auth, registration_id=registration_id, fields=data.fields, message=data.message, version=matched_version(request), at=request.at
    )
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/reject", response=RegistrationOut, summary="Reject a registration")
@needs("deals.review")
@idempotent
@updates
def reject_registration(request: HttpRequest, registration_id: UUID, data: RejectIn, response: HttpResponse):
    services.reject(
        actor=request.auth, registration_id=registration_id, reason=data.reason, clause=data.clause, version=matched_version(request), at=request.at
    )
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/customer", response=RegistrationOut, summary="Settle the customer")
@needs("deals.review")
@idempotent
@updates
def settle_registration_customer(request: HttpRequest, registration_id: UUID, data: CustomerIn, response: HttpResponse):
    """Names the account that the customer is, or makes it; the conflict check runs again."""
    services.resolve_account(
        actor=request.auth,
        registration_id=registration_id,
        account_id=data.account_id,
        create_new=data.create_new,
        version=matched_version(request),
        at=request.at,
    )
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/extend", response=RegistrationOut, summary="Extend the protection")
@needs("deals.protect")
@idempotent
@updates
def extend_registration_protection(request: HttpRequest, registration_id: UUID, data: ReasonIn, response: HttpResponse):
    """Once, by the days that the rules of the approval allow."""
    services.extend_protection(actor=request.auth, registration_id=registration_id, reason=data.reason, version=matched_version(request), at=request.at)
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/extension-request", response=RegistrationOut, summary="Ask for a longer protection")
@needs("deals.register")
@idempotent
def request_registration_extension(request: HttpRequest, registration_id: UUID, data: ReasonIn, response: HttpResponse):
    """The partner asks; its manager is told."""
    services.request_extension(actor=request.auth, registration_id=registration_id, reason=data.reason, at=request.at)
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/release", response=RegistrationOut, summary="Release the protection")
@needs("deals.protect")
@idempotent
@updates
def release_registration_protection(request: HttpRequest, registration_id: UUID, data: ReasonIn, response: HttpResponse):
    services.release_protection(actor=request.auth, registration_id=registration_id, reason=data.reason, version=matched_version(request), at=request.at)
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/stage", response=RegistrationOut, summary="Move to another stage")
@needs("deals.advance")
@idempotent
@updates
def move_registration_stage(request: HttpRequest, registration_id: UUID, data: StageIn, response: HttpResponse):
    services.move_stage(
        actor=request.auth, registration_id=registration_id, stage=data.stage, next_step=data.next_step, version=matched_version(request), at=request.at
    )
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/won", response=RegistrationOut, summary="Mark as won")
@needs("deals.advance")
@idempotent
@updates
def mark_registration_won(request: HttpRequest, registration_id: UUID, data: WonIn, response: HttpResponse):
    services.mark_won(actor=request.auth, registration_id=registration_id, amount_minor=data.amount_minor, version=matched_version(request), at=request.at)
    return answered(request, response, registration_id)
