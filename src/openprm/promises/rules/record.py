"""What a promise's past looks like in figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WEEKS = 26


@dataclass(frozen=True)
class Week:
    kept: int = 0
    missed: int = 0


def rate(kept: int, total: int) -> float | None:
    """Kept of all that were decided; None when there were none."""
    return kept / total if total else None


def week_mark(week: Week) -> str:
    """k: all kept; w: some late; b: at least half missed; n: none was due."""
    if not week.kept and not week.missed:
        return "n"
    if not week.missed:
        return "k"
    return "b" if week.missed * 2 >= week.kept + week.missed else "w"


def week_of(moment: datetime | date) -> date:
    """The Monday of the week of a moment."""
    day = moment.date() if isinstance(moment, datetime) else moment
    return day - timedelta(days=day.weekday())


def pattern(weeks: Mapping[date, Week], *, at: datetime, count: int = WEEKS) -> str:
    """One mark for each of the last `count` weeks, the running one last."""
    last = week_of(at)
    return "".join(week_mark(weeks.get(last - timedelta(weeks=back), Week())) for back in range(count - 1, -1, -1))
