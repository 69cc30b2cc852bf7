"""Terms and renewals: when a term ends, when it is reminded of, and how long the incumbent has the first right."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

LONGEST_TERM_MONTHS = 240


class Right(StrEnum):
    INCUMBENT = "incumbent"
    NOBODY = "nobody"


class State(StrEnum):
    OPEN = "open"
    RENEWED = "renewed"
    DECLINED = "declined"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class RenewalTerms:
    """What the rulebook says: reminded so many days before the end, the first right so many days beyond it."""

    right: Right
    remind_days: int
    days_after: int = 0


def term_end(starts_on: date, months: int) -> date:
    """The first day after the term: twelve months from 31 January end on 31 January, one month ends on the last day of February."""
    year, month = divmod(starts_on.month - 1 + months, 12)
    year, month = starts_on.year + year, month + 1
    return date(year, month, min(starts_on.day, calendar.monthrange(year, month)[1]))


def months_until(starts_on: date, ends_on: date) -> int:
    """The least number of whole months whose term lasts until that day, one at least."""
    months = max(1, (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month)
    return min(LONGEST_TERM_MONTHS, months if term_end(starts_on, months) >= ends_on else months + 1)


def opens_on(term_ends_on: date, terms: RenewalTerms) -> date:
    return term_ends_on - timedelta(days=terms.remind_days)


def first_right_until(term_ends_on: date, terms: RenewalTerms) -> datetime | None:
    """The moment at which the customer is open to everybody again; None when nobody has the first right."""
    if terms.right is Right.NOBODY:
        return None
    return datetime.combine(term_ends_on + timedelta(days=max(terms.days_after, 0)), time(0), tzinfo=UTC)
