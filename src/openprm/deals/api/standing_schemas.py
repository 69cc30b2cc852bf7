"""What goes in and out of pre-checks, protections and opportunities."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import Country, In, Out, PageQuery


class PrecheckIn(In):
    customer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)] = Field(examples=["acme.com"])
    product_line_id: UUID
    country: Country = ""
    territory_id: UUID | None = None
    partner_id: UUID | None = Field(None, description="For whom a person of the vendor asks; a partner's person asks for its own company.")


class PrecheckOut(Out):
    answer: Literal["free", "protected", "ask"]
    customer: str
    product_line: str
    asked_at: datetime
    left_this_hour: int
    held_by_you: bool


class PrecheckRowOut(Out):
    id: UUID
    customer: str
    product_line: str
    answer: Literal["free", "protected", "ask"]
    asked_at: datetime
    person: str
    partner: str


class ProtectionOut(Out):
    id: UUID
    registration_id: UUID
    number: str
    partner_id: UUID
    customer: str
    product_line: str
    territory: str
    status: Literal["active", "extended", "released", "expired", "revoked"]
    starts_at: datetime
    ends_at: datetime
    created_at: datetime


class ProtectionQuery(PageQuery):
    live: bool = Field(True, description="True lists what protects now; false also what has ended.")
    registration_id: UUID | None = None


class OpportunityOut(Out):
    id: UUID
    version: int
    name: str
    account_id: UUID | None
    account: str
    partner_id: UUID | None
    partner: str
    product: str
    stage: str
    status: str
    amount_minor: int | None
    currency: str
    opened_date: date | None
    close_date: date | None
    is_registered: bool
    registered_until: datetime | None
    registration_id: UUID | None
    external_id: str


class OpportunityQuery(PageQuery):
    q: str = Field("", max_length=100)
    status: list[Literal["open", "won", "lost"]] = Field(default_factory=list, max_length=3)
    partner_id: UUID | None = None
    account_id: UUID | None = None
