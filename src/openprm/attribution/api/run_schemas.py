"""What goes in and out over the API of runs, configurations and what-if."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from openprm.attribution.api.schemas import CorrectionSumsOut
from openprm.attribution.rules.words import MODELS, DealKind, Outcome
from openprm.kernel.api import In, MoneyOut, Out

ModelName = Literal[MODELS]  # type: ignore[valid-type]
Note = Annotated[str, Field(max_length=500)]
Weight = Annotated[Decimal, Field(ge=0, le=1000, max_digits=6, decimal_places=2), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1000})]
HalfLife = Annotated[Decimal, Field(ge=1, le=3650, max_digits=6, decimal_places=2), WithJsonSchema({"type": "number", "minimum": 1, "maximum": 3650})]
Days = Annotated[int, Field(ge=1, le=1095)]
Points = Annotated[int, Field(ge=1, le=10_000)]


class RunIn(In):
    month: date = Field(description="Any day of the month.")


class RunOut(Out):
    id: UUID
    number: str
    month: date
    configuration: str
    configuration_sha256: str
    result_sha256: str
    as_of: datetime
    is_standing: bool
    locked_at: datetime | None
    note: str
    sourced: MoneyOut
    influenced: MoneyOut
    unattributed: MoneyOut
    total: MoneyOut
    deals: int
    late: int


class RunListOut(Out):
    items: list[RunOut]


class MadeOut(Out):
    run_id: UUID
    number: int
    is_new: bool = Field(description="False where the month came out as it stands already.")


class LockIn(In):
    note: Note = ""


class LockedOut(Out):
    run_id: UUID


class ReplayOut(Out):
    run_id: UUID
    sha256: str
    is_equal: bool


class ResultOut(Out):
    deal_kind: DealKind
    deal_id: UUID
    number: str
    customer: str
    account_id: UUID | None
    is_won: bool
    outcome: Outcome
    base: MoneyOut
    opened_at: datetime
    closed_at: datetime


class CorrectedOut(Out):
    deal_id: UUID
    number: str
    customer: str
    partner_id: UUID
    partner: str
    locked_points: int
    found_points: int
    locked: MoneyOut
    found: MoneyOut
    difference: MoneyOut
    closed_at: datetime


class CorrectionOut(Out):
    """Nothing in `sums` where the locked run would say the same."""

    sums: CorrectionSumsOut | None
    rows: list[CorrectedOut]


class ConfigurationIn(In):
    name: Annotated[str, Field(min_length=1, max_length=120)]
    model: ModelName
    half_life: HalfLife = Field(default=Decimal(7), json_schema_extra={"default": 7})
    weights: list[Weight] = Field([], max_length=5)
    window_days: Days = 365
    gap_points: Points = 2500
    note: Note = ""


class ConfigurationOut(Out):
    id: UUID
    number: int
    name: str
    model: str
    half_life: Decimal
    weights: list[Decimal]
    window_days: int
    gap_points: int
    note: str
    sha256: str
    published_at: datetime
    is_in_force: bool


class ConfigurationListOut(Out):
    items: list[ConfigurationOut]


class WhatIfIn(In):
    """What is left out stays as it is in the configuration of the month's run."""

    month: date
    model: ModelName | None = None
    half_life: HalfLife | None = None
    weights: Annotated[list[Weight], Field(max_length=5)] | None = None
    window_days: Days | None = None
    rules: Literal["then", "now", "draft"] = "then"


class WhatIfPartnerOut(Out):
    partner_id: UUID
    partner: str
    before: MoneyOut
    after: MoneyOut
    difference: MoneyOut


class OutcomeSumsOut(Out):
    sourced: MoneyOut
    influenced: MoneyOut
    unattributed: MoneyOut


class WhatIfOut(Out):
    run_id: UUID
    month: date
    deals: int
    changed: int = Field(description="Deals with another outcome.")
    before: OutcomeSumsOut
    after: OutcomeSumsOut
    partners: list[WhatIfPartnerOut]
