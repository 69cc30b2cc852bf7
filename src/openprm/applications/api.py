"""Applications over the API: the same services and queries as the pages."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.applications import queries, services
from openprm.applications.rules import written
from openprm.kernel.api import (
    Country,
    In,
    Out,
    Page,
    PageQuery,
    RequiredText,
    Text,
    etag_of,
    idempotent,
    matched_version,
    needs,
    paginate,
    require_match,
    updates,
)

State = Literal["held", "submitted", "returned", "approved", "rejected", "withdrawn"]
Reason = Literal["needs_more_detail", "does_not_meet_requirements", "not_the_right_fit", "other"]
Reapply = Literal["instant", "standard", "never"]
Kind = Literal["text", "long_text", "choice", "choices", "number", "money", "country", "url", "email", "vat", "consent"]
Type = Literal["reseller", "distributor", "var", "msp", "si", "isv", "referral", "affiliate", "consultant"]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Message = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]

applications = Router(tags=["Applications"])
forms = Router(tags=["Applications"])


class ApplicationQuery(PageQuery):
    q: str = Field("", max_length=100, description="Part of the company's name or web domain, a person, or a number.")
    state: State | None = None
    program_id: UUID | None = None
    country: Country | None = None
    type: Type | None = None


class NewApplicationIn(In):
    """An application entered for a company. `answers` holds the answers to the program's own questions by their code."""

    program_id: UUID
    company_name: Annotated[str, StringConstraints(max_length=20_000)] = Field(examples=["Fjordlink AS"])
    website: Annotated[str, StringConstraints(max_length=2000)] = Field(examples=["fjordlink.example"])
    country: Annotated[str, StringConstraints(max_length=20)] = Field(examples=["NO"])
    type: Type = "reseller"
    contact_name: Annotated[str, StringConstraints(max_length=2000)] = Field(examples=["Siri Nygaard"])
    email: Annotated[str, StringConstraints(max_length=2000)] = Field(examples=["siri@fjordlink.example"])
    source: Annotated[str, StringConstraints(max_length=60)] = "api"
    answers: dict[str, str | bool | int | list[str] | None] = Field(default_factory=dict, max_length=60, examples=[{"employees": 40}])


class ApproveIn(In):
    message: Message = ""
    into_partner_id: UUID | None = Field(None, description="A partner that is there already and joins the program, instead of a new one.")


class RejectIn(In):
    reason: Reason
    message: RequiredText
    reapply: Reapply = "standard"


class AskIn(In):
    fields: list[Code] = Field(min_length=1, max_length=60, description="Codes of the questions that open again.")
    message: RequiredText


class NoteIn(In):
    body: Annotated[Text, StringConstraints(min_length=1, max_length=4000)]


class AnsweredOut(Out):
    code: str
    label: str
    value: str


class AnswerPageOut(Out):
    title: str
    answers: list[AnsweredOut]


class FindingOut(Out):
    kind: str
    name: str
    why: str
    is_certain: bool


class CriterionOut(Out):
    label: str
    points: float
    most: float
    state: str
    sentence: str


class ApplicationRowOut(Out):
    id: UUID
    number: str
    company: str
    program: str
    state: str
    score: int | None
    risk: str
    duplicate: str
    source: str
    submitted_at: datetime | None
    decided_at: datetime | None
    created_at: datetime


class ApplicationOut(Out):
    """One application with what was found out about it. `clause` is the published rule that answered or routed it."""

    id: UUID
    number: str
    version: int
    program_id: UUID
    form_number: int
    state: str
    company_name: str
    website: str
    domain: str
    type: str
    contact_name: str
    email: str
    source: str
    score: int | None
    could_reach: int | None
    missing_percent: int | None
    criteria: list[CriterionOut]
    risk: str
    risk_reasons: list[str]
    findings: list[FindingOut]
    decider: str
    clause: str
    clause_text: str
    rule_version: int | None
    would_change: list[str]
    pages: list[AnswerPageOut]
    asked_message: str
    reason: str
    message: str
    by_rule: bool
    decided_by: str
    partner_id: UUID | None
    started_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None


class ChoiceIn(In):
    value: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    label: Annotated[str, StringConstraints(max_length=80)] = ""


class QuestionIn(In):
    code: Code = Field(examples=["employees"])
    kind: Kind
    label: Word = Field(examples=["How many people work for you?"])
    help: Annotated[str, StringConstraints(max_length=300)] = ""
    page: Annotated[str, StringConstraints(max_length=60)] = Field("", description="Questions with the same heading stand on one page.")
    required: bool = False
    choices: list[ChoiceIn] = Field(default_factory=list, max_length=60)
    fact: Annotated[str, StringConstraints(max_length=60)] = Field("", description="The fact of the ideal partner profile that the answer tells.")
    currency: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")] = ""
    least: Annotated[int, Field(ge=-(10**12), le=10**12)] | None = None
    most: Annotated[int, Field(ge=-(10**12), le=10**12)] | None = None


