"""Each KPI on a handful of rows, computed by hand; nothing is nothing, and zero is zero."""

from datetime import date
from decimal import Decimal

import pytest

from openprm.kpis.definitions.facts import OUTCOMES, PARTS, UNRUN, Segment
from openprm.kpis.definitions.measuring import measure, rows_of
from openprm.kpis.definitions.registry import ALL, BY_NAME, missing
from openprm.kpis.rules.outcomes import Why
from openprm.kpis.rules.windows import Window
from openprm.kpis.testing import day, make_facts

MEASURED = [kpi.name for kpi in ALL if kpi.expression is not None]
D = Decimal


def value(name, rows=None, **asked):
    return measure(BY_NAME[name], make_facts(rows, **asked))


def under(name, rows, **asked):
    return rows_of(BY_NAME[name], make_facts(rows, **asked), 100)


def registration(id, *, partner="p1", status="closed_won", net=1000, sent="02-01", approved="02-03", closed="05-01", **more):
    return {
        "id": id, "number": f"DR-{id}", "partner_id": partner, "account_id": f"account of {id}", "customer": "Vega", "status": status, "deal_type": "new",
        "verdict": "none", "submitted_at": day(sent), "decided_at": approved and day(approved), "approved_at": approved and day(approved),
        "closed_at": closed and day(closed), "net_minor": net, "currency": "EUR", **more,
    }  # fmt: skip


def deal(id, *, net=1000, won=True, source=None, owner=None, opened="02-01", closed="05-01", **more):
    """A decided deal as a run says it: sourced by `source`, influenced by `owner`, or with nobody."""
    outcome = "sourced" if source else "influenced" if owner else "unattributed"
    return {
        "deal_id": id, "deal_kind": "registration", "number": f"DR-{id}", "customer": "Vega", "account_id": f"account of {id}", "deal_type": "new",
        "partner_id": source or owner, "source_id": source, "opened_at": day(opened), "closed_at": day(closed), "is_won": won, "outcome": outcome,
        "base_amount_minor": net, "currency": "EUR", "in_run": True, "is_locked": False, **more,
    }  # fmt: skip


def part(deal_id, partner_id, *, credit=0, counts=True, late=False):
    return {"deal_id": deal_id, "partner_id": partner_id, "introduced": False, "counts": counts, "late": late, "credit_minor": credit}


def unrun(id, *, parts=(), **more):
    """A decided deal that no run holds yet: a row for each of its (partner, credit), or one without."""
    found = {**deal(id, **more), "in_run": False}
    rows = [{"part_id": partner, "counts": True, "late": False, "credit_minor": credit} for partner, credit in parts] or [{}]
    return [{**found, **row, "is_first": place == 0} for place, row in enumerate(rows)]


def partner(id, *, joined="2025-01-01", left=None, **more):
    return {
        "id": id,
        "name": id.upper(),
        "type": "reseller",
        "motion": "transact",
        "status": "active",
        "joined_at": day(joined),
        "left_at": left and day(left),
        **more,
    }


DEALS = "deals.registrations"
WON = {
    OUTCOMES: [
        deal("a", source="p1"), deal("b", owner="p2", net=2000, deal_type="renewal"), deal("c", owner="p1", net=4000),
        deal("d", source="p1", net=9999, opened="2025-02-01", closed="2025-12-31"), deal("e", source="p1", net=7777, won=False),
        deal("x", net=500, opened="03-01", closed="06-01"), deal("y", source="p3", net=800, opened="03-01", closed="06-01", number="", customer="Lumen"),
        deal("w", net=64, won=False, closed="06-01"),
    ],
    PARTS: [
        part("a", "p1", credit=700), part("a", "p5", credit=300), part("b", "p2", credit=2000), part("c", "p1", credit=3000), part("c", "p5", credit=1000),
        part("d", "p1", credit=9999), part("e", "p1"), part("x", "p5", counts=False, late=True), part("y", "p3", credit=500), part("y", "p5", credit=300),
    ],
    "partners.partners": [],
}  # fmt: skip
THREE = ("sourced_revenue", "influenced_revenue", "unattributed_revenue")


