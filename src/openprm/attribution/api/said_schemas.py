"""What goes in and out over the API of what people say: touches, claims, disputes, reviews."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from openprm.attribution.rules.words import CLAIMABLE, ClaimState, DealKind, DisputeState, Finding, Kind, Source
from openprm.kernel.api import In, MoneyOut, Out, PageQuery

Claimable = Literal[tuple(str(one) for one in CLAIMABLE)]  # type: ignore[valid-type]
Said = Annotated[str, Field(min_length=1, max_length=2000)]
Reason = Annotated[str, Field(min_length=1, max_length=1000)]


class TouchQuery(PageQuery):
    kind: list[Kind] = Field([], max_length=20)
    source: list[Source] = Field([], max_length=10)
    partner_id: UUID | None = None


class TouchOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    account_id: UUID | None
    customer: str
    about: UUID | None
    kind: Kind
    source: Source
    summary: str
    occurred_at: datetime
    recorded_at: datetime
    is_verified: bool
    is_struck: bool


class ClaimIn(In):
    """Name the deal or the customer's account. The vendor says which partner helped; a partner speaks of itself."""

    kind: Claimable
    occurred_on: date
    statement: Annotated[str, Field(max_length=2000)]
    account_id: UUID | None = None
    deal_id: UUID | None = None
    partner_id: UUID | None = None


class ClaimQuery(PageQuery):
    state: list[ClaimState] = Field([], max_length=4)
    partner_id: UUID | None = None


class ClaimOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    account_id: UUID | None
    customer: str
    deal_id: UUID | None
    side: Literal["vendor", "partner"]
    kind: Kind
    occurred_at: datetime
    statement: str
    state: ClaimState
    made_at: datetime
    answered_at: datetime | None
    answer: str
    due_at: datetime | None
    version: int


class DeclineIn(In):
    reason: Reason


class DisputeIn(In):
    deal_id: UUID
    reason: Said


class DisputeQuery(PageQuery):
    state: list[DisputeState] = Field([], max_length=4)


class DisputeOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    deal_id: UUID
    deal: str
    reason: str
    state: DisputeState
    opened_at: datetime
    answer: str
    answered_at: datetime | None
    due_at: datetime | None
    version: int


class AnswerIn(In):
    """Upheld, it may name the touch that was missing: what it was and when."""

    uphold: bool
    answer: Said
    kind: Claimable | None = None
    occurred_on: date | None = None


class ToReviewOut(Out):
    deal_id: UUID
    deal_kind: DealKind
    number: str
    customer: str
    account_id: UUID | None
    base: MoneyOut
    closed_at: datetime
    asked: list[str]
    touches: int


class ToReviewListOut(Out):
    items: list[ToReviewOut]


class ReviewIn(In):
    finding: Finding
    note: Annotated[str, Field(max_length=1000)] = ""
