"""What would have changed an answer: for each fact, the nearest values that lead elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, takewhile

from ..ports import Fact
from .cells import Condition, Value
from .facts import Facts
from .language import gettext as _
from .reading import ReadTable, Tell
from .regions import ORDERED, OTHER, Region, joined, listed_values
from .words import answer_in_words, capital, condition_in_words

MAX_ALTERNATIVES = 8
Clauses = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Were this one fact as `condition` says, and all others as they are, `clauses` would apply instead."""

    fact: str
    condition: Condition
    clauses: Clauses


def alternatives(read: ReadTable, facts: Facts) -> tuple[Alternative, ...]:
    """The smallest changes of one fact that lead to another answer, in the order of the columns."""
    actual = read.answers(read.matched(facts))
    found = [other for name in read.asked for other in _of_fact(read, read.kind.fact(name), facts)]
    changed = [other for other in found if read.answers(other.clauses) != actual]
    return tuple(changed[:MAX_ALTERNATIVES])


def in_words(other: Alternative, read: ReadTable) -> str:
    """'If the amount is up to €50,000 instead, the registration is approved at once (clause R2).'"""
    fact = read.kind.fact(other.fact)
    condition = condition_in_words(other.condition, fact, read.kind)
    if not other.clauses:
        return _("If %(condition)s instead, no clause applies.") % {"condition": condition}
    rows = [read.table.row(clause) for clause in other.clauses]
    answer = "; ".join(answer_in_words(row, read.table, read.kind) for row in rows)
    return capital(
        _("if %(condition)s instead, %(answer)s (clause %(clause)s).") % {"condition": condition, "answer": answer, "clause": ", ".join(other.clauses)}
    )


def _of_fact(read: ReadTable, fact: Fact, facts: Facts) -> list[Alternative]:
    if fact.type in ORDERED:
        return _nearest(read, fact, facts)
    return _other_values(read, fact, facts)


def _nearest(read: ReadTable, fact: Fact, facts: Facts) -> list[Alternative]:
    """The first differing stretch below and the first above; every stretch when the fact is not known."""
    regions = read.regions(fact, facts)
    tell = read.tell_apart(fact.name, facts)
    value = facts[fact.name]
    if value is None:
        return _stretches(fact, regions, tell)
    here = next(index for index, region in enumerate(regions) if region.holds(value))
    actual = read.answers(tell(value))
    sides = (regions[here + 1 :], regions[:here][::-1])
    return [found for side in sides[::-1] if (found := _first_other(fact, side, actual, tell, read))]


def _first_other(fact: Fact, side: list[Region], actual: tuple, tell: Tell, read: ReadTable) -> Alternative | None:
    """Walk away from the actual value to the first stretch with another answer, and to its far end."""
    walked = ((region, tell(region.sample)) for region in side)
    first, clauses = next(((region, clauses) for region, clauses in walked if read.answers(clauses) != actual), (None, ()))
    if first is None:
        return None
    *_between, last = [first, *(region for region, _clauses in takewhile(lambda found: found[1] == clauses, walked))]
    low, high = sorted((first, last), key=lambda region: region.sample)
    return Alternative(fact.name, joined(low, high).as_condition(), clauses)


def _stretches(fact: Fact, regions: list[Region], tell: Tell) -> list[Alternative]:
    told = [(region, tell(region.sample)) for region in regions]
    stretches = [(clauses, [region for region, _clauses in group]) for clauses, group in groupby(told, key=lambda found: found[1])]
    return [Alternative(fact.name, joined(alike[0], alike[-1]).as_condition(), clauses) for clauses, alike in stretches]


def _other_values(read: ReadTable, fact: Fact, facts: Facts) -> list[Alternative]:
    tell = read.tell_apart(fact.name, facts)
    by_clauses: dict[Clauses, list[Value]] = {}
    for value in listed_values(fact, read.boundaries(fact, facts)):
        by_clauses.setdefault(tell(value), []).append(value)
    return [Alternative(fact.name, _as_condition(values, by_clauses), clauses) for clauses, values in by_clauses.items()]


def _as_condition(values: list[Value], by_clauses: dict[Clauses, list[Value]]) -> Condition:
    """A list of values; with the unnamed ones among them, everything but the rest."""
    if OTHER not in values:
        return Condition("in", tuple(values))
    rest = [value for group in by_clauses.values() for value in group if value not in values]
    return Condition("not in", tuple(rest)) if rest else Condition("known")
