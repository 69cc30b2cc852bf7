"""Changes of an approved deal: which fields are open, what differs, and how much it matters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    CHANGE = "change"
    SPLIT = "split"


class State(StrEnum):
    PROPOSED = "proposed"
    APPLIED = "applied"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


CONTACT = ("contact_name", "contact_email", "contact_phone", "contact_title")
FACTS = ("customer_city", "description", "competitor", "engaged_since_date")
AMENDABLE = ("lines", "expected_close_date", *CONTACT, *FACTS)
"""What may change after the approval. Everything else stays as it was approved."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a proposed change matters, as the rule reads it."""

    amount_change_percent: Decimal
    new_product_lines: int
    lost_product_lines: int
    close_shift_days: int
    contact_changes: bool


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that differ, in the order people read them."""
    return tuple(name for name in AMENDABLE if before.get(name) != after.get(name))


def weigh(before: Mapping[str, Any], after: Mapping[str, Any]) -> Weight:
    lines, then = _product_lines(before), _product_lines(after)
    return Weight(
        amount_change_percent=percent(amount(before), amount(after)),
        new_product_lines=len(then - lines),
        lost_product_lines=len(lines - then),
        close_shift_days=_shift(before.get("expected_close_date"), after.get("expected_close_date")),
        contact_changes=any(before.get(name) != after.get(name) for name in CONTACT),
    )


def amount(values: Mapping[str, Any]) -> int:
    return sum(line["amount_minor"] for line in values["lines"])


def percent(before: int, after: int) -> Decimal:
    """By how much the amount changes, to one place; from nothing to something is 100%."""
    if before == 0:
        return Decimal(100 if after else 0)
    return (Decimal(after - before) * 100 / Decimal(before)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _product_lines(values: Mapping[str, Any]) -> set[str]:
    return {line["product_line_id"] for line in values["lines"]}


def _shift(before: str | None, after: str | None) -> int:
    """Days by which the close moves later; negative when it comes earlier."""
    return (date.fromisoformat(after) - date.fromisoformat(before)).days if before and after else 0


def split_lines(lines: Iterable[Mapping[str, Any]], product_line_ids: Iterable[str]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """(what stays, what goes): all lines of a product line go together, because a protection covers the product line."""
    going, rows = set(product_line_ids), list(lines)
    return [row for row in rows if row["product_line_id"] not in going], [row for row in rows if row["product_line_id"] in going]
