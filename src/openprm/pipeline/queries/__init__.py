"""Reads of the pipeline: `from openprm.pipeline import queries as pipeline`."""

from openprm.pipeline.queries.boards import board
from openprm.pipeline.queries.forecasts import BY, CATEGORIES, forecast, forecasts_by_partner, target_of
from openprm.pipeline.queries.results import Board, Card, Forecast, GroupRow, Lane, Narrowed, OverdueRow, SlipRow, Slips, TargetView
from openprm.pipeline.queries.slipping import WINDOW_DAYS, slips

__all__ = [
    "BY",
    "CATEGORIES",
    "WINDOW_DAYS",
    "Board",
    "Card",
    "Forecast",
    "GroupRow",
    "Lane",
    "Narrowed",
    "OverdueRow",
    "SlipRow",
    "Slips",
    "TargetView",
    "board",
    "forecast",
    "forecasts_by_partner",
    "slips",
    "target_of",
]
