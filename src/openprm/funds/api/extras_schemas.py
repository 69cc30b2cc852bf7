"""What the API of the catalogue, proofs, co-op money, deadlines and returns takes and gives."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, WithJsonSchema

from openprm.kernel.api import AmountMinor, Country, Currency, In, Line, Out, PageQuery, RequiredLine

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Format = Literal["pdf", "png", "jpg", "docx", "xlsx", "pptx", "txt"]
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100})]


class MoneyIn(In):
    amount_minor: AmountMinor
    currency: Currency


class MoneyOut(Out):
    amount_minor: int = Field(validation_alias="minor")
    currency: str


class ProofIn(In):
    name: RequiredLine
    about: Line = ""
    formats: list[Format] = Field(min_length=1, max_length=7)
    minimum: int = Field(1, ge=1, le=10)
    dated_within: bool = False
    max_age_days: int | None = Field(None, ge=1, le=730)


class KindIn(In):
    name: RequiredLine
    about: Note = ""
    max_percent: Percent
    cap: MoneyIn | None = None
    claim_within_days: int = Field(60, ge=1, le=730)
    countries: list[Country] = Field(default_factory=list, max_length=250)
    programs: list[Code] = Field(default_factory=list, max_length=100)
    tiers: list[Code] = Field(default_factory=list, max_length=100)
    partner_types: list[Code] = Field(default_factory=list, max_length=20)
    proofs: list[ProofIn] = Field(default_factory=list, max_length=10)
    is_active: bool = True


class ProofOut(Out):
    code: str
    name: str
    about: str
    formats: list[str]
    minimum: int
    dated_within: bool
    max_age_days: int | None
    words: str


class KindOut(Out):
    """`why_not` says why the reader's company cannot use it; empty when it can."""

    id: UUID
    code: str
    name: str
    about: str
    max_percent: Decimal
    cap: MoneyOut | None
    claim_within_days: int
    countries: list[str]
    programs: list[str]
    tiers: list[str]
    partner_types: list[str]
    proofs: list[ProofOut]
    pays: str
    is_active: bool
    version: int
    created_at: datetime
    why_not: str


class PaperIn(In):
    """A file that would be handed in."""

    rule: Code = Field(description="Code of the proof.")
    format: Line = Field(description="What its content is: pdf, png, jpg, docx, xlsx, pptx or txt.")
    dated_on: date | None = None
    name: Line = ""


class SimulateIn(In):
    spent: MoneyIn
    on: date = Field(description="The day of the claim.")
    papers: list[PaperIn] = Field(default_factory=list, max_length=60)
    asked: MoneyIn | None = None


class SimulateKindIn(SimulateIn):
    starts_on: date
    ends_on: date
    allocation_id: UUID | None = Field(None, description="The fund that would pay: its share, what is left of it and its last day to claim count too.")


class PaperOut(Out):
    name: str
    format: str
    dated_on: date | None
    is_accepted: bool
    problem: str


class ProofLineOut(Out):
    proof: ProofOut
    papers: list[PaperOut]
    accepted: int
    missing: int
    is_met: bool


class SumLineOut(Out):
    label: str
    amount: MoneyOut


class AnswerOut(Out):
    """`worth` is what the claim gives once everything is in; `reimbursable` what it gives as it is."""

    accepted: bool
    worth: MoneyOut
    reimbursable: MoneyOut
    proofs: list[ProofLineOut]
    problems: list[str]
    steps: list[SumLineOut]
    pays: str


class FileOut(Out):
    id: UUID
    rule: str
    name: str
    format: str
    size: int
    dated_on: date | None
    added_at: datetime
    is_handed_in: bool


class ActivityProofsOut(Out):
    id: UUID
    request_id: UUID
    title: str
    kind: str
    starts_on: date
    ends_on: date
    claim_by: date
    left: MoneyOut
    proofs: list[ProofOut]
    files: list[FileOut]
    answer: AnswerOut


class RateIn(In):
    program_id: UUID
    tier_id: UUID | None = None
    percent: Percent
    expires_after_days: int = Field(365, ge=30, le=1825)
    effective_from: date


class RateOut(Out):
    id: UUID
    program_id: UUID
    program: str
    tier_id: UUID | None
    tier: str
    percent: Decimal
    expires_after_days: int
    effective_from: date
    ended_on: date | None
    is_current: bool


class LineQuery(PageQuery):
    partner_id: UUID | None = None
    kind: Literal["accrued", "corrected", "expired"] | None = None


