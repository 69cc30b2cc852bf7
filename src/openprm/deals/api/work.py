"""Notes, tasks and files of a registration."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Form, Router, Status, UploadedFile

from openprm.deals import queries, services
from openprm.deals.api.registrations import read
from openprm.deals.api.schemas import DocumentOut, NoteIn, NoteOut, TaskIn, TaskOut
from openprm.kernel.api import IdOut, idempotent, needs
from openprm.kernel.api.bodies import refuse_unstorable
from openprm.kernel.api.problems import TooLarge
from openprm.kernel.errors import NotFound
from openprm.kernel.files import MAX_BYTES

router = Router(tags=["Registrations"])


@router.get("/{uuid:registration_id}/notes", response=list[NoteOut], summary="List notes")
@needs("deals.view")
def list_registration_notes(request: HttpRequest, registration_id: UUID):
    """Newest first. A partner sees the shared ones."""
    return list(read(request, registration_id).notes)


@router.post("/{uuid:registration_id}/notes", response={201: IdOut}, summary="Add a note")
@needs("deals.comment")
@idempotent
def add_registration_note(request: HttpRequest, registration_id: UUID, data: NoteIn):
    note_id = services.add_note(actor=request.auth, registration_id=registration_id, body=data.body, visibility=data.visibility, at=request.at)
    return Status(201, {"id": note_id})


@router.get("/{uuid:registration_id}/tasks", response=list[TaskOut], summary="List tasks")
@needs("deals.view")
def list_registration_tasks(request: HttpRequest, registration_id: UUID):
    return list(read(request, registration_id).tasks)


@router.post("/{uuid:registration_id}/tasks", response={201: IdOut}, summary="Add a task")
@needs("deals.comment")
@idempotent
def add_registration_task(request: HttpRequest, registration_id: UUID, data: TaskIn):
    task_id = services.add_task(
        actor=request.auth,
        registration_id=registration_id,
        title=data.title,
        visibility=data.visibility,
        assignee_id=data.assignee_id,
        due_date=data.due_date,
        at=request.at,
    )
    return Status(201, {"id": task_id})


@router.post("/{uuid:registration_id}/tasks/{uuid:task_id}/done", response={204: None}, summary="Finish a task")
@needs("deals.comment")
@idempotent
def finish_registration_task(request: HttpRequest, registration_id: UUID, task_id: UUID):
    if task_id not in {task.id for task in read(request, registration_id).tasks}:
        raise NotFound()
    services.complete_task(actor=request.auth, task_id=task_id, at=request.at)
    return Status(204, None)


@router.get("/{uuid:registration_id}/documents", response=list[DocumentOut], summary="List files")
@needs("deals.view")
def list_registration_documents(request: HttpRequest, registration_id: UUID):
    return list(read(request, registration_id).documents)


@router.post("/{uuid:registration_id}/documents", response={201: IdOut}, summary="Add a file")
@needs("deals.comment")
@idempotent
def add_registration_document(
    request: HttpRequest, registration_id: UUID, file: File[UploadedFile], visibility: Form[Literal["shared", "internal"]] = "shared"
):
    """PDF, PNG, JPEG, Word, Excel, PowerPoint or plain text, up to 20 MB; the content decides, not the name."""
    refuse_unstorable(file.name or "")
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge(code="file_too_large")
    document_id = services.attach_document(
        actor=request.auth, registration_id=registration_id, name=file.name or "file", content=file.read(), visibility=visibility, at=request.at
    )
    return Status(201, {"id": document_id})


@router.get(
    "/{uuid:registration_id}/documents/{uuid:document_id}",
    summary="Download a file",
    openapi_extra={"responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}},
)
@needs("deals.view")
def download_registration_document(request: HttpRequest, registration_id: UUID, document_id: UUID):
    _refuse_other(request, registration_id, document_id)
    found = queries.open_document(request.auth, document_id)
    with found.file as file:
        content = file.read()
    disposition = content_disposition_header(True, found.name) or "attachment"
    return HttpResponse(content, content_type=found.content_type, headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"})


@router.delete("/{uuid:registration_id}/documents/{uuid:document_id}", response={204: None}, summary="Remove a file")
@needs("deals.comment")
@idempotent
def remove_registration_document(request: HttpRequest, registration_id: UUID, document_id: UUID):
    _refuse_other(request, registration_id, document_id)
    services.remove_document(actor=request.auth, document_id=document_id, at=request.at)
    return Status(204, None)


def _refuse_other(request: HttpRequest, registration_id: UUID, document_id: UUID) -> None:
    if document_id not in {document.id for document in read(request, registration_id).documents}:
        raise NotFound()
