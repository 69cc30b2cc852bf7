"""The spans of time over which plans add up: what a limit or a band looks back on."""

from __future__ import annotations

from datetime import date, timedelta

from .model import PlanTerms

Span = tuple[date | None, date | None]


def needed(plan: PlanTerms) -> tuple[str, ...]:
    """The names in `Spent.paid` that this plan asks for: limits of the plan, and caps "partner_…" of the partner."""
    caps = tuple(name for name in plan.terms.caps if name != "event")
    return (*plan.terms.limits, *caps)


def window(name: str, day: date) -> Span:
    """The first day of the window that `day` lies in, and the first day after it. "total" has neither."""
    match name.removeprefix("partner_"):
        case "day":
            return day, day + timedelta(days=1)
        case "week":
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=7)
        case "month":
            return day.replace(day=1), add_months(day.replace(day=1), 1)
        case "quarter":
            first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
            return first, add_months(first, 3)
        case "year":
            return date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return None, None


def volume_window(plan: PlanTerms, day: date) -> Span | None:
    """Over what `Spent.volume` is to be added up: the basis of the partner's events before this one. None when it is not asked."""
    return None if plan.terms.span == "event" else window(plan.terms.span, day)


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last day of the month where there is no such day."""
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))
