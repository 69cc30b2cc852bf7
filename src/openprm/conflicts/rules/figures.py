"""The published figures: how often the partner's claim stands, how long it takes, how often the sentinel was wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

FEWEST = 3
"""A line of fewer cases would tell who they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One closed or decided case, as figures see it."""

    type: str
    ending: str
    finding: str
    appealed: bool
    appeal_result: str
    opened_at: datetime
    settled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line. Rates are in percent; None says that there is nothing to count, or too little to show."""

    type: str
    settled: int
    decided: int
    won_rate: int | None
    median_days: float | None
    appealed: int
    changed_on_appeal: int
    false_alarms: int
    is_hidden: bool = False


def won(one: Settled) -> bool:
    """The claim stands, in whole or in part."""
    return one.ending == "decided" and one.finding in ("founded", "partly")


def figure(type_: str, cases: Iterable[Settled]) -> Figure:
    """Count one group. Median days run from the opening to the (last) decision."""
    found = tuple(cases)
    decided = [one for one in found if one.ending == "decided"]
    days = [(one.settled_at - one.opened_at).total_seconds() / 86400 for one in decided]
    return Figure(
        type=type_,
        settled=len(found),
        decided=len(decided),
        won_rate=round(100 * sum(map(won, decided)) / len(decided)) if decided else None,
        median_days=round(median(days), 1) if days else None,
        appealed=sum(one.appealed for one in found),
        changed_on_appeal=sum(one.appeal_result == "changed" for one in found),
        false_alarms=sum(one.ending == "false_alarm" for one in found),
    )


def figures(cases: Iterable[Settled], types: Iterable[str], *, for_partners: bool) -> tuple[Figure, ...]:
    """All cases, then one line a type. Partners do not get lines of fewer than three cases."""
    found = tuple(cases)
    every, lines = figure("", found), [figure(type_, [one for one in found if one.type == type_]) for type_ in types]
    if not for_partners:
        return (every, *lines)
    small = _too_small(lines)
    return (_hidden(every) if 0 < every.settled < FEWEST else every, *(_hidden(line) if line.type in small else line for line in lines))


def _too_small(lines: Iterable[Figure]) -> frozenset[str]:
    """The types that are not shown. One alone could be had by subtraction, so the next smallest goes with it."""
    held = sorted((line for line in lines if line.settled), key=lambda line: (line.settled, line.type))
    count = sum(line.settled < FEWEST for line in held)
    return frozenset(line.type for line in held[: 2 if count == 1 else count])


def _hidden(line: Figure) -> Figure:
    return Figure(
        type=line.type, settled=0, decided=0, won_rate=None, median_days=None, appealed=0, changed_on_appeal=0, false_alarms=0, is_hidden=True
    )  # fmt: skip
