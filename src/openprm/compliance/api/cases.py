"""Risk cases and red flags over the API."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status, UploadedFile

from openprm.compliance import queries, services
from openprm.compliance.api.schemas import (
    CaseOut,
    CaseQuery,
    CaseRowOut,
    Evidence,
    FactorsIn,
    FlagIn,
    FlagOut,
    MessageIn,
    NoteIn,
    OpenedOut,
    OwnCaseOut,
    PreviewIn,
    PreviewOut,
    ReasonIn,
    ReferenceIn,
    ScreenedOut,
)
from openprm.kernel.api import IdOut, Page, etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.kernel.api.bodies import refuse_unstorable
from openprm.kernel.api.problems import TooLarge
from openprm.kernel.errors import NotFound
from openprm.kernel.files import MAX_BYTES

router = Router(tags=["Compliance"])
flags = Router(tags=["Compliance"])


def read_file(file: UploadedFile) -> tuple[str, bytes]:
    """A sent file as name and bytes. Raises TooLarge."""
    refuse_unstorable(file.name or "")
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge(code="file_too_large")
    return file.name or "file", file.read()


def _case(request: HttpRequest, response: HttpResponse, case_id: UUID) -> Any:
    found = queries.case_for_vendor(request.auth, case_id, request.at)
    response["ETag"] = etag_of(found.version)
    return found


@router.get("", response=Page[CaseRowOut], summary="List risk cases")
@needs("compliance.view")
def list_risk_cases(request: HttpRequest, query: Query[CaseQuery]):
    """The vendor sees all, a partner its own."""
    wanted = {"state": query.state, "risk": query.risk, "country": query.country, "partner": query.partner_id, "flagged": query.flagged}
    rows = queries.newest_cases(request.auth, filters={name: value for name, value in wanted.items() if value})
    found = paginate(rows, query.cursor, query.limit)
    return {"items": [queries.case_row(row) for row in found.items], "next_cursor": found.next_cursor}


@router.post("", response=OpenedOut, summary="Open missing risk cases")
@needs("compliance.review")
@idempotent
def open_risk_cases(request: HttpRequest):
    """Opens a case for every partner that has none, 60 at a time."""
    return {"opened": services.open_cases(actor=request.auth, at=request.at)}


@router.get("/own", response=OwnCaseOut, summary="Read your own risk case")
@needs("compliance.view")
def get_own_risk_case(request: HttpRequest, response: HttpResponse):
    """For partners: where the case stands, why, and until when it holds."""
    found = queries.partner_case(request.auth, request.at) if request.auth.is_partner else None
    if found is None:
        raise NotFound()
    response["ETag"] = etag_of(found.version)
    return found


@router.post("/preview", response=PreviewOut, summary="Rate a company without storing it")
@needs("compliance.review")
@idempotent
def preview_risk(request: HttpRequest, data: PreviewIn):
    """What the published rule says about a company with these facts."""
    return services.risk_preview(**data.dict(), at=request.at)


@router.get("/{uuid:case_id}", response=CaseOut, summary="Read a risk case")
@needs("compliance.view")
def get_risk_case(request: HttpRequest, case_id: UUID, response: HttpResponse):
    """For the vendor's people. A partner reads `own`."""
    return _case(request, response, case_id)


@router.patch("/{uuid:case_id}", response=CaseOut, summary="Change what is known and rate again")
@needs("compliance.review")
@idempotent
@updates
def rate_risk_case(request: HttpRequest, case_id: UUID, data: FactorsIn, response: HttpResponse):
    factors = data.dict(exclude_unset=True)
    factors = {name: value for name, value in factors.items() if value is not None or name == "transaction_minor"}
    services.set_factors(actor=request.auth, case_id=case_id, factors=factors, version=matched_version(request), at=request.at)
    return _case(request, response, case_id)


