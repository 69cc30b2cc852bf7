"""The ideal partner profile: points per criterion, and how much of the score is still unknown. Pure.

docs/algorithms/ideal-partner-profile.md tells it in prose, with a worked example.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from openprm.recruitment.rules.facts import FACT, Kind, clean_facts, clean_value, key, words_of

STRONG = 70
"""From this many proven points on a company is a strong fit; one that could not reach them is a weak one."""
MOST_CRITERIA = 30
HEAVIEST = 100


class Operator(StrEnum):
    IS = "is"
    ONE_OF = "one_of"
    ANY = "contains_any"
    ALL = "contains_all"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    EXISTS = "exists"


OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.NUMBER: (Operator.AT_LEAST, Operator.AT_MOST, Operator.BETWEEN, Operator.IS, Operator.EXISTS),
    Kind.YEAR: (Operator.AT_LEAST, Operator.AT_MOST, Operator.BETWEEN, Operator.IS, Operator.EXISTS),
    Kind.CHOICE: (Operator.IS, Operator.ONE_OF, Operator.EXISTS),
    Kind.COUNTRY: (Operator.IS, Operator.ONE_OF, Operator.EXISTS),
    Kind.TEXT: (Operator.IS, Operator.ONE_OF, Operator.EXISTS),
    Kind.WORDS: (Operator.ANY, Operator.ALL, Operator.EXISTS),
}


class State(StrEnum):
    MET = "met"
    PART = "part"
    MISSED = "missed"
    MISSING = "missing"


class Fit(StrEnum):
    STRONG = "strong"
    OPEN = "open"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a profile. `value` is text or a number, a tuple of words, or the two ends of a range."""

    fact: str
    operator: Operator
    value: Any = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class CriterionPoints:
    """What one criterion gave: `points` of at most `most`, and the words that matched or still lack."""

    criterion: Criterion
    state: State
    points: Decimal
    most: Decimal
    known: Any = None
    matched: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """`points` are proven, `could_reach` is what they become when everything unknown turns out well."""

    points: int
    could_reach: int
    missing_share: float
    fit: Fit
    criteria: tuple[CriterionPoints, ...]


def score(criteria: Sequence[Criterion], facts: Mapping[str, Any]) -> Score:
    """How well the known facts of a company fit a profile. Raises ValueError for a profile without criteria."""
    if not criteria:
        raise ValueError("a profile needs at least one criterion")
    known, total = clean_facts(facts), sum(criterion.weight for criterion in criteria)
    judged = [(criterion, *_judge(criterion, known.get(criterion.fact))) for criterion in criteria]
    proven = sum((Fraction(one.weight * 100, total) * share for one, _state, share, *_rest in judged), Fraction(0))
    missing = sum((Fraction(one.weight, total) for one, state, *_rest in judged if state is State.MISSING), Fraction(0))
    points, could_reach = _whole(proven), _whole(proven + missing * 100)
    return Score(
        points=points,
        could_reach=could_reach,
        missing_share=float(missing),
        fit=_fit(points, could_reach),
        criteria=tuple(_points(one, state, share, total, known.get(one.fact), matched, lacking) for one, state, share, matched, lacking in judged),
    )


def _points(one: Criterion, state: State, share: Fraction, total: int, known: Any, matched: tuple[str, ...], lacking: tuple[str, ...]) -> CriterionPoints:
    most = Fraction(one.weight * 100, total)
    return CriterionPoints(one, state, _tenths(most * share), _tenths(most), known, matched, lacking)


def _fit(points: int, could_reach: int) -> Fit:
    if points >= STRONG:
        return Fit.STRONG
    return Fit.OPEN if could_reach >= STRONG else Fit.WEAK


Judged = tuple[State, Fraction, tuple[str, ...], tuple[str, ...]]
MET: Judged = (State.MET, Fraction(1), (), ())
MISSED: Judged = (State.MISSED, Fraction(0), (), ())
MISSING: Judged = (State.MISSING, Fraction(0), (), ())


def _judge(criterion: Criterion, known: Any) -> Judged:
    """The state of one criterion, the share of its points, the words that matched and those that lack."""
    if known is None:
        return MISSING
    if criterion.operator is Operator.EXISTS:
        return MET
    if criterion.operator in (Operator.ANY, Operator.ALL):
        return _judge_words(criterion, known)
    return MET if _holds(criterion, known) else MISSED


def _judge_words(criterion: Criterion, known: Sequence[str]) -> Judged:
    held = {key(word) for word in known}
    matched = tuple(word for word in criterion.value if key(word) in held)
    lacking = tuple(word for word in criterion.value if key(word) not in held)
    if criterion.operator is Operator.ANY:
        return (State.MET, Fraction(1), matched, ()) if matched else (State.MISSED, Fraction(0), (), lacking)
    share = Fraction(len(matched), len(criterion.value))
    state = State.MET if share == 1 else State.PART if share else State.MISSED
    return state, share, matched, lacking


def _holds(criterion: Criterion, known: Any) -> bool:
    match criterion.operator:
        case Operator.AT_LEAST:
            return known >= criterion.value
        case Operator.AT_MOST:
            return known <= criterion.value
        case Operator.BETWEEN:
            low, high = criterion.value
            return low <= known <= high
        case Operator.ONE_OF:
            return key(known) in {key(word) for word in criterion.value}
    return known == criterion.value if isinstance(known, int) else key(known) == key(criterion.value)


def _whole(value: Fraction) -> int:
    return int((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1), ROUND_HALF_UP))


def _tenths(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)


class Flaw(StrEnum):
    """Why a line cannot be a criterion."""

    UNKNOWN_FACT = "unknown_fact"
    WRONG_OPERATOR = "wrong_operator"
    NO_VALUE = "no_value"
    WRONG_VALUE = "wrong_value"
    EMPTY_RANGE = "empty_range"
    WRONG_WEIGHT = "wrong_weight"


def read(fact: Any, operator: Any, value: Any, weight: Any) -> Criterion | Flaw:
    """A criterion as it is kept, or what is wrong with it."""
    if fact not in FACT:
        return Flaw.UNKNOWN_FACT
    if operator not in OPERATORS[FACT[fact].kind]:
        return Flaw.WRONG_OPERATOR
    if isinstance(weight, bool) or not isinstance(weight, int) or not 1 <= weight <= HEAVIEST:
        return Flaw.WRONG_WEIGHT
    kept = _value(fact, Operator(operator), value)
    return kept if isinstance(kept, Flaw) else Criterion(fact, Operator(operator), kept, weight)


def _value(fact: str, operator: Operator, value: Any) -> Any:
    if operator is Operator.EXISTS:
        return None
    if value in (None, "", (), []):
        return Flaw.NO_VALUE
    if operator is Operator.BETWEEN:
        return _range(fact, value)
    if operator in (Operator.ONE_OF, Operator.ANY, Operator.ALL):
        words = words_of(value)
        kept = tuple(found for word in words if (found := _word(fact, word)) is not None)
        return kept if kept and len(kept) == len(words) else Flaw.WRONG_VALUE
    kept = clean_value(fact, value)
    return Flaw.WRONG_VALUE if kept is None else kept


def _word(fact: str, word: str) -> Any:
    return word if FACT[fact].kind is Kind.WORDS else clean_value(fact, word)


def _range(fact: str, value: Any) -> Any:
    ends = [clean_value(fact, end) for end in value] if isinstance(value, list | tuple) and len(value) == 2 else [None]
    if None in ends:
        return Flaw.WRONG_VALUE
    return tuple(ends) if ends[0] <= ends[1] else Flaw.EMPTY_RANGE
