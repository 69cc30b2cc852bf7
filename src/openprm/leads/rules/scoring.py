"""The points of a lead: those that its sender gave, or the sum of the published clauses that apply, kept between 0 and 100."""

from collections.abc import Iterable
from dataclasses import dataclass

LEAST, MOST, BEGINNING = 0, 100, 20


@dataclass(frozen=True, slots=True)
class Points:
    """What one clause adds or takes."""

    clause: str
    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    points: int
    parts: tuple[Points, ...] = ()
    is_given: bool = False


def given(points: int) -> Score:
    """A score that came with the lead. Raises ValueError outside 0 to 100."""
    if not LEAST <= points <= MOST:
        raise ValueError("a score lies between 0 and 100")
    return Score(points, is_given=True)


def computed(parts: Iterable[Points]) -> Score:
    """Every lead begins with 20 points; clauses add and take, and the sum stays between 0 and 100."""
    listed = tuple(parts)
    return Score(max(LEAST, min(MOST, BEGINNING + sum(part.points for part in listed))), listed)


def grade_of(points: int) -> str:
    """The letter that routing reads: A from 70 points, B from 50, C from 30, else D."""
    return next((letter for least, letter in ((70, "A"), (50, "B"), (30, "C")) if points >= least), "D")