class FormIn(In):
    intro: Annotated[Text, StringConstraints(max_length=1000)] = ""
    questions: list[QuestionIn] = Field(min_length=1, max_length=60)


class FormOut(Out):
    program_id: UUID
    number: int
    is_draft: bool
    published_number: int | None
    version: int
    intro: str
    questions: list[dict[str, Any]]


class FaqIn(In):
    question: Word
    answer: Annotated[Text, StringConstraints(max_length=1500)]


class ProgramPageIn(In):
    headline: Annotated[str, StringConstraints(max_length=160)] = ""
    for_whom: Annotated[Text, StringConstraints(max_length=2000)] = ""
    types: list[Type] = Field(default_factory=list, max_length=9)
    requirements: list[Annotated[str, StringConstraints(max_length=300)]] = Field(default_factory=list, max_length=20)
    faq: list[FaqIn] = Field(default_factory=list, max_length=20)
    contact_email: Annotated[str, StringConstraints(max_length=254)] = ""
    is_public: bool = True
    is_open: bool = True
    allows_free_mail: bool = False
    reapply_days: Annotated[int, Field(ge=0, le=1000)] = 90


class FaqOut(Out):
    question: str
    answer: str


class ProgramPageOut(Out):
    program_id: UUID
    headline: str
    for_whom: str
    types: list[str]
    requirements: list[str]
    faq: list[FaqOut]
    contact_email: str
    is_public: bool
    is_open: bool
    allows_free_mail: bool
    reapply_days: int
    version: int


class FunnelQuery(In):
    since: date | None = Field(None, description="90 days before `until` when left out.")
    until: date | None = Field(None, description="Today when left out.")
    program_id: UUID | None = None


class FunnelOut(Out):
    program: str
    source: str
    visited: int
    started: int
    submitted: int
    approved: int
    rejected: int


@applications.get("", response=Page[ApplicationRowOut], summary="List applications")
@needs("applications.view")
def list_applications(request: HttpRequest, query: Query[ApplicationQuery]):
    """What was sent, newest first. Unfinished forms are their writers' own business."""
    wanted = {"state": query.state, "program": query.program_id, "country": query.country, "type": query.type}
    filters = {name: (value,) for name, value in wanted.items() if value}
    found = paginate(queries.newest_applications(request.auth, search=query.q, filters=filters), query.cursor, query.limit)
    return {"items": [queries.application_row(row) for row in found.items], "next_cursor": found.next_cursor}


@applications.get("/funnel", response=list[FunnelOut], summary="Read the funnel")
@needs("applications.view")
def read_funnel(request: HttpRequest, query: Query[FunnelQuery]):
    """Visited, started, submitted, approved and rejected per program and source. An application counts on the day it began."""
    until = query.until or request.at.date()
    since = query.since or until - timedelta(days=89)
    return list(queries.funnel_lines(request.auth, since=since, until=until, program_id=query.program_id))


@applications.post("", response={201: ApplicationOut}, summary="Enter an application")
@needs("applications.decide")
@idempotent
def add_application(request: HttpRequest, data: NewApplicationIn, response: HttpResponse):
    """For a company that was met, or from another system. It is scored, checked and routed like one that was sent by the company itself."""
    given = data.dict()
    program_id, source, answers = given.pop("program_id"), given.pop("source"), given.pop("answers")
    made = services.add_by_hand(actor=request.auth, program_id=program_id, given={**answers, **given}, source=source, at=request.at)
    return Status(201, _application(request, response, made.pk))


@applications.get("/{uuid:application_id}", response=ApplicationOut, summary="Read an application")
@needs("applications.view")
def get_application(request: HttpRequest, application_id: UUID, response: HttpResponse):
    return _application(request, response, application_id)


@applications.post("/{uuid:application_id}/approve", response=ApplicationOut, summary="Approve an application")
@needs("applications.decide")
@idempotent
@updates
def approve_application(request: HttpRequest, application_id: UUID, data: ApproveIn, response: HttpResponse):
    """Makes the partner, enrolls it in the entry tier and invites the applicant, all or nothing."""
    services.approve(**_shared(request, application_id), message=data.message, into_partner_id=data.into_partner_id)
    return _application(request, response, application_id)


@applications.post("/{uuid:application_id}/reject", response=ApplicationOut, summary="Reject an application")
@needs("applications.decide")
@idempotent
@updates
def reject_application(request: HttpRequest, application_id: UUID, data: RejectIn, response: HttpResponse):
    services.reject(**_shared(request, application_id), reason=data.reason, message=data.message, reapply=data.reapply)
    return _application(request, response, application_id)


