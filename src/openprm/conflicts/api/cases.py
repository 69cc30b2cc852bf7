"""Conflict cases over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Status, UploadedFile

from openprm.conflicts import queries, services
from openprm.conflicts.api.schemas import (
    AppealAnswerIn,
    AppealIn,
    AssignIn,
    CaseIn,
    CaseOut,
    CaseQuery,
    CaseRowOut,
    ClauseOut,
    DecisionIn,
    OpenedOut,
    ReasonIn,
    StatementIn,
)
from openprm.conflicts.rules.draft import CaseDraft
from openprm.kernel.api import IdOut, Page, etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.kernel.api.bodies import refuse_unstorable
from openprm.kernel.api.problems import TooLarge
from openprm.kernel.files import MAX_BYTES

router = Router(tags=["Conflicts"])


def _read(request: HttpRequest, case_id: UUID) -> Any:
    query = queries.case_for_partner if request.auth.is_partner else queries.case_for_vendor
    return query(request.auth, case_id, request.at)


def _answered(request: HttpRequest, response: HttpResponse, case_id: UUID) -> Any:
    """The case as the caller's side reads it, with the ETag of its version."""
    found = _read(request, case_id)
    response["ETag"] = etag_of(found.version)
    return found


@router.get("", response=Page[CaseRowOut], summary="List conflict cases")
@needs("conflicts.view")
def list_conflict_cases(request: HttpRequest, query: Query[CaseQuery]):
    """The vendor sees all, a partner those in which it is a side."""
    wanted = {"state": query.state, "type": query.type, "partner": query.partner_id}
    rows = queries.newest_cases(request.auth, filters={name: value for name, value in wanted.items() if value})
    found = paginate(rows, query.cursor, query.limit)
    shown = queries.case_rows(request.auth, found.items, request.at)
    return {"items": [shown[row.pk] for row in found.items], "next_cursor": found.next_cursor}


@router.post("", response={201: OpenedOut}, summary="Open a conflict case")
@needs("conflicts.open")
@idempotent
def open_conflict_case(request: HttpRequest, data: CaseIn):
    """Name one registration, lead or engagement. The claim is the first statement of a partner, an internal note of the vendor."""
    return Status(201, services.open_case(actor=request.auth, draft=CaseDraft(**data.dict()), at=request.at))


@router.get("/{uuid:case_id}", response=CaseOut, summary="Read a conflict case")
@needs("conflicts.view")
def get_conflict_case(request: HttpRequest, case_id: UUID, response: HttpResponse):
    """What the other side said appears when both have spoken or its time is over."""
    return _answered(request, response, case_id)


@router.get("/{uuid:case_id}/clauses", response=list[ClauseOut], summary="List the clauses that a decision can cite")
@needs("conflicts.review")
def list_citable_clauses(request: HttpRequest, case_id: UUID):
    return list(queries.ground_of(request.auth, case_id, request.at).clauses)


@router.post("/{uuid:case_id}/statements", response=CaseOut, summary="Make a statement")
@needs("conflicts.speak")
@idempotent
def make_statement(request: HttpRequest, case_id: UUID, data: StatementIn, response: HttpResponse):
    services.give_statement(actor=request.auth, case_id=case_id, text=data.text, at=request.at)
    return _answered(request, response, case_id)


@router.post("/{uuid:case_id}/evidence", response={201: IdOut}, summary="Add evidence")
@needs("conflicts.speak")
@idempotent
def add_evidence(request: HttpRequest, case_id: UUID, file: File[UploadedFile]):
    refuse_unstorable(file.name or "")
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge(code="file_too_large")
    made = services.add_evidence(actor=request.auth, case_id=case_id, name=file.name or "file", content=file.read(), at=request.at)
    return Status(201, {"id": made})


@router.post("/{uuid:case_id}/notes", response={201: IdOut}, summary="Write an internal note")
@needs("conflicts.write_note")
@idempotent
def write_note(request: HttpRequest, case_id: UUID, data: StatementIn):
    """No partner reads it."""
    return Status(201, {"id": services.write_note(actor=request.auth, case_id=case_id, text=data.text, at=request.at)})


@router.post("/{uuid:case_id}/take-up", response=CaseOut, summary="Take a case or its appeal up")
@needs("conflicts.review")
@idempotent
@updates
def take_up(request: HttpRequest, case_id: UUID, response: HttpResponse):
    """Refused for everybody who is tied to the case; an appeal is never taken by who decided first."""
    services.take_up(actor=request.auth, case_id=case_id, version=matched_version(request), at=request.at)
    return _answered(request, response, case_id)


@router.post("/{uuid:case_id}/assign", response=CaseOut, summary="Name a reviewer")
@needs("conflicts.assign")
@idempotent
@updates
def assign(request: HttpRequest, case_id: UUID, data: AssignIn, response: HttpResponse):
    services.assign(actor=request.auth, case_id=case_id, reviewer_id=data.reviewer_id, version=matched_version(request), at=request.at)
    return _answered(request, response, case_id)


@router.post("/{uuid:case_id}/dismiss", response=CaseOut, summary="Close a false alarm")
@needs("conflicts.review")
@idempotent
@updates
def dismiss(request: HttpRequest, case_id: UUID, data: ReasonIn, response: HttpResponse):
    services.dismiss(actor=request.auth, case_id=case_id, reason=data.reason, version=matched_version(request), at=request.at)
    return _answered(request, response, case_id)


@router.post("/{uuid:case_id}/decide", response=CaseOut, summary="Decide a case")
@needs("conflicts.review")
@idempotent
@updates
def decide(request: HttpRequest, case_id: UUID, data: DecisionIn, response: HttpResponse):
    values = data.dict(exclude={"remedies"})
    services.decide(actor=request.auth, case_id=case_id, remedies_chosen=data.remedies, version=matched_version(request), at=request.at, **values)
    return _answered(request, response, case_id)


@router.post("/{uuid:case_id}/withdraw", response=CaseOut, summary="Withdraw your case")
@needs("conflicts.open")
@idempotent
@updates
def withdraw(request: HttpRequest, case_id: UUID, data: ReasonIn, response: HttpResponse):
    services.withdraw(actor=request.auth, case_id=case_id, reason=data.reason, version=matched_version(request), at=request.at)
    return _answered(request, response, case_id)


@router.post("/{uuid:case_id}/appeal", response=CaseOut, summary="Appeal a decision")
@needs("conflicts.speak")
@idempotent
@updates
def appeal(request: HttpRequest, case_id: UUID, data: AppealIn, response: HttpResponse):
    """Once a case, by a partner on either side, within the published days."""
    services.appeal(actor=request.auth, case_id=case_id, text=data.text, version=matched_version(request), at=request.at)
    return _answered(request, response, case_id)


@router.post("/{uuid:case_id}/appeal/answer", response=CaseOut, summary="Answer an appeal")
@needs("conflicts.review")
@idempotent
@updates
def answer_appeal(request: HttpRequest, case_id: UUID, data: AppealAnswerIn, response: HttpResponse):
    values = data.dict(exclude={"remedies"})
    services.answer_appeal(actor=request.auth, case_id=case_id, remedies_chosen=data.remedies, version=matched_version(request), at=request.at, **values)
    return _answered(request, response, case_id)


@router.post("/{uuid:case_id}/precedent", response={201: IdOut}, summary="Prepare a precedent")
@needs("conflicts.review")
@idempotent
def prepare_precedent(request: HttpRequest, case_id: UUID):
    """A first draft without names. Doing it twice gives the same draft."""
    return Status(201, {"id": services.prepare(actor=request.auth, case_id=case_id, at=request.at)})
