"""Reads of the dashboards: `from openprm.dashboards import queries`."""

from openprm.dashboards.queries.choices import every_choice
from openprm.dashboards.queries.portfolio import Portfolio, portfolio
from openprm.dashboards.queries.reading import asked_of, board
from openprm.dashboards.queries.results import Band, Board, Chart, MailingView, PartnerLine, RecipientView, SavedView, Series, Tile
from openprm.dashboards.queries.saved import may_save, may_see, newest_saved, one_saved, possible_recipients, saved, views_of
from openprm.dashboards.queries.standing import OwnStanding, own_standing

__all__ = [
    "Band", "Board", "Chart", "MailingView", "OwnStanding", "PartnerLine", "Portfolio", "RecipientView", "SavedView", "Series", "Tile",
    "asked_of", "board", "every_choice", "may_save", "may_see", "newest_saved", "one_saved", "own_standing", "portfolio", "possible_recipients",
    "saved", "views_of",
]  # fmt: skip
