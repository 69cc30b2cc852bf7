"""What two deals have in common, in percent, for the table beside a finding."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz


class Compared(StrEnum):
    COMPANY = "company"
    DOMAIN = "domain"
    PRODUCT = "product"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Side:
    company: str
    domain: str
    products: tuple[str, ...]
    contact: str


@dataclass(frozen=True, slots=True)
class Likeness:
    what: Compared
    percent: int
    ours: str
    theirs: str

    @property
    def tone(self) -> str:
        if self.percent >= 90:
            return "bad"
        return "warn" if self.percent >= 50 else "ok"


def compare(ours: Side, theirs: Side) -> tuple[Likeness, ...]:
    return (
        Likeness(Compared.COMPANY, _words(ours.company, theirs.company), ours.company, theirs.company),
        Likeness(Compared.DOMAIN, _domains(ours.domain, theirs.domain), ours.domain, theirs.domain),
        Likeness(Compared.PRODUCT, overlap(ours.products, theirs.products), ", ".join(ours.products), ", ".join(theirs.products)),
        Likeness(Compared.CONTACT, _words(ours.contact, theirs.contact), ours.contact, theirs.contact),
    )


def overlap(ours: Iterable[str], theirs: Iterable[str]) -> int:
    """Shared share of two sets, 0 to 100."""
    left, right = set(ours), set(theirs)
    return round(100 * len(left & right) / len(left | right)) if left | right else 0


def _words(ours: str, theirs: str) -> int:
    left, right = _plain(ours), _plain(theirs)
    return round(fuzz.token_set_ratio(left, right)) if left and right else 0


def _domains(ours: str, theirs: str) -> int:
    if not ours or not theirs:
        return 0
    return 100 if ours == theirs else round(fuzz.ratio(ours, theirs) * 0.8)


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text.casefold()).strip()
