"""What forms offer, and what is looked up beside a deal."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductOption:
    id: UUID
    name: str
    line_id: UUID
    line: str
    list_price: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOptions:
    programs: tuple[Option, ...]
    product_lines: tuple[Option, ...]
    products: tuple[ProductOption, ...]
    territories: tuple[Option, ...]
    countries: tuple[Option, ...]
    currencies: tuple[Option, ...]
    deal_types: tuple[Option, ...]
    default_currency: str
    default_program_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterOptions:
    statuses: tuple[Option, ...]
    stages: tuple[Option, ...]
    deal_types: tuple[Option, ...]
    lost_reasons: tuple[Option, ...]
    programs: tuple[Option, ...]
    product_lines: tuple[Option, ...]
    territories: tuple[Option, ...]
    verdicts: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecheckRow:
    id: UUID
    customer: str
    product_line: str
    answer: str
    answer_label: str
    answer_tone: str
    asked_at: datetime
    person: str
    partner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """Vendor only: another registration for the same customer with a product in common (D2)."""

    id: UUID
    number: str
    partner: str
    customer_name: str
    status: str
    status_label: str
    status_tone: str
    product_lines: str
    submitted_at: datetime | None
    protected_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDocument:
    name: str
    content_type: str
    size: int
    file: BinaryIO
