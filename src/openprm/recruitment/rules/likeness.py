"""How much a company looks like the partners that do best: three parts, each kept. Pure.

category: kind of partner, motions, place. profile: what it can do, for whom, how large.
performance: how good the partner is that it looks like, as its rank among all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from openprm.recruitment.rules.facts import key

PARTS = {"category": 40, "profile": 40, "performance": 20}
BEST = 10
"""Companies are compared with this many of the best partners."""
WORDS = ("industries", "technologies", "skills", "certifications")
NEIGHBOURS = 3
"""Two companies are of the same size when neither has more than this many times the people of the other."""


@dataclass(frozen=True, slots=True)
class Known:
    """A partner that others can be compared with. `performance` is 0 to 100, None when nobody measures it."""

    id: UUID
    facts: Mapping[str, Any]
    performance: int | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """The partner a company is most like, and the three parts as percentages; a part nobody can tell is None."""

    partner_id: UUID
    category: int | None
    profile: int | None
    performance: int | None
    total: int


def nearest(facts: Mapping[str, Any], partners: Iterable[Known]) -> Likeness | None:
    """The partner that this company is most like; None when nothing can be compared, or nothing is alike."""
    found = [one for partner in partners if (one := likeness(facts, partner))]
    nearest = max(found, key=lambda one: (one.total, str(one.partner_id)), default=None)
    return nearest if nearest and (nearest.category or nearest.profile) else None


def likeness(facts: Mapping[str, Any], partner: Known) -> Likeness | None:
    category, profile = _category(facts, partner.facts), _profile(facts, partner.facts)
    if category is None and profile is None:
        return None
    parts = {"category": category, "profile": profile, "performance": partner.performance}
    told = {name: value for name, value in parts.items() if value is not None}
    total = Fraction(sum(PARTS[name] * value for name, value in told.items()), sum(PARTS[name] for name in told))
    return Likeness(partner.id, category, profile, partner.performance, round(total))


def best(partners: Sequence[Known], *, most: int = BEST) -> tuple[Known, ...]:
    """The partners worth resembling: the best measured ones, or all when none is measured."""
    measured = [one for one in partners if one.performance is not None]
    return tuple(sorted(measured, key=lambda one: (-(one.performance or 0), str(one.id)))[:most]) or tuple(partners)


def ranks(results: Mapping[UUID, int], everyone: Iterable[UUID]) -> dict[UUID, int]:
    """Each partner's share of partners that did not better, in per cent; a partner without results has 0."""
    held = {one: results.get(one, 0) for one in everyone}
    return {one: round(100 * sum(other <= value for other in held.values()) / len(held)) if value > 0 else 0 for one, value in held.items()}


def _category(a: Mapping[str, Any], b: Mapping[str, Any]) -> int | None:
    same = [_same(a.get(name), b.get(name)) for name in ("type", "country")]
    return _mean([*same, _overlap(a.get("motions"), b.get("motions"))])


def _profile(a: Mapping[str, Any], b: Mapping[str, Any]) -> int | None:
    return _mean([*(_overlap(a.get(name), b.get(name)) for name in WORDS), _size(a.get("employees"), b.get("employees"))])


def _same(a: Any, b: Any) -> Fraction | None:
    return None if a is None or b is None else Fraction(int(a == b))


def _overlap(a: Sequence[str] | None, b: Sequence[str] | None) -> Fraction | None:
    """The shared part of two lists of words (Jaccard); None when one of them is unknown."""
    if not a or not b:
        return None
    ours, theirs = {key(word) for word in a}, {key(word) for word in b}
    return Fraction(len(ours & theirs), len(ours | theirs))


def _size(a: int | None, b: int | None) -> Fraction | None:
    if not a or not b:
        return None
    return Fraction(int(max(a, b) <= NEIGHBOURS * min(a, b)))


def _mean(parts: Sequence[Fraction | None]) -> int | None:
    told = [part for part in parts if part is not None]
    return round(100 * sum(told) / len(told)) if told else None
