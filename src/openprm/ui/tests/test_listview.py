from datetime import UTC, date, datetime

import pytest
from django.test import RequestFactory

from openprm.kernel.actor import Actor, Side
from openprm.ui import lists
from openprm.ui.listspec import BulkAction, Column, Empty, Filter, ListSpec
from openprm.ui.listview import ListView
from openprm.ui.paging import Slice


@pytest.fixture(autouse=True)
def no_saved_views(monkeypatch):
    monkeypatch.setattr("openprm.ui.asking.saved_views", lambda: None)
    monkeypatch.setattr("openprm.ui.listview.saved_views", lambda: None)


SPEC = ListSpec(
    key="test.deals",
    columns=(Column("customer", "Customer", sortable=True, always=True), Column("amount", "Value", "money", sortable=True), Column("closes", "Closes", "date")),
    filters=(
        Filter("status", "Status", choices=[("open", "Open"), ("won", "Won")]),
        Filter("partner", "Partner", "text", words=lambda actor, value: value.upper()),
        Filter("closes", "Closes", "date"),
        Filter("value", "Value", "money", currency="EUR"),
    ),
    default_sort="-amount",
    search="Search",
)


class Row:
    id, url, customer, amount, closes = "7", "/app/deals/7/?a=1&b=2", "<Kallio>", None, date(2026, 11, 26)


def view_of(query: str, *rows, **kwargs) -> ListView:
    request = RequestFactory().get(f"/app/deals/?{query}")
    request.actor, request.at = Actor(side=Side.VENDOR, name="Ingrid"), datetime(2026, 11, 23, tzinfo=UTC)
    return ListView(request=request, state=lists.parse(request, SPEC), page=Slice(rows=rows, total=len(rows)), **kwargs)


def test_headings_turn_the_order_that_is_in_force_and_offer_the_useful_one_first():
    customer, amount, closes = view_of("").headings

    assert (customer.url, customer.aria_sort) == ("?sort=customer", "")
    assert (amount.url, amount.aria_sort, amount.icon) == ("?sort=amount", "descending", "arrow-down")
    assert (closes.url, closes.aria_sort) == ("", "")


def test_chips_say_each_filter_in_words_and_take_it_away():
    view = view_of("status=open&status=won&partner=kallio&closes_from=2026-11-01&value_min=100&value_max=200&q=x")

    assert [(chip.label, chip.value) for chip in view.chips] == [
        ("Status", "Open, Won"),
        ("Partner", "KALLIO"),
        ("Closes", "from 1 Nov 2026"),
        ("Value", "€100 to €200"),
    ]
    assert view.chips[0].url == "?q=x&partner=kallio&closes_from=2026-11-01&value_min=100&value_max=200"


def test_forms_carry_along_what_they_do_not_change():
    view = view_of("q=x&status=won&cols=amount&rows=50&sort=amount")

    assert view.beside_search == (("status", "won"), ("cols", "amount"), ("sort", "amount"), ("rows", "50"))
    assert view.beside_filters == (("cols", "amount"), ("sort", "amount"), ("rows", "50"))
    assert view.beside_columns == (("q", "x"), ("status", "won"), ("sort", "amount"))
    assert view.clear_url == "?cols=amount&sort=amount&rows=50"


def test_clearing_everything_leaves_a_default_view_too():
    assert view_of("status=won").clear_url == "?view=all"


def test_choices_are_asked_for_once():
    asked = []
    filters = (Filter("owner", "Owner", choices=lambda actor: asked.append(actor.name) or [("me", "Me")]),)
    request = RequestFactory().get("/?")
    request.actor = Actor(side=Side.VENDOR, name="Ingrid")
    state = lists.parse(request, ListSpec(key="x", columns=SPEC.columns, filters=filters, default_sort="amount"))
    view = ListView(request=request, state=state, page=Slice(rows=()))

    assert (view.chips, len(view.inputs), asked) == ((), 1, ["Ingrid"])


def drawn(view: ListView) -> str:
    from django.template.loader import render_to_string

    return render_to_string("ui/list.html", {"list": view, "request": view.request, "viewer": view.viewer})


def test_a_row_links_by_its_heading_and_nothing_in_it_becomes_markup():
    html = drawn(view_of("", Row()))

    assert '<th scope="row" id="test-deals-r1"><a class="row-link" href="/app/deals/7/?a=1&amp;b=2">&lt;Kallio&gt;</a></th>' in html
    assert 'type="checkbox" name="ids"' not in html


def test_actions_over_rows_come_with_a_tick_for_each_row():
    html = drawn(view_of("", Row(), bulk=(BulkAction("approve", "Approve"),)))

    assert 'name="ids" value="7" aria-label="Select row 1" aria-describedby="test-deals-r1"' in html
    assert '<button class="btn btn-sm btn-outline" type="submit" name="action" value="approve">Approve</button>' in html


def test_an_empty_list_says_why_and_what_next():
    empty = Empty("No deals yet", "Register the first one.", "Register a deal", "/portal/deals/register/")

    assert "No deals yet" in drawn(view_of("", empty=empty))
    assert "Nothing matches" in drawn(view_of("q=zzz", empty=empty))
