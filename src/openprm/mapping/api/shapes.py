"""What account mapping takes and answers over the API."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from openprm.kernel.api import AmountMinor, Currency, In, Out, PageQuery

KindName = Literal["customers", "open_deals", "prospects", "own"]
SourceName = Literal["records", "upload", "api"]
LevelName = Literal["hidden", "counts", "overlaps", "all"]
PurposeName = Literal["selling", "planning", "marketing", "success"]
FieldName = Literal["identifiers", "deals", "people"]
Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
MOST_ROWS = 2_000


def _text(most: int) -> type[str]:
    return Annotated[str, StringConstraints(strip_whitespace=True, max_length=most)]  # type: ignore[return-value]


class MoneyOut(Out):
    minor: int
    currency: str


class TermsOut(Out):
    level: str
    fields: list[str]
    purpose: str
    days: int


class ListOut(Out):
    id: UUID
    name: str
    kind: str
    source: str
    row_count: int
    refreshed_at: datetime | None
    general: TermsOut | None = Field(description="What everybody sees whom you compare with; null is nothing.")
    version: int


Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class FilterIn(In):
    """Which records a list takes. What is said of open deals must hold for one and the same deal, amounts for the sum of these deals."""

    countries: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]] = Field(default_factory=list, max_length=50)
    industries: list[Word] = Field(default_factory=list, max_length=50)
    owners: list[Word] = Field(default_factory=list, max_length=50)
    programs: list[Word] = Field(default_factory=list, max_length=50)
    stages: list[Word] = Field(default_factory=list, max_length=50)
    least_minor: AmountMinor | None = None
    most_minor: AmountMinor | None = None
    currency: Currency | None = Field(None, description="Needed with an amount.")
    closes_from: date | None = None
    closes_until: date | None = None
    won_from: date | None = None
    won_until: date | None = None

    @model_validator(mode="after")
    def _amounts_have_a_currency(self) -> "FilterIn":
        if (self.least_minor or self.most_minor) and not self.currency:
            raise ValueError("Say in which currency the amounts are.")
        return self


class ListIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)] = Field(examples=["Customers in Finland"])
    kind: KindName
    source: SourceName = "api"
    countries: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]] = Field(default_factory=list, max_length=50)
    filter: FilterIn | None = Field(None, description="For a list from records; `countries` beside it is the short form.")


class ListChangeIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    filter: FilterIn | None = Field(None, description="Without it the filter stays.")


class SuggestionOut(Out):
    column: str
    value: str
    count: int
    total: int


class DealIn(In):
    id: Key
    amount_minor: AmountMinor
    currency: Currency
    stage: _text(60) = ""


class CompanyIn(In):
    """A company; `id` is its id in your own system."""

    id: Key
    name: _text(300) = ""
    domain: _text(253) = ""
    country: _text(60) = ""
    city: _text(120) = ""
    lei: _text(40) = ""
    duns: _text(40) = ""
    vat: _text(40) = ""
    owner: _text(120) = ""
    email: _text(254) = ""
    deals: list[DealIn] = Field(default_factory=list, max_length=200)


class CompaniesIn(In):
    items: list[CompanyIn] = Field(min_length=1, max_length=MOST_ROWS)
    dry_run: bool = Field(False, description="Check and count alone.")


class KeysIn(In):
    ids: list[Key] = Field(min_length=1, max_length=MOST_ROWS)


class CompanyOut(Out):
    """What was not granted is empty; `key` is yours alone."""

    id: UUID
    key: str
    name: str
    domain: str
    country: str
    city: str
    identifiers: dict[str, str]
    people: dict[str, str]
    deals: list[MoneyOut]


class RowsOut(Out):
    added: int
    changed: int
    gone: int
    same: int
    by_name_alone: int = Field(description="Rows without a domain or an identifier: they can be matched by their names alone.")


class CountOut(Out):
    count: int


class TermsIn(In):
    level: LevelName
    fields: list[FieldName] = Field(default_factory=list, max_length=3)
    purpose: PurposeName = "selling"
    days: int = Field(365, ge=1, le=730)
    partner_id: UUID | None = Field(None, description="One partner alone; without it, everybody you compare with.")


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


class KindQuery(In):
    kind: KindName = "customers"


class CellQuery(PageQuery):
    mine_id: UUID
    theirs_id: UUID


class WhitespaceQuery(PageQuery):
    theirs_id: UUID


class ReviewQuery(PageQuery):
    state: Literal["found", "confirmed", "split"] = "found"


class SayIn(In):
    is_same: bool
    note: _text(300) = ""


class JoinIn(In):
    own_id: UUID = Field(description="A company of one of our lists.")
    other_id: UUID = Field(description="One of theirs that we see.")
    note: _text(300) = ""


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
    message: _text(500) = ""


class AnswerIn(In):
    grant: bool
    list_id: UUID | None = Field(None, description="The list of ours that is shown; without it the one that was asked for.")
    level: Literal["counts", "overlaps", "all"] | None = Field(None, description="Without it, as much as was asked for.")
    fields: list[FieldName] | None = Field(None, max_length=3)
    days: int = Field(365, ge=1, le=730)
    text: _text(500) = ""


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
    note: _text(300) = ""

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
