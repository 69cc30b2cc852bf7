"""What may be said of a program in public: numbers rounded so far that no single case can be read out of them."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

LEAST_PARTNERS = 5
CASES_STEP = 10
LOWEST, HIGHEST = Decimal(5), Decimal(95)
Status = Literal["told", "too_few", "not_measured"]
Bound = Literal["exactly", "at_least", "at_most"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`value` None comes with a status that says why; `cases` is a lower bound."""

    status: Status
    value: int | None = None
    bound: Bound = "exactly"
    cases: int = 0


def told(value: Decimal | None, *, unit: str, cases: int, partners: int, least_cases: int) -> Told:
    """A number in whole units; shares within 5 and 95 %, because all or none would speak of everyone.

    Refused below the least number of cases, and when fewer than five partners stand behind it.
    """
    if value is None and not cases:
        return Told(status="too_few")
    if cases < least_cases or partners < LEAST_PARTNERS:
        return Told(status="too_few")
    if value is None:
        return Told(status="not_measured")
    kept, bound = _bounded(value) if unit == "percent" else (value, "exactly")
    return Told(status="told", value=int(kept.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)), bound=bound, cases=floored(cases))


def _bounded(value: Decimal) -> tuple[Decimal, Bound]:
    if value > HIGHEST:
        return HIGHEST, "at_least"
    if value < LOWEST:
        return LOWEST, "at_most"
    return value, "exactly"


def floored(cases: int) -> int:
    """The number of cases to the ten below: "at least 40"."""
    return int((Decimal(cases) / CASES_STEP).to_integral_value(rounding=ROUND_FLOOR)) * CASES_STEP


SCHEMA_TAG = "facts-schema-1"
_TEXT, _COUNT = {"type": "string"}, {"type": "integer", "minimum": 0}


def schema(address: str) -> dict[str, Any]:
    """The JSON Schema of the label. A new version keeps every name of the one before."""
    fact = _object(
        name={**_TEXT, "description": "The KPI's name; the same in every label."},
        label=_TEXT,
        unit={"enum": ["percent", "hours", "days", "count", "ratio", "points", "index"]},
        definition=_TEXT,
        configuration={**_TEXT, "description": "Hash of every threshold and assumption behind the number."},
        status={"enum": ["told", "too_few", "not_measured"]},
        value={"type": ["integer", "null"], "description": "Rounded to a whole unit; null unless told."},
        bound={"enum": ["exactly", "at_least", "at_most"], "description": "Shares are told between 5 and 95 percent."},
        cases={**_COUNT, "description": "At least so many cases stand behind it."},
    )
    days = {"type": ["object", "null"], "properties": {"shortest": _COUNT, "longest": _COUNT}, "required": ["shortest", "longest"]}
    told = _object(
        tiers={"type": "array", "items": _object(name=_TEXT, rank={"type": "integer"})},
        protectionDays=days,
        promises={"type": "array", "items": _object(about=_TEXT, within=_TEXT)},
        termMonths={"type": ["integer", "null"]},
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": "Program facts",
        **_object(
            **{"@context": {"type": "object"}, "@type": {"const": "ProgramFacts"}, "@id": _TEXT},
            schemaVersion={"const": 1},
            vendor={"type": "object"},
            program=_object(code=_TEXT, name=_TEXT, motion=_TEXT),
            period=_object(since={**_TEXT, "format": "date"}, until={**_TEXT, "format": "date"}),
            leastCases=_COUNT,
            leastPartners=_COUNT,
            rules=told,
            facts={"type": "array", "items": fact},
        ),
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}
