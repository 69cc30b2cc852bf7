"""Notes, next steps, tasks, files, asks and CRM records of an engagement."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Form, Router, Status, UploadedFile

from openprm.cosell import queries, services
from openprm.cosell.api.engagements import read
from openprm.cosell.api.schemas import (
    AnswerIn,
    DecideIn,
    DocumentOut,
    MirrorOut,
    NeedIn,
    NeedOut,
    NextStepIn,
    NextStepOut,
    NoteIn,
    NoteOut,
    RecordIn,
    RecordOut,
    TaskIn,
    TaskOut,
)
from openprm.kernel.api import IdOut, idempotent, needs
from openprm.kernel.api.bodies import refuse_unstorable
from openprm.kernel.api.problems import TooLarge
from openprm.kernel.errors import NotFound
from openprm.kernel.files import MAX_BYTES

router = Router(tags=["Engagements"])


def _within(request: HttpRequest, engagement_id: UUID, kind: str, row_id: UUID) -> None:
    """Refuse a thing of another engagement, or one that the caller may not know of."""
    if row_id not in {one.id for one in getattr(read(request, engagement_id), kind)}:
        raise NotFound()


@router.get("/{uuid:engagement_id}/notes", response=list[NoteOut], summary="List notes")
@needs("cosell.view")
def list_engagement_notes(request: HttpRequest, engagement_id: UUID):
    return list(read(request, engagement_id).notes)


@router.post("/{uuid:engagement_id}/notes", response={201: IdOut}, summary="Add a note")
@needs("cosell.act")
@idempotent
def add_engagement_note(request: HttpRequest, engagement_id: UUID, data: NoteIn):
    """`shared` is for everybody who may know of you, `full` for members with full view, `private` for your side alone."""
    return Status(201, {"id": services.add_note(actor=request.auth, engagement_id=engagement_id, at=request.at, **data.dict())})


@router.get("/{uuid:engagement_id}/next-steps", response=list[NextStepOut], summary="List next steps")
@needs("cosell.view")
def list_engagement_next_steps(request: HttpRequest, engagement_id: UUID):
    """The newest first; nothing is ever changed or removed."""
    return list(read(request, engagement_id).next_steps)


@router.post("/{uuid:engagement_id}/next-steps", response={201: IdOut}, summary="Say the next step")
@needs("cosell.act")
@idempotent
def add_engagement_next_step(request: HttpRequest, engagement_id: UUID, data: NextStepIn):
    return Status(201, {"id": services.add_next_step(actor=request.auth, engagement_id=engagement_id, text=data.text, at=request.at)})


@router.get("/{uuid:engagement_id}/tasks", response=list[TaskOut], summary="List tasks")
@needs("cosell.view")
def list_engagement_tasks(request: HttpRequest, engagement_id: UUID):
    return list(read(request, engagement_id).tasks)


@router.post("/{uuid:engagement_id}/tasks", response={201: IdOut}, summary="Add or propose a task")
@needs("cosell.act")
@idempotent
def add_engagement_task(request: HttpRequest, engagement_id: UUID, data: TaskIn):
    return Status(201, {"id": services.add_task(actor=request.auth, engagement_id=engagement_id, at=request.at, **data.dict())})


@router.post("/{uuid:engagement_id}/tasks/{uuid:task_id}/decide", response={204: None}, summary="Take or reject a proposed task")
@needs("cosell.act")
@idempotent
def decide_engagement_task(request: HttpRequest, engagement_id: UUID, task_id: UUID, data: DecideIn):
    _within(request, engagement_id, "tasks", task_id)
    services.decide_task(actor=request.auth, task_id=task_id, accept=data.accept, reason=data.reason, at=request.at)
    return Status(204, None)


@router.post("/{uuid:engagement_id}/tasks/{uuid:task_id}/done", response={204: None}, summary="Finish a task")
@needs("cosell.act")
@idempotent
def finish_engagement_task(request: HttpRequest, engagement_id: UUID, task_id: UUID):
    _within(request, engagement_id, "tasks", task_id)
    services.finish_task(actor=request.auth, task_id=task_id, at=request.at)
    return Status(204, None)


@router.get("/{uuid:engagement_id}/documents", response=list[DocumentOut], summary="List files")
@needs("cosell.view")
def list_engagement_documents(request: HttpRequest, engagement_id: UUID):
    return list(read(request, engagement_id).documents)


@router.post("/{uuid:engagement_id}/documents", response={201: IdOut}, summary="Add a file")
@needs("cosell.act")
@idempotent
def add_engagement_document(
    request: HttpRequest, engagement_id: UUID, file: File[UploadedFile], audience: Form[Literal["shared", "full", "private"]] = "shared"
):
    """PDF, PNG, JPEG, Word, Excel, PowerPoint or plain text, up to 20 MB; the content decides, not the name."""
    refuse_unstorable(file.name or "")
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge(code="file_too_large")
    document_id = services.attach_document(
        actor=request.auth, engagement_id=engagement_id, name=file.name or "file", content=file.read(), audience=audience, at=request.at
    )
    return Status(201, {"id": document_id})


@router.get(
    "/{uuid:engagement_id}/documents/{uuid:document_id}",
    summary="Download a file",
    openapi_extra={"responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}},
)
@needs("cosell.view")
def download_engagement_document(request: HttpRequest, engagement_id: UUID, document_id: UUID):
    _within(request, engagement_id, "documents", document_id)
    found = queries.open_document(request.auth, document_id)
    with found.file as file:
        content = file.read()
    disposition = content_disposition_header(True, found.name) or "attachment"
    return HttpResponse(content, content_type=found.content_type, headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"})


@router.delete("/{uuid:engagement_id}/documents/{uuid:document_id}", response={204: None}, summary="Remove a file")
@needs("cosell.act")
@idempotent
def remove_engagement_document(request: HttpRequest, engagement_id: UUID, document_id: UUID):
    _within(request, engagement_id, "documents", document_id)
    services.remove_document(actor=request.auth, document_id=document_id, at=request.at)
    return Status(204, None)


@router.get("/{uuid:engagement_id}/asks", response=list[NeedOut], summary="List specific asks")
@needs("cosell.view")
def list_engagement_asks(request: HttpRequest, engagement_id: UUID):
    return list(read(request, engagement_id).needs)


@router.post("/{uuid:engagement_id}/asks", response={201: IdOut}, summary="Ask for something specific")
@needs("cosell.act")
@idempotent
def add_engagement_ask(request: HttpRequest, engagement_id: UUID, data: NeedIn):
    """The answer stands under a promise."""
    return Status(201, {"id": services.ask(actor=request.auth, engagement_id=engagement_id, at=request.at, **data.dict())})


@router.post("/{uuid:engagement_id}/asks/{uuid:need_id}/answer", response={204: None}, summary="Answer or decline an ask")
@needs("cosell.act")
@idempotent
def answer_engagement_ask(request: HttpRequest, engagement_id: UUID, need_id: UUID, data: AnswerIn):
    _within(request, engagement_id, "needs", need_id)
    services.answer_need(actor=request.auth, need_id=need_id, answer=data.answer, decline=data.decline, at=request.at)
    return Status(204, None)


@router.post("/{uuid:engagement_id}/asks/{uuid:need_id}/withdraw", response={204: None}, summary="Take an ask back")
@needs("cosell.act")
@idempotent
def withdraw_engagement_ask(request: HttpRequest, engagement_id: UUID, need_id: UUID):
    _within(request, engagement_id, "needs", need_id)
    services.withdraw_need(actor=request.auth, need_id=need_id, at=request.at)
    return Status(204, None)


@router.get("/{uuid:engagement_id}/record", response=RecordOut | None, summary="Read one's own CRM record")
@needs("cosell.view")
def get_engagement_record(request: HttpRequest, engagement_id: UUID):
    """With who read what of it."""
    return read(request, engagement_id).record


@router.put("/{uuid:engagement_id}/record", response=RecordOut, summary="Save one's own CRM record")
@needs("cosell.act")
@idempotent
def save_engagement_record(request: HttpRequest, engagement_id: UUID, data: RecordIn):
    """`fields_out` are mirrored to members with full view; they read them and cannot change them."""
    services.save_record(actor=request.auth, engagement_id=engagement_id, at=request.at, **data.dict())
    return read(request, engagement_id).record


@router.get("/{uuid:engagement_id}/mirrors", response=list[MirrorOut], summary="Read others' shared records")
@needs("cosell.view")
def list_engagement_mirrors(request: HttpRequest, engagement_id: UUID):
    """For members with full view; the readers are kept in the access log of whoever shares."""
    return list(getattr(read(request, engagement_id), "mirrors", ()))
