"""What a profile is made of, how complete it is, and which of its changes wait for the vendor. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FIELDS = ("summary", "description", "logo", "website", "services", "products", "industries", "languages", "regions", "certifications", "offices")
REVIEWED_AT_FIRST = ("summary", "description", "logo", "website", "certifications")
WEIGHTS = {
    "summary": 15,
    "description": 15,
    "logo": 15,
    "offices": 15,
    "services": 10,
    "industries": 8,
    "languages": 7,
    "website": 5,
    "products": 4,
    "regions": 3,
    "certifications": 3,
}
ENOUGH = ("summary", "services", "offices")
"""Without these nobody can be found, so a profile cannot be sent to review."""


@dataclass(frozen=True, slots=True)
class Completeness:
    percent: int
    missing: tuple[str, ...]


def completeness(content: Mapping[str, Any]) -> Completeness:
    """How much of a profile is filled, and what is not, the heaviest first."""
    missing = tuple(sorted((name for name in WEIGHTS if not content.get(name)), key=lambda name: -WEIGHTS[name]))
    return Completeness(100 - sum(WEIGHTS[name] for name in missing), missing)


def lacking(content: Mapping[str, Any]) -> tuple[str, ...]:
    """What a profile needs before anybody looks at it."""
    return tuple(name for name in ENOUGH if not content.get(name))


def changed(content: Mapping[str, Any], approved: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if content.get(name) != approved.get(name))


def waiting(content: Mapping[str, Any], approved: Mapping[str, Any], reviewed: Iterable[str]) -> tuple[str, ...]:
    """The changed fields that the vendor wants to see before the public does."""
    watched = set(reviewed)
    return tuple(name for name in changed(content, approved) if name in watched)


def shown(content: Mapping[str, Any], approved: Mapping[str, Any], reviewed: Iterable[str]) -> dict[str, Any]:
    """What the public sees: the approved values of the fields that wait, the present values of all others."""
    held = set(waiting(content, approved, reviewed))
    return {name: approved.get(name) if name in held else content.get(name) for name in FIELDS}


MOVES = {
    "draft": {"submitted"},
    "submitted": {"approved", "returned", "draft"},
    "returned": {"submitted"},
    "approved": {"submitted", "hidden"},
    "hidden": {"approved"},
}


def can_move(before: str, after: str) -> bool:
    return after in MOVES.get(before, set())


def slug_of(name: str, taken: Iterable[str]) -> str:
    """An address made of the name; a number is added when another partner has it."""
    base = _ascii_words(name)[:60].strip("-") or "partner"
    used = set(taken)
    if base not in used:
        return base
    return next(f"{base}-{number}" for number in range(2, len(used) + 3) if f"{base}-{number}" not in used)


def _ascii_words(text: str) -> str:
    return "-".join(key_of(text).encode("ascii", "ignore").decode().split())


def key_of(text: str) -> str:
    """Lower case, without accents and signs: what two spellings of one name share."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter)).split())


_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "đ": "d", "ð": "d", "þ": "th"})
