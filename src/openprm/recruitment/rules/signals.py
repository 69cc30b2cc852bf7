"""What a signal may say about a company, and when it should not be believed at sight. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from openprm.recruitment.rules.facts import FACT, Kind, clean_value, key

STALE_AFTER = timedelta(days=365)
LOW_CONFIDENCE = 60


class SignalKind(StrEnum):
    TECHNOLOGY = "technology"
    CERTIFICATION = "certification"
    SKILL = "skill"
    INDUSTRY = "industry"
    HEADCOUNT = "headcount"
    REVENUE = "revenue"
    FOUNDED = "founded"
    OWNERSHIP = "ownership"
    LOCATION = "location"
    HIRING = "hiring"
    FUNDING = "funding"
    SOCIAL = "social"
    NEWS = "news"


FEEDS: Mapping[str, str] = {
    SignalKind.TECHNOLOGY: "technologies",
    SignalKind.CERTIFICATION: "certifications",
    SignalKind.SKILL: "skills",
    SignalKind.INDUSTRY: "industries",
    SignalKind.HEADCOUNT: "employees",
    SignalKind.REVENUE: "revenue",
    SignalKind.FOUNDED: "founded",
    SignalKind.OWNERSHIP: "ownership",
    SignalKind.LOCATION: "country",
}
"""The fact a signal can become. The other kinds are told to people and feed nothing."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a signal wants a look before it becomes a fact. `against` is the known value it contradicts."""

    is_stale: bool = False
    is_weak: bool = False
    against: Any = None

    @property
    def is_none(self) -> bool:
        return not (self.is_stale or self.is_weak or self.against is not None)


def fed_value(kind: str, value: str) -> Any:
    """The value a signal would give to its fact, or None when it feeds none or cannot be read."""
    fact = FEEDS.get(kind)
    return clean_value(fact, value) if fact else None


def doubt(kind: str, value: str, *, confidence: int, observed_at: datetime, known: Mapping[str, Any], at: datetime) -> Doubt:
    """What speaks against taking a signal at its word. Words add to what is known; a single value can contradict it."""
    fact = FEEDS.get(kind)
    return Doubt(is_stale=at - observed_at > STALE_AFTER, is_weak=confidence < LOW_CONFIDENCE, against=_against(fact, fed_value(kind, value), known))


def _against(fact: str | None, said: Any, known: Mapping[str, Any]) -> Any:
    if fact is None or said is None or FACT[fact].kind is Kind.WORDS:
        return None
    held = known.get(fact)
    return held if held is not None and held != said else None


def is_news(kind: str, value: str, known: Mapping[str, Any]) -> bool:
    """Whether the signal says something that is not known yet."""
    fact, said = FEEDS.get(kind), fed_value(kind, value)
    if fact is None or said is None:
        return False
    held = known.get(fact)
    if FACT[fact].kind is Kind.WORDS:
        return not {key(word) for word in said} <= {key(word) for word in held or ()}
    return held != said
