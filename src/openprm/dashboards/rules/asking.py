"""What the address of a dashboard asks for, read with a sentence for everything that cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal

Code = Literal["executive", "manager", "partner"]
CODES: tuple[Code, ...] = ("executive", "manager", "partner")
PERIODS = ("12m", "quarter", "month", "year", "all")
COMPARES = ("previous", "last_year", "none")
PARTS = ("program", "tier", "region", "type", "motion")
SIDES = ("vendor", "partner")
WHOSE = ("mine", "all")
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2200, 1, 1)
LONGEST = 80


class Bad(StrEnum):
    """What could not be read. The room's wording makes sentences of them."""

    DAY = "day"
    PERIOD = "period"
    COMPARE = "compare"
    PART = "part"
    BESIDE = "beside"
    WHOSE = "whose"


@dataclass(frozen=True, slots=True)
class Problem:
    field: str
    bad: Bad
    given: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """`as_of` None is the day on which somebody looks. `beside` names a part of the partners to put side by side."""

    as_of: date | None = None
    period: str = "12m"
    compare: str = "previous"
    program: str = ""
    tier: str = ""
    region: str = ""
    type: str = ""
    motion: str = ""
    beside: str = ""
    whose: str = ""

    @property
    def parts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in PARTS if getattr(self, name)}

    def words(self) -> dict[str, str]:
        """As it stands in an address and in a saved dashboard: only what differs from the usual."""
        given = {"as_of": self.as_of.isoformat() if self.as_of else "", "period": self.period, "compare": self.compare}
        given |= self.parts | {"beside": self.beside, "whose": self.whose}
        usual = {"period": "12m", "compare": "previous"}
        return {name: text for name, text in given.items() if text and usual.get(name) != text}

    def on(self, day: date) -> "Ask":
        """The same for a fixed day: what was seen then can be seen again."""
        return replace(self, as_of=self.as_of or day)


Choices = Mapping[str, frozenset[str]]


def asked(code: Code, words: Mapping[str, str], choices: Choices) -> tuple[Ask, tuple[Problem, ...]]:
    """What is asked; what cannot be read is left at its usual value and told. `choices` are the known values of each part."""
    problems: list[Problem] = []
    found: dict[str, str] = {}
    for name, known, bad in _fields(code, choices):
        given = words.get(name, "").strip()
        if not given:
            continue
        if given in known:
            found[name] = given
        else:
            problems.append(Problem(name, bad, given[:LONGEST]))
    day, problem = _day(words.get("as_of", "").strip())
    return Ask(as_of=day, **found), tuple(([problem] if problem else []) + problems)


def _fields(code: Code, choices: Choices) -> list[tuple[str, frozenset[str], Bad]]:
    fields = [("period", frozenset(PERIODS), Bad.PERIOD), ("compare", frozenset(COMPARES), Bad.COMPARE)]
    if code != "partner":
        fields += [(name, choices.get(name, frozenset()), Bad.PART) for name in PARTS]
    if code == "executive":
        fields.append(("beside", frozenset(PARTS), Bad.BESIDE))
    if code == "manager":
        fields.append(("whose", frozenset(WHOSE), Bad.WHOSE))
    return fields


def _day(given: str) -> tuple[date | None, Problem | None]:
    if not given:
        return None, None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None, Problem("as_of", Bad.DAY, given[:LONGEST])
    return (day, None) if FIRST_DAY <= day <= LAST_DAY else (None, Problem("as_of", Bad.DAY, given[:LONGEST]))
