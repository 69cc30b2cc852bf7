"""A dashboard as a mail: a table of its numbers, and the way to the page that shows the same."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.dashboards import addresses, telling
from openprm.dashboards.queries import Board, Tile
from openprm.dashboards.wording import TITLES
from openprm.identity.services.mail import Letter, Table
from openprm.inbox import queries as inbox
from openprm.kernel.actor import Actor
from openprm.ui.format import Viewer

KIND = "dashboards.mailed"


def of_board(board: Board, name: str, every: str, actor: Actor, at: datetime) -> Letter:
    viewer = Viewer(at=at, locale=actor.locale, time_zone=actor.time_zone)
    return Letter(
        subject=_("%(name)s, as of %(day)s") % {"name": name, "day": board.as_of.isoformat()},
        heading=name,
        paragraphs=(telling.span(board.since, board.as_of, board.ask.period, viewer), *_sentences(board, actor)),
        table=Table(head=_head(board), rows=tuple(_row(tile, board, viewer) for tile in board.tiles)),
        action=_("Open the dashboard"),
        url=addresses.page_of(board.code, board.ask),
        reason=_reason(every, name),
        unsubscribe_url=inbox.unsubscribe_url(actor.user_id, KIND) if actor.user_id else "",
        unsubscribe_label=_("Stop all mailed dashboards"),
        settings_url=reverse("inbox:portal_preferences" if actor.is_partner else "inbox:preferences"),
    )


def _sentences(board: Board, actor: Actor) -> list[str]:
    parts = telling.narrowed(actor, board.ask)
    words = [_("%(part)s: %(value)s") % {"part": part, "value": value} for part, value in parts]
    return [*words, _("%(title)s, with your own rights. A dash is no zero: the page says why there is no number.") % {"title": TITLES[board.code]}]


def _head(board: Board) -> tuple[str, ...]:
    before = [] if board.ask.compare == "none" else [_("Before")]
    return (_("Number"), _("Value"), *before, _("Target"), _("Rows"))


def _row(tile: Tile, board: Board, viewer: Viewer) -> tuple[str, ...]:
    figure = tile.figure
    before = [] if board.ask.compare == "none" else [telling.with_unit(figure.before, figure.unit, figure.currency, viewer)]
    aim = telling.with_unit(tile.target.value, figure.unit, figure.currency, viewer) if tile.target else ""
    return (figure.label, telling.told(figure, viewer), *before, aim, str(figure.n))


def _reason(every: str, name: str) -> str:
    words = {"name": name}
    return _("You get “%(name)s” every week.") % words if every == "weekly" else _("You get “%(name)s” every month.") % words