@router.post("/{uuid:case_id}/questionnaire", response={201: IdOut}, summary="Send the questionnaire")
@needs("compliance.review")
@idempotent
def send_questionnaire(request: HttpRequest, case_id: UUID, data: MessageIn):
    """Asks what the class of risk asks for; gives the id of the answers to come."""
    return Status(201, {"id": services.send_questionnaire(actor=request.auth, case_id=case_id, message=data.message, at=request.at)})


@router.post("/{uuid:case_id}/screening", response=ScreenedOut, summary="Screen the names now")
@needs("compliance.review")
@idempotent
def screen_risk_case(request: HttpRequest, case_id: UUID):
    return {"new_flags": services.screen_case(actor=request.auth, case_id=case_id, at=request.at)}


@router.post("/{uuid:case_id}/references", response={201: IdOut}, summary="Add a reference")
@needs("compliance.review")
@idempotent
def add_reference(request: HttpRequest, case_id: UUID, data: ReferenceIn):
    return Status(201, {"id": services.add_reference(actor=request.auth, case_id=case_id, at=request.at, **data.dict())})


@router.get("/{uuid:case_id}/flags", response=list[FlagOut], summary="List red flags")
@needs("compliance.view_papers")
def list_red_flags(request: HttpRequest, case_id: UUID):
    """Newest first. Partners see none."""
    return list(queries.flags_of(request.auth, case_id))


@router.post("/{uuid:case_id}/flags", response={204: None}, summary="Raise a red flag")
@needs("compliance.review")
@idempotent
def raise_red_flag(request: HttpRequest, case_id: UUID, data: FlagIn):
    services.raise_flag(actor=request.auth, case_id=case_id, title=data.title, detail=data.detail, at=request.at)
    return Status(204, None)


@router.post("/{uuid:case_id}/documents", response={201: IdOut}, summary="Keep evidence on a case")
@needs("compliance.review")
@idempotent
def add_case_document(request: HttpRequest, case_id: UUID, file: File[UploadedFile]):
    """For the vendor's eyes only."""
    name, content = read_file(file)
    return Status(201, {"id": services.attach_to_case(actor=request.auth, case_id=case_id, name=name, content=content, at=request.at)})


@router.post("/{uuid:case_id}/approve", response=CaseOut, summary="Approve due diligence")
@needs("compliance.approve")
@idempotent
def approve_risk_case(request: HttpRequest, case_id: UUID, data: NoteIn, response: HttpResponse):
    """Somebody else than who cleared a red flag."""
    services.approve(actor=request.auth, case_id=case_id, note=data.note, at=request.at)
    return _case(request, response, case_id)


@router.post("/{uuid:case_id}/decline", response=CaseOut, summary="Decline due diligence")
@needs("compliance.approve")
@idempotent
def decline_risk_case(request: HttpRequest, case_id: UUID, data: ReasonIn, response: HttpResponse):
    services.decline(actor=request.auth, case_id=case_id, note=data.note, at=request.at)
    return _case(request, response, case_id)


@router.post("/{uuid:case_id}/reopen", response=CaseOut, summary="Open a declined case again")
@needs("compliance.review")
@idempotent
def reopen_risk_case(request: HttpRequest, case_id: UUID, response: HttpResponse):
    services.reopen(actor=request.auth, case_id=case_id, at=request.at)
    return _case(request, response, case_id)


@flags.post("/{uuid:flag_id}/resolve", response={204: None}, summary="Clear or confirm a red flag")
@needs("compliance.review")
@idempotent
def resolve_red_flag(request: HttpRequest, flag_id: UUID, outcome: Form[Literal["cleared", "confirmed"]], evidence: Form[Evidence], file: File[UploadedFile]):
    """`outcome` is cleared or confirmed. Words and a document are needed, and a person: no token of a machine."""
    refuse_unstorable([outcome, evidence])
    services.resolve_flag(actor=request.auth, flag_id=flag_id, outcome=outcome, evidence=evidence, file=read_file(file), at=request.at)
    return Status(204, None)
