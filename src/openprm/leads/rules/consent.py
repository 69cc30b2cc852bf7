"""On which ground a person may be written to, and whether that is enough where the person lives.

A published rule (kind `leads.consent`) names for each country the least ground: `rulekinds_intake.CONSENT`. What stands
here is what the answer means: which grounds are as good as the one that is asked for, and what a ground must carry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CLOCKS_DIFFER_BY = timedelta(minutes=10)
LONGEST_TEXT = 4000
LONGEST_VERSION = 80
LONGEST_SOURCE = 200
PENDING_LASTS = timedelta(days=14)
KEPT_AFTER_CLOSING = timedelta(days=730)


class Ground(StrEnum):
    """Why the person may be written to. `PENDING` is a double opt-in whose mail was not answered yet: it allows nothing."""

    DOUBLE_OPT_IN = "double_opt_in"
    OPT_IN = "opt_in"
    CUSTOMER = "existing_customer"
    INTEREST = "legitimate_interest"
    PENDING = "double_opt_in_pending"
    NONE = "none"


class Need(StrEnum):
    """What the law of a country asks for, as the published rule has it."""

    DOUBLE_OPT_IN = "double_opt_in"
    OPT_IN = "opt_in"
    INTEREST = "interest"
    NOTHING = "nothing"


ACCEPTED: dict[Need, frozenset[Ground]] = {
    Need.DOUBLE_OPT_IN: frozenset({Ground.DOUBLE_OPT_IN, Ground.CUSTOMER}),
    Need.OPT_IN: frozenset({Ground.DOUBLE_OPT_IN, Ground.OPT_IN, Ground.CUSTOMER}),
    Need.INTEREST: frozenset({Ground.DOUBLE_OPT_IN, Ground.OPT_IN, Ground.CUSTOMER, Ground.INTEREST}),
    Need.NOTHING: frozenset(Ground) - {Ground.PENDING},
}
SPOKEN = frozenset({Ground.DOUBLE_OPT_IN, Ground.OPT_IN})
"""Grounds that rest on words the person agreed to: the words, their version and the moment must be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven:
    """What the person allowed: the ground, the words it agreed to with their version, when, from where.

    `may_share` says that a partner may get the data; `source` names the form, the fair or the system that holds the proof.
    """

    ground: Ground
    text: str = ""
    text_version: str = ""
    given_at: datetime | None = None
    network_address: str | None = None
    source: str = ""
    may_share: bool = True


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that makes a consent unusable: a stable code and the field it is about."""

    code: str
    field: str


def satisfies(ground: Ground, need: Need) -> bool:
    """Whether a ground is at least as good as what is asked for."""
    return ground in ACCEPTED[need]


def flaws(given: ConsentGiven, *, at: datetime) -> tuple[Flaw, ...]:
    """What is wrong with the consent itself, whatever the country: words that are not kept prove nothing."""
    return tuple(_flaws(given, at))


def _flaws(given: ConsentGiven, at: datetime) -> Iterable[Flaw]:
    if given.ground in SPOKEN:
        if not given.text.strip():
            yield Flaw("no_text", "consent.text")
        if not given.text_version.strip():
            yield Flaw("no_version", "consent.text_version")
        if given.given_at is None:
            yield Flaw("no_moment", "consent.given_at")
    if given.given_at and given.given_at > at + CLOCKS_DIFFER_BY:
        yield Flaw("in_the_future", "consent.given_at")
    if given.ground in (Ground.CUSTOMER, Ground.INTEREST) and not given.source.strip():
        yield Flaw("no_source", "consent.source")


def is_due_for_erasure(*, closed_at: datetime | None, at: datetime) -> bool:
    """Whether the contact data of a closed lead has been kept long enough."""
    return closed_at is not None and closed_at + KEPT_AFTER_CLOSING <= at