def everybody():
    return {**WON, "partners.partners": [partner(f"p{n}", region="DACH" if n < 3 else "Nordics") for n in range(1, 7)]}


def test_what_was_sourced_and_influenced_and_the_rest_are_everything_that_was_won():
    numbers = {name: value(name, WON).value for name in ("total_revenue", *THREE, "partner_engaged_revenue")}

    # d was won the year before, e and w were lost.
    assert numbers == {
        "total_revenue": 8300, "sourced_revenue": 1800, "influenced_revenue": 6000, "unattributed_revenue": 500, "partner_engaged_revenue": 7800,
    }  # fmt: skip
    assert [row["reference"] for row in under("sourced_revenue", WON)] == ["Lumen", "DR-a"]


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (Segment(), (1800, 6000, 500)), (Segment(partner="p1"), (1000, 4000, 3300)), (Segment(partner="p5"), (0, 5800, 2500)),
        (Segment(partner="p6"), (0, 0, 8300)), (Segment(region="DACH"), (1000, 6000, 1300)), (Segment(region="Nordics"), (800, 5000, 2500)),
        (Segment(region="nowhere"), (0, 0, 8300)),
    ],
)  # fmt: skip
def test_the_three_add_up_for_every_part_of_the_partners(segment, expected):
    rows = everybody()

    assert tuple(value(name, rows, segment=segment).value for name in THREE) == expected
    assert value("total_revenue", rows, segment=segment).value == sum(expected) == 8300
    assert value("partner_engaged_revenue", rows, segment=segment).value == expected[0] + expected[1]


@pytest.mark.parametrize("month", range(1, 13))
def test_the_three_add_up_in_every_month(month):
    window = Window(date(2026, month, 1), date(2026, month, 28))

    assert sum(value(name, WON, window=window).value for name in THREE) == value("total_revenue", WON, window=window).value


def test_a_deal_in_no_run_counts_by_the_same_rule_and_the_number_says_so():
    rows = {**everybody(), UNRUN: [*unrun("u", source="p1", net=70, parts=[("p1", 40), ("p5", 30)]), *unrun("v", net=7)]}
    found = {name: value(name, rows) for name in ("total_revenue", *THREE)}

    assert [one.value for one in found.values()] == [8377, 1870, 6000, 507]
    assert [one.notes for one in found.values()] == [("in_no_run",), ("in_no_run",), (), ("in_no_run",)]
    assert (found["total_revenue"].parts["in_no_run"], value("total_revenue", WON).notes) == (2, ())
    assert value("influenced_revenue", rows, segment=Segment(partner="p5")).value == 5870
    assert value("influenced_revenue", rows, segment=Segment(partner="p5")).parts["credited"] == 1630


def test_influence_is_told_in_full_and_as_credited_and_late_claims_are_counted_apart():
    found = value("influenced_revenue", everybody())
    of_one = value("influenced_revenue", everybody(), segment=Segment(partner="p5"))

    assert (found.value, found.n, found.parts["credited"], found.parts["late_claims"]) == (6000, 2, 6000, 1)
    assert (of_one.value, of_one.n, of_one.parts["credited"], of_one.parts["late_claims"]) == (5800, 3, 1600, 1)


def test_a_number_stands_on_the_rows_below_it():
    for name in ("total_revenue", *THREE, "partner_engaged_revenue"):
        assert sum(row["net_minor"] for row in under(name, WON)) == value(name, WON).value
        assert len(under(name, WON)) == value(name, WON).n


def test_shares_of_revenue_and_of_deals():
    assert value("channel_share", WON).value == D("21.686747")  # 1800 / 8300
    assert value("attach_rate", WON).value == 80  # 4 of 5
    assert value("ecosystem_contribution", WON).parts["share_of_new_revenue"] == D("92.063492")  # 5800 / 6300


