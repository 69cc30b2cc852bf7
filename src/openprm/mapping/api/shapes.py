"""What account mapping takes and answers over the API."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from openprm.kernel.api import AmountMinor, Currency, In, MoneyOut, Out

KindName = Literal["customers", "open_deals", "prospects", "own"]
SourceName = Literal["records", "upload", "api"]
LevelName = Literal["hidden", "counts", "overlaps", "all"]
PurposeName = Literal["selling", "planning", "marketing", "success"]
FieldName = Literal["identifiers", "deals", "people"]
Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
MOST_ROWS = 2_000


def up_to(most: int) -> type[str]:
    return Annotated[str, StringConstraints(strip_whitespace=True, max_length=most)]  # type: ignore[return-value]


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
    stage: up_to(60) = ""


class CompanyIn(In):
    """A company; `id` is its id in your own system."""

    id: Key
    name: up_to(300) = ""
    domain: up_to(253) = ""
    country: up_to(60) = ""
    city: up_to(120) = ""
    lei: up_to(40) = ""
    duns: up_to(40) = ""
    vat: up_to(40) = ""
    owner: up_to(120) = ""
    email: up_to(254) = ""
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


class KindQuery(In):
    kind: KindName = "customers"
