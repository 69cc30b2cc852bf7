"""Questions of a first deal, and pilots."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import In, Out
from openprm.onboarding.api.schemas.fields import Amount, Name, Short, Words


class FirstDealOut(Out):
    id: UUID
    partner: str
    manager: str
    was_assigned: bool
    since: datetime
    days: int
    registered_at: datetime | None
    approved_at: datetime | None
    open_questions: int


class QuestionIn(In):
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class AnswerIn(In):
    answer: Words


class QuestionOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    question: str
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    created_at: datetime


class PilotIn(In):
    name: Name
    about: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    kind: Literal["program", "feature", "template"]
    template_id: UUID | None = None
    program_id: UUID | None = None
    starts_date: date
    ends_date: date


class GoalOut(Out):
    id: UUID
    name: str
    unit: str
    baseline: Decimal | None
    target: Decimal
    measured: Decimal | None
    measured_at: datetime | None
    note: str
    percent: int | None


class MemberOut(Out):
    partner_id: UUID
    partner: str
    state: str
    answered_at: datetime | None
    note: str


class PilotOut(Out):
    id: UUID
    name: str
    about: str
    kind: str
    template_id: UUID | None
    program_id: UUID | None
    starts_date: date
    ends_date: date
    state: str
    result: str
    goals: list[GoalOut]
    members: list[MemberOut]
    invited: int
    accepted: int
    created_at: datetime
    version: int


class InvitationOut(Out):
    pilot_id: UUID
    name: str
    about: str
    starts_date: date
    ends_date: date
    state: str
    answer: str
    goals: list[str]


class InviteIn(In):
    partner_ids: list[UUID] = Field(min_length=1, max_length=200)


class InvitedOut(Out):
    new: int


class GoalIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    baseline: Amount | None = None
    target: Amount


class MeasureIn(In):
    measured: Amount
    note: Short = ""


class CloseIn(In):
    result: Words
    roll_out: bool


class PilotAnswerIn(In):
    accept: bool
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
