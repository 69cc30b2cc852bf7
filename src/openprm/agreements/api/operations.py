"""Agreements over the API: the same services and queries as the pages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router, Status

from openprm.agreements import queries, services
from openprm.agreements.api.schemas import (
    AcceptanceDetailOut,
    AcceptanceOut,
    AcceptanceQuery,
    CountersignIn,
    DeclineIn,
    DocumentIn,
    DocumentOut,
    DraftIn,
    NewDocumentIn,
    PublishIn,
    SignatoryIn,
    SignatoryOut,
    SignIn,
    TextOut,
)
from openprm.agreements.queries.results import File
from openprm.kernel.api import Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates

agreements = Router(tags=["Agreements"])
FILE = {"responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}}


@agreements.get("", response=Page[DocumentOut], summary="List documents")
@needs("agreements.view")
def list_agreements(request: HttpRequest, query: Query[PageQuery]):
    """A partner sees what is published for it; the vendor also drafts and retired documents."""
    found = paginate(queries.newest_documents(request.auth), query.cursor, query.limit)
    return {"items": [_seen(request, queries.document_view(request.auth, row, request.at)) for row in found.items], "next_cursor": found.next_cursor}


@agreements.post("", response={201: DocumentOut}, summary="Add a document")
@needs("agreements.draft")
@idempotent
def add_agreement(request: HttpRequest, data: NewDocumentIn, response: HttpResponse):
    document_id = services.create_document(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _document(request, response, document_id))


@agreements.get("/acceptances", response=Page[AcceptanceOut], summary="List who has signed")
@needs("agreements.view")
def list_acceptances(request: HttpRequest, query: Query[AcceptanceQuery]):
    """The vendor sees every partner, a partner its own."""
    filters = queries.Filters(
        status=(query.status,) if query.status else (),
        document=(str(query.document_id),) if query.document_id else (),
        partner_id=query.partner_id,
        overdue=query.overdue,
    )
    found = paginate(queries.newest_acceptances(request.auth, filters, request.at), query.cursor, query.limit)
    return {"items": [queries.acceptance_row(row, request.at) for row in found.items], "next_cursor": found.next_cursor}


@agreements.get("/acceptances/{uuid:acceptance_id}", response=AcceptanceDetailOut, summary="Read an acceptance")
@needs("agreements.view")
def get_acceptance(request: HttpRequest, acceptance_id: UUID):
    return queries.acceptance(request.auth, acceptance_id, request.at)


@agreements.post("/acceptances/{uuid:acceptance_id}/sign", response=AcceptanceDetailOut, summary="Sign for one's company")
@needs("agreements.sign")
@idempotent
def sign_agreement(request: HttpRequest, acceptance_id: UUID, data: SignIn):
    """Only a signed-in person of the partner can sign, never a token."""
    origin = services.Origin(ip_address=request.META.get("REMOTE_ADDR") or None, user_agent=request.headers.get("User-Agent", ""))
    pen = services.Pen(name=data.name, title=data.title, drawn=data.strokes)
    services.accept(actor=request.auth, acceptance_id=acceptance_id, sha256=data.sha256, pen=pen, is_confirmed=data.confirm, origin=origin, at=request.at)
    return queries.acceptance(request.auth, acceptance_id, request.at)


@agreements.post("/acceptances/{uuid:acceptance_id}/decline", response=AcceptanceDetailOut, summary="Decline to sign")
@needs("agreements.sign")
@idempotent
def decline_agreement(request: HttpRequest, acceptance_id: UUID, data: DeclineIn):
    services.decline(actor=request.auth, acceptance_id=acceptance_id, reason=data.reason, at=request.at)
    return queries.acceptance(request.auth, acceptance_id, request.at)


@agreements.post("/acceptances/{uuid:acceptance_id}/countersign", response=AcceptanceDetailOut, summary="Countersign")
@needs("agreements.countersign")
@idempotent
def countersign_agreement(request: HttpRequest, acceptance_id: UUID, data: CountersignIn):
    services.countersign(actor=request.auth, acceptance_id=acceptance_id, name=data.name, title=data.title, at=request.at)
    return queries.acceptance(request.auth, acceptance_id, request.at)


@agreements.post("/acceptances/{uuid:acceptance_id}/remind", response={204: None}, summary="Remind a partner")
@needs("agreements.remind")
@idempotent
def remind_of_agreement(request: HttpRequest, acceptance_id: UUID):
    services.remind(actor=request.auth, acceptance_id=acceptance_id, at=request.at)
    return Status(204, None)


@agreements.get("/acceptances/{uuid:acceptance_id}/certificate", summary="Download the certificate", openapi_extra=FILE)
@needs("agreements.view")
def download_certificate(request: HttpRequest, acceptance_id: UUID):
    """The signed text, the signatures, the hash and how to check them, as PDF."""
    return _send(queries.certificate(request.auth, acceptance_id))


@agreements.get("/acceptances/{uuid:acceptance_id}/signature", summary="Download the signature", openapi_extra=FILE)
@needs("agreements.view")
def download_signature(request: HttpRequest, acceptance_id: UUID):
    """The canonical JSON whose SHA-256 is the fingerprint."""
    return _send(queries.signature_file(request.auth, acceptance_id))


@agreements.get("/signatories", response=list[SignatoryOut], summary="List who may sign")
@needs("agreements.view")
def list_signatories(request: HttpRequest):
    """People whom a partner's administrator named, beside those whose role signs."""
    return list(queries.signatories(request.auth))


