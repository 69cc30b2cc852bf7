"""The numbers of a group on one page, and one number with its definition and its rows."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, page
from openprm.kpis import queries
from openprm.kpis.definitions.registry import GROUPS
from openprm.kpis.pages import charts, shown
from openprm.kpis.pages.asking import asked_of, frame, query, viewer_of
from openprm.ui import exports
from openprm.ui.listspec import Column

SHOWN_ROWS, FILE_ROWS = 100, 50_000


def _to(request: Request, name: str, *args: Any) -> str:
    return reverse(f"kpis:{'' if request.actor.is_vendor else 'portal_'}{name}", args=args)


def numbers(request: Request) -> HttpResponse:
    """One group at a time: revenue, return, partners, deals, leads, money, experience."""
    asked, problem = asked_of(request)
    known = queries.definitions(request.actor)
    groups = [name for name in GROUPS if any(one.group == name for one in known)]
    group = request.GET.get("group") if request.GET.get("group") in groups else groups[0]
    mine = [one for one in known if one.group == group]
    viewer = viewer_of(request)
    try:
        told = queries.figures(request.actor, [one.name for one in mine if not one.missing], asked)
    except Invalid as refusal:
        told, problem = (), str(refusal.message)
    formulas = {one.name: one.formula for one in mine}
    tiles = [shown.tile(one, formulas[one.name], _to(request, "number", one.name) + query(asked), viewer) for one in told]
    return page(
        request,
        "kpis/numbers.html",
        bands=[tiles[start : start + 4] for start in range(0, len(tiles), 4)],
        missing=[one for one in mine if one.missing],
        group=group,
        group_label=GROUPS[group],
        tabs=[(name, GROUPS[name], query(asked, group=name)) for name in groups],
        pack_url=reverse("kpis:packs") + query(asked) if request.actor.can("kpis.view_program") else "",
        stress_url=reverse("kpis:stress") + query(asked) if request.actor.can("kpis.view_program") else "",
        **frame(request, asked, problem),
    )


def number(request: Request, name: str) -> HttpResponse:
    """Definition, value, parts, curve, rows and history of one number; `?export=csv` or `xlsx` gives its rows as a file."""
    asked, problem = asked_of(request)
    actor, viewer = request.actor, viewer_of(request)
    definition, told = queries.definition(actor, name), queries.figure(actor, name, asked)
    if (form := request.GET.get("export")) in {"csv", "xlsx"}:
        return _file(form, name, queries.rows(actor, name, asked, most=FILE_ROWS))
    found = queries.rows(actor, name, asked, most=SHOWN_ROWS)
    kept_of = request.GET.get("kept") if request.GET.get("kept") in charts.KEPT else "month"
    kept = queries.history(actor, name, period=kept_of, segment=asked.segment.key) if actor.is_vendor else ()
    target = queries.targets_for(actor, asked).get(name)
    return page(
        request,
        "kpis/number.html",
        definition=definition,
        told=told,
        found=found,
        columns=shown.heads(found),
        lines=shown.cells(found, told.currency, viewer),
        tile=shown.tile(told, definition.formula, "", viewer),
        exact=shown.value(told.value, told.unit, told.currency, viewer, compact=False),
        band=[shown.value(one, told.unit, told.currency, viewer) for one in (told.low, told.high)] if told.low is not None or told.high is not None else (),
        before=shown.value(told.before, told.unit, told.currency, viewer) if told.before_since else "",
        kept=charts.history(told, kept, kept_of, viewer),
        kept_tabs=[(key, label, query(asked, kept=key), key == kept_of) for key, label in charts.KEPT.items()],
        curve=charts.curve(told),
        target=shown.target(told, target, viewer),
        back=_to(request, "numbers") + query(asked, group=definition.group),
        csv_url=query(asked, export="csv"),
        xlsx_url=query(asked, export="xlsx"),
        **frame(request, asked, problem),
    )


def _file(form: str, name: str, found: queries.RowsView) -> HttpResponse:
    columns = tuple(Column(column, column, value=lambda row, column=column: row[column]) for column in found.columns)
    return (exports.xlsx_response if form == "xlsx" else exports.csv_response)(name, columns, found.rows)
