"""Reads of the partner's own books. Everything here answers its own administrators alone."""

from openprm.profitability.queries.book import book, everything, groups, journal
from openprm.profitability.queries.entries import Filters, entries, entry, export, newest, views
from openprm.profitability.queries.results import (
    BookView,
    ChangeView,
    EntryView,
    GroupView,
    Line,
    Month,
    RateView,
    Statement,
    StepView,
)
from openprm.profitability.queries.statement import Asked, statement

__all__ = [
    "Asked",
    "BookView",
    "ChangeView",
    "EntryView",
    "Filters",
    "GroupView",
    "Line",
    "Month",
    "RateView",
    "Statement",
    "StepView",
    "book",
    "entries",
    "entry",
    "everything",
    "export",
    "groups",
    "journal",
    "newest",
    "statement",
    "views",
]
