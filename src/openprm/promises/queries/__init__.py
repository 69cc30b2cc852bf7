"""Reading promises: clocks of subjects, the record, and what is published."""

from openprm.promises.queries.clocks import (
    STATES,
    ClockFilters,
    ClockRow,
    ClockView,
    clock,
    clock_view,
    clocks,
    clocks_after,
    export_clocks,
    list_clocks,
    missed,
    promised,
    would_be_due,
)
from openprm.promises.queries.published import (
    CalendarView,
    PromiseView,
    TargetView,
    calendar,
    calendar_choices,
    calendars,
    program_choices,
    promises,
    span_text,
    target,
    tier_choices,
)
from openprm.promises.queries.record import PartnerRecord, PromiseRecord, by_partner, overall, record, since_weeks_ago

__all__ = [
    "STATES", "CalendarView", "ClockFilters", "ClockRow", "ClockView", "PartnerRecord", "PromiseRecord", "PromiseView", "TargetView", "by_partner",
    "calendar", "calendar_choices", "calendars", "clock", "clock_view", "clocks", "clocks_after", "export_clocks", "list_clocks", "missed", "overall",
    "program_choices", "promised", "promises", "record", "since_weeks_ago", "span_text", "target", "tier_choices", "would_be_due",
]  # fmt: skip
