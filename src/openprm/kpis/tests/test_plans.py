"""Targets and costs as people set them, and as files bring them; what would be lost with one partner; kept numbers of a part."""

import re
from datetime import date
from decimal import Decimal

import pytest

from openprm.audit import queries as audit
from openprm.deals.testing import make_catalogue
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.kpis import queries, services
from openprm.kpis.models import Cost, Snapshot, Target
from openprm.kpis.tests.showcase import make_partners, make_sale
from openprm.kpis.transfer import CostImporter, TargetImporter

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def cost_id(cast, at):
    with scope(cast.finance_manager) as actor:
        return services.enter_cost(actor=actor, month=NOVEMBER, kind="team", amount_minor=500_00, note="Six people", at=at)


def test_a_cost_is_corrected_and_the_log_keeps_what_stood_before(cast, at, cost_id):
    wanted = {"cost_id": cost_id, "month": NOVEMBER, "kind": "tools", "amount_minor": 700_00, "note": "Licences"}
    with scope(cast.finance_manager) as actor:
        assert services.correct_cost(actor=actor, **wanted, version=1, at=at) == 2
        assert services.correct_cost(actor=actor, **wanted, at=at) == 2
        with pytest.raises(Stale):
            services.correct_cost(actor=actor, **{**wanted, "amount_minor": 1}, version=1, at=at)
        with pytest.raises(Invalid):
            services.correct_cost(actor=actor, **{**wanted, "amount_minor": 0}, at=at)
        found = queries.cost(actor, cost_id)
        events = audit.timeline(actor, cost_id)

    assert (found.kind, found.amount_minor, found.version) == ("tools", 700_00, 2)
    assert [entry.verb for entry in events] == ["kpis.cost_corrected", "kpis.cost_entered"]


@pytest.mark.parametrize("reason", ["", "  ", "no", "x" * 301])
def test_a_cost_goes_only_with_a_reason(cast, at, cost_id, reason):
    with scope(cast.finance_manager) as actor, pytest.raises(Invalid):
        services.remove_cost(actor=actor, cost_id=cost_id, reason=reason, at=at)
    with scope(cast.vendor_reader) as actor, pytest.raises(NotAllowed):
        services.remove_cost(actor=actor, cost_id=cost_id, reason="Entered twice", at=at)
    with system_scope():
        assert Cost.objects.count() == 1


def test_the_pages_of_costs_take_and_correct_and_remove_them(cast, at):
    client = cast.client("finance_manager")
    entered = {"kind": "team", "month": "2026-10", "amount": "1,250.50", "currency": "EUR", "partner": "", "note": "<b>"}
    refused = client.post("/app/kpis/costs/new/", {**entered, "amount": "a lot"})
    client.post("/app/kpis/costs/new/", entered)
    with system_scope():
        row = Cost.objects.get()
    detail = client.get(f"/app/kpis/costs/{row.pk}/").content.decode()
    stale = client.post(f"/app/kpis/costs/{row.pk}/correct/", {**entered, "amount": "2", "version": "9"})
    client.post(f"/app/kpis/costs/{row.pk}/correct/", {**entered, "amount": "2", "version": "1"})
    with system_scope():
        corrected = Cost.objects.get().amount_minor
    without = client.post(f"/app/kpis/costs/{row.pk}/remove/", {"reason": ""})
    gone = client.post(f"/app/kpis/costs/{row.pk}/remove/", {"reason": "Entered twice", "version": "2"})

    assert (refused.status_code, row.amount_minor, row.month) == (422, 1250_50, date(2026, 10, 1))
    assert "&lt;b&gt;" in detail
    assert "<b>." not in detail
    assert (stale.status_code, corrected, without.status_code, gone.status_code) == (422, 200, 422, 303)
    with system_scope():
        assert Cost.objects.count() == 0


def test_the_pages_of_targets_set_change_and_remove_them(cast, at):
    client = cast.client("finance_manager")
    wanted = {"kpi": "total_revenue", "period": "year", "starts_on": "2026-01-01", "value": "1,250,000.50"}
    assert client.post("/app/kpis/targets/new/", {**wanted, "starts_on": "2026-02-01"}).status_code == 422
    assert client.post("/app/kpis/targets/new/", {**wanted, "value": "NaN"}).status_code == 422
    client.post("/app/kpis/targets/new/", wanted)
    with system_scope():
        row = Target.objects.get()
    assert (row.value, row.version) == (125_000_050, 1)
    assert client.post(f"/app/kpis/targets/{row.pk}/change/", {"value": "1300000", "version": "7"}).status_code == 422
    client.post(f"/app/kpis/targets/{row.pk}/change/", {"value": "1300000", "version": "1"})
    page = " ".join(client.get(f"/app/kpis/targets/{row.pk}/").content.decode().split())
    assert "€1,300,000" in page
    assert page.count("set a target") == 2
    assert client.post(f"/app/kpis/targets/{row.pk}/remove/", {"reason": "A new plan", "version": "2"}).status_code == 303
    with system_scope():
        assert Target.objects.count() == 0


def test_a_number_stands_beside_its_target_on_its_page(cast, at):
    with scope(cast.finance_manager) as actor:
        services.set_target(actor=actor, kpi="active_partners", period="year", starts_on=date(2026, 1, 1), value=Decimal(4), at=at)
    page = " ".join(cast.client("vendor_reader").get("/app/kpis/active_partners/", {"as_of": "2026-12-31", "period": "year"}).content.decode().split())

    assert "0 % reached" in page
    assert "by 31 Dec 2026" in page