def test_an_amount_without_a_rate_is_left_out_and_counted():
    rows = {OUTCOMES: [deal("a", source="p1"), deal("b", source="p1", net=70, currency="SEK"), deal("c", source="p1", net=None)]}

    assert (value("sourced_revenue", rows).value, value("sourced_revenue", rows).parts["without_rate"]) == (1000, 2)
    assert sum(value(name, rows).value for name in THREE) == value("total_revenue", rows).value == 1000


def test_a_program_counts_its_own_deals_alone():
    rows = {
        OUTCOMES: [deal("a", source="p1", program_id="g1"), deal("b", source="p1", net=50, program_id="g2"), deal("c", owner="p1", net=7), deal("d", owner="p2", net=3)],
        PARTS: [part("a", "p1"), part("b", "p1"), part("c", "p1"), part("d", "p2")],
        "partners.partners": [partner("p1"), partner("p2")],
        "partners.enrollments": [{"partner_id": "p1", "program_id": "g1", "since": day("2025-01-01"), "status": "approved"}],
    }  # fmt: skip

    assert [value(name, rows, segment=Segment(program="g1")).value for name in THREE] == [1000, 7, 53]
    assert [value(name, rows, segment=Segment(region="Nordics")).value for name in THREE] == [0, 0, 1060]
    assert value("channel_share", rows, segment=Segment(program="g1")).value == D("94.339623")  # 1000 / 1060
    assert value("win_rate_uplift", rows, segment=Segment(program="g1")).why == Why.SEGMENT


def test_a_number_as_of_a_day_knows_nothing_later():
    spring = Window(date(2026, 1, 1), date(2026, 4, 30))

    assert value("total_revenue", WON, window=spring).value == 0
    assert value("total_revenue", WON, window=Window(date(2026, 1, 1), date(2026, 5, 1))).value == 7000
    assert value("register_to_win", COHORT, window=spring).value == 0


COSTS = {
    **WON,
    "earnings.lines": [
        {"id": "1", "earned_on": date(2026, 5, 2), "base_minor": 300, "partner_id": "p1"}, {"id": "2", "earned_on": date(2026, 6, 2), "base_minor": -100, "partner_id": "p1"},
        {"id": "3", "earned_on": date(2025, 6, 2), "base_minor": 5000, "partner_id": "p1"},
    ],
    "funds.claims": [{"id": "1", "partner_id": "p1", "paid_at": day("04-01"), "paid_base_minor": 50}, {"id": "2", "partner_id": "p1", "paid_base_minor": 9}],
}  # fmt: skip
TEAM = {
    **COSTS,
    "kpis.costs": [
        {"id": "1", "month": date(2026, 3, 1), "kind": "team", "base_minor": 390},
        {"id": "2", "month": date(2026, 3, 1), "kind": "onboarding", "base_minor": 60},
    ],
}


def test_the_return_on_the_program_is_margin_over_cost():
    # Margin 70 % of 1800 sourced and 6000 credited is 5460, what p5 is credited for sourced deals is in them already; cost 300 - 100 + 50 = 250.
    assert value("ropi", COSTS).value == D("21.84")
    assert value("net_ropi", COSTS).value == D("20.84")
    assert value("ropi", COSTS).notes == ("team_not_entered",)
    assert value("ropi", TEAM).value == D("7.8")  # 5460 / 700
    assert value("ropi", WON).why == Why.ZERO
    assert value("ropi", COSTS, margin_percent=D(50)).value == D("15.6")


def test_a_cost_in_a_currency_without_a_rate_is_told_and_not_taken_for_nothing():
    rows = {**COSTS, "kpis.costs": [*TEAM["kpis.costs"], {"id": "3", "month": date(2026, 3, 1), "kind": "tools", "amount_minor": 90, "currency": "SEK"}]}
    found = value("ropi", rows)

    assert (found.value, found.notes, found.parts["costs_without_rate"]) == (D("7.8"), ("costs_without_rate",), 1)
    assert value("cac", rows).notes == ("costs_without_rate",)


