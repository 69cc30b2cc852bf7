"""What a person enters to register a deal, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any
from uuid import UUID

MAX_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    product_id: UUID
    quantity: int = 1
    amount_minor: int = 0
    term_months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationDraft:
    """Everything the form holds. A blank is allowed in a draft; `submit` says which may not stay blank."""

    title: str = ""
    customer_name: str = ""
    customer_domain: str = ""
    customer_country: str = ""
    customer_city: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    contact_title: str = ""
    lines: tuple[LineDraft, ...] = field(default_factory=tuple)
    currency: str = "EUR"
    expected_close_date: date | None = None
    deal_type: str = "new"
    description: str = ""
    next_step: str = ""
    competitor: str = ""
    engaged_since_date: date | None = None
    territory_id: UUID | None = None
    program_id: UUID | None = None
    follows_id: UUID | None = None

    @property
    def amount_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines)


COLUMNS = tuple(one.name for one in fields(RegistrationDraft) if one.name != "lines")
MAX_LENGTH = {
    "title": 160,
    "customer_name": 200,
    "customer_domain": 253,
    "customer_country": 2,
    "customer_city": 120,
    "contact_name": 120,
    "contact_email": 254,
    "contact_phone": 40,
    "contact_title": 120,
    "description": 4000,
    "next_step": 300,
    "competitor": 120,
}


def changed_fields(before: RegistrationDraft, after: RegistrationDraft) -> dict[str, tuple[Any, Any]]:
    """Field name -> (old, new) for each field that differs."""
    pairs = {one.name: (getattr(before, one.name), getattr(after, one.name)) for one in fields(RegistrationDraft)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def merged(base: RegistrationDraft, changes: Mapping[str, Any]) -> RegistrationDraft:
    """`base` with the named fields replaced. Raises TypeError for a name that is no field."""
    values = {one.name: getattr(base, one.name) for one in fields(RegistrationDraft)}
    return RegistrationDraft(**{**values, **changes})