class LineOut(Out):
    """`revenue` is the deal in the fund's currency at `fx_rate` of `fx_date`; `amount` is its share."""

    id: UUID
    partner_id: UUID
    allocation_id: UUID
    kind: str
    lot_id: UUID | None
    registration_id: UUID
    registration_number: str
    deal: MoneyOut
    fx_rate: Decimal
    fx_date: date
    revenue: MoneyOut
    percent: Decimal
    amount: MoneyOut
    occurred_on: date
    expires_on: date
    note: str
    booked_at: datetime
    entry_id: UUID


class CorrectIn(In):
    registration_id: UUID
    revenue: MoneyIn
    reason: RequiredLine


class ExtensionQuery(PageQuery):
    state: Literal["open", "granted", "refused", "withdrawn"] | None = None


class AskIn(In):
    """Of one activity (to claim it) or of one fund (to plan it)."""

    activity_id: UUID | None = None
    allocation_id: UUID | None = None
    until: date
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class DecideIn(In):
    grant: bool
    until: date | None = Field(None, description="Another day than the one that was asked for.")
    answer: Note = ""


class ExtensionOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    activity_id: UUID | None
    allocation_id: UUID | None
    title: str
    money: MoneyOut
    ends_on: date
    asked_until: date
    granted_until: date | None
    reason: str
    state: str
    answer: str
    asked_at: datetime
    due_at: datetime | None
    version: int


class LinkIn(In):
    request_id: UUID
    kind: Literal["deal", "lead", "campaign"]
    subject_id: UUID
    weight: Percent = Field(description="Per cent of the deal; all requests together give away 100 at most.")
    note: Line = ""


class LinkQuery(In):
    request_id: UUID


class LinkOut(Out):
    id: UUID
    request_id: UUID
    kind: str
    subject_id: UUID
    label: str
    deal_id: UUID | None
    weight: Decimal
    left: Decimal
    note: str


class LinkSumsOut(Out):
    allocated: MoneyOut
    reserved: MoneyOut
    claimed: MoneyOut
    paid: MoneyOut
    left: MoneyOut


class LocalOut(Out):
    sums: LinkSumsOut
    rate: Decimal
    rate_date: date


class WalletFundOut(Out):
    id: UUID
    number: str
    name: str
    is_coop: bool
    sums: LinkSumsOut
    local: LocalOut | None
    vendor_percent: int
    partner_percent: int
    plan_by: date | None
    claim_by: date | None
    ends_on: date


class DeadlineOut(Out):
    kind: str
    activity_id: UUID | None
    allocation_id: UUID
    title: str
    on: date
    days: int
    money: MoneyOut
    extension: str


class WalletOut(Out):
    partner_id: UUID
    local_currency: str
    funds: list[WalletFundOut]
    totals: list[LinkSumsOut]
    local_total: LinkSumsOut | None
    deadlines: list[DeadlineOut]


class WalletQuery(In):
    partner_id: UUID | None = Field(None, description="Needed by the vendor's people; a partner reads its own.")


class FiguresOut(Out):
    """`multiple` is revenue / cost, `roi` (margin - cost) / cost; empty where nothing was reimbursed."""

    requests: int
    deals: int
    revenue: MoneyOut
    pipeline: MoneyOut
    margin: MoneyOut
    cost: MoneyOut
    multiple: Decimal | None
    roi: Decimal | None
    pipeline_per_unit: Decimal | None


class ReturnRowOut(Out):
    key: str
    label: str
    figures: FiguresOut


class ShareOut(Out):
    deal_id: UUID
    deal: str
    is_won: bool
    revenue: MoneyOut
    request_id: UUID
    request: str
    partner: str
    through: str
    weight: Decimal
    credited: MoneyOut


class AssumedOut(Out):
    program_id: UUID | None = Field(description="Null for what holds in general.")
    margin_percent: Decimal
    window_days: int
    version: int | None = Field(description="Null while nobody has set them: the product's own assumptions hold.")


class ReturnsOut(Out):
    since: date
    until: date
    as_of: datetime
    currency: str
    total: FiguresOut
    by_partner: list[ReturnRowOut]
    by_program: list[ReturnRowOut]
    by_kind: list[ReturnRowOut]
    shares: list[ShareOut]
    assumed: AssumedOut
    unrated: list[str]


class ReturnsQuery(In):
    since: date | None = None
    until: date | None = None


class AssumeIn(In):
    program_id: UUID | None = Field(None, description="Null sets what holds in general.")
    margin_percent: Percent
    window_days: int = Field(ge=1, le=1825)
