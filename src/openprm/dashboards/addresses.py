"""Where a dashboard, a number behind a tile and a saved dashboard are, on either side."""

from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from openprm.dashboards.queries import Board, SavedView
from openprm.dashboards.rules.asking import Ask

PAGES = {"executive": "dashboards:executive", "manager": "dashboards:manager", "partner": "dashboards:portal_dashboard"}


def page_of(code: str, ask: Ask | None = None) -> str:
    words = ask.words() if ask else {}
    return reverse(PAGES[code]) + (f"?{urlencode(words)}" if words else "")


def saved_page(view: SavedView) -> str:
    """The dashboard as it was saved, with its name."""
    return f"{reverse(PAGES[view.dashboard])}?{urlencode({**view.asked, 'saved': str(view.id)})}"


def _words(board: Board) -> dict[str, str]:
    words = {"as_of": board.as_of.isoformat(), "period": board.ask.period, "compare": board.ask.compare}
    return words | dict(part.split("=", 1) for part in board.segment.split(",") if part)


def pack(board: Board) -> str:
    """Where a pack of these numbers is made: of the same day, window and segment."""
    return f"{reverse('kpis:packs')}?{urlencode(_words(board))}"


def number(board: Board, name: str) -> str:
    """The number page with the same day, window and segment: what stands there is what stands on the tile."""
    return f"{reverse('kpis:portal_number' if board.code == 'partner' else 'kpis:number', args=[name])}?{urlencode(_words(board))}"


def saved(view_id: UUID, what: str, *, is_partner: bool) -> str:
    return reverse(f"dashboards:{'portal_' if is_partner else ''}{what}", args=[view_id])
