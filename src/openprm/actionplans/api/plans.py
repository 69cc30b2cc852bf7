"""Plans and steps over the API."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Query, Router, Status, UploadedFile

from openprm.actionplans import queries, services
from openprm.actionplans.api import schemas as shapes
from openprm.kernel.api import IdOut, Page, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.api.bodies import refuse_unstorable
from openprm.kernel.api.problems import TooLarge
from openprm.kernel.files import MAX_BYTES

router = Router(tags=["Action plans"])


@router.get("", response=Page[shapes.PlanRowOut], summary="List action plans")
@needs("actionplans.view")
def list_action_plans(request: HttpRequest, query: Query[shapes.PlanQuery]):
    """The vendor sees all plans, a partner its own. Numbers are of the steps that both sides see."""
    rows = queries.newest_plans(request.auth, search=query.q, filters={"state": query.state})
    rows = rows.filter(subject_id=query.subject_id) if query.subject_id else rows
    found = paginate(rows, query.cursor, query.limit)
    return {"items": queries.rows_of(found.items, request.at), "next_cursor": found.next_cursor}


@router.post("", response={201: shapes.PlanOut}, summary="Begin an action plan")
@needs("actionplans.work")
@idempotent
def start_action_plan(request: HttpRequest, data: shapes.StartPlanIn, response: HttpResponse):
    """Steps of the template are due their number of working days before the close date, but not before today."""
    plan_id = services.start_plan(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _plan(request, response, plan_id))


@router.get("/{uuid:plan_id}", response=shapes.PlanOut, summary="Read an action plan")
@needs("actionplans.view")
def get_action_plan(request: HttpRequest, plan_id: UUID, response: HttpResponse):
    return _plan(request, response, plan_id)


@router.post("/{uuid:plan_id}/agree", response=shapes.SignedOut, summary="Agree to an action plan")
@needs("actionplans.sign")
@idempotent
def agree_to_action_plan(request: HttpRequest, plan_id: UUID, data: shapes.SignIn):
    """For the own side. Later changes make another revision, to which both sides agree anew."""
    both = services.sign_plan(actor=request.auth, plan_id=plan_id, revision=data.revision, at=request.at)
    return {"agreed": both, "revision": queries.plan(request.auth, plan_id, request.at).revision}


@router.get("/{uuid:plan_id}/close-date", response=shapes.ShiftPreviewOut, summary="Preview another close date")
@needs("actionplans.view")
def preview_action_plan_shift(request: HttpRequest, plan_id: UUID, query: Query[shapes.ShiftIn]):
    return queries.shift_preview(request.auth, plan_id, query.close_date, request.at)


@router.post("/{uuid:plan_id}/close-date", response=shapes.PlanOut, summary="Move an action plan to another close date")
@needs("actionplans.work")
@idempotent
@updates
def shift_action_plan(request: HttpRequest, plan_id: UUID, data: shapes.ShiftIn, response: HttpResponse):
    """Open steps move by as many working days as the close date, never into the past."""
    require_match(request, queries.plan(request.auth, plan_id, request.at).version)
    services.shift_plan(actor=request.auth, plan_id=plan_id, at=request.at, **data.dict())
    return _plan(request, response, plan_id)


@router.post("/{uuid:plan_id}/end", response=shapes.PlanOut, summary="End an action plan")
@needs("actionplans.sign")
@idempotent
@updates
def end_action_plan(request: HttpRequest, plan_id: UUID, data: shapes.StepReasonIn, response: HttpResponse):
    require_match(request, queries.plan(request.auth, plan_id, request.at).version)
    services.end_plan(actor=request.auth, plan_id=plan_id, reason=data.reason, at=request.at)
    return _plan(request, response, plan_id)


@router.post("/{uuid:plan_id}/steps", response={201: shapes.StepOut}, summary="Add a step")
@needs("actionplans.work")
@idempotent
def add_action_plan_step(request: HttpRequest, plan_id: UUID, data: shapes.StepIn, response: HttpResponse):
    step_id = services.add_step(actor=request.auth, plan_id=plan_id, at=request.at, **data.dict())
    return Status(201, _step(request, response, step_id))


@router.get("/steps/{uuid:step_id}", response=shapes.StepOut, summary="Read a step")
@needs("actionplans.view")
def get_action_plan_step(request: HttpRequest, step_id: UUID, response: HttpResponse):
    return _step(request, response, step_id)


@router.patch("/steps/{uuid:step_id}", response=shapes.StepOut, summary="Change a step")
@needs("actionplans.work")
@idempotent
@updates
def change_action_plan_step(request: HttpRequest, step_id: UUID, data: shapes.StepChangeIn, response: HttpResponse):
    """Only what is sent changes. It shows as a change since the plan was agreed."""
    require_match(request, queries.step_page(request.auth, step_id, request.at).step.version)
    services.change_step(actor=request.auth, step_id=step_id, values=data.dict(exclude_unset=True), at=request.at)
    return _step(request, response, step_id)


@router.post("/steps/{uuid:step_id}/done", response=shapes.StepOut, summary="Tick a step off")
@needs("actionplans.work")
@idempotent
def finish_action_plan_step(request: HttpRequest, step_id: UUID, data: shapes.DoneStepIn, response: HttpResponse):
    services.finish_step(actor=request.auth, step_id=step_id, note=data.note, at=request.at)
    return _step(request, response, step_id)


@router.post("/steps/{uuid:step_id}/skip", response=shapes.StepOut, summary="Skip a step")
@needs("actionplans.work")
@idempotent
def skip_action_plan_step(request: HttpRequest, step_id: UUID, data: shapes.StepReasonIn, response: HttpResponse):
    services.skip_step(actor=request.auth, step_id=step_id, reason=data.reason, at=request.at)
    return _step(request, response, step_id)


@router.post("/steps/{uuid:step_id}/reopen", response=shapes.StepOut, summary="Open a step again")
@needs("actionplans.work")
@idempotent
def reopen_action_plan_step(request: HttpRequest, step_id: UUID, response: HttpResponse):
    services.reopen_step(actor=request.auth, step_id=step_id, at=request.at)
    return _step(request, response, step_id)


@router.post("/steps/{uuid:step_id}/share", response=shapes.StepOut, summary="Show a private step to the other side")
@needs("actionplans.work")
@idempotent
def share_action_plan_step(request: HttpRequest, step_id: UUID, response: HttpResponse):
    services.share_step(actor=request.auth, step_id=step_id, at=request.at)
    return _step(request, response, step_id)


@router.delete("/steps/{uuid:step_id}", response={204: None}, summary="Remove a private step")
@needs("actionplans.work")
@idempotent
def remove_action_plan_step(request: HttpRequest, step_id: UUID):
    services.remove_step(actor=request.auth, step_id=step_id, at=request.at)
    return Status(204, None)


@router.post("/steps/{uuid:step_id}/files", response={201: IdOut}, summary="Add evidence to a step")
@needs("actionplans.work")
@idempotent
def add_action_plan_evidence(request: HttpRequest, step_id: UUID, file: File[UploadedFile]):
    """PDF, PNG, JPEG, Word, Excel, PowerPoint or plain text, up to 20 MB; the content decides, not the name."""
    refuse_unstorable(file.name or "")
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge(code="file_too_large")
    found = services.add_evidence(actor=request.auth, step_id=step_id, name=file.name or "file", content=file.read(), at=request.at)
    return Status(201, {"id": found})


@router.get(
    "/files/{uuid:evidence_id}",
    summary="Download evidence of a step",
    openapi_extra={"responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}},
)
@needs("actionplans.view")
def download_action_plan_evidence(request: HttpRequest, evidence_id: UUID):
    found = queries.open_evidence(request.auth, evidence_id)
    with found.file as file:
        content = file.read()
    disposition = content_disposition_header(True, found.name) or "attachment"
    return HttpResponse(content, content_type=found.content_type, headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"})


@router.delete("/files/{uuid:evidence_id}", response={204: None}, summary="Remove evidence of a step")
@needs("actionplans.work")
@idempotent
def remove_action_plan_evidence(request: HttpRequest, evidence_id: UUID):
    services.remove_evidence(actor=request.auth, evidence_id=evidence_id, at=request.at)
    return Status(204, None)


def _plan(request: HttpRequest, response: HttpResponse, plan_id: UUID) -> queries.PlanView:
    found = queries.plan(request.auth, plan_id, request.at)
    response["ETag"] = etag_of(found.version)
    return found


def _step(request: HttpRequest, response: HttpResponse, step_id: UUID) -> queries.StepView:
    found = queries.step_page(request.auth, step_id, request.at).step
    response["ETag"] = etag_of(found.version)
    return found
