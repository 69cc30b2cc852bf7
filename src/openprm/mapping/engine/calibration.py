"""Where to draw the line, learned from pairs that a person has confirmed or refused."""

from collections.abc import Iterable
from dataclasses import dataclass

FEWEST = 20
_FALSE_COUNTS = 2.0  # a wrong match costs as much as two missed ones


@dataclass(frozen=True)
class Calibration:
    """A threshold, and what it would have done with the pairs it was learned from. `enough` is False when the threshold was left as it was."""

    threshold: float
    precision: float
    recall: float
    enough: bool


def calibrate(judged: Iterable[tuple[float, bool]], *, current: float) -> Calibration:
    """The threshold that loses least on (score, confirmed) pairs, a false match counting as two missed ones.

    It lies half-way between the last pair taken and the first one left. Below FEWEST pairs, or without both kinds, the current one stays.
    """
    pairs = sorted(judged, key=lambda pair: -pair[0])
    true = sum(confirmed for _score, confirmed in pairs)
    if len(pairs) < FEWEST or true in (0, len(pairs)):
        return _kept(pairs, current, true)
    best, least, missed, false = 1.0, float(true), true, 0
    for place, (score, confirmed) in enumerate(pairs):
        missed, false = missed - confirmed, false + (not confirmed)
        after = pairs[place + 1][0] if place + 1 < len(pairs) else 0.0
        if after < score and missed + _FALSE_COUNTS * false < least:
            best, least = (score + after) / 2, missed + _FALSE_COUNTS * false
    return Calibration(best, *_measured(pairs, best, true), enough=True)


def _kept(pairs: list[tuple[float, bool]], current: float, true: int) -> Calibration:
    return Calibration(current, *_measured(pairs, current, true), enough=False)


def _measured(pairs: list[tuple[float, bool]], threshold: float, true: int) -> tuple[float, float]:
    taken = [confirmed for score, confirmed in pairs if score >= threshold]
    return (sum(taken) / len(taken) if taken else 1.0), (sum(taken) / true if true else 1.0)
