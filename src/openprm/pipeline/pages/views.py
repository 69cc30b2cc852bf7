"""The pipeline on both sides: the board, the forecast, close dates that slip; moving a card, setting a target."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, Stale
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import Money, parse_amount
from openprm.pipeline import queries, services
from openprm.pipeline.pages import charts, specs
from openprm.ui import exports, lists
from openprm.ui.addresses import link, with_
from openprm.ui.listspec import ListState
from openprm.ui.listview import ListView
from openprm.ui.paging import Slice

NO_ROWS: Slice = Slice(rows=(), total=0)


def to(actor: Actor, name: str, *args: Any) -> str:
    return reverse(f"pipeline:{'' if actor.is_vendor else 'portal_'}{name}", args=args)


def board(request: Request) -> HttpResponse:
    return _board(request)


def _board(request: Request, *, problem: str = "", status: int = 200) -> HttpResponse:
    state = lists.parse(request, specs.board(request.actor))
    found = queries.board(request.actor, specs.narrowed(state), request.at)
    if state.export:
        names = {lane.key: lane.title for lane in found.lanes}
        return exports.respond(request, state, (_named(card, names) for lane in found.lanes for card in lane.cards), name="pipeline")
    return _page(request, "pipeline/board.html", state, "pipeline", status=status, board=found, problem=problem, move_url=to(request.actor, "move"))


class _Named:
    """A card with the stage's name in place of its code."""

    def __init__(self, card: queries.Card, stage: str):
        self.card, self.stage, self.url = card, stage, card.url

    def __getattr__(self, name: str) -> Any:
        return getattr(self.card, name)


def _named(card: queries.Card, names: dict[str, str]) -> _Named:
    return _Named(card, names.get(card.stage or "none", card.stage))


def _page(request: Request, template: str, state: ListState, tab: str, *, status: int = 200, **values: Any) -> HttpResponse:
    actor = request.actor
    query = f"?{state.query}" if state.query else ""
    names = (("pipeline", _("Board"), "columns-3"), ("forecast", _("Forecast"), "chart-column"), ("slips", _("Close dates"), "calendar-clock"))
    return page(
        request,
        template,
        status=status,
        list=ListView(request=request, state=state, page=NO_ROWS),
        tabs=[(name, label, icon, to(actor, name) + query) for name, label, icon in names],
        tab=tab,
        deals_url=reverse("deals:registrations" if actor.is_vendor else "deals:portal_registrations"),
        currency=deals.base_currency(),
        **values,
    )


def move(request: Request) -> HttpResponse:
    """Move one card; a refusal is shown above the board, which stays as it was."""
    item_id, kind, stage = specs.uuid_of(request.POST.get("item")), request.POST.get("kind", "")[:20], request.POST.get("stage", "")[:40]
    version = request.POST.get("version", "")
    try:
        services.move(
            actor=request.actor,
            kind=kind,
            item_id=item_id or UUID(int=0),
            stage=stage,
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
            at=request.at,
        )
    except (Invalid, Conflict, Stale, NotAllowed) as refusal:
        return _board(request, problem=str(refusal.message), status=refusal.status)
    return done(request, _back(request, to(request.actor, "pipeline")), _("Moved"), _("To “%(stage)s”.") % {"stage": deals.stage_named(stage).name})


def _back(request: Request, fallback: str) -> str:
    asked = request.POST.get("next", "")
    return asked if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else fallback


def forecast(request: Request) -> HttpResponse:
    return _forecast(request)


def _forecast(request: Request, *, problem: str = "", amount: str = "", status: int = 200) -> HttpResponse:
    state = lists.parse(request, specs.forecast(request.actor))
    by = specs.by_of(state, request.actor)
    found = queries.forecast(request.actor, specs.narrowed(state), by, request.at)
    if state.export:
        return exports.respond(request, state, found.groups, name="forecast")
    return _page(
        request,
        "pipeline/forecast.html",
        state,
        "forecast",
        status=status,
        forecast=found,
        by_label=specs.BY[by],
        by_links=[(key, label, _with(state, by=key)) for key, label in specs.BY.items()],
        chart=charts.by_month(found, request.actor),
        target_url=to(request.actor, "target"),
        may_set_target=request.actor.can("pipeline.set_target") and not request.actor.viewing_as,
        problem=problem,
        amount=amount,
        opened=request.GET.get("do", "") or ("target" if problem else ""),
        rows=charts.rows(found),
        groups=charts.groups(found),
        target_figures=charts.target(found),
    )


def _with(state: ListState, **changes: str) -> str:
    return link(with_(state.pairs, **changes))


def set_target(request: Request) -> HttpResponse:
    """Set or take away the own target of this quarter."""
    text = request.POST.get("amount", "")[:40]
    version = request.POST.get("version", "")
    try:
        minor = parse_amount(text, deals.base_currency(), request.actor.locale).minor if text.strip() else 0
        services.set_target(
            actor=request.actor,
            amount_minor=minor,
            day=request.at.date(),
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
            at=request.at,
        )
    except (Invalid, Stale) as refusal:
        return _forecast(request, problem=str(refusal.message), amount=text, status=refusal.status)
    return done(request, to(request.actor, "forecast"), _("Target saved") if minor else _("Target taken away"))


def slips(request: Request) -> HttpResponse:
    state = lists.parse(request, specs.slips(request.actor))
    found = queries.slips(request.actor, specs.narrowed(state), request.at)
    if state.export:
        return exports.respond(request, state, found.rows, name="close-dates")
    return _page(request, "pipeline/slips.html", state, "slips", slips=found, window=queries.WINDOW_DAYS, overdue_total=_overdue_total(found))


def _overdue_total(found: queries.Slips) -> Money:
    return Money(found.overdue_figures.overdue_total, deals.base_currency())
