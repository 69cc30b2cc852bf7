"""Customers over two years, by hand; and open deals at companies that a partner has too, without the ones it no longer shows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from openprm.analytics.session import session
from openprm.deals.testing import make_catalogue, make_registration
from openprm.kernel.scope import scope, system_scope
from openprm.kpis import queries
from openprm.kpis.definitions.facts import OUTCOMES, Segment
from openprm.kpis.rules.outcomes import Why
from openprm.kpis.rules.windows import Window
from openprm.kpis.testing import day
from openprm.kpis.tests.test_numbers import deal, under, value
from openprm.mapping import services as mapping
from openprm.mapping.testing import connect, make_list, run_match

BEFORE, SINCE = "2025-05-01", "2026-05-01"


def bought(id, customer, net, closed, **more):
    return deal(id, net=net, opened="2025-01-10", closed=closed, account_id=customer, **more)


DEALS = [
    bought("a1", "grew", 1000, BEFORE, source="p1"), bought("a2", "grew", 1500, SINCE),
    bought("b1", "shrank", 1000, BEFORE, owner="p2"), bought("b2", "shrank", 400, SINCE, owner="p2"),
    bought("c1", "left", 500, BEFORE, source="p1"),
    bought("d1", "alone", 2000, BEFORE), bought("d2", "alone", 1000, SINCE, source="p1"),
    bought("e2", "new", 9999, SINCE, source="p1"), bought("f1", "old", 7000, "2024-12-31", source="p1"), bought("g1", "lost", 800, BEFORE, source="p1", won=False),
]  # fmt: skip


@pytest.mark.parametrize("since", [date(2026, 1, 1), date(2026, 12, 1)], ids=["a year", "a month"])
def test_revenue_that_stays_is_of_those_who_were_there_at_the_start(since):
    told = value("partner_engaged_nrr", {OUTCOMES: DEALS}, window=Window(since, date(2026, 12, 31)))

    # 2,500 at the start: one grew by 500, one fell by 600, one of 500 left. Joining later, as "alone" did, changes nothing.
    assert (told.value, told.n) == (Decimal(76), 3)
    assert {name: told.parts[name] for name in ("start", "expansion", "contraction", "churn", "engaged", "not_engaged")} == {
        "start": 2500, "expansion": 500, "contraction": -600, "churn": -500, "engaged": 76, "not_engaged": 50,
    }  # fmt: skip
    assert told.parts["start"] + told.parts["expansion"] + told.parts["contraction"] + told.parts["churn"] == told.parts["numerator"]
    assert [(row["id"], row["net_minor"]) for row in under("partner_engaged_nrr", {OUTCOMES: DEALS})] == [
        ("alone", 1000), ("grew", 1500), ("shrank", 400), ("left", 0),
    ]  # fmt: skip


def test_without_customers_of_the_year_before_there_is_no_number():
    young = {OUTCOMES: [bought("e2", "new", 9999, SINCE, source="p1")]}

    assert (value("partner_engaged_nrr", young).why, value("cltv", young).why, value("cltv_to_cac", young).why) == (Why.ZERO, Why.EMPTY, Why.EMPTY)


def test_a_lifetime_ends_with_churn_or_at_the_horizon():
    # 2,500 / 3 customers x 70 % x 3 years, because one of three left; the other side lost none: 2,000 x 70 % x 5 years.
    told = value("cltv", {OUTCOMES: DEALS})
    assert (told.value, told.parts["not_engaged"]) == (Decimal(1750), Decimal(7000))
    spent = {"kpis.costs": [{"id": "c", "month": date(2026, 3, 1), "kind": "team", "amount_minor": 700, "currency": "EUR", "base_minor": 700}]}
    rows = {OUTCOMES: [*DEALS, deal("n", source="p1", opened="02-01")], **spent}
    # Three new customers were sourced in 2026, for 700 altogether.
    assert value("cltv_to_cac", rows).value == Decimal("7.5")
    assert value("cltv_to_cac", rows).parts["cost_of_a_customer"] == value("cac", rows).value


def overlap(deal_id, partner_id="p1", *, found="2026-03-01", minor=1000, currency="EUR"):
    return {"deal_id": deal_id, "partner_id": partner_id, "customer": "Vega", "found_at": day(found), "amount_minor": minor, "currency": currency}


def test_a_deal_that_overlaps_with_several_partners_counts_once():
    rows = {
        "mapping.overlaps": [
            overlap("a"), overlap("a", "p2"), overlap("b", "p2", minor=50), overlap("won", minor=70), overlap("later", found="2027-01-02"),
            overlap("krona", currency="SEK"), overlap("ours", minor=1, currency="SEK"),
        ],
        "deals.opportunities": [
            {"id": "won", "closed_at": day("06-01"), "net_minor": 70, "currency": "EUR"}, {"id": "ours", "net_minor": 600, "currency": "EUR"},
        ],
        "partners.partners": [{"id": "p1", "region": "DACH"}, {"id": "p2", "region": "Nordics"}],
    }  # fmt: skip
    told = value("potential_revenue", rows)

    assert (told.value, told.n, told.parts["without_rate"]) == (1650, 4, 1)
    assert value("potential_revenue", rows, segment=Segment(region="Nordics")).value == 1050
    assert {row["id"]: row["partners"] for row in under("potential_revenue", rows)} == {"a": 2, "b": 1, "krona": 1, "ours": 1}
    assert value("potential_revenue").value == 0


@pytest.mark.django_db
def test_potential_revenue_ends_when_the_partner_shows_its_list_no_more(cast, at):
    deal_id = make_registration(cast.partner_manager, make_catalogue(), at=at, partner_id=cast.partner_id).registration_id
    connect(cast.vendor_admin, cast.partner_admin, at=at)
    with scope(cast.vendor_admin) as actor:
        draft = mapping.ListDraft(name="Open deals", kind="open_deals", source="upload")
        mine = mapping.create_list(actor=actor, draft=draft, at=at)
        known = mapping.Row(
            key="1", name="Kallio Oy", domain="kallio.com", country="FI", deals=((str(deal_id), 5, "SEK", "proposal"), ("other", 70_00, "EUR", "offer"))
        )
        mapping.replace_rows(actor=actor, population_id=mine, rows=[known], at=at)
    theirs = make_list(cast.partner_admin, ["Kallio"], level="overlaps", at=at)
    run_match(cast.partner_id, at=at)
    asked = queries.Asked(as_of=at.date() + timedelta(days=1))

    def told(actor):
        with scope(actor):
            return queries.figure(actor, "potential_revenue", asked)

    with scope(cast.vendor_reader) as actor, session(actor=actor, datasets=["deals.registrations"]) as data:
        booked = data.sql("select net_minor from deals_registrations")[0]["net_minor"]
    assert {told(name).value for name in (cast.vendor_reader, cast.vendor_admin)} == {booked + 70_00}
    with system_scope(), connection.cursor() as cursor:
        cursor.execute("update mapping_grant set revoked_at = now() where population_id = %s", [theirs])
    assert told(cast.vendor_reader).value == 0
