"""What every page of the room reads from its address, and what stands on each of them."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from openprm.dashboards import addresses, queries, telling, wording
from openprm.dashboards.pages import shown
from openprm.dashboards.queries import Board, SavedView
from openprm.dashboards.rules.asking import COMPARES, PERIODS, Ask, Code, asked
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request
from openprm.kernel.ids import parse_id
from openprm.ui.format import Viewer

Choices = dict[str, tuple[tuple[str, str], ...]]


def viewer_of(request: Request) -> Viewer:
    return Viewer(at=request.at, locale=request.actor.locale, time_zone=request.actor.time_zone)


def to(request: Request, name: str, *args: Any) -> str:
    return reverse(f"dashboards:{'' if request.actor.is_vendor else 'portal_'}{name}", args=args)


def asked_by(request: Request, code: Code, choices: Choices) -> tuple[Ask, tuple[str, ...]]:
    """What the address asks for, with a sentence for everything that it says and nobody understands."""
    known = {part: frozenset(value for value, _label in values) for part, values in choices.items()}
    ask, problems = asked(code, request.GET, known)
    return ask, tuple(wording.problem(one) for one in problems)


def frame(request: Request, board: Board, choices: Choices, problems: tuple[str, ...]) -> dict[str, Any]:
    """The parts that all three dashboards share."""
    viewer, code = viewer_of(request), board.code
    return {
        "code": code,
        "title": wording.TITLES[code],
        "about": wording.ABOUT[code],
        "board": board,
        "ask": board.ask,
        "problems": problems,
        "fields": [(part, wording.PARTS[part], values, getattr(board.ask, part)) for part, values in choices.items() if values],
        "periods": [(name, wording.PERIODS[name]) for name in PERIODS],
        "compares": [(name, wording.COMPARES[name]) for name in COMPARES],
        "besides": [(part, wording.PARTS[part]) for part in choices] if code == "executive" else [],
        "days": telling.span(board.since, board.as_of, board.ask.period, viewer),
        "rows_as_of": telling.rows_as_of(board.read_at, viewer),
        "pack_url": addresses.pack(board) if code == "executive" and request.actor.can("kpis.view_program") else "",
        "narrowed": telling.narrowed(request.actor, board.ask),
        "kinds": [shown.tile(one, board, viewer) for one in board.kinds],
        "whole": shown.tile(board.whole, board, viewer),
        "equation": shown.equation(board, viewer),
        "bands": shown.bands(board, viewer),
        "charts": {one.key: shown.chart(one, board, viewer) for one in board.charts},
        "beside": _beside(board, viewer),
        "plain_url": addresses.page_of(code),
        "is_plain": not board.ask.words(),
        "saved": _opened(request),
        "mine": [(one.name, addresses.saved_page(one)) for one in queries.saved(request.actor, dashboard=code)],
        "save_url": to(request, "save"),
        "saved_url": to(request, "saved"),
        "may_save": queries.may_save(request.actor),
        "words": board.ask.words(),
    }


def _opened(request: Request) -> SavedView | None:
    """The saved dashboard that the address names, when it is still there for this person."""
    saved_id: UUID | None = parse_id(request.GET.get("saved"))
    try:
        return queries.one_saved(request.actor, saved_id) if saved_id else None
    except NotFound:
        return None


def _beside(board: Board, viewer: Viewer) -> tuple[tuple[str, ...], list[tuple[str, list[str]]]] | None:
    if not board.beside:
        return None
    head = tuple(figure.label for figure in board.beside[0][1])
    return head, [(label, [telling.told(figure, viewer) for figure in figures]) for label, figures in board.beside]