@applications.post("/{uuid:application_id}/ask", response=ApplicationOut, summary="Ask the applicant for more")
@needs("applications.decide")
@idempotent
@updates
def ask_applicant(request: HttpRequest, application_id: UUID, data: AskIn, response: HttpResponse):
    """Only the named questions open; the clock of the promise rests until they are answered."""
    services.ask_for_more(**_shared(request, application_id), fields=data.fields, message=data.message)
    return _application(request, response, application_id)


@applications.post("/{uuid:application_id}/take-up", response=ApplicationOut, summary="Take up a held application")
@needs("applications.decide")
@idempotent
@updates
def take_up_application(request: HttpRequest, application_id: UUID, response: HttpResponse):
    services.take_up(**_shared(request, application_id))
    return _application(request, response, application_id)


@applications.post("/{uuid:application_id}/examine", response=ApplicationOut, summary="Check an application again")
@needs("applications.decide")
@idempotent
def examine_application(request: HttpRequest, application_id: UUID, response: HttpResponse):
    """Compares, scores and checks once more, against what is on file now."""
    services.examine_again(actor=request.auth, application_id=application_id, at=request.at)
    return _application(request, response, application_id)


@applications.post("/{uuid:application_id}/notes", response={201: ApplicationOut}, summary="Add a note")
@needs("applications.comment")
@idempotent
def note_application(request: HttpRequest, application_id: UUID, data: NoteIn, response: HttpResponse):
    services.add_note(actor=request.auth, application_id=application_id, body=data.body, at=request.at)
    return Status(201, _application(request, response, application_id))


@forms.get("/{uuid:program_id}", response=FormOut, summary="Read a program's form")
@needs("applications.view")
def get_form(request: HttpRequest, program_id: UUID, response: HttpResponse):
    """The draft when there is one, else what is published."""
    return _form(request, response, program_id)


@forms.put("/{uuid:program_id}", response=FormOut, summary="Change the draft of a form")
@needs("applications.configure")
@idempotent
def put_form(request: HttpRequest, program_id: UUID, data: FormIn, response: HttpResponse):
    """Puts a whole list of questions into the draft. Nothing changes for applicants before it is published."""
    services.replace_fields(actor=request.auth, program_id=program_id, rows=[row.dict() for row in data.questions], intro=data.intro, at=request.at)
    return _form(request, response, program_id)


@forms.post("/{uuid:program_id}/publish", response=FormOut, summary="Publish the draft of a form")
@needs("applications.configure")
@idempotent
@updates
def publish_form(request: HttpRequest, program_id: UUID, response: HttpResponse):
    """New applications get it; running ones keep the version they began with."""
    services.publish_form(actor=request.auth, program_id=program_id, version=matched_version(request), at=request.at)
    return _form(request, response, program_id)


@forms.get("/{uuid:program_id}/page", response=ProgramPageOut, summary="Read a program's public page")
@needs("applications.view")
def get_program_page(request: HttpRequest, program_id: UUID, response: HttpResponse):
    return _page(request, response, program_id)


@forms.put("/{uuid:program_id}/page", response=ProgramPageOut, summary="Change a program's public page")
@needs("applications.configure")
@idempotent
@updates
def put_program_page(request: HttpRequest, program_id: UUID, data: ProgramPageIn, response: HttpResponse):
    require_match(request, queries.page_settings(program_id).version)
    services.update_program_page(actor=request.auth, program_id=program_id, changes=data.dict(), at=request.at)
    return _page(request, response, program_id)


ROUTERS = {"applications": applications, "application-forms": forms}


def _shared(request: HttpRequest, application_id: UUID) -> dict[str, Any]:
    return {"actor": request.auth, "application_id": application_id, "version": matched_version(request), "at": request.at}


def _application(request: HttpRequest, response: HttpResponse, application_id: UUID) -> queries.VendorApplication:
    found = queries.application(request.auth, application_id, request.at)
    response["ETag"] = etag_of(found.version)
    return found


def _form(request: HttpRequest, response: HttpResponse, program_id: UUID) -> dict[str, Any]:
    view = queries.form(request.auth, program_id, request.at)
    response["ETag"] = etag_of(view.version)
    shared = {name: getattr(view, name) for name in ("program_id", "number", "is_draft", "published_number", "version", "intro")}
    return shared | {"questions": [written(field) for field in view.fields]}


def _page(request: HttpRequest, response: HttpResponse, program_id: UUID) -> dict[str, Any]:
    settings = queries.page_settings(program_id)
    response["ETag"] = etag_of(settings.version)
    shared = {name: getattr(settings, name) for name in ProgramPageOut.model_fields if name != "faq"}
    return shared | {"faq": [{"question": question, "answer": answer} for question, answer in settings.faq]}