@agreements.post("/signatories", response={201: list[SignatoryOut]}, summary="Name a signatory")
@needs("agreements.name_signatories")
@idempotent
def name_signatory(request: HttpRequest, data: SignatoryIn):
    services.name_signatory(actor=request.auth, user_id=data.user_id, at=request.at)
    return Status(201, list(queries.signatories(request.auth)))


@agreements.delete("/signatories/{uuid:signatory_id}", response={204: None}, summary="Remove a signatory")
@needs("agreements.name_signatories")
@idempotent
def remove_signatory(request: HttpRequest, signatory_id: UUID):
    services.remove_signatory(actor=request.auth, signatory_id=signatory_id, at=request.at)
    return Status(204, None)


@agreements.get("/versions/{uuid:version_id}", response=TextOut, summary="Read a version")
@needs("agreements.view")
def get_version(request: HttpRequest, version_id: UUID, response: HttpResponse):
    return _version(request, response, version_id)


@agreements.get("/versions/{uuid:version_id}/text", summary="Download the text", openapi_extra=FILE)
@needs("agreements.view")
def download_text(request: HttpRequest, version_id: UUID):
    """The file whose SHA-256 the version has."""
    return _send(queries.text_file(request.auth, version_id))


@agreements.put("/versions/{uuid:version_id}", response=TextOut, summary="Save a draft")
@needs("agreements.draft")
@idempotent
@updates
def save_draft(request: HttpRequest, version_id: UUID, data: DraftIn, response: HttpResponse):
    require_match(request, queries.version(request.auth, version_id, request.at).line.revision)
    services.save_draft(actor=request.auth, draft_id=version_id, title=data.title, text=data.text, at=request.at)
    return _version(request, response, version_id)


@agreements.delete("/versions/{uuid:version_id}", response={204: None}, summary="Discard a draft")
@needs("agreements.draft")
@idempotent
def discard_draft(request: HttpRequest, version_id: UUID):
    services.discard_draft(actor=request.auth, draft_id=version_id, at=request.at)
    return Status(204, None)


@agreements.post("/versions/{uuid:version_id}/publish", response=TextOut, summary="Publish a draft")
@needs("agreements.publish")
@idempotent
def publish_version(request: HttpRequest, version_id: UUID, data: PublishIn, response: HttpResponse):
    """From then on nothing of it changes. Partners are told and, where it is signed, asked."""
    services.publish(actor=request.auth, draft_id=version_id, at=request.at, **data.dict())
    return _version(request, response, version_id)


@agreements.post("/versions/{uuid:version_id}/withdraw", response=TextOut, summary="Withdraw an announced version")
@needs("agreements.publish")
@idempotent
def withdraw_version(request: HttpRequest, version_id: UUID, response: HttpResponse):
    services.withdraw(actor=request.auth, version_id=version_id, at=request.at)
    return _version(request, response, version_id)


@agreements.get("/{uuid:document_id}", response=DocumentOut, summary="Read a document")
@needs("agreements.view")
def get_agreement(request: HttpRequest, document_id: UUID, response: HttpResponse):
    return _document(request, response, document_id)


@agreements.put("/{uuid:document_id}", response=DocumentOut, summary="Change a document's settings")
@needs("agreements.draft")
@idempotent
@updates
def change_agreement(request: HttpRequest, document_id: UUID, data: DocumentIn, response: HttpResponse):
    require_match(request, queries.document(request.auth, document_id, request.at).version)
    services.update_document(actor=request.auth, document_id=document_id, changes=data.dict(), at=request.at)
    return _document(request, response, document_id)


@agreements.post("/{uuid:document_id}/drafts", response={201: TextOut}, summary="Begin a draft")
@needs("agreements.draft")
@idempotent
def begin_draft(request: HttpRequest, document_id: UUID, response: HttpResponse):
    draft_id = services.begin_draft(actor=request.auth, document_id=document_id, at=request.at)
    return Status(201, _version(request, response, draft_id))


@agreements.post("/{uuid:document_id}/retire", response=DocumentOut, summary="Retire a document")
@needs("agreements.publish")
@idempotent
def retire_agreement(request: HttpRequest, document_id: UUID, response: HttpResponse):
    services.retire_document(actor=request.auth, document_id=document_id, at=request.at)
    return _document(request, response, document_id)


@agreements.post("/{uuid:document_id}/resume", response=DocumentOut, summary="Take a document up again")
@needs("agreements.publish")
@idempotent
def resume_agreement(request: HttpRequest, document_id: UUID, response: HttpResponse):
    services.resume_document(actor=request.auth, document_id=document_id, at=request.at)
    return _document(request, response, document_id)


def _document(request: HttpRequest, response: HttpResponse, document_id: UUID) -> queries.DocumentView:
    found = _seen(request, queries.document(request.auth, document_id, request.at))
    response["ETag"] = etag_of(found.version)
    return found


def _seen(request: HttpRequest, found: queries.DocumentView) -> queries.DocumentView:
    return found if request.auth.sees_all_partners else queries.without_drafts(found)


def _version(request: HttpRequest, response: HttpResponse, version_id: UUID) -> queries.VersionView:
    found = queries.version(request.auth, version_id, request.at)
    response["ETag"] = etag_of(found.line.revision)
    return found


def _send(file: File) -> HttpResponse:
    disposition = content_disposition_header(True, file.name) or "attachment"
    return HttpResponse(file.content, content_type=file.content_type, headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"})