def test_what_is_taken_back_lessens_the_month_in_which_it_is():
    june = Window(date(2026, 6, 1), date(2026, 6, 30))
    may = Window(date(2026, 5, 1), date(2026, 5, 31))

    assert [value("ropi", COSTS, window=window).parts["incentives"] for window in (may, june)] == [300, -100]
    assert value("ropi", COSTS, window=june).why == Why.ZERO  # nothing was spent, something came back


def test_a_customer_costs_what_was_spent_over_new_customers():
    assert value("cac", TEAM).value == 350  # 700 for a and y
    assert value("cac", COSTS).why == Why.NO_COST
    assert value("cac", {"kpis.costs": TEAM["kpis.costs"]}).why == Why.ZERO


PARTNERS = {
    "partners.partners": [
        partner("p1", joined="01-01"), partner("p2", joined="01-01", left="04-11"), partner("p3", joined="12-01"), partner("p4", joined="2025-01-01"),
        partner("p5", joined="2025-01-01", left="06-01"), partner("p6", joined="2025-01-01", left="2025-06-01"), partner("p7", joined="2027-01-01"),
    ],
    OUTCOMES: [deal("a", source="p1", opened="01-11", closed="01-31")],
    DEALS: [registration("a", partner="p1", sent="01-11", approved="01-12", closed="01-31"), registration("b", partner="p4", sent="02-01", status="submitted", approved=None, closed=None)],
}  # fmt: skip


def test_a_partner_costs_what_recruiting_and_onboarding_cost():
    costs = {"kpis.costs": [{"id": "1", "month": date(2026, 3, 1), "kind": "recruiting", "base_minor": 900}]}

    assert value("pac_acquired", {**PARTNERS, **costs}).value == 300
    assert value("pac_activated", {**PARTNERS, **costs}).value == 900
    assert value("pac_acquired", PARTNERS).why == Why.NO_COST
    assert value("pac_activated", costs).why == Why.ZERO


def test_what_a_partner_is_worth_over_its_years():
    costs = {"kpis.costs": [{"id": "1", "month": date(2026, 3, 1), "kind": "servicing", "base_minor": 30}]}
    found = value("pltv", {**PARTNERS, **costs}, horizon_years=1, discount_percent=D(0))

    # Three partners today; margin 700 / 3 a year, servicing 10, survival 1 of 2, no cost of winning them.
    assert (found.value, found.parts["survival"]) == (D("223.333333"), D("0.5"))
    assert value("pltv", PARTNERS).why == Why.NO_COST
    assert value("pltv").why == Why.ZERO


def test_the_first_revenue_of_partners_that_still_wait_is_not_dropped():
    found = value("time_to_first_revenue", PARTNERS)

    assert (found.value, found.why, found.n) == (None, Why.NOT_REACHED, 3)
    assert [(one.days, one.at_risk, one.waiting) for one in found.curve] == [(30, 3, D("0.666667"))]


def test_time_to_the_first_registration():
    rows = {"partners.partners": [partner("p1", joined="01-01"), partner("p2", joined="01-01")], DEALS: PARTNERS[DEALS]}

    assert (value("time_to_first_registration", rows).value, value("time_to_first_registration", rows).n) == (10, 2)


def test_activation_leaves_out_who_still_has_time():
    found = value("activation_rate", PARTNERS)

    assert (found.value, found.parts["numerator"], found.n) == (50, 1, 2)  # p3 joined 30 days before the end
    assert value("activation_rate").why == Why.ZERO


def test_churn_is_of_the_partners_at_the_start():
    assert (value("partner_churn", PARTNERS).value, value("partner_churn", PARTNERS).n) == (50, 2)  # p5 of p4, p5; p2 joined within
    assert value("partner_churn").why == Why.ZERO


def test_active_is_who_did_something_in_twelve_months():
    assert (value("active_partners", PARTNERS).value, value("active_partners", PARTNERS).n) == (2, 3)
    assert value("active_partners").value == 0


