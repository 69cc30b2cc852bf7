"""What account mapping takes and answers over the API, between the two sides."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field, model_validator

from openprm.kernel.api import In, MoneyOut, Out, PageQuery
from openprm.mapping.api.shapes import CompanyOut, FieldName, KindName, PurposeName, up_to


class ShownOut(Out):
    id: UUID
    name: str
    kind: str
    row_count: int
    level: str
    fields: list[str]
    purpose: str
    expires_at: datetime


class CellOut(Out):
    mine_id: UUID
    theirs_id: UUID
    count: int | None = Field(description="Null where only counts are shown and this one is too small to tell.")
    level: str


class MatrixOut(Out):
    we_agreed: bool
    they_agreed: bool
    theirs: list[ShownOut]
    cells: list[CellOut]


class OverlapOut(Out):
    id: UUID
    mine: CompanyOut
    theirs: CompanyOut
    percent: int
    matched_on: list[str]
    state: str


class CellQuery(PageQuery):
    mine_id: UUID
    theirs_id: UUID


class WhitespaceQuery(PageQuery):
    theirs_id: UUID


class ReviewQuery(PageQuery):
    state: Literal["found", "confirmed", "split"] = "found"


class SayIn(In):
    is_same: bool
    note: up_to(300) = ""


class JoinIn(In):
    own_id: UUID = Field(description="A company of one of our lists.")
    other_id: UUID = Field(description="One of theirs that we see.")
    note: up_to(300) = ""


class WordOut(Out):
    id: UUID
    is_same: bool
    person: str
    note: str
    decided_at: datetime
    undone_at: datetime | None


class PairOut(Out):
    match: OverlapOut
    words: list[WordOut]


class GivenOut(Out):
    companies: int
    values: list[MoneyOut]
    for_100: float | None = Field(description="What this side gets for each 100 that it gives, by value where both tell one currency, else by companies.")


class WorthOut(Out):
    open_deals: int
    amounts: list[MoneyOut]
    with_theirs: list[MoneyOut]
    we_show: GivenOut
    they_show: GivenOut
    grade: str | None = Field(description="high, medium, low, none or unknown; null for a partner.")
    won_here: int | None
    needed_wins: int | None = Field(description="Won deals that the grade still needs.")


class AskIn(In):
    list_id: UUID | None = Field(None, description="A list of theirs of which we see something; or name a kind.")
    kind: KindName | None = None
    level: Literal["counts", "overlaps", "all"]
    fields: list[FieldName] = Field(default_factory=list, max_length=3)
    purpose: PurposeName = "selling"
    message: up_to(500) = ""


class AnswerIn(In):
    grant: bool
    list_id: UUID | None = Field(None, description="The list of ours that is shown; without it the one that was asked for.")
    level: Literal["counts", "overlaps", "all"] | None = Field(None, description="Without it, as much as was asked for.")
    fields: list[FieldName] | None = Field(None, max_length=3)
    days: int = Field(365, ge=1, le=730)
    text: up_to(500) = ""


class AskOut(Out):
    id: UUID
    partner_id: UUID
    is_mine: bool
    other: str
    person: str
    kind: str
    population: str
    level: str
    fields: list[str]
    purpose: str
    message: str
    state: str
    answer: str
    answered_by: str
    answered_at: datetime | None
    created_at: datetime


class GrantOut(Out):
    """While it lives what may be seen; afterwards the receipt of its end."""

    id: UUID
    population: str
    owner_id: UUID
    viewer_id: UUID
    level: str
    fields: list[str]
    purpose: str
    granted_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    is_live: bool
    end_reason: str
    ended_by: str
    look_count: int
    rows_seen: int


class LookOut(Out):
    id: UUID
    at: datetime
    person: str
    viewer: str
    population: str
    what: str
    rows: int
    purpose: str


class TargetIn(In):
    match_id: UUID | None = Field(None, description="A company that both have.")
    company_id: UUID | None = Field(None, description="Or one that one side alone has.")
    note: up_to(300) = ""

    @model_validator(mode="after")
    def _names_one(self) -> "TargetIn":
        if (self.match_id is None) == (self.company_id is None):
            raise ValueError("Name a match or a company.")
        return self


class TargetOut(Out):
    id: UUID
    partner_id: UUID
    other: str
    name: str
    domain: str
    country: str
    city: str
    kind: str
    note: str
    person: str
    is_ours: bool
    chosen_at: datetime
    account_id: UUID | None


class PartnerAtOut(Out):
    partner_id: UUID
    partner: str
    kinds: list[str]
    percent: int
    grade: str


class RecommendedOut(Out):
    deal_id: UUID
    account_id: UUID | None
    company: str
    amount: MoneyOut
    partners: list[PartnerAtOut]


class RecommendedQuery(In):
    limit: int = Field(50, ge=1, le=200)


class RuleIn(In):
    percent: float = Field(ge=30, le=99)
    one_only: bool = False


class RuleOut(Out):
    percent: float
    one_only: bool
    judged: int
    precision: float | None
    recall: float | None
    person: str
    set_at: datetime | None


class AttachIn(In):
    target: Literal["registration", "lead"]
    object_id: UUID
    partner_id: UUID


class AttachOut(Out):
    url: str
