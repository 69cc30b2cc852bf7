"""Templates of action plans over the API."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from openprm.actionplans import queries, services
from openprm.actionplans.api import schemas as shapes
from openprm.actionplans.rules.content import StepSpec
from openprm.actionplans.rules.words import Side
from openprm.kernel.api import etag_of, idempotent, needs, require_match, updates

router = Router(tags=["Action plans"])


@router.get("/choices", response=list[shapes.TemplateChoiceOut], summary="List templates to begin with")
@needs("actionplans.view")
def list_action_plan_choices(request: HttpRequest, program_id: UUID | None = None):
    """What a plan of this program can begin with, for both sides."""
    return queries.choices(request.auth, program_id)


@router.get("", response=list[shapes.ActionPlanTemplateOut], summary="List templates of action plans")
@needs("actionplans.configure")
def list_action_plan_templates(request: HttpRequest):
    return queries.templates(request.auth)


@router.post("", response={201: shapes.ActionPlanTemplateOut}, summary="Add a template of action plans")
@needs("actionplans.configure")
@idempotent
def create_action_plan_template(request: HttpRequest, data: shapes.TemplateIn, response: HttpResponse):
    template_id = services.create_template(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _template(request, response, template_id))


@router.get("/{uuid:template_id}", response=shapes.ActionPlanTemplateOut, summary="Read a template of action plans")
@needs("actionplans.configure")
def get_action_plan_template(request: HttpRequest, template_id: UUID, response: HttpResponse):
    return _template(request, response, template_id)


@router.patch("/{uuid:template_id}", response=shapes.ActionPlanTemplateOut, summary="Change a template of action plans")
@needs("actionplans.configure")
@idempotent
@updates
def change_action_plan_template(request: HttpRequest, template_id: UUID, data: shapes.TemplateChangeIn, response: HttpResponse):
    require_match(request, queries.template(request.auth, template_id).version)
    services.update_template(actor=request.auth, template_id=template_id, values=data.dict(exclude_unset=True), at=request.at)
    return _template(request, response, template_id)


@router.put("/{uuid:template_id}/draft", response=shapes.ActionPlanTemplateOut, summary="Put the steps of a draft")
@needs("actionplans.configure")
@idempotent
def put_action_plan_draft(request: HttpRequest, template_id: UUID, data: shapes.TemplateStepsIn, response: HttpResponse):
    """Begins a draft when there is none. What is in use stays until the draft is published."""
    services.begin_draft(actor=request.auth, template_id=template_id, at=request.at)
    steps = tuple(StepSpec(**{**one.dict(), "side": Side(one.side), "waits_for": tuple(one.waits_for)}) for one in data.steps)
    services.put_steps(actor=request.auth, template_id=template_id, steps=steps, at=request.at)
    return _template(request, response, template_id)


@router.delete("/{uuid:template_id}/draft", response={204: None}, summary="Throw a draft away")
@needs("actionplans.configure")
@idempotent
def discard_action_plan_draft(request: HttpRequest, template_id: UUID):
    services.discard_draft(actor=request.auth, template_id=template_id, at=request.at)
    return Status(204, None)


@router.post("/{uuid:template_id}/publish", response=shapes.ActionPlanTemplateOut, summary="Publish a draft")
@needs("actionplans.configure")
@idempotent
def publish_action_plan_template(request: HttpRequest, template_id: UUID, data: shapes.PublishIn, response: HttpResponse):
    services.publish_draft(actor=request.auth, template_id=template_id, notice=data.notice, at=request.at)
    return _template(request, response, template_id)


def _template(request: HttpRequest, response: HttpResponse, template_id: UUID) -> queries.TemplateView:
    found = queries.template(request.auth, template_id)
    response["ETag"] = etag_of(found.version)
    return found