def test_concentration_counts_each_deal_for_one_partner():
    assert value("concentration_top1", WON).value == D("64.102564")  # p1 5000 of 7800
    assert value("concentration_hhi", WON).value == D("4871.794872")  # 25 + 4 + 0.64 millions over 60.84
    assert value("concentration_top5", WON).value == value("concentration_top10", WON).value == 100
    assert value("concentration_hhi").why == Why.ZERO


def test_funds_that_ran_out_stay_in_the_whole():
    rows = {
        "funds.allocations": [{"id": "1", "partner_id": "p1", "given_at": day("02-01"), "base_minor": 600}, {"id": "2", "partner_id": "p1", "given_at": day("03-01"), "base_minor": 400}],
        "funds.claims": [
            {"id": "1", "allocation_id": "1", "decided_at": day("05-01"), "paid_at": day("06-01"), "approved_base_minor": 300, "paid_base_minor": 300},
            {"id": "2", "allocation_id": "1", "decided_at": day("06-01"), "approved_base_minor": 200, "paid_base_minor": 0},
        ],
    }  # fmt: skip

    assert (value("mdf_utilisation", rows).value, value("mdf_paid", rows).value) == (50, 30)
    assert (value("mdf_utilisation").why, value("mdf_paid").why) == (Why.ZERO, Why.ZERO)


def test_a_deal_that_several_requests_name_is_split():
    rows = {
        **WON,
        "funds.claims": [{"id": "1", "request_id": "q1", "paid_at": day("04-01"), "paid_base_minor": 100}, {"id": "2", "request_id": "q2", "paid_base_minor": 0}],
        "funds.linked_deals": [
            {"request_id": "q1", "deal_id": "a", "weight": D(40)}, {"request_id": "q2", "deal_id": "a", "weight": D(60)}, {"request_id": "q1", "deal_id": "e", "weight": D(100)},
        ],
    }  # fmt: skip

    assert value("mdf_return_multiple", rows).value == 4  # 40 % of 1000 over 100
    assert value("mdf_roi", rows).value == 180  # (280 - 100) / 100
    assert (value("mdf_return_multiple", WON).why, value("mdf_roi", WON).why) == (Why.ZERO, Why.ZERO)


def test_open_deals_that_a_request_names_are_its_pipeline():
    rows = {
        DEALS: [registration("a", status="approved", net=1000, closed=None), registration("b", net=500)],
        "funds.claims": [{"id": "1", "request_id": "q1", "paid_at": day("04-01"), "paid_base_minor": 100}],
        "funds.linked_deals": [{"request_id": "q1", "deal_id": "a", "weight": D(40)}, {"request_id": "q1", "deal_id": "b", "weight": D(100)}],
    }

    assert value("mdf_pipeline_multiple", rows).value == 4  # 40 % of 1000 over 100; b is won
    assert value("mdf_pipeline_multiple", {DEALS: rows[DEALS]}).why == Why.ZERO


def test_failed_payouts_wait_on():
    rows = {
        "payouts.payouts": [
            {"id": "1", "approved_at": day("03-01"), "arrived_at": day("03-05"), "state": "completed"}, {"id": "2", "approved_at": day("03-01"), "arrived_at": day("03-11"), "state": "completed"},
            {"id": "3", "approved_at": day("12-22"), "state": "failed"}, {"id": "4", "approved_at": day("12-01"), "state": "sent"},
        ],
    }  # fmt: skip

    assert (value("payment_cycle_median", rows).value, value("payment_cycle_median", rows).n) == (D("9.5"), 3)
    assert value("payment_cycle_p90", rows).value == D("9.9")
    assert value("payment_cycle_median").why == Why.EMPTY
    claims = {"funds.claims": [{"id": "1", "submitted_at": day("03-01"), "paid_at": day("03-31")}, {"id": "2", "submitted_at": day("03-01")}]}
    assert (value("claim_cycle_median", claims).value, value("claim_cycle_median", claims).n) == (30, 1)


