"""First deals, questions and pilots over the API."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.kernel.api import IdOut, Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.onboarding import queries, services
from openprm.onboarding.api.schemas import support as shapes

router = Router(tags=["Onboarding"])


@router.get("/first-deals", response=Page[shapes.FirstDealOut], summary="List partners before their first deal")
@needs("onboarding.manage")
def list_first_deals(request: HttpRequest, query: Query[PageQuery]):
    found = paginate(queries.newest_before_first_deal(request.auth), query.cursor, query.limit)
    return {"items": [queries.support_row(row, request.at) for row in found.items], "next_cursor": found.next_cursor}


@router.get("/questions", response=Page[shapes.QuestionOut], summary="List questions on first deals")
@needs("onboarding.view")
def list_questions(request: HttpRequest, query: Query[PageQuery]):
    found = paginate(queries.newest_questions(request.auth), query.cursor, query.limit)
    return {"items": [queries.help_view(row) for row in found.items], "next_cursor": found.next_cursor}


@router.get("/questions/{uuid:help_id}", response=shapes.QuestionOut, summary="Read a question")
@needs("onboarding.view")
def get_question(request: HttpRequest, help_id: UUID):
    return queries.question(request.auth, help_id, request.at)


@router.post("/questions", response={201: IdOut}, summary="Ask for help with the first deal")
@needs("onboarding.work")
@idempotent
def ask_question(request: HttpRequest, data: shapes.QuestionIn):
    return Status(201, {"id": services.ask_for_help(actor=request.auth, question=data.question, at=request.at)})


@router.post("/questions/{uuid:help_id}/answer", response=shapes.QuestionOut, summary="Answer a question")
@needs("onboarding.manage")
@idempotent
def answer_question(request: HttpRequest, help_id: UUID, data: shapes.AnswerIn):
    services.answer_help(actor=request.auth, help_id=help_id, answer=data.answer, at=request.at)
    return queries.question(request.auth, help_id, request.at)


@router.get("/pilots", response=Page[shapes.PilotOut], summary="List pilots")
@needs("onboarding.manage")
def list_pilots(request: HttpRequest, query: Query[PageQuery]):
    found = paginate(queries.newest_pilots(request.auth), query.cursor, query.limit)
    return {"items": [queries.pilot_view(row) for row in found.items], "next_cursor": found.next_cursor}


@router.get("/pilots/{uuid:pilot_id}", response=shapes.PilotOut, summary="Read a pilot")
@needs("onboarding.manage")
def get_pilot(request: HttpRequest, pilot_id: UUID, response: HttpResponse):
    return _pilot(request, response, pilot_id)


@router.post("/pilots", response={201: shapes.PilotOut}, summary="Prepare a pilot")
@needs("onboarding.manage")
@idempotent
def add_pilot(request: HttpRequest, data: shapes.PilotIn, response: HttpResponse):
    return Status(201, _pilot(request, response, services.create_pilot(actor=request.auth, at=request.at, **data.dict())))


@router.put("/pilots/{uuid:pilot_id}", response=shapes.PilotOut, summary="Change a pilot")
@needs("onboarding.manage")
@idempotent
@updates
def change_pilot(request: HttpRequest, pilot_id: UUID, data: shapes.PilotIn, response: HttpResponse):
    require_match(request, queries.pilot(request.auth, pilot_id).version)
    services.update_pilot(actor=request.auth, pilot_id=pilot_id, values=data.dict(), at=request.at)
    return _pilot(request, response, pilot_id)


@router.post("/pilots/{uuid:pilot_id}/partners", response=shapes.InvitedOut, summary="Choose partners for a pilot")
@needs("onboarding.manage")
@idempotent
def invite_to_pilot(request: HttpRequest, pilot_id: UUID, data: shapes.InviteIn):
    return {"new": services.invite_partners(actor=request.auth, pilot_id=pilot_id, partner_ids=data.partner_ids, at=request.at)}


@router.post("/pilots/{uuid:pilot_id}/start", response=shapes.PilotOut, summary="Start a pilot")
@needs("onboarding.manage")
@idempotent
def start_pilot(request: HttpRequest, pilot_id: UUID, response: HttpResponse):
    services.start_pilot(actor=request.auth, pilot_id=pilot_id, at=request.at)
    return _pilot(request, response, pilot_id)


@router.post("/pilots/{uuid:pilot_id}/goals", response={201: IdOut}, summary="Set a goal")
@needs("onboarding.manage")
@idempotent
def add_pilot_goal(request: HttpRequest, pilot_id: UUID, data: shapes.GoalIn):
    return Status(201, {"id": services.add_goal(actor=request.auth, pilot_id=pilot_id, at=request.at, **data.dict())})


@router.put("/pilots/{uuid:pilot_id}/goals/{uuid:goal_id}", response=shapes.PilotOut, summary="Measure a goal")
@needs("onboarding.manage")
@idempotent
def measure_pilot_goal(request: HttpRequest, pilot_id: UUID, goal_id: UUID, data: shapes.MeasureIn, response: HttpResponse):
    services.measure_goal(actor=request.auth, pilot_id=pilot_id, goal_id=goal_id, at=request.at, **data.dict())
    return _pilot(request, response, pilot_id)


@router.post("/pilots/{uuid:pilot_id}/close", response=shapes.PilotOut, summary="Roll a pilot out or end it")
@needs("onboarding.manage")
@idempotent
def close_pilot(request: HttpRequest, pilot_id: UUID, data: shapes.CloseIn, response: HttpResponse):
    services.close_pilot(actor=request.auth, pilot_id=pilot_id, result=data.result, roll_out=data.roll_out, at=request.at)
    return _pilot(request, response, pilot_id)


@router.get("/invitations", response=list[shapes.InvitationOut], summary="List one's own invitations to pilots")
@needs("onboarding.view")
def list_pilot_invitations(request: HttpRequest):
    """For partners."""
    return list(queries.invitations(request.auth, request.at))


@router.put("/invitations/{uuid:pilot_id}", response=shapes.InvitationOut, summary="Answer an invitation to a pilot")
@needs("onboarding.answer_pilot")
@idempotent
def answer_pilot_invitation(request: HttpRequest, pilot_id: UUID, data: shapes.PilotAnswerIn):
    services.answer_invitation(actor=request.auth, pilot_id=pilot_id, accept=data.accept, note=data.note, at=request.at)
    return queries.invitation(request.auth, pilot_id, request.at)


def _pilot(request: HttpRequest, response: HttpResponse, pilot_id: UUID) -> queries.PilotView:
    found = queries.pilot(request.auth, pilot_id)
    response["ETag"] = etag_of(found.version)
    return found
