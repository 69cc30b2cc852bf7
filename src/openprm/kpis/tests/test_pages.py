"""The numbers as people read them."""

from decimal import Decimal

import pytest

from openprm.deals.testing import make_opportunity
from openprm.kpis.pages import shown
from openprm.kpis.queries import RowsView
from openprm.ui.format import Viewer

pytestmark = pytest.mark.django_db
YEAR = {"as_of": "2026-12-31", "period": "12m"}


def text_of(answer):
    assert answer.status_code == 200, answer.content
    return " ".join(answer.content.decode().split())


def test_the_numbers_of_a_group_open_their_rows_and_say_what_is_missing(cast, at):
    make_opportunity(name="Direct talks with Vega", status="won", closed_at=at, base_amount_minor=10_000_00, base_currency="EUR")
    overview = text_of(cast.client("vendor_reader").get("/app/kpis/", YEAR))
    experience = text_of(cast.client("vendor_reader").get("/app/kpis/", {**YEAR, "group": "experience"}))
    detail = text_of(cast.client("vendor_reader").get("/app/kpis/total_revenue/", YEAR))

    assert "€10k" in overview
    assert "/app/kpis/total_revenue/?as_of=2026-12-31" in overview
    assert "Not measured yet" not in overview
    assert "Not measured yet" in experience
    assert "Answers of 4 or 5 of 5 / all answers." in experience
    assert "Direct talks with Vega" in detail
    assert "€10,000" in detail
    assert "Sum of the deals won in the period" in detail


def test_a_number_that_is_not_there_is_a_dash_with_its_reason(cast):
    page = text_of(cast.client("vendor_reader").get("/app/kpis/ropi/", YEAR))

    assert "There is nothing to divide by in this period." in page


def test_a_number_nobody_measures_says_so_on_its_page(cast):
    assert "not measured: answers of partners to surveys" in text_of(cast.client("vendor_reader").get("/app/kpis/psat/"))


def test_the_rows_are_a_file(cast, at):
    make_opportunity(name="=cmd()", status="won", closed_at=at, base_amount_minor=10_000_00, base_currency="EUR")
    as_csv = cast.client("vendor_reader").get("/app/kpis/total_revenue/", {**YEAR, "export": "csv"})
    as_xlsx = cast.client("vendor_reader").get("/app/kpis/total_revenue/", {**YEAR, "export": "xlsx"})

    assert "'=cmd()" in as_csv.content.decode()
    assert as_xlsx.content[:2] == b"PK"


def test_a_partner_reads_its_own_numbers_and_none_of_the_program(cast):
    client = cast.client("partner_rep")

    assert "Sourced revenue" in text_of(client.get("/portal/kpis/", YEAR))
    assert client.get("/portal/kpis/ropi/").status_code == 404
    assert client.get("/portal/kpis/no-such-number/").status_code == 404


@pytest.mark.parametrize("asked", [{"as_of": "tomorrow"}, {"as_of": "1200-01-01"}, {"period": "week", "compare": "?", "group": "x"}])
def test_an_odd_address_still_gives_a_page(cast, asked):
    assert cast.client("vendor_reader").get("/app/kpis/", asked).status_code == 200


def test_cells_are_written_for_people():
    row = {"id": "x", "net_minor": 100_00, "won": True, "days": 2.25, "left_at": None}
    found = RowsView(kind="deal", columns=tuple(row), rows=(row,), more=False)

    assert shown.cells(found, "EUR", Viewer(at=None)) == ((("€100", True), ("yes", False), ("2.2", True), ("—", False)),)
    assert shown.value(Decimal("12.500000"), "percent", "EUR", Viewer(at=None)) == "12.5"
    assert shown.value(None, "money", "EUR", Viewer(at=None)) == "—"