CLOCKS = {
    "promises.clocks": [
        {"id": "1", "code": "deals.decision", "state": "kept", "started_at": day("02-01"), "due_at": day("02-03"), "answered_at": day("02-02"), "taken_seconds": 7200},
        {"id": "2", "code": "deals.decision", "state": "broken", "started_at": day("02-01"), "due_at": day("02-03"), "answered_at": day("02-09"), "missed_at": day("02-03"), "taken_seconds": 36000},
        {"id": "3", "code": "deals.decision", "state": "running", "started_at": day("02-01"), "due_at": day("02-03")},
        {"id": "4", "code": "deals.decision", "state": "paused", "started_at": day("02-01"), "due_at": day("02-03")},
        {"id": "5", "code": "deals.decision", "state": "canceled", "started_at": day("02-01"), "due_at": day("02-03")},
        {"id": "6", "code": "deals.decision", "state": "running", "started_at": day("12-31"), "due_at": day("2027-01-02")},
        {"id": "7", "code": "leads.accept", "state": "broken", "started_at": day("02-01"), "due_at": day("02-03"), "missed_at": day("02-03")},
    ]
}  # fmt: skip


def test_undecided_registrations_past_due_are_misses():
    assert (value("registration_sla", CLOCKS).value, value("registration_sla", CLOCKS).n) == (D("33.333333"), 3)
    assert value("registration_decision_median", CLOCKS).value == 6  # 2 and 10 hours
    assert value("registration_decision_p90", CLOCKS).value == D("9.2")
    assert value("registration_sla").why == Why.ZERO
    assert value("registration_decision_median").why == Why.EMPTY


COHORT = {
    DEALS: [
        registration("a"), registration("b", status="approved", closed=None, verdict="possible"), registration("c", status="expired", closed=None),
        registration("d", status="rejected", approved=None, closed=None, decided_at=day("02-05")), registration("e", status="withdrawn", approved=None, closed=None),
        registration("f", sent="2025-06-01"),
    ]
}  # fmt: skip


def test_the_quality_of_registrations_is_of_the_month_they_were_sent_in():
    assert value("registration_acceptance", COHORT).value == 75
    assert value("registration_conflicts", COHORT).value == 20
    assert value("registration_expiry", COHORT).value == D("33.333333")
    assert value("register_to_win", COHORT).value == 20
    for name in ("registration_acceptance", "registration_conflicts", "registration_expiry", "register_to_win"):
        assert value(name).why == Why.ZERO


def test_what_expired_later_was_open_on_the_day():
    later, before = (registration(name, status="expired", closed=until) for name, until in (("a", "06-30"), ("b", "03-01")))
    spring = Window(date(2026, 1, 1), date(2026, 4, 30))

    assert value("registration_expiry", {DEALS: [later, before]}, window=spring).value == 50
    assert value("registration_expiry", {DEALS: [later, before]}).value == 100
    rows = {DEALS: [later, before], OUTCOMES: [deal("w", source="p1", closed="02-11")]}
    assert (value("pipeline_velocity", rows, window=spring).parts["open"], value("pipeline_velocity", rows).parts["open"]) == (1, 0)


def test_velocity_is_open_deals_times_worth_times_rate_by_day():
    rows = {
        DEALS: [registration("d", status="approved", closed=None), registration("e", status="closed_won", closed="2027-01-05")],
        OUTCOMES: [
            deal("a", source="p1", net=3000, closed="02-11"), deal("b", owner="p1", net=1000, closed="03-03"), deal("c", source="p1", won=False),
            deal("e", source="p1", closed="2027-01-05"), deal("f", net=1, closed="02-02"),
        ],
    }  # fmt: skip
    found = value("pipeline_velocity", rows)

    # 2 open x 2000 x 2/3 / 20 days.
    assert found.value == D("133.333333")
    assert (found.parts["open"], found.parts["median_cycle"]) == (2, 20)
    assert value("pipeline_velocity", {DEALS: [registration("a", status="approved", closed=None)]}).why == Why.ZERO


