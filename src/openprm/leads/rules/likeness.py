"""Whether a lead that comes in is one that we have: the same person, or the same company asking for the same thing.

As with registrations (D2) two leads are duplicates when they are of the same company and share a product line. One
person who writes twice is a duplicate whatever it asks for. Only leads of the last days count, and only open ones:
somebody who comes back after a year, or after a "no", is a new chance.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

WINDOW = timedelta(days=90)
LEAST_DIGITS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """What two leads are compared by: normal forms only. No product lines means that nobody said which."""

    email: str = ""
    phone: str = ""
    domain: str = ""
    name_key: str = ""
    country: str = ""
    product_lines: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two leads are taken for one: kind is email, phone, domain or name; `strong` reasons need no common product."""

    kind: str
    value: str
    strong: bool


def phone_key(phone: str) -> str:
    """The last nine digits of a telephone number, so that +49 and 0 are one; too short a number names nobody."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return digits[-9:] if len(digits) >= LEAST_DIGITS else ""


def why_same(new: Likely, known: Likely) -> tuple[Reason, ...]:
    """Every reason to take two leads for one; nothing means that they are two."""
    found = tuple(_reasons(new, known))
    if any(reason.strong for reason in found) or (found and _share_a_product(new, known)):
        return found
    return ()


def _reasons(new: Likely, known: Likely) -> Iterable[Reason]:
    if new.email and new.email == known.email:
        yield Reason("email", new.email, strong=True)
    if new.phone and new.phone == known.phone and _no_other_company(new, known):
        yield Reason("phone", new.phone, strong=True)
    if new.domain and new.domain == known.domain:
        yield Reason("domain", new.domain, strong=False)
    if new.name_key and new.name_key == known.name_key and _no_other_country(new, known):
        yield Reason("name", new.name_key, strong=False)


def _share_a_product(new: Likely, known: Likely) -> bool:
    return not new.product_lines or not known.product_lines or bool(new.product_lines & known.product_lines)


def _no_other_company(new: Likely, known: Likely) -> bool:
    return not (new.domain and known.domain and new.domain != known.domain)


def _no_other_country(new: Likely, known: Likely) -> bool:
    return _no_other_company(new, known) and (not new.country or not known.country or new.country == known.country)
