"""Lists: what a list shows (ListSpec), what a person asked of it (ListState), and the page that answers.

    SPEC = ListSpec(key="deals.registrations", columns=(...), filters=(...), default_sort="-submitted")

    def list_registrations(request):
        state = lists.parse(request, SPEC)
        if state.export:
            return exports.respond(request, state, queries.export_rows(request.actor, state.filters), name="registrations")
        return lists.render(request, "deals/vendor/registrations.html", state, queries.registrations(request.actor, state.filters, state.page))

Nothing a visitor types in the address can break a list: what cannot be used is left out, and a sentence says so.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.utils.cache import patch_vary_headers

from openprm.ui.asking import Asked
from openprm.ui.listspec import BulkAction, Column, Empty, Filter, ListSpec, ListState, Range, SavedView, SavedViews
from openprm.ui.listview import ListView
from openprm.ui.paging import PageRequest, Slice, slice_of

__all__ = [
    "BulkAction", "Column", "Empty", "Filter", "ListSpec", "ListState", "PageRequest", "Range", "SavedView", "SavedViews", "Slice",
    "parse", "render", "slice_of",
]  # fmt: skip


def parse(request: HttpRequest, spec: ListSpec, *, params: Any = None) -> ListState:
    """What the address asks of this list. An address without a query brings the person's default view."""
    return Asked(spec, request.GET if params is None else params, getattr(request, "actor", None)).state()


def render(
    request: HttpRequest,
    template: str,
    state: ListState,
    page: Slice,
    *,
    bulk: tuple[BulkAction, ...] = (),
    empty: Empty | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The page of a list, or for HTMX only its #results. `template` extends ui/list_page.html or includes ui/list.html."""
    is_part = request.headers.get("HX-Target") == "results"
    view = ListView(request=request, state=state, page=page, bulk=bulk, empty=empty)
    response = render_template(request, "ui/list.html" if is_part else template, {"list": view, **context}, status=status)
    patch_vary_headers(response, ("HX-Target", "HX-Request"))
    if is_part:
        response["Cache-Control"] = "no-store"
    return response
