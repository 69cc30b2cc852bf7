"""Templates and welcome kits over the API."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Status

from openprm.kernel.api import IdOut, etag_of, idempotent, needs, require_match, updates
from openprm.onboarding import queries, services
from openprm.onboarding.api.schemas import setup as shapes

router = Router(tags=["Onboarding"])
KeyPath = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", max_length=40)]


@router.get("/templates", response=list[shapes.TemplateOut], summary="List onboarding templates")
@needs("onboarding.manage")
def list_onboarding_templates(request: HttpRequest):
    return list(queries.templates(request.auth))


@router.get("/templates/{uuid:template_id}", response=shapes.TemplateOut, summary="Read an onboarding template")
@needs("onboarding.manage")
def get_onboarding_template(request: HttpRequest, template_id: UUID, response: HttpResponse):
    return _template(request, response, template_id)


@router.post("/templates", response={201: shapes.TemplateOut}, summary="Add an onboarding template")
@needs("onboarding.configure")
@idempotent
def add_onboarding_template(request: HttpRequest, data: shapes.NewTemplateIn, response: HttpResponse):
    template_id = services.create_template(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _template(request, response, template_id))


@router.put("/templates/{uuid:template_id}", response=shapes.TemplateOut, summary="Change who gets a template")
@needs("onboarding.configure")
@idempotent
@updates
def change_onboarding_template(request: HttpRequest, template_id: UUID, data: shapes.TemplateIn, response: HttpResponse):
    require_match(request, queries.template(request.auth, template_id).version)
    services.update_template(actor=request.auth, template_id=template_id, values=data.dict(), at=request.at)
    return _template(request, response, template_id)


@router.post("/templates/{uuid:template_id}/draft", response=shapes.TemplateOut, summary="Begin a draft")
@needs("onboarding.configure")
@idempotent
def begin_onboarding_draft(request: HttpRequest, template_id: UUID, response: HttpResponse):
    services.begin_draft(actor=request.auth, template_id=template_id, at=request.at)
    return _template(request, response, template_id)


@router.delete("/templates/{uuid:template_id}/draft", response={204: None}, summary="Throw a draft away")
@needs("onboarding.configure")
@idempotent
def discard_onboarding_draft(request: HttpRequest, template_id: UUID):
    services.discard_draft(actor=request.auth, template_id=template_id, at=request.at)
    return Status(204, None)


@router.put("/templates/{uuid:template_id}/draft/ways", response=shapes.TemplateOut, summary="Change how the levels of a draft run")
@needs("onboarding.configure")
@idempotent
def change_onboarding_ways(request: HttpRequest, template_id: UUID, data: shapes.WaysIn, response: HttpResponse):
    services.set_ways(actor=request.auth, template_id=template_id, at=request.at, **data.dict())
    return _template(request, response, template_id)


@router.put("/templates/{uuid:template_id}/draft/levels", response=shapes.KeyOut, summary="Add or change a level of a draft")
@needs("onboarding.configure")
@idempotent
def put_onboarding_level(request: HttpRequest, template_id: UUID, data: shapes.LevelIn):
    values = data.dict() | {"key": data.key or ""}
    return {"key": services.put_level(actor=request.auth, template_id=template_id, at=request.at, **values)}


@router.put("/templates/{uuid:template_id}/draft/tasks", response=shapes.KeyOut, summary="Add or change a task of a draft")
@needs("onboarding.configure")
@idempotent
def put_onboarding_task(request: HttpRequest, template_id: UUID, data: shapes.TaskIn):
    values = data.dict(exclude={"level_key", "key"})
    return {"key": services.put_task(actor=request.auth, template_id=template_id, level_key=data.level_key, key=data.key or "", values=values, at=request.at)}


@router.post("/templates/{uuid:template_id}/draft/parts/{key}/move", response={204: None}, summary="Move a level or task up or down")
@needs("onboarding.configure")
@idempotent
def move_in_onboarding_draft(request: HttpRequest, template_id: UUID, key: KeyPath, data: shapes.ShiftIn):
    services.shift(actor=request.auth, template_id=template_id, key=key, step=-1 if data.way == "up" else 1, at=request.at)
    return Status(204, None)


@router.delete("/templates/{uuid:template_id}/draft/parts/{key}", response={204: None}, summary="Remove a level or task from a draft")
@needs("onboarding.configure")
@idempotent
def remove_from_onboarding_draft(request: HttpRequest, template_id: UUID, key: KeyPath):
    services.take_out(actor=request.auth, template_id=template_id, key=key, at=request.at)
    return Status(204, None)


@router.post("/templates/{uuid:template_id}/draft/publish", response=shapes.TemplateOut, summary="Publish a draft")
@needs("onboarding.configure")
@idempotent
def publish_onboarding_draft(request: HttpRequest, template_id: UUID, data: shapes.PublishIn, response: HttpResponse):
    """New plans follow it; running plans keep their version until they are moved."""
    services.publish_draft(actor=request.auth, template_id=template_id, notice=data.notice, at=request.at)
    return _template(request, response, template_id)


@router.get("/kits", response=list[shapes.KitOut], summary="List welcome kits")
@needs("onboarding.manage")
def list_welcome_kits(request: HttpRequest):
    """One line for each program, written or not."""
    return list(queries.kits(request.auth))


@router.put("/kits/{uuid:program_id}", response=shapes.KitOut, summary="Write the welcome kit of a program")
@needs("onboarding.configure")
@idempotent
def put_welcome_kit(request: HttpRequest, program_id: UUID, data: shapes.KitIn, response: HttpResponse):
    services.save_kit(actor=request.auth, program_id=program_id, values=data.dict(), at=request.at)
    found = queries.kit(request.auth, program_id)
    response["ETag"] = etag_of(found.version)
    return found


@router.post("/kits/{uuid:program_id}/deliveries", response={201: IdOut}, summary="Give a partner the welcome kit")
@needs("onboarding.manage")
@idempotent
def send_welcome_kit(request: HttpRequest, program_id: UUID, data: shapes.SendKitIn):
    return Status(201, {"id": services.send_kit(actor=request.auth, partner_id=data.partner_id, program_id=program_id, at=request.at)})


@router.get("/welcome", response=list[shapes.WelcomeKitOut], summary="Read one's own welcome kits")
@needs("onboarding.view")
def read_welcome_kits(request: HttpRequest):
    """For partners. Reading over the API does not count as opened: the page does."""
    return list(queries.welcome_kits(request.auth, request.at))


def _template(request: HttpRequest, response: HttpResponse, template_id: UUID) -> queries.TemplateView:
    found = queries.template(request.auth, template_id)
    response["ETag"] = etag_of(found.version)
    return found
