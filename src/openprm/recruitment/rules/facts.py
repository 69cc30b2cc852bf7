"""What can be known about a company, and how a value must look to count as known. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LONGEST_WORD = 80
MOST_WORDS = 60
LARGEST = 10**13


class Kind(StrEnum):
    NUMBER = "number"
    YEAR = "year"
    CHOICE = "choice"
    COUNTRY = "country"
    TEXT = "text"
    WORDS = "words"

    @property
    def is_number(self) -> bool:
        return self in (Kind.NUMBER, Kind.YEAR)


@dataclass(frozen=True, slots=True)
class FactKind:
    """One thing that may be known of a company. `choices` are the only values of a CHOICE."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()


OWNERSHIPS = ("private", "family", "private_equity", "public", "state")
TYPES = ("reseller", "distributor", "var", "msp", "si", "isv", "referral", "affiliate", "consultant")
MOTIONS = ("influence", "transact", "solution", "retain")

FACTS = (
    FactKind("type", Kind.CHOICE, TYPES),
    FactKind("employees", Kind.NUMBER),
    FactKind("revenue", Kind.NUMBER),
    FactKind("founded", Kind.YEAR),
    FactKind("country", Kind.COUNTRY),
    FactKind("region", Kind.TEXT),
    FactKind("ownership", Kind.CHOICE, OWNERSHIPS),
    FactKind("skills", Kind.WORDS),
    FactKind("industries", Kind.WORDS),
    FactKind("technologies", Kind.WORDS),
    FactKind("certifications", Kind.WORDS),
    FactKind("motions", Kind.WORDS),
)
FACT: Mapping[str, FactKind] = {fact.name: fact for fact in FACTS}
CAPABILITIES = ("skills", "technologies", "certifications")
"""The facts whose words say what a company can do, for the whitespace map."""


def plain_word(text: str) -> str:
    """A word as it is kept and shown: one line, single spaces, no control characters, at most 80 letters."""
    clean = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in str(text))
    return " ".join(clean.split())[:LONGEST_WORD]


def key(word: str) -> str:
    """How two spellings of one word are recognised: letters and digits alone, without accents and case."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", str(word)) if not unicodedata.combining(letter))
    return "".join(letter for letter in bare.casefold() if letter.isalnum() or letter in "+#")


def words_of(value: Any) -> tuple[str, ...]:
    """The distinct words of a list, or of a text with commas or semicolons; the first spelling of each stays."""
    parts: Iterable[Any] = value.replace(";", ",").split(",") if isinstance(value, str) else value if isinstance(value, list | tuple | set | frozenset) else ()
    found: dict[str, str] = {}
    for part in parts:
        word = plain_word(part)
        if key(word):
            found.setdefault(key(word), word)
    return tuple(found.values())[:MOST_WORDS]


def written_words(value: Any) -> str:
    """Words as one text, always in the same order."""
    return ", ".join(sorted(words_of(value), key=key))


def clean_value(name: str, value: Any) -> Any:
    """The value as it is kept, or None when it cannot be a value of this fact."""
    fact = FACT[name]
    if fact.kind is Kind.WORDS:
        return words_of(value) or None
    if fact.kind.is_number:
        return _number(fact.kind, value)
    text = plain_word(value) if value is not None else ""
    if fact.kind is Kind.COUNTRY:
        return text.upper() if len(text) == 2 and text.isascii() and text.isalpha() else None
    if fact.kind is Kind.CHOICE:
        return text.casefold() if text.casefold() in fact.choices else None
    return text or None


def clean_facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that can be used; unknown names and unusable values are left out, so they count as missing."""
    found = {name: clean_value(name, value) for name, value in values.items() if name in FACT}
    return {name: value for name, value in found.items() if value is not None}


def _number(kind: Kind, value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        number = int(str(value).strip().replace(" ", "").replace(" ", ""))
    except ValueError:
        return None
    low, high = (1600, 2200) if kind is Kind.YEAR else (0, LARGEST)
    return number if low <= number <= high else None
