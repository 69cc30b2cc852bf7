"""Answers, certificates, verifications and owners over the API."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status, UploadedFile

from openprm.compliance import queries, services
from openprm.compliance.api.cases import read_file
from openprm.compliance.api.schemas import (
    AnswerQuery,
    AnswersIn,
    CertificateOut,
    CertificateQuery,
    CheckIn,
    DecideIn,
    EsgIn,
    MessageIn,
    OwnerIn,
    OwnerOut,
    PapersIn,
    ReasonIn,
    ReplyOut,
    ReplyRowOut,
    StartIn,
    VerificationOut,
    VerificationQuery,
)
from openprm.kernel.api import IdOut, Page, etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.kernel.api.bodies import refuse_unstorable
from openprm.kernel.errors import NotAllowed

answers = Router(tags=["Compliance"])
certificates = Router(tags=["Compliance"])
verifications = Router(tags=["Compliance"])
owners = Router(tags=["Compliance"])


def _reply(request: HttpRequest, response: HttpResponse, reply_id: UUID) -> dict[str, Any]:
    found = queries.reply(request.auth, reply_id, request.at)
    response["ETag"] = etag_of(found.version)
    names = ("id", "partner_id", "case_id", "questionnaire_code", "state", "message", "due_at", "submitted_at", "valid_until", "score", "version")
    return {
        **{name: getattr(found, name) for name in names},
        "questionnaire_version": found.number,
        "questions": [_asked(one) for one in found.answers],
    }


def _asked(one: Any) -> dict[str, Any]:
    """A question without what its answers are worth: that is for the vendor's editor."""
    question = one.question
    names = ("id", "text", "help", "type", "required", "category")
    options = [{"value": option.value, "label": option.label} for option in question.options]
    return {**{name: getattr(question, name) for name in names}, "options": options, "answer": one.value, "files": list(one.files)}


@answers.get("", response=Page[ReplyRowOut], summary="List questionnaires that were sent")
@needs("compliance.view_papers")
def list_compliance_answers(request: HttpRequest, query: Query[AnswerQuery]):
    wanted = {"state": query.state, "purpose": query.purpose, "partner": query.partner_id}
    rows = queries.newest_replies(request.auth, {name: value for name, value in wanted.items() if value})
    found = paginate(rows, query.cursor, query.limit)
    return {"items": [queries.reply_row(row, request.at) for row in found.items], "next_cursor": found.next_cursor}


@answers.post("/esg", response={201: IdOut}, summary="Ask for ESG answers")
@needs("compliance.review")
@idempotent
def request_esg_answers(request: HttpRequest, data: EsgIn):
    return Status(201, {"id": services.request_esg(actor=request.auth, partner_id=data.partner_id, message=data.message, at=request.at)})


@answers.get("/{uuid:reply_id}", response=ReplyOut, summary="Read answers")
@needs("compliance.view_papers")
def get_compliance_answers(request: HttpRequest, reply_id: UUID, response: HttpResponse):
    return _reply(request, response, reply_id)


@answers.put("/{uuid:reply_id}", response=ReplyOut, summary="Save answers")
@needs("compliance.answer")
@idempotent
@updates
def save_compliance_answers(request: HttpRequest, reply_id: UUID, data: AnswersIn, response: HttpResponse):
    services.save_answers(actor=request.auth, reply_id=reply_id, answers=data.answers, version=matched_version(request), at=request.at)
    return _reply(request, response, reply_id)


@answers.post("/{uuid:reply_id}/files", response={201: IdOut}, summary="Answer a question with a file")
@needs("compliance.answer")
@idempotent
def add_answer_file(request: HttpRequest, reply_id: UUID, file: File[UploadedFile], question: str = Form(..., max_length=80)):
    name, content = read_file(file)
    refuse_unstorable(question)
    document_id = services.attach_to_reply(actor=request.auth, reply_id=reply_id, question=question, name=name, content=content, at=request.at)
    return Status(201, {"id": document_id})


@answers.post("/{uuid:reply_id}/submit", response=ReplyOut, summary="Submit answers")
@needs("compliance.answer")
@idempotent
def submit_compliance_answers(request: HttpRequest, reply_id: UUID, response: HttpResponse):
    """From now on they stay as they are."""
    services.submit(actor=request.auth, reply_id=reply_id, at=request.at)
    return _reply(request, response, reply_id)


