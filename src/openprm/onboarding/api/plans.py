"""Plans, tasks and milestones over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Query, Router, Status, UploadedFile

from openprm.kernel.api import IdOut, Page, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.api.bodies import refuse_unstorable
from openprm.kernel.api.problems import TooLarge
from openprm.kernel.files import MAX_BYTES
from openprm.onboarding import queries, services
from openprm.onboarding.api.schemas import plans as shapes

router = Router(tags=["Onboarding"])


@router.get("/plans", response=Page[shapes.PlanRowOut], summary="List onboarding plans")
@needs("onboarding.view")
def list_onboarding_plans(request: HttpRequest, query: Query[shapes.PlanQuery]):
    """The vendor sees all plans, a partner its own."""
    wanted = {"partner": query.partner_id, "program": query.program_id, "state": query.state}
    filters: dict[str, Any] = {name: value for name, value in wanted.items() if value}
    if query.standing and request.auth.is_vendor:
        filters["standing"] = (query.standing,)
    found = paginate(queries.newest_plans(request.auth, filters=filters, at=request.at), query.cursor, query.limit)
    return {"items": [queries.plan_row(row, request.at) for row in found.items], "next_cursor": found.next_cursor}


@router.get("/plans/{uuid:plan_id}", response=shapes.VendorPlanOut | shapes.PlanOut, summary="Read an onboarding plan")
@needs("onboarding.view")
def get_onboarding_plan(request: HttpRequest, plan_id: UUID, response: HttpResponse):
    return _plan(request, response, plan_id)


@router.post("/plans", response={201: shapes.VendorPlanOut}, summary="Start an onboarding plan")
@needs("onboarding.manage")
@idempotent
def start_onboarding_plan(request: HttpRequest, data: shapes.StartIn, response: HttpResponse):
    plan_id = services.start_plan(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _plan(request, response, plan_id))


@router.post("/plans/{uuid:plan_id}/move", response=shapes.MovedOut, summary="Move a plan to its template's newest version")
@needs("onboarding.manage")
@idempotent
@updates
def move_onboarding_plan(request: HttpRequest, plan_id: UUID):
    """What is done stays done; open tasks that the new version leaves out are waived."""
    require_match(request, queries.plan_for_vendor(request.auth, plan_id, request.at).version)
    return services.move_plan(actor=request.auth, plan_id=plan_id, at=request.at)


@router.post("/plans/{uuid:plan_id}/end", response=shapes.VendorPlanOut, summary="End an onboarding plan")
@needs("onboarding.manage")
@idempotent
@updates
def end_onboarding_plan(request: HttpRequest, plan_id: UUID, data: shapes.ReasonIn, response: HttpResponse):
    require_match(request, queries.plan_for_vendor(request.auth, plan_id, request.at).version)
    services.end_plan(actor=request.auth, plan_id=plan_id, reason=data.reason, at=request.at)
    return _plan(request, response, plan_id)


@router.post("/levels/{uuid:level_id}/skip", response={204: None}, summary="Pass a level over")
@needs("onboarding.manage")
@idempotent
def skip_onboarding_level(request: HttpRequest, level_id: UUID, data: shapes.ReasonIn):
    services.skip_level(actor=request.auth, level_id=level_id, reason=data.reason, at=request.at)
    return Status(204, None)


@router.get("/tasks/{uuid:task_id}", response=shapes.TaskPageOut, summary="Read an onboarding task")
@needs("onboarding.view")
def get_onboarding_task(request: HttpRequest, task_id: UUID, response: HttpResponse):
    return _task(request, response, task_id)


@router.post("/tasks/{uuid:task_id}/done", response=shapes.TaskPageOut, summary="Tick a task off")
@needs("onboarding.work")
@idempotent
def finish_onboarding_task(request: HttpRequest, task_id: UUID, data: shapes.DoneIn, response: HttpResponse):
    services.complete_task(actor=request.auth, task_id=task_id, answer=data.answer, at=request.at)
    return _task(request, response, task_id)


@router.post("/tasks/{uuid:task_id}/reopen", response=shapes.TaskPageOut, summary="Take a tick or a waiver back")
@needs("onboarding.work")
@idempotent
def reopen_onboarding_task(request: HttpRequest, task_id: UUID, response: HttpResponse):
    services.reopen_task(actor=request.auth, task_id=task_id, at=request.at)
    return _task(request, response, task_id)


@router.post("/tasks/{uuid:task_id}/waive", response=shapes.TaskPageOut, summary="Waive a task")
@needs("onboarding.manage")
@idempotent
@updates
def waive_onboarding_task(request: HttpRequest, task_id: UUID, data: shapes.ReasonIn, response: HttpResponse):
    require_match(request, queries.task(request.auth, task_id, request.at).task.version)
    services.waive_task(actor=request.auth, task_id=task_id, reason=data.reason, at=request.at)
    return _task(request, response, task_id)


@router.post("/tasks/{uuid:task_id}/extend", response=shapes.TaskPageOut, summary="Give a task more time")
@needs("onboarding.manage")
@idempotent
@updates
def extend_onboarding_task(request: HttpRequest, task_id: UUID, data: shapes.ExtendIn, response: HttpResponse):
    """Until the close of business of that day, or of the next working day."""
    require_match(request, queries.task(request.auth, task_id, request.at).task.version)
    services.extend_task(actor=request.auth, task_id=task_id, until=data.until, reason=data.reason, at=request.at)
    return _task(request, response, task_id)


@router.put("/tasks/{uuid:task_id}/owner", response=shapes.TaskPageOut, summary="Hand a task over")
@needs("onboarding.work")
@idempotent
def assign_onboarding_task(request: HttpRequest, task_id: UUID, data: shapes.OwnerIn, response: HttpResponse):
    services.assign_task(actor=request.auth, task_id=task_id, user_id=data.user_id, at=request.at)
    return _task(request, response, task_id)


@router.post("/tasks/{uuid:task_id}/comments", response={201: IdOut}, summary="Comment on a task")
@needs("onboarding.work")
@idempotent
def comment_onboarding_task(request: HttpRequest, task_id: UUID, data: shapes.CommentIn):
    return Status(201, {"id": services.add_comment(actor=request.auth, task_id=task_id, body=data.body, at=request.at)})


@router.post("/tasks/{uuid:task_id}/files", response={201: IdOut}, summary="Add evidence to a task")
@needs("onboarding.work")
@idempotent
def add_onboarding_evidence(request: HttpRequest, task_id: UUID, file: File[UploadedFile]):
    """PDF, PNG, JPEG, Word, Excel, PowerPoint or plain text, up to 20 MB; the content decides, not the name."""
    refuse_unstorable(file.name or "")
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge(code="file_too_large")
    found = services.add_evidence(actor=request.auth, task_id=task_id, name=file.name or "file", content=file.read(), at=request.at)
    return Status(201, {"id": found})


@router.get(
    "/files/{uuid:evidence_id}",
    summary="Download evidence",
    openapi_extra={"responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}},
)
@needs("onboarding.view")
def download_onboarding_evidence(request: HttpRequest, evidence_id: UUID):
    found = queries.open_evidence(request.auth, evidence_id)
    with found.file as file:
        content = file.read()
    disposition = content_disposition_header(True, found.name) or "attachment"
    return HttpResponse(content, content_type=found.content_type, headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"})


@router.delete("/files/{uuid:evidence_id}", response={204: None}, summary="Remove evidence")
@needs("onboarding.work")
@idempotent
def remove_onboarding_evidence(request: HttpRequest, evidence_id: UUID):
    services.remove_evidence(actor=request.auth, evidence_id=evidence_id, at=request.at)
    return Status(204, None)


@router.get("/milestones", response=list[shapes.MilestoneOut], summary="List milestones")
@needs("onboarding.view")
def list_milestones(request: HttpRequest):
    """What can tick tasks off by itself."""
    return [{"code": code, "label": label} for code, label in queries.milestone_choices()]


@router.post("/milestones", response=shapes.MilestoneReachedOut, summary="Report a milestone")
@needs("onboarding.manage")
@idempotent
def report_milestone(request: HttpRequest, data: shapes.MilestoneIn):
    """For what happens outside: a course in another system, a deal in a CRM. Only the first time counts."""
    is_first = services.note_milestone(actor=request.auth, at=request.at, **data.dict())
    return {"first": is_first}


@router.get("/overview", response=shapes.OverviewOut, summary="Cohorts and standing")
@needs("onboarding.manage")
def get_onboarding_overview(request: HttpRequest, program_id: UUID | None = None):
    return queries.overview(request.auth, request.at, program_id=program_id)


def _plan(request: HttpRequest, response: HttpResponse, plan_id: UUID):
    read, out = (queries.plan_for_vendor, shapes.VendorPlanOut) if request.auth.is_vendor else (queries.plan_for_partner, shapes.PlanOut)
    found = read(request.auth, plan_id, request.at)
    response["ETag"] = etag_of(found.version)
    return out.from_orm(found)


def _task(request: HttpRequest, response: HttpResponse, task_id: UUID) -> queries.TaskPage:
    found = queries.task(request.auth, task_id, request.at)
    response["ETag"] = etag_of(found.task.version)
    return found
