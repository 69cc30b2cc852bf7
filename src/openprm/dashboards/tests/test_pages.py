"""The three dashboards as people open them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from openprm.accounts.testing import make_account
from openprm.attribution import services as attribution
from openprm.attribution.testing import make_run, make_touch, make_win
from openprm.dashboards import queries
from openprm.dashboards.rules.asking import Ask
from openprm.dashboards.tests.world import make_deal
from openprm.deals.testing import make_catalogue
from openprm.kernel.scope import scope, system_scope
from openprm.kpis import services as kpis
from openprm.partners.models import Partner

pytestmark = pytest.mark.django_db
DAY = {"as_of": "2026-12-31", "period": "year"}
ASK = Ask(as_of=date(2026, 12, 31), period="year")


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def in_euros(minor: int) -> dict[str, object]:
    return {"base_amount_minor": minor, "base_currency": "EUR"}


def make_three(cast) -> None:
    """Kallio brought one deal of 50,000 and helped with one of 30,000; one of 20,000 had no partner; Sintra brought one of 7,000."""
    catalogue = make_catalogue()
    make_deal(cast, catalogue, cast.partner_id, "Ostrava Steelworks", 50_000_00, at=noon(3, 2), won=noon(5, 20))
    make_deal(cast, catalogue, cast.other_partner_id, "Gdansk Yard", 7_000_00, at=noon(4, 2), won=noon(6, 20))
    helped = make_account(name="Tampere Tools")
    make_win(helped, closed_on=date(2026, 10, 12), opened_on=date(2026, 8, 1), minor=30_000_00, **in_euros(30_000_00))
    make_win(make_account(name="Vega"), closed_on=date(2026, 10, 20), opened_on=date(2026, 8, 1), minor=20_000_00, **in_euros(20_000_00))
    make_touch(cast.partner_id, helped, kind="demo", occurred_at=noon(9, 1), at=noon(9, 2))
    with system_scope():
        attribution.collect(at=noon(11, 23))
    for month in (5, 6, 10):
        make_run(date(2026, month, 1), at=noon(11, 23))


def values(board) -> dict[str, Decimal | None]:
    return {tile.figure.name: tile.figure.value for tile in board.tiles}


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.content
    return " ".join(answer.content.decode().split())


def test_the_three_kinds_add_up_to_everything_that_was_won(cast):
    make_three(cast)
    with scope(cast.vendor_admin) as actor:
        board = queries.board(actor, "executive", ASK, noon(11, 23))

    told = values(board)
    assert [told[name] for name in ("sourced_revenue", "influenced_revenue", "unattributed_revenue")] == [57_000_00, 30_000_00, 20_000_00]
    assert told["total_revenue"] == 107_000_00
    assert board.adds_up is True

    page = text_of(cast.client("vendor_reader").get("/app/dashboards/executive/", DAY))
    assert "€57,000 + €30,000 + €20,000 = €107,000" in page
    assert "Adds up" in page


def test_the_months_of_the_chart_are_the_numbers_on_the_tiles(cast):
    make_three(cast)
    with scope(cast.vendor_admin) as actor:
        board = queries.board(actor, "executive", ASK, noon(11, 23))

    chart = next(one for one in board.charts if one.key == "revenue")
    by_month = {series.kpi: dict(zip(chart.categories, series.values, strict=True)) for series in chart.series}
    assert by_month["sourced_revenue"]["2026-05-01"] == 50_000_00
    assert by_month["influenced_revenue"]["2026-10-01"] == 30_000_00
    assert {name: sum(months.values()) for name, months in by_month.items()} == {name: values(board)[name] for name in by_month}
    assert len(chart.categories) == 12
    largest = next(one for one in board.charts if one.key == "concentration")
    assert dict(zip(largest.categories, largest.series[0].values, strict=True))["Kallio Digital"] == 80_000_00


def test_every_tile_is_the_number_of_the_api_and_the_sum_of_its_rows(cast):
    make_three(cast)
    client = cast.client("vendor_admin")
    told = client.get("/api/v1/dashboards/executive", DAY).json()

    assert told["adds_up"] is True
    tiles = {one["name"]: one["value"] for one in told["tiles"]}
    kpis = client.get("/api/v1/kpis/values", {**DAY, "compare": "previous", "names": ",".join(tiles)}).json()
    assert {one["name"]: one["value"] for one in kpis} == tiles
    for name in ("sourced_revenue", "influenced_revenue", "unattributed_revenue", "total_revenue"):
        rows = client.get(f"/api/v1/kpis/{name}/rows", DAY).json()["rows"]
        assert sum(row["net_minor"] for row in rows) == Decimal(tiles[name])


def test_every_tile_opens_its_rows_for_the_same_day_period_and_segment(cast):
    make_three(cast)
    page = text_of(cast.client("vendor_reader").get("/app/dashboards/executive/", {**DAY, "motion": "transact"}))

    assert "/app/kpis/sourced_revenue/?as_of=2026-12-31&amp;period=year&amp;compare=previous&amp;motion=transact" in page
    detail = text_of(cast.client("vendor_reader").get("/app/kpis/sourced_revenue/", DAY))
    assert "Ostrava Steelworks" in detail
    assert "Gdansk Yard" in detail


def test_a_partner_sees_its_own_rows_and_nobody_elses(cast):
    make_three(cast)
    with scope(cast.partner_rep) as actor:
        ours = queries.board(actor, "partner", ASK, noon(11, 23))
    with scope(cast.other_partner_rep) as actor:
        theirs = queries.board(actor, "partner", ASK, noon(11, 23))

    assert values(ours)["sourced_revenue"] == 50_000_00
    assert values(theirs)["sourced_revenue"] == 7_000_00
    assert ours.adds_up is True
    page = text_of(cast.client("partner_rep").get("/portal/dashboard/", DAY))
    assert "Gdansk" not in page
    assert "€7,000" not in page
    assert "Credited to you" in page
    assert cast.client("partner_rep").get("/app/dashboards/executive/").status_code == 404
    assert cast.client("partner_admin").get("/api/v1/dashboards/executive").status_code == 404


def test_the_past_is_seen_as_it_was(cast):
    make_three(cast)
    with scope(cast.vendor_admin) as actor:
        board = queries.board(actor, "executive", Ask(as_of=date(2026, 5, 31), period="year"), noon(11, 23))

    assert values(board)["sourced_revenue"] == 50_000_00
    assert values(board)["total_revenue"] == 50_000_00


def test_a_manager_sees_how_each_of_its_partners_stands(cast):
    make_three(cast)
    with scope(cast.partner_manager) as actor:
        mine = queries.board(actor, "manager", ASK, noon(11, 23))
        beside = queries.portfolio(actor, mine, noon(11, 23))
    with scope(cast.finance_manager) as actor:
        nobody = queries.portfolio(actor, queries.board(actor, "manager", ASK, noon(11, 23)), noon(11, 23))

    assert values(mine)["sourced_revenue"] == 57_000_00
    assert {row.name: row.revenue.minor for row in beside.partners} == {"Kallio Digital": 80_000_00, "Sintra Systems": 7_000_00}
    assert nobody.partners == ()
    page = text_of(cast.client("partner_manager").get("/app/dashboards/manager/", DAY))
    assert "How each partner stands" in page
    assert "What needs you" in page
    assert "Where the models disagree" in page
    assert "No partner is yours" in text_of(cast.client("finance_manager").get("/app/dashboards/manager/", DAY))


FILTERS = (
    ({"motion": "transact"}, 57_000_00), ({"motion": "influence"}, 0), ({"tier": "gold"}, 50_000_00), ({"tier": "silver"}, 7_000_00),
    ({"type": "reseller"}, 57_000_00), ({"type": "msp"}, 0), ({"region": "Nordics"}, 50_000_00), ({"period": "month", "as_of": "2026-05-31"}, 50_000_00),
    ({"period": "quarter", "as_of": "2026-06-30"}, 57_000_00), ({"period": "12m", "as_of": "2026-05-31"}, 50_000_00), ({"period": "all"}, 57_000_00),
)  # fmt: skip


def test_each_filter_narrows_and_the_kinds_still_add_up(cast):
    make_three(cast)
    with system_scope():
        Partner.objects.filter(pk=cast.partner_id).update(region="Nordics")
    program = {"program": str(cast.program.pk)}
    client = cast.client("vendor_admin")

    for words, sourced in (*FILTERS, (program, 57_000_00)):
        told = client.get("/api/v1/dashboards/manager", {**DAY, "compare": "none", "whose": "all", **words}).json()
        found = next(one["value"] for one in told["tiles"] if one["name"] == "sourced_revenue")
        assert (words, Decimal(found)) == (words, sourced)
        assert told["adds_up"] is True, words


def test_segments_stand_side_by_side(cast):
    make_three(cast)
    told = cast.client("vendor_admin").get("/api/v1/dashboards/executive", {**DAY, "beside": "tier"}).json()

    by_tier = {one["label"]: Decimal(one["values"]["sourced_revenue"]) for one in told["beside"]}
    assert by_tier == {"Gold": 50_000_00, "Silver": 7_000_00}
    assert "Side by side" in text_of(cast.client("vendor_admin").get("/app/dashboards/executive/", {**DAY, "beside": "tier"}))


def test_what_cannot_be_read_is_answered_with_a_sentence(cast):
    asked = {"as_of": "someday", "period": "week", "compare": "x", "motion": "<b>", "beside": "shoe"}
    page = text_of(cast.client("vendor_reader").get("/app/dashboards/executive/", asked))

    assert "“someday” is no day between 1990 and 2199." in page
    assert "“week” is no period that is known here." in page
    assert "“x” is nothing to compare with." in page
    assert "No partners are known under “&lt;b&gt;”." in page
    assert "Partners are not put side by side by “shoe”." in page
    assert cast.client("vendor_admin").get("/api/v1/dashboards/executive", asked).status_code == 422
    assert "is neither “mine” nor “all”" in text_of(cast.client("vendor_reader").get("/app/dashboards/manager/", {"whose": "yours"}))


def test_an_empty_program_says_so(cast):
    page = text_of(cast.client("vendor_reader").get("/app/dashboards/executive/"))

    assert "Nothing was won in this period." in page
    assert "No deal is open." in page
    assert "€0 + €0 + €0 = €0" in page


def test_the_board_leads_to_its_pack_and_says_its_targets_and_of_when_its_rows_are(cast, at):
    with scope(cast.finance_manager) as actor:
        kpis.set_target(actor=actor, kpi="total_revenue", period="year", starts_on=date(2026, 1, 1), value=Decimal(120_000_00), at=at)
    year = text_of(cast.client("vendor_admin").get("/app/dashboards/executive/", {**DAY, "as_of": "2026-06-30"}))
    twelve = text_of(cast.client("vendor_admin").get("/app/dashboards/executive/", {"as_of": "2026-06-30", "period": "12m"}))

    assert "/app/kpis/packs/?as_of=2026-06-30&amp;period=year&amp;compare=previous" in year
    assert "Rows as of" in year
    assert ("Target €120k" in year, "Target €120k" in twelve) == (True, False)  # twelve months to June are not the year that the target is of
    own = text_of(cast.client("partner_admin").get("/portal/dashboard/"))
    assert "Your scorecard" in own
    assert "Board pack" not in own
