"""A small API for the tests of the pipeline: it keeps its notes in the table of answers' neighbour, the rate buckets."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from ninja import File, Query, Router, Status, UploadedFile

from openprm.kernel.api import In, Out, Page, PageQuery, RequiredLine, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.api.application import Api
from openprm.kernel.api.models import RateBucket
from openprm.kernel.errors import Conflict

router = Router(tags=["Notes"])


class NoteIn(In):
    title: RequiredLine


class NoteOut(Out):
    title: str


class ThingOut(Out):
    id: UUID


def write(title: str, at) -> None:
    RateBucket.objects.create(key=f"note:{title}", arrives_at=at)


@router.get("", response=Page[ThingOut])
def list_notes(request, query: Query[PageQuery]):
    return paginate([], query.cursor, query.limit)


@router.post("", response={201: NoteOut})
@idempotent
def write_note(request, data: NoteIn):
    write(data.title, request.at)
    return Status(201, data)


@router.post("/refused", response=NoteOut)
@idempotent
def write_and_refuse(request, data: NoteIn):
    write(data.title, request.at)
    raise Conflict("It stands already.", code="stands_already")


@router.post("/broken", response=NoteOut)
@idempotent
def write_and_break(request, data: NoteIn):
    write(data.title, request.at)
    raise RuntimeError("secret inside")


@router.get("/versioned", response=NoteOut)
def read_versioned(request, response: HttpResponse):
    response["ETag"] = etag_of(3)
    return {"title": "third"}


@router.patch("/versioned", response=NoteOut)
@idempotent
@updates
def change_versioned(request, data: NoteIn):
    require_match(request, 3)
    return data


@router.post("/file", response=NoteOut)
@idempotent
def send_file(request, file: File[UploadedFile]):
    return {"title": file.name}


@router.post("/approve", response=NoteOut)
@needs("identity.manage_people")
@idempotent
def approve_note(request):
    return {"title": "approved"}


api = Api(title="Test", version="1")
api.get_openapi_operation_id = lambda operation: operation.view_func.__name__
api.add_router("/notes", router)
urlpatterns = [path("api/v1/", api.urls)]
