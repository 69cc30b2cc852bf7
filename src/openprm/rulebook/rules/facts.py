"""Facts as they come from a caller, brought to exact values; and on to the engine and into the record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from ..ports import Fact, Outcome, RuleKind
from .cells import Ref, Value, plain_number
from .language import gettext as _

MAX_TEXT = 500
LARGEST = Decimal(10) ** 18
PLACES = 9
Facts = dict[str, "Value | None"]


class BadFact(ValueError):
    """A fact that the kind does not ask for, or that has the wrong type."""

    def __init__(self, message: str, fact: str) -> None:
        super().__init__(message)
        self.fact = fact


def settle_facts(kind: RuleKind, given: Mapping[str, object]) -> Facts:
    """Every fact of the kind with an exact value, None when it is not known. Raises BadFact."""
    for name in given:
        if kind.fact(name) is None:
            raise BadFact(_("%(kind)s does not ask for “%(name)s”.") % {"kind": kind.title, "name": str(name)[:60]}, str(name)[:60])
    return {fact.name: settle(fact, given.get(fact.name)) for fact in kind.facts}


def settle(fact: Fact, value: object) -> Value | None:
    """One exact value. Raises BadFact."""
    if value is None or value == "":
        return None
    settled = _READERS[fact.type](value)
    if settled is None:
        raise BadFact(_("%(label)s cannot be “%(value)s”.") % {"label": fact.label, "value": str(value)[:60]}, fact.name)
    if fact.type == "choice" and not fact.is_open and fact.option(settled) is None:
        raise BadFact(_("%(label)s has no answer “%(value)s”.") % {"label": fact.label, "value": settled[:60]}, fact.name)
    return settled


def engine_text(facts: Facts) -> str:
    """The facts as JSON text with exact digits; the engine reads it without passing through floats."""
    return "{" + ",".join(f'"{name}":{_json(value)}' for name, value in facts.items()) + "}"


def plain_facts(facts: Mapping[str, Value | None]) -> dict[str, str | bool | None]:
    """The facts as JSON values that lose nothing: numbers and days as text."""
    return {name: plain_value(value) for name, value in facts.items()}


def plain_value(value: Value | None) -> str | bool | None:
    if isinstance(value, Ref):
        return value.name
    if isinstance(value, Decimal):
        return plain_number(value)
    return value.isoformat() if isinstance(value, date) else value


def answer_value(value: Value | None, outcome: Outcome) -> Value | int | None:
    """An answer as code wants it: whole numbers as int, amounts as Decimal."""
    if outcome.type == "number" and isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


def _json(value: Value | None) -> str:
    return plain_number(value) if isinstance(value, Decimal) else json.dumps(plain_value(value))


def _read_number(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= LARGEST:
        return None
    return round(number, PLACES) if number.as_tuple().exponent < -PLACES else number


def _read_text(value: object) -> str | None:
    text = str(getattr(value, "value", value))
    return text if len(text) <= MAX_TEXT and "\0" not in text else None


def _read_bool(value: object) -> bool | None:
    return {"true": True, "false": False}.get(str(value).strip().lower())


def _read_day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        return None


_READERS = {
    "number": _read_number,
    "money": _read_number,
    "text": _read_text,
    "choice": _read_text,
    "bool": _read_bool,
    "date": _read_day,
}
