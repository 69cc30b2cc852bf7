"""The numbers of a group on one page, and one number with its definition and its rows."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, page
from openprm.kpis import queries, wording
from openprm.kpis.definitions.registry import GROUPS
from openprm.kpis.pages import shown
from openprm.kpis.rules.windows import PERIODS
from openprm.ui import exports
from openprm.ui.format import Viewer
from openprm.ui.listspec import Column

COMPARED = ("none", "previous", "last_year")
SHOWN_ROWS, FILE_ROWS = 100, 50_000


def _to(request: Request, name: str, *args: Any) -> str:
    return reverse(f"kpis:{'' if request.actor.is_vendor else 'portal_'}{name}", args=args)


def _asked(request: Request) -> tuple[queries.Asked, str]:
    """What the address asks for, and a sentence about a day that cannot be read."""
    period, compare = request.GET.get("period"), request.GET.get("compare")
    try:
        as_of, problem = date.fromisoformat(request.GET.get("as_of") or request.at.date().isoformat()), ""
    except ValueError:
        as_of, problem = request.at.date(), _("Write the day like 2026-12-31. The numbers below are as of today.")
    asked = queries.Asked(as_of=as_of, period=period if period in PERIODS else "12m", compare=compare if compare in COMPARED else "previous")
    return asked, problem


def _query(asked: queries.Asked, **more: str) -> str:
    return "?" + urlencode({"as_of": asked.as_of.isoformat(), "period": asked.period, "compare": asked.compare, **more})


def _viewer(request: Request) -> Viewer:
    return Viewer(at=request.at, locale=request.actor.locale, time_zone=request.actor.time_zone)


def _frame(request: Request, asked: queries.Asked, problem: str) -> dict[str, Any]:
    return {
        "asked": asked,
        "problem": problem,
        "periods": [(name, wording.PERIODS[name]) for name in PERIODS],
        "compares": (("previous", _("The period before")), ("last_year", _("A year earlier")), ("none", _("Nothing"))),
    }


def numbers(request: Request) -> HttpResponse:
    """One group at a time: revenue, return, partners, deals, leads, money, experience."""
    asked, problem = _asked(request)
    known = queries.definitions(request.actor)
    groups = [name for name in GROUPS if any(one.group == name for one in known)]
    group = request.GET.get("group") if request.GET.get("group") in groups else groups[0]
    mine = [one for one in known if one.group == group]
    viewer = _viewer(request)
    try:
        told = queries.figures(request.actor, [one.name for one in mine if not one.missing], asked)
    except Invalid as refusal:
        told, problem = (), str(refusal.message)
    formulas = {one.name: one.formula for one in mine}
    tiles = [shown.tile(one, formulas[one.name], _to(request, "number", one.name) + _query(asked), viewer) for one in told]
    return page(
        request,
        "kpis/numbers.html",
        bands=[tiles[start : start + 4] for start in range(0, len(tiles), 4)],
        missing=[one for one in mine if one.missing],
        group=group,
        group_label=GROUPS[group],
        tabs=[(name, GROUPS[name], _query(asked, group=name)) for name in groups],
        **_frame(request, asked, problem),
    )


def number(request: Request, name: str) -> HttpResponse:
    """Definition, value, parts, curve, rows and history of one number; `?export=csv` or `xlsx` gives its rows as a file."""
    asked, problem = _asked(request)
    actor, viewer = request.actor, _viewer(request)
    definition, told = queries.definition(actor, name), queries.figure(actor, name, asked)
    if (form := request.GET.get("export")) in {"csv", "xlsx"}:
        return _file(form, name, queries.rows(actor, name, asked, most=FILE_ROWS))
    found = queries.rows(actor, name, asked, most=SHOWN_ROWS)
    kept = queries.history(actor, name, period="month") if actor.is_vendor else ()
    return page(
        request,
        "kpis/number.html",
        definition=definition,
        told=told,
        found=found,
        columns=shown.columns(found),
        lines=shown.cells(found, told.currency, viewer),
        tile=shown.tile(told, definition.formula, "", viewer),
        exact=shown.value(told.value, told.unit, told.currency, viewer, compact=False),
        band=[shown.value(one, told.unit, told.currency, viewer) for one in (told.low, told.high)] if told.low is not None or told.high is not None else (),
        before=shown.value(told.before, told.unit, told.currency, viewer) if told.before_since else "",
        history=[(one.as_of, shown.value(one.value, told.unit, one.currency, viewer), one.n) for one in reversed(kept)],
        back=_to(request, "numbers") + _query(asked, group=definition.group),
        csv_url=_query(asked, export="csv"),
        xlsx_url=_query(asked, export="xlsx"),
        **_frame(request, asked, problem),
    )


def _file(form: str, name: str, found: queries.RowsView) -> HttpResponse:
    columns = tuple(Column(column, column, value=lambda row, column=column: row[column]) for column in found.columns)
    return (exports.xlsx_response if form == "xlsx" else exports.csv_response)(name, columns, found.rows)
