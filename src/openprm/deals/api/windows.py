"""Windows that reflect work, and the customer's choice, over the API."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from openprm.deals.queries import customer_choice as choices
from openprm.deals.services import customer_choice, work_windows
from openprm.kernel.api import In, Out, Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.files import MAX_BYTES

router = Router(tags=["Deal registrations"])
choices_router = Router(tags=["Customer choices"])
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class WindowStepOut(Out):
    position: int
    at: datetime
    kind: str = Field(description="opened, gained, announced, shortened, lifted or by_hand.")
    cause: str = Field(description="The kind of evidence, or quiet.")
    evidence_ref: UUID | None
    days: int
    ends_before: datetime
    ends_after: datetime
    planned_after: datetime
    effective_at: datetime | None
    clause: str
    rule_version: int | None


class HintOut(Out):
    kind: str
    days: int = Field(description="Days that it would add today, as the partner logs it.")
    days_verified: int


class AnnouncementOut(Out):
    days: int
    effective_at: datetime
    planned_until: datetime


class WorkWindowOut(Out):
    """A protection that grows with logged work and shrinks in quiet weeks. Both sides read the same."""

    registration_id: UUID
    starts_on: date
    protected_until: datetime
    planned_until: datetime
    base_days: int
    added: int
    taken: int
    by_hand: int
    room: int
    most_days: int
    floor_days: int
    notice_days: int
    last_work_on: date
    next_quiet_on: date | None
    ends_without_work_on: date
    clause: str
    version: int | None
    announcements: list[AnnouncementOut]
    steps: list[WindowStepOut]
    hints: list[HintOut]


class ChoiceOut(Out):
    """A customer that wants to work with somebody else. On the partner's side letter and successor are empty."""

    id: UUID
    registration_id: UUID
    number: str
    customer: str
    state: str = Field(description="notice, objected, released or dropped.")
    told_by: str
    contact_name: str
    reason: str
    recorded_at: datetime
    notice_days: int
    releases_at: datetime
    work_done: str
    clause: str
    objected_at: datetime | None
    objection: str
    ended_at: datetime | None
    ended_reason: str
    letter: str = ""
    letter_sha256: str = ""
    successor: str = ""
    version: int


class ChoiceQuery(PageQuery):
    state: Annotated[str, StringConstraints(pattern="^(notice|objected|released|dropped)?$")] = ""


class LetterIn(In):
    contact_name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    reason: Words
    successor: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class ObjectIn(In):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class SettleIn(In):
    stands: bool = Field(description="True: the choice stands and the deal is released after its notice. False: the customer stays.")
    reason: Words


@router.get("/{uuid:registration_id}/work-window", response=WorkWindowOut, summary="Read how work moves the protection")
@needs("deals.view")
def get_work_window(request: HttpRequest, registration_id: UUID):
    """404 where the window is fixed or nothing is protected any more."""
    found = work_windows.work_window(actor=request.auth, registration_id=registration_id, at=request.at)
    if found is None:
        raise NotFound(_("The protection of this deal lasts a fixed time."), code="window_is_fixed")
    return found


@router.post("/{uuid:registration_id}/choice/ask", response={204: None}, summary="Ask the customer whom it wants to work with")
@needs("deals.protect")
@idempotent
def ask_customer(request: HttpRequest, registration_id: UUID):
    """Mails the deal's contact a signed link. Only an address at the customer's own web domain is written to."""
    customer_choice.ask_customer(actor=request.auth, registration_id=registration_id, at=request.at)
    return Status(204, None)


@router.post("/{uuid:registration_id}/choice", response={201: ChoiceOut}, summary="Record a customer's letter")
@needs("deals.protect")
@idempotent
def record_choice(request: HttpRequest, registration_id: UUID, data: Form[LetterIn], letter: File[UploadedFile], response: HttpResponse):
    """Sent as a form with the letter as a file. The partner is told and gets its notice."""
    if (letter.size or 0) > MAX_BYTES:
        raise Invalid(_("The file is larger than 20 MB. Send a smaller one."), field="letter")
    sent = (letter.name or "letter", letter.read())
    choice_id = customer_choice.record_choice(actor=request.auth, registration_id=registration_id, letter=sent, at=request.at, **data.dict())
    return Status(201, _choice(request, response, choice_id))


@choices_router.get("", response=Page[ChoiceOut], summary="List customer choices")
@needs("deals.view")
def list_choices(request: HttpRequest, query: Query[ChoiceQuery]):
    found = paginate(choices.newest_choices(request.auth, state=query.state), query.cursor, query.limit)
    return {"items": [choices.view_of(request.auth, row) for row in found.items], "next_cursor": found.next_cursor}


@choices_router.get("/{uuid:choice_id}", response=ChoiceOut, summary="Read a customer's choice")
@needs("deals.view")
def get_choice(request: HttpRequest, choice_id: UUID, response: HttpResponse):
    return _choice(request, response, choice_id)


@choices_router.post("/{uuid:choice_id}/object", response=ChoiceOut, summary="Object to a customer's choice")
@needs("deals.register")
@idempotent
def object_to_choice(request: HttpRequest, choice_id: UUID, data: ObjectIn, response: HttpResponse):
    """The partner, within the notice. The release waits for a decision."""
    customer_choice.object_to_choice(actor=request.auth, choice_id=choice_id, reason=data.reason, at=request.at)
    return _choice(request, response, choice_id)


@choices_router.post("/{uuid:choice_id}/settle", response=ChoiceOut, summary="Decide on a customer's choice")
@needs("deals.protect")
@idempotent
@updates
def settle_choice(request: HttpRequest, choice_id: UUID, data: SettleIn, response: HttpResponse):
    require_match(request, choices.choice(request.auth, choice_id).version)
    customer_choice.settle_choice(actor=request.auth, choice_id=choice_id, stands=data.stands, reason=data.reason, at=request.at)
    return _choice(request, response, choice_id)


def _choice(request: HttpRequest, response: HttpResponse, choice_id: UUID):
    found = choices.choice(request.auth, choice_id)
    response["ETag"] = etag_of(found.version)
    return found
