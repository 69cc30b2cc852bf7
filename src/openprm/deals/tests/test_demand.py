"""What deals tell recruitment: open pipeline by market and industry, and what partners have shown."""

import csv
import io

import pytest
from click.testing import CliRunner

from openprm.accounts.testing import make_account
from openprm.deals import demand
from openprm.deals.testing import make_catalogue, make_opportunity
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.recruitment import queries, services
from openprm.recruitment.commands import score_partners
from openprm.recruitment.testing import make_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def pipeline(cast):
    """Two open deals in Finland, one in Brazil, one lost."""
    catalogue = make_catalogue()
    finnish = make_account(name="Ostrava Steelworks", country="FI", industry="Metals")
    brazilian = make_account(name="Brightwater", country="BR", industry="Energy")
    booked = {"base_currency": "EUR", "status": "open"}
    make_opportunity(name="One", account_id=finnish, product_line=catalogue.edge, base_amount_minor=100_00, **booked)
    make_opportunity(name="Two", account_id=finnish, product_line=catalogue.edge, base_amount_minor=50_00, **booked)
    make_opportunity(name="Three", account_id=brazilian, product_line=catalogue.mes, amount_minor=30_00, currency="EUR")
    make_opportunity(name="Lost", account_id=finnish, product_line=catalogue.mes, base_amount_minor=900_00, base_currency="EUR", status="lost")
    return catalogue


def test_open_deals_are_demand_in_the_market_of_their_customer(cast, pipeline, at):
    with system_scope():
        report = demand.OpenPipeline().read(at)

    assert sorted((row.title, row.capability, row.region, row.industry, row.amount_minor) for row in report.rows) == [
        ("One", "Edge", "Nordics", "Metals", 100_00),
        ("Three", "MES", "World", "Energy", 30_00),
        ("Two", "Edge", "Nordics", "Metals", 50_00),
    ]


def test_a_partner_that_can_do_it_closes_the_gap(cast, pipeline, at):
    with scope(cast.vendor_reader):
        before = queries.whitespace(cast.vendor_reader, at=at)
    with system_scope():
        services.remember_company(
            actor=SYSTEM, name="Kallio Digital", domain="", facts={"country": "FI", "skills": ["edge"]}, partner_id=cast.partner_id, at=at
        )  # fmt: skip

    with scope(cast.vendor_reader):
        after = queries.whitespace(cast.vendor_reader, at=at)
        cell = queries.whitespace_cell(cast.vendor_reader, capability="Edge", region="Nordics", at=at)

    assert [(gap.capability, gap.region, gap.at_risk.minor) for gap in before.gaps] == [("Edge", "Nordics", 150_00), ("MES", "World", 30_00)]
    assert [gap.capability for gap in after.gaps] == ["MES"]
    assert ([row.title for row, _amount in cell.deals], [one.name for one in cell.partners], cell.at_risk.minor) == (["One", "Two"], ["Kallio Digital"], 0)


def test_a_won_deal_shows_what_a_partner_can_do(cast, pipeline, at):
    make_opportunity(name="Won", partner=cast.partner, product_line=pipeline.mes, base_amount_minor=70_00, base_currency="EUR", status="won", closed_at=at)

    with system_scope():
        assert [(one.partner_id, one.capability, one.why) for one in demand.shown_capabilities(at)] == [(cast.partner_id, "MES", "won 1 deal")]
        assert demand.results(at) == {cast.partner_id: 70_00}


def test_the_pages_of_the_map_show_the_rows_behind_a_square(cast, pipeline):
    client = cast.client("vendor_reader")

    body = client.get("/app/recruitment/whitespace/").content.decode()
    rows = client.get("/app/recruitment/whitespace/cell/?capability=Edge&region=Nordics").content.decode()

    assert "capability=Edge&amp;region=Nordics" in body
    assert "Ostrava Steelworks" in rows
    assert client.get("/app/recruitment/whitespace/cell/?capability=Edge&region=Mars").status_code == 404


def test_a_partner_gets_no_map(cast, pipeline, at):
    with scope(cast.partner_rep), pytest.raises(NotFound):
        queries.whitespace(cast.partner_rep, at=at)


def test_the_command_scores_everybody(cast, pipeline):
    make_profile(cast.program.pk, criteria=({"fact": "type", "operator": "is", "value": "reseller", "weight": 1},))

    answer = CliRunner().invoke(score_partners, ["--program", cast.program.code])

    assert [(row["name"], row["kind"], row["points"]) for row in csv.DictReader(io.StringIO(answer.stdout))] == [
        ("Kallio Digital", "partner", "100"),
        ("Sintra Systems", "partner", "100"),
    ]


def test_the_command_says_when_no_profile_is_in_force(cast):
    answer = CliRunner().invoke(score_partners, ["--program", "nothing"])

    assert (answer.exit_code, answer.stdout) == (2, "")