def test_deals_with_a_partner_are_compared_within_their_size_and_refused_when_few():
    with_ = [deal(f"w{i}", owner="p1", net=100 + i, won=i < 3, closed="02-11") for i in range(4)]
    rows = {OUTCOMES: [*with_, *(deal(f"o{i}", net=50 + i, won=i < 2, closed="03-03") for i in range(4))]}

    assert value("win_rate_uplift", rows, least_for_uplift=4).value == 25
    assert value("deal_size_uplift", rows, least_for_uplift=2).value == D("50.5")  # 101 less 50.5
    assert value("cycle_uplift", rows, least_for_uplift=2).value == -20
    assert value("win_rate_uplift", rows, least_for_uplift=4).notes == ("association",)
    assert [value(name, rows).why for name in ("win_rate_uplift", "deal_size_uplift", "cycle_uplift")] == [Why.FEW] * 3


OFFERS = {
    "leads.offers": [
        {"id": "1", "partner_id": "p1", "state": "accepted", "offered_at": day("02-01"), "accepted_at": day("02-02"), "registration_id": "a", "lead_status": "won", "lead_closed_at": day("05-01"), "net_minor": 400},
        {"id": "2", "partner_id": "p1", "state": "accepted", "offered_at": day("02-01"), "accepted_at": day("02-04"), "lead_status": "lost", "net_minor": None},
        {"id": "3", "partner_id": "p1", "state": "expired", "offered_at": day("02-01"), "ended_at": day("02-05")},
        {"id": "4", "partner_id": "p1", "state": "declined", "offered_at": day("02-01"), "ended_at": day("02-02")},
        {"id": "5", "partner_id": "p1", "state": "offered", "offered_at": day("02-01")},
        {"id": "6", "partner_id": "p1", "state": "taken", "offered_at": day("02-01"), "ended_at": day("02-02")},
    ]
}  # fmt: skip


def test_a_lead_that_was_pulled_back_stays_with_the_partner_that_had_it():
    assert value("lead_response", OFFERS).value == 48
    assert value("lead_accept_rate", OFFERS).value == 50
    assert value("lead_to_deal", OFFERS).value == 50
    assert value("lead_to_win", OFFERS).value == 50
    assert value("lead_response").why == Why.EMPTY
    assert [value(name).why for name in ("lead_accept_rate", "lead_to_deal", "lead_to_win")] == [Why.ZERO] * 3


def test_reciprocity_has_a_sign_for_who_owes():
    given = [{"id": "r", "direction": "to_vendor", "state": "taken_up", "referrer_id": "p1", "answered_at": day("03-01"), "net_minor": 100}]
    found = value("reciprocity", {**OFFERS, "leads.referrals": given})

    assert (found.value, found.parts["owes"], found.parts["by_count"]) == (D("0.25"), -1, D("0.5"))
    assert value("reciprocity").why == Why.ZERO


@pytest.mark.parametrize("name", MEASURED)
def test_with_no_rows_there_is_a_zero_sum_or_a_reason_never_a_zero_share(name):
    found = value(name, {})

    assert (found.value is None) == (found.why is not None)
    assert found.value in (None, 0)
    assert found.value is None or BY_NAME[name].unit in {"money", "count"}
    assert under(name, {}) == []


def test_every_kpi_says_what_it_is():
    assert len({kpi.name for kpi in ALL}) == len(ALL) == len(BY_NAME)
    for kpi in ALL:
        assert kpi.label, kpi.name
        assert kpi.formula, kpi.name
        assert kpi.edge_cases, kpi.name
        assert (kpi.expression is None) == bool(kpi.missing), kpi.name
        assert kpi.expression is None or (kpi.finish and kpi.rows), kpi.name


def test_facts_that_nobody_keeps_are_named():
    known = {"deals.registrations"}

    assert "surveys" in str(missing(BY_NAME["psat"], known))
    assert "surveys" in str(missing(BY_NAME["psat"], {"surveys.replies"}))  # a definition without an expression stays unmeasured
    assert missing(BY_NAME["influenced_revenue"], set(BY_NAME["influenced_revenue"].needs)) == ""
    assert "attribution.outcomes" in str(missing(BY_NAME["influenced_revenue"], set(BY_NAME["influenced_revenue"].needs) - {OUTCOMES}))
