from datetime import date

import pytest
from django.http import QueryDict

from openprm.kernel.actor import Actor, Side
from openprm.ui.asking import Asked
from openprm.ui.listspec import Column, Filter, ListSpec, Range, SavedView
from openprm.ui.paging import Position, encode


@pytest.fixture(autouse=True)
def no_saved_views(monkeypatch):
    monkeypatch.setattr("openprm.ui.asking.saved_views", lambda: None)


ACTOR = Actor(side=Side.VENDOR, name="Ingrid Solberg")
SPEC = ListSpec(
    key="test.deals",
    columns=(
        Column("number", "Number", "mono", sortable=True, always=True),
        Column("customer", "Customer", sortable=True),
        Column("amount", "Value", "money", sortable=True),
        Column("note", "Note", default=False),
    ),
    filters=(
        Filter("status", "Status", choices=[("open", "Open"), ("won", "Won")]),
        Filter("owner", "Owner", choices=lambda actor: [("me", actor.name)], single=True),
        Filter("city", "City", "text"),
        Filter("created", "Created", "date"),
        Filter("value", "Value", "money", currency="EUR"),
        Filter("mine", "Mine", "bool"),
    ),
    default_sort="-number",
    search="Search deals",
)


def asked(query: str):
    return Asked(SPEC, QueryDict(query), ACTOR).state()


def test_an_empty_address_gives_the_usual_list():
    state = asked("")

    assert (state.page.sort, state.page.descending, state.page.limit) == ("number", True, 25)
    assert [column.name for column in state.columns] == ["number", "customer", "amount"]
    assert (state.filters, state.search, state.problems, state.query) == ({}, "", (), "")


def test_every_kind_of_filter_arrives_typed():
    state = asked("q=steel&status=open&status=won&owner=me&city=Oslo&created_from=2026-11-01&created_to=2026-11-30&value_min=1,000&value_max=2500.50&mine=no")

    assert state.search == "steel"
    assert state.filters == {
        "status": ("open", "won"),
        "owner": ("me",),
        "city": "Oslo",
        "created": Range(date(2026, 11, 1), date(2026, 11, 30)),
        "value": Range(100_000, 250_050),
        "mine": False,
    }
    assert state.problems == ()


def test_the_query_of_a_state_brings_the_same_state_back():
    state = asked("q=steel&status=won&status=open&created_from=2026-11-01&value_max=10&cols=note&rows=50&sort=amount&junk=1")

    again = asked(state.query)

    assert again.query == state.query
    assert (again.filters, again.search, again.columns, again.page) == (state.filters, state.search, state.columns, state.page)


@pytest.mark.parametrize("sort", ["nonsense", "-nonsense", "note", "--number", "number;drop table", "customer__user__password", "\x00"])
def test_an_unknown_sort_keeps_the_usual_order_and_says_so(sort):
    params = QueryDict(mutable=True)
    params["sort"] = sort

    state = Asked(SPEC, params, ACTOR).state()

    assert (state.page.sort, state.page.descending) == ("number", True)
    assert len(state.problems) == 1
    assert "cannot be sorted" in state.problems[0]


@pytest.mark.parametrize("text", ["2026-13-01", "yesterday", "0000-00-00", "99999999999999999999", "2026-11-31", "20261101T"])
def test_a_bad_date_is_left_out_and_named(text):
    state = asked(f"created_from={text}")

    assert state.filters == {}
    assert state.problems == (f"“Created” needs a date such as 2026-11-30; “{text}” was left out.",)


@pytest.mark.parametrize("text", ["abc", "1e400", "99999999999999999999999", "NaN", "1.234.567,00", "0.001", "-"])
def test_a_bad_amount_is_left_out_and_named(text):
    state = asked(f"value_min={text}")

    assert state.filters == {}
    assert len(state.problems) == 1
    assert state.problems[0].startswith("Value: ")


def test_a_range_that_ends_before_it_begins_is_left_out():
    state = asked("created_from=2026-11-30&created_to=2026-11-01&value_min=5&value_max=1")

    assert state.filters == {}
    assert len(state.problems) == 2


def test_unknown_choices_are_left_out_and_known_ones_kept():
    state = asked("status=open&status=hacked&owner=somebody")

    assert state.filters == {"status": ("open",)}
    assert len(state.problems) == 2


def test_text_is_capped_and_null_bytes_are_dropped():
    params = QueryDict(mutable=True)
    params["q"] = "\x00" + "a" * 500

    state = Asked(SPEC, params, ACTOR).state()

    assert state.search == "a" * 100
    assert state.problems == ("The search was cut after 100 characters.",)


def test_thousands_of_values_are_not_read():
    state = asked("&".join(["status=open"] * 5000))

    assert state.filters == {"status": ("open",)}


def test_an_always_column_stays_and_unknown_columns_are_ignored():
    state = asked("cols=note&cols=password")

    assert [column.name for column in state.columns] == ["number", "note"]


@pytest.mark.parametrize("rows", ["0", "-1", "7", "1000000", "1e9", ""])
def test_only_the_offered_page_sizes_count(rows):
    assert asked(f"rows={rows}").page.limit == 25


def test_a_cursor_of_this_order_is_followed():
    page = asked("sort=amount").page
    cursor = encode(page, Position(12, "0192", first=26))

    assert asked(f"sort=amount&after={cursor}").page.position == Position(12, "0192", False, 26)


@pytest.mark.parametrize("change", ["sort=-amount", "sort=customer", "sort=amount&after=forged", "sort=amount&after=%00"])
def test_a_foreign_or_forged_cursor_shows_the_first_page(change):
    cursor = encode(asked("sort=amount").page, Position(12, "0192"))
    query = change if "after" in change else f"{change}&after={cursor}"

    state = asked(query)

    assert state.page.position is None
    assert state.problems == ("That page link belongs to another order of this list. You see the first page.",)


@pytest.mark.parametrize(("query", "wanted"), [("export=csv", "csv"), ("export=xlsx", "xlsx"), ("export=exe", "")])
def test_only_known_export_formats_are_taken(query, wanted):
    assert asked(query).export == wanted


class Views:
    def __init__(self, *views: SavedView):
        self.kept = views

    def views(self, actor, key):
        return self.kept if key == SPEC.key else ()


def test_an_address_without_a_query_opens_the_default_view(monkeypatch):
    kept = Views(SavedView(id="1", name="Won", query="status=won&sort=amount", is_default=True), SavedView(id="2", name="Open", query="status=open"))
    monkeypatch.setattr("openprm.ui.asking.saved_views", lambda: kept)

    assert asked("").filters == {"status": ("won",)}
    assert asked("").page.sort == "amount"
    assert asked("view=all").filters == {}
    assert asked("status=open").filters == {"status": ("open",)}


def test_a_filter_may_not_take_a_reserved_name():
    with pytest.raises(AssertionError, match="sort"):
        ListSpec(key="x", columns=(), filters=(Filter("sort", "Sort"),), default_sort="a")
