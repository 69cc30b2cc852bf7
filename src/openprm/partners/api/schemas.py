"""What goes in and comes out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import Country, Currency, In, Line, Out, PageQuery, RequiredLine, Text

Type = Literal["reseller", "distributor", "var", "msp", "si", "isv", "referral", "affiliate", "consultant"]
Motion = Literal["influence", "transact", "solution", "retain"]
State = Literal["invited", "applicant", "pending", "declined", "active", "suspended", "deactivated", "banned", "offboarded", "archived"]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Team = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Host = Annotated[str, StringConstraints(strip_whitespace=True, max_length=253)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,38}$")]
Rank = Annotated[int, Field(ge=0, le=99)]


class PartnerQuery(PageQuery):
    q: str = Field("", max_length=100, description="Part of the name or the web domain.")
    status: State | None = None
    type: Type | None = None
    motion: Motion | None = None
    country: Country | None = None
    manager_id: UUID | None = None
    program_id: UUID | None = None


class PartnerIn(In):
    name: RequiredLine = Field(examples=["Kallio Digital"])
    legal_name: Line = ""
    domain: Host = Field("", examples=["kallio.example"])
    country: Country = Field("", examples=["FI"])
    type: Type = "reseller"
    motion: Motion = "transact"
    region: Short = ""
    team: Team = ""
    website: Host = ""
    manager_id: UUID | None = None
    parent_id: UUID | None = None
    external_source: Annotated[str, StringConstraints(max_length=60)] = ""
    external_id: Annotated[str, StringConstraints(max_length=120)] = ""


class NewPartnerIn(PartnerIn):
    program_id: UUID | None = None
    tier_id: UUID | None = None


class StatusIn(In):
    status: State
    reason: Annotated[Line, StringConstraints(max_length=500)] = Field("", description="Both sides read it. A ban needs one.")


class RenewalIn(In):
    months: Annotated[int, Field(ge=1, le=60)] | None = Field(None, description="The program's own term when left out. Only the vendor can name another.")


class EnrollmentEndIn(In):
    until: datetime | None = Field(description="The new end, or null for none.")
    reason: Annotated[RequiredLine, StringConstraints(max_length=500)]


class RenewalQuery(PageQuery):
    program_id: UUID | None = None
    within_days: Literal[30, 60, 90, 180] | None = None


class RenewalOut(Out):
    """A membership with an end. `state`: running, due (within 60 days), blocked (agreements or compliance have closed something), expired."""

    enrollment_id: UUID
    partner_id: UUID
    program_id: UUID
    partner: str
    program: str
    tier: str
    manager: str
    since: datetime
    until: datetime
    days_left: int
    renewals: int
    state: str
    version: int
    created_at: datetime


class PartnerRowOut(Out):
    id: UUID
    name: str
    type: str
    motion: str
    status: str
    country: str
    region: str
    program: str
    tier: str
    created_at: datetime
    version: int


class EnrollmentOut(Out):
    id: UUID
    partner_id: UUID
    program_id: UUID
    program_code: str
    program_name: str
    tier_id: UUID | None
    tier_code: str
    tier_name: str
    tier_rank: int
    status: str
    since: datetime
    until: datetime | None
    benefits: dict[str, int | str]
    version: int
    created_at: datetime


class PartnerOut(Out):
    """One partner. `team`, `parent_id` and the source of the record are empty on the partner's own side."""

    id: UUID
    name: str
    legal_name: str
    domain: str
    country: str
    time_zone: str
    status: str
    type: str
    motion: str
    region: str
    team: str
    website: str
    manager_id: UUID | None
    manager_name: str
    parent_id: UUID | None
    enrollments: list[EnrollmentOut]
    external_source: str
    external_id: str
    version: int
    created_at: datetime


class TierIn(In):
    code: Code = Field(examples=["gold"])
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)] = Field(examples=["Gold"])
    rank: Rank
    benefits: dict[str, Annotated[int, Field(ge=0, le=1_000_000)] | Short] = Field(default_factory=dict, max_length=20, examples=[{"protection_days": 120}])


class TierOut(Out):
    id: UUID
    program_id: UUID
    code: str
    name: str
    rank: int
    benefits: dict[str, int | str]
    partners: int
    version: int


class ProgramIn(In):
    code: Code = Field(examples=["resell"])
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    about: Annotated[Text, StringConstraints(max_length=2000)] = ""
    motion: Motion = "transact"
    currency: Currency = "EUR"
    term_months: Annotated[int, Field(ge=1, le=60)] | None = Field(None, description="How long a membership lasts; null means without an end.")
    is_active: bool = True


class ProgramOut(Out):
    id: UUID
    code: str
    name: str
    about: str
    motion: str
    currency: str
    term_months: int | None
    is_active: bool
    partners: int
    tiers: list[TierOut]
    version: int
    created_at: datetime


class EnrollmentQuery(PageQuery):
    partner_id: UUID | None = None
    program_id: UUID | None = None
    status: Literal["draft", "pending", "approved", "rejected", "terminated", "expired"] | None = None


class EnrollmentIn(In):
    partner_id: UUID
    program_id: UUID
    tier_id: UUID | None = Field(None, description="The lowest tier when left out.")


class TierChoiceIn(In):
    tier_id: UUID
