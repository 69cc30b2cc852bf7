"""What the API of conflicts takes and gives."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import In, Out, PageQuery

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
ClauseKey = Annotated[str, StringConstraints(min_length=3, max_length=120), Field(description="A key that `clauses` gave.", examples=["conflicts.sentinel|T5"])]
Type = Literal["direct_vs_partner", "partner_vs_partner", "post_deal_credit", "rejection", "lead"]
FindingCode = Literal["founded", "partly", "unfounded"]
Remedies = Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=20)]


class CaseQuery(PageQuery):
    state: Literal["open", "in_review", "decided", "appealed", "closed"] | None = None
    type: Type | None = None
    partner_id: UUID | None = Field(None, description="For the vendor: cases with this partner on a side.")


class CaseIn(In):
    type: Type
    claim: Said
    registration_id: UUID | None = None
    lead_id: UUID | None = None
    engagement_id: UUID | None = None
    other_registration_id: UUID | None = Field(None, description="For the vendor: the registration of the other partner.")
    rep_id: UUID | None = Field(None, description="For the vendor: which of its people the case is about.")
    partner_id: UUID | None = Field(None, description="For the vendor, on an engagement with several partners: which of them claims.")
    other_partner_id: UUID | None = Field(None, description="On an engagement: the other partner, which answers.")


class StatementIn(In):
    text: Said


class ReasonIn(In):
    reason: Reason


class AssignIn(In):
    reviewer_id: UUID | None = Field(None, description="Left out, the system names the free person with the fewest cases.")


class DecisionIn(In):
    finding: FindingCode
    reasons: Said
    would_change: Reason
    clause: ClauseKey
    remedies: Remedies | None = Field(None, description="Clauses of the published remedies; left out, all that the table names follow.")


class AppealIn(In):
    text: Said


class AppealAnswerIn(In):
    result: Literal["upheld", "changed", "remanded"]
    finding: FindingCode | Literal[""] = ""
    reasons: Said
    would_change: Reason
    clause: ClauseKey
    remedies: Remedies | None = None


class CaseRowOut(Out):
    id: UUID
    number: str
    type: str
    state: str
    origin: str
    about: str
    my_side: str
    finding: str
    ending: str
    opened_at: datetime
    due_at: datetime | None
    decided_at: datetime | None
    appeal_until: datetime | None
    closed_at: datetime | None
    version: int
    partner_id: UUID | None
    partner: str
    other_partner_id: UUID | None
    other_partner: str
    reviewer: str
    created_at: datetime


class StatementOut(Out):
    id: UUID
    text: str
    author: str
    said_at: datetime
    is_sealed: bool


class EvidenceOut(Out):
    id: UUID
    name: str
    content_type: str
    size: int
    at: datetime
    is_sealed: bool


class SideOut(Out):
    side: str
    name: str
    is_mine: bool
    statements: list[StatementOut]
    evidence: list[EvidenceOut]
    has_hidden: bool


class FactOut(Out):
    kind: str
    text: str
    at: datetime | None
    is_internal: bool


class RemedyOut(Out):
    code: str
    clause: str
    days: int
    percent: int
    until: datetime | None
    at: datetime


class RulingOut(Out):
    kind: str
    round: int
    finding: str
    appeal_result: str
    reasons: str
    would_change: str
    clause: str
    clause_text: str
    clause_source: str
    at: datetime
    remedies: list[RemedyOut]


class FiledAppealOut(Out):
    text: str
    is_mine: bool
    filed_at: datetime
    result: str
    answered_at: datetime | None


class CaseOut(Out):
    """A case as the caller's side may read it."""

    case: CaseRowOut = Field(validation_alias="row")
    claimant: SideOut
    respondent: SideOut
    facts: list[FactOut]
    rulings: list[RulingOut]
    late_remedies: list[RemedyOut]
    appeal: FiledAppealOut | None
    statements_due_at: datetime
    revealed_at: datetime | None
    round: int
    ended_reason: str
    registration_id: UUID | None


class OpenedOut(Out):
    case_id: UUID
    number: str
    version: int


class ClauseOut(Out):
    key: str
    kind: str
    source: str
    clause: str
    text: str
    version: int | None


class PrecedentQuery(PageQuery):
    q: str = Field("", max_length=100)
    type: Type | None = None
    finding: FindingCode | None = None
    clause: str | None = Field(None, max_length=60)


class PrecedentRowOut(Out):
    id: UUID
    number: str
    title: str
    type: str
    finding: str
    clause: str
    clause_source: str
    region: str
    amount_band: str
    remedies: list[str]
    appeal_result: str
    decided_month: date
    days: int
    published_at: datetime | None
    excerpt: str
    created_at: datetime


class PrecedentOut(Out):
    precedent: PrecedentRowOut = Field(validation_alias="row")
    what_happened: str
    reasons: str
    would_change: str
    clause_text: str


class PrecedentIn(In):
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
    what_happened: Said
    reasons: Said
    would_change: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class FigureOut(Out):
    type: str = Field(description="Empty for all cases together.")
    settled: int
    decided: int
    won_rate: int | None
    median_days: float | None
    appealed: int
    changed_on_appeal: int
    false_alarms: int
    is_hidden: bool