def test_what_goes_with_a_partner_is_shown_on_a_page(cast, at):
    with system_scope():
        first, second = make_partners(cast)[:2]
        make_sale("Vega", first, 30_000_00, at)
        make_sale("Orion", second, 10_000_00, at)
    client = cast.client("vendor_reader")
    page = " ".join(client.get("/app/kpis/without/", {"as_of": "2026-12-31"}).content.decode().split())
    other = " ".join(client.get("/app/kpis/without/", {"as_of": "2026-12-31", "without": str(second.pk)}).content.decode().split())

    assert f"Without {first.name}" in page
    assert re.search(r"€40,000</td><td class=\"num\">€10,000</td><td class=\"num\">€30,000</td><td class=\"num\">75.0%", page)
    assert "6,250" in page  # 75^2 + 25^2
    assert "Nordics" in page
    assert re.search(r"€30,000</td><td class=\"num\">€10,000</td><td class=\"num\">25.0%", other)
    assert client.get("/app/kpis/without/", {"without": "'; drop table"}).status_code == 200


def test_numbers_are_kept_of_each_program_and_tier(cast, at):
    with system_scope():
        partner = make_partners(cast)[0]
        make_sale("Vega", partner, 30_000_00, at)
        made = services.keep(as_of=date(2026, 11, 30), names=("sourced_revenue", "registration_acceptance"))
        kept = {(row.segment, row.period): row.value for row in Snapshot.objects.filter(kpi="sourced_revenue")}
    program, tier = f"program={cast.program.pk}", f"program={cast.program.pk},tier={cast.tier.code}"
    with scope(cast.vendor_reader) as actor:
        history = queries.history(actor, "sourced_revenue", segment=tier)

    assert [kept[key, "month"] for key in ("", program, tier)] == [30_000_00] * 3
    assert [(one.as_of, one.value) for one in history] == [(date(2026, 11, 30), 30_000_00)]
    assert made == len(kept) + 2  # acceptance is not of the executive page: for all partners alone
    over_api = cast.client("vendor_reader").get("/api/v1/kpis/sourced_revenue/history", {"program_id": str(cast.program.pk), "tier": cast.tier.code})
    assert [Decimal(str(one["value"])) for one in over_api.json()] == [30_000_00]


def test_costs_come_from_a_file_once_and_are_corrected_by_it(cast, at):
    importer, row = CostImporter(), {"external_id": "B-1", "month": date(2026, 10, 17), "kind": "team", "amount_minor": 500_00, "currency": "EUR"}
    with scope(cast.finance_manager) as actor:
        assert importer.find(actor=actor, rows=[row], source="erp") == [None]
        made = importer.create(actor=actor, rows=[row], source="erp", at=at)
        assert importer.find(actor=actor, rows=[row, {}], source="erp") == [made[0], None]
        assert importer.current(actor=actor, ids=made)[made[0]]["month"] == importer.normal(row)["month"] == date(2026, 10, 1)
        with pytest.raises(Conflict):
            importer.create(actor=actor, rows=[row], source="erp", at=at)
        before = importer.current(actor=actor, ids=made)[made[0]]
        importer.update(actor=actor, changes=[_Change(made[0], before, {"amount_minor": 600_00})], at=at)
        assert [one.amount_minor for one in queries.costs(actor)] == [600_00]
        importer.remove(actor=actor, ids=made, at=at)
        assert queries.costs(actor) == ()


class _Change:
    def __init__(self, id, before, after):
        self.id, self.before, self.after = id, before, after


def test_targets_come_from_a_file_in_whole_units(cast, at):
    importer = TargetImporter()
    rows = [
        {"kpi": "total_revenue", "period": "year", "starts_on": date(2026, 1, 1), "value": Decimal("1250000.5")},
        {"kpi": "channel_share", "period": "quarter", "starts_on": date(2026, 10, 1), "value": Decimal(40)},
    ]
    with scope(cast.finance_manager) as actor:
        made = importer.create(actor=actor, rows=rows, source="plan", at=at)
        stored = {one.kpi: one.value for one in queries.targets(actor)}
        assert importer.current(actor=actor, ids=made)[made[0]]["value"] == Decimal("1250000.5")
        problems = importer.check(actor=actor, rows=[{"kpi": "lunch", "period": "year", "starts_on": date(2026, 2, 1)}, rows[1]], found=[None, None])

    assert stored == {"total_revenue": 125_000_050, "channel_share": 40}
    assert [[one.field for one in row] for row in problems] == [["kpi", "starts_on"], []]


@pytest.mark.parametrize("row", [{"amount_minor": 0}, {"amount_minor": -5}, {"month": date(1200, 1, 1)}])
def test_an_odd_cost_of_a_file_is_named(cast, row):
    with scope(cast.finance_manager) as actor:
        (found,) = CostImporter().check(actor=actor, rows=[row], found=[None])

    assert [one.field for one in found] == list(row)


def test_a_cost_in_another_currency_counts_at_the_rate_of_its_month(cast, at):
    make_catalogue()
    with scope(cast.finance_manager) as actor:
        services.enter_cost(actor=actor, month=NOVEMBER, kind="team", amount_minor=1_000_00, currency="SEK", at=at)
        assert queries.figure(actor, "ropi", queries.Asked(as_of=date(2026, 12, 31))).parts["entered_costs"] == 91_50
