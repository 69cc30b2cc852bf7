"""Whether an applicant is a company that is known already, with a reason that a person can check."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

NO_SITE = frozenset(
    ["facebook.com", "instagram.com", "linkedin.com", "x.com", "twitter.com", "youtube.com", "xing.com", "tiktok.com", "wa.me", "linktr.ee", "t.me"]
)


class Strength(StrEnum):
    NONE = "none"
    POSSIBLE = "possible"
    CERTAIN = "certain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A company as it is on file: a partner, a prospect or another application. `id` is that row's."""

    kind: str
    id: object
    name: str
    domain: str = ""
    key: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Why two companies may be one. `reason` is "domain", "name" or "name_and_country"."""

    known: Known
    reason: str
    strength: Strength


def compare(*, domain: str, key: str, country: str, known: Known) -> Likeness | None:
    """An equal web domain is certain, an equal name with the country probable, a name alone worth a look."""
    if domain and domain == known.domain:
        return Likeness(known=known, reason="domain", strength=Strength.CERTAIN)
    if not key or key != known.key:
        return None
    same_country = bool(country) and country == known.country
    return Likeness(known=known, reason="name_and_country" if same_country else "name", strength=Strength.POSSIBLE)


def strongest(found: Iterable[Likeness]) -> Strength:
    held = {one.strength for one in found}
    return next((strength for strength in (Strength.CERTAIN, Strength.POSSIBLE) if strength in held), Strength.NONE)


def mail_domain(email: str) -> str:
    return email.rpartition("@")[2].lower()