@answers.post("/{uuid:reply_id}/return", response=ReplyOut, summary="Send answers back")
@needs("compliance.review")
@idempotent
def return_compliance_answers(request: HttpRequest, reply_id: UUID, data: ReasonIn, response: HttpResponse):
    services.return_reply(actor=request.auth, reply_id=reply_id, message=data.note, at=request.at)
    return _reply(request, response, reply_id)


@answers.post("/{uuid:reply_id}/accept", response=ReplyOut, summary="Accept ESG answers")
@needs("compliance.review")
@idempotent
def accept_esg_answers(request: HttpRequest, reply_id: UUID, response: HttpResponse):
    services.accept_esg(actor=request.auth, reply_id=reply_id, at=request.at)
    return _reply(request, response, reply_id)


@certificates.get("", response=Page[CertificateOut], summary="List certificates")
@needs("compliance.view")
def list_certificates(request: HttpRequest, query: Query[CertificateQuery]):
    wanted = {"state": query.state, "kind": query.kind, "partner": query.partner_id}
    rows = queries.newest_certificates(request.auth, {name: value for name, value in wanted.items() if value})
    found = paginate(rows, query.cursor, query.limit)
    return {"items": [queries.certificate_row(request.auth, row, request.at) for row in found.items], "next_cursor": found.next_cursor}


def _certificate(request: HttpRequest, response: HttpResponse, certificate_id: UUID) -> Any:
    found = queries.certificate(request.auth, certificate_id, request.at)
    response["ETag"] = etag_of(found.version)
    return found


@certificates.get("/{uuid:certificate_id}", response=CertificateOut, summary="Read a certificate")
@needs("compliance.view")
def get_certificate(request: HttpRequest, certificate_id: UUID, response: HttpResponse):
    return _certificate(request, response, certificate_id)


@certificates.post("", response={201: CertificateOut}, summary="Add a certificate")
@needs("compliance.answer")
@idempotent
def add_certificate(
    request: HttpRequest,
    response: HttpResponse,
    issued_on: Form[date],
    expires_on: Form[date],
    file: File[UploadedFile],
    kind: str = Form(..., max_length=60),
    issuer: str = Form(..., max_length=200),
    number: str = Form("", max_length=120),
    level: str = Form("", max_length=60),
):
    """It counts once the vendor has checked it."""
    refuse_unstorable([kind, issuer, number, level])
    certificate_id = services.add_certificate(
        actor=request.auth, partner_id=_own(request), kind=kind, issuer=issuer, number=number, level=level, issued_on=issued_on, expires_on=expires_on,
        file=read_file(file), at=request.at,
    )  # fmt: skip
    return Status(201, _certificate(request, response, certificate_id))


def _own(request: HttpRequest) -> UUID:
    if request.auth.partner_id is None:
        raise NotAllowed()
    return request.auth.partner_id


@certificates.post("/{uuid:certificate_id}/check", response=CertificateOut, summary="Verify or reject a certificate")
@needs("compliance.review")
@idempotent
def check_certificate(request: HttpRequest, certificate_id: UUID, data: CheckIn, response: HttpResponse):
    services.check_certificate(actor=request.auth, certificate_id=certificate_id, verified=data.verified, note=data.note, at=request.at)
    return _certificate(request, response, certificate_id)


@certificates.delete("/{uuid:certificate_id}", response={204: None}, summary="Take a certificate back")
@needs("compliance.answer")
@idempotent
def withdraw_certificate(request: HttpRequest, certificate_id: UUID):
    """Only one that waits for its check."""
    services.withdraw_certificate(actor=request.auth, certificate_id=certificate_id, at=request.at)
    return Status(204, None)


@verifications.get("", response=Page[VerificationOut], summary="List verifications")
@needs("compliance.view_papers")
def list_verifications(request: HttpRequest, query: Query[VerificationQuery]):
    wanted = {"state": query.state, "kind": query.kind, "partner": query.partner_id}
    rows = queries.newest_verifications(request.auth, {name: value for name, value in wanted.items() if value})
    found = paginate(rows, query.cursor, query.limit)
    return {"items": [queries.verification_row(request.auth, row) for row in found.items], "next_cursor": found.next_cursor}


