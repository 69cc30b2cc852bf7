"""Who may see how much of a list: levels, groups of fields, terms, and how counts are told to whom only counts are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

SMALLEST_COUNT = 5
"""Fewer common companies than this are told as "fewer than 5" to whom only counts are shown: one company must never be counted."""
SMALLEST_LIST = 20
"""A list shorter than this is told no count of a list of which only counts are shown."""
LONGEST_DAYS = 730
MASKED = -1


class Level(IntEnum):
    """How much of a list the other side sees, each including what stands before it."""

    HIDDEN = 0
    COUNTS = 1
    OVERLAPS = 2
    ALL = 3

    @property
    def code(self) -> str:
        return self.name.lower()


LEVELS = {level.code: level for level in Level}


class Group(StrEnum):
    """Fields beside name, domain, country and city, which every shown row has."""

    IDENTIFIERS = "identifiers"
    DEALS = "deals"
    PEOPLE = "people"


PRESETS: dict[str, tuple[Group, ...]] = {
    "names": (),
    "money": (Group.DEALS,),
    "people": (Group.PEOPLE,),
    "everything": (Group.DEALS, Group.IDENTIFIERS, Group.PEOPLE),
}


class Purpose(StrEnum):
    SELLING = "selling"
    PLANNING = "planning"
    MARKETING = "marketing"
    SUCCESS = "success"


class Kind(StrEnum):
    CUSTOMERS = "customers"
    OPEN_DEALS = "open_deals"
    PROSPECTS = "prospects"
    OWN = "own"


class Source(StrEnum):
    RECORDS = "records"
    UPLOAD = "upload"
    API = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one side is willing to show of a list: to everybody it is connected with, or to one."""

    level: Level = Level.HIDDEN
    fields: tuple[str, ...] = ()
    purpose: str = Purpose.SELLING
    days: int = 365


NOTHING = Terms()


def same_promise(level: int, fields: Iterable[str], purpose: str, wanted: Terms) -> bool:
    """Whether a grant says already what the terms say; how long it lasts was settled when it was given."""
    return level == wanted.level and set(fields) == set(wanted.fields) and purpose == wanted.purpose


def ends_at(terms: Terms, at: datetime) -> datetime:
    return at + timedelta(days=terms.days)


def told(count: int, level: Level, listed: int) -> int:
    """A count as it is told: exact to whom rows are shown, else in whole fives, MASKED when it or the asking list is small.

    >>> [told(n, Level.COUNTS, 100) for n in (0, 4, 5, 9, 23)]
    [-1, -1, 5, 5, 20]
    """
    if level >= Level.OVERLAPS:
        return count
    if listed < SMALLEST_LIST or count < SMALLEST_COUNT:
        return MASKED
    return count - count % SMALLEST_COUNT