def _verification(request: HttpRequest, response: HttpResponse, verification_id: UUID) -> Any:
    found = queries.verification(request.auth, verification_id)
    response["ETag"] = etag_of(found.version)
    return found


@verifications.post("", response={201: VerificationOut}, summary="Begin a verification")
@needs("compliance.answer")
@idempotent
def start_verification(request: HttpRequest, data: StartIn, response: HttpResponse):
    verification_id = services.start_verification(actor=request.auth, partner_id=_own(request), kind=data.kind, at=request.at)
    return Status(201, _verification(request, response, verification_id))


@verifications.get("/{uuid:verification_id}", response=VerificationOut, summary="Read a verification")
@needs("compliance.view_papers")
def get_verification(request: HttpRequest, verification_id: UUID, response: HttpResponse):
    return _verification(request, response, verification_id)


@verifications.patch("/{uuid:verification_id}", response=VerificationOut, summary="Save the papers of a verification")
@needs("compliance.answer")
@idempotent
@updates
def save_verification(request: HttpRequest, verification_id: UUID, data: PapersIn, response: HttpResponse):
    values = {name: value for name, value in data.dict(exclude_unset=True).items() if value is not None}
    services.save_verification(actor=request.auth, verification_id=verification_id, values=values, version=matched_version(request), at=request.at)
    return _verification(request, response, verification_id)


@verifications.post("/{uuid:verification_id}/files", response={201: IdOut}, summary="Add a document to a verification")
@needs("compliance.answer")
@idempotent
def add_verification_file(request: HttpRequest, verification_id: UUID, file: File[UploadedFile]):
    name, content = read_file(file)
    document_id = services.attach_to_verification(actor=request.auth, verification_id=verification_id, name=name, content=content, at=request.at)
    return Status(201, {"id": document_id})


@verifications.post("/{uuid:verification_id}/submit", response=VerificationOut, summary="Submit a verification")
@needs("compliance.answer")
@idempotent
def submit_verification(request: HttpRequest, verification_id: UUID, response: HttpResponse):
    services.submit_verification(actor=request.auth, verification_id=verification_id, at=request.at)
    return _verification(request, response, verification_id)


@verifications.post("/{uuid:verification_id}/decide", response=VerificationOut, summary="Decide a verification")
@needs("compliance.review")
@idempotent
def decide_verification(request: HttpRequest, verification_id: UUID, data: DecideIn, response: HttpResponse):
    services.decide_verification(actor=request.auth, verification_id=verification_id, outcome=data.outcome, message=data.message, at=request.at)
    return _verification(request, response, verification_id)


@verifications.post("/{uuid:verification_id}/reopen", response=VerificationOut, summary="Open a verification again")
@needs("compliance.review")
@idempotent
def reopen_verification(request: HttpRequest, verification_id: UUID, data: MessageIn, response: HttpResponse):
    services.reopen_verification(actor=request.auth, verification_id=verification_id, message=data.message, at=request.at)
    return _verification(request, response, verification_id)


@owners.get("", response=list[OwnerOut], summary="List owners and directors")
@needs("compliance.view_papers")
def list_company_owners(request: HttpRequest, partner_id: UUID):
    """Of one partner."""
    return list(queries.owners(request.auth, partner_id))


@owners.post("", response={201: OwnerOut}, summary="Name an owner or director")
@needs("compliance.answer")
@idempotent
def add_company_owner(request: HttpRequest, data: OwnerIn):
    owner_id = services.add_owner(actor=request.auth, partner_id=_own(request), values=data.dict(), at=request.at)
    return Status(201, queries.owner(request.auth, owner_id))


@owners.delete("/{uuid:owner_id}", response={204: None}, summary="Take an owner or director off")
@needs("compliance.answer")
@idempotent
def remove_company_owner(request: HttpRequest, owner_id: UUID):
    services.remove_owner(actor=request.auth, owner_id=owner_id, at=request.at)
    return Status(204, None)
