"""Sourced, influenced and the rest are what the runs of attribution say; before there is a run, what the same rules say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest

from openprm.accounts.testing import make_account
from openprm.attribution import queries as attribution_queries
from openprm.attribution import services as attribution
from openprm.attribution.services import unrun
from openprm.attribution.testing import OCTOBER, make_run, make_touch, make_win
from openprm.kernel.scope import scope
from openprm.kpis import queries
from openprm.kpis.definitions.facts import EVERYBODY, Segment

pytestmark = pytest.mark.django_db
NAMES = ("sourced_revenue", "influenced_revenue", "unattributed_revenue", "total_revenue")
AS_OF = date(2026, 10, 31)


def told(actor, segment=EVERYBODY, names=NAMES, period="month"):
    with scope(actor):
        return {one.name: one for one in queries.figures(actor, names, queries.Asked(as_of=AS_OF, period=period, segment=segment))}


def amounts(actor, segment=EVERYBODY, names=NAMES):
    return [int(one.value) for one in told(actor, segment, names).values()]


@pytest.fixture
def month(cast, at):
    """October: one deal that the first partner introduced and the other one helped with, one that the other influenced, one direct, one lost."""
    accounts = {name: make_account(name=name, partner_id=cast.partner_id) for name in ("Vega", "Lumen", "Corvin", "Alder")}
    deals = {name: make_win(account_id, minor=minor) for (name, account_id), minor in zip(accounts.items(), (700_00, 200_00, 50_00, 1_00), strict=True)}
    make_win(accounts["Alder"], minor=9_000_00, status="lost")
    make_touch(cast.partner_id, accounts["Vega"], kind="introduction", occurred_at=datetime(2026, 7, 20, tzinfo=UTC), at=at)
    make_touch(cast.other_partner_id, accounts["Vega"], kind="introduction", occurred_at=datetime(2026, 7, 21, tzinfo=UTC), at=at)
    make_touch(cast.other_partner_id, accounts["Lumen"], at=at)
    make_touch(cast.partner_id, accounts["Corvin"], at=at, verified=False)
    return accounts | {f"deal of {name}": deal_id for name, deal_id in deals.items()}


def test_before_a_run_the_same_rules_say_what_the_run_will_say(cast, at, month):
    before = told(cast.vendor_reader)
    made = make_run(at=at)
    after = told(cast.vendor_reader)
    with scope(cast.vendor_reader) as actor:
        run = attribution_queries.outcomes(actor, since=OCTOBER, until=date(2026, 11, 1))

    assert made.is_new
    assert [int(before[name].value) for name in NAMES] == [int(after[name].value) for name in NAMES] == [700_00, 200_00, 51_00, 951_00]
    assert [run.sourced.minor, run.influenced.minor, run.unattributed.minor, run.total.minor] == [700_00, 200_00, 51_00, 951_00]
    assert all("no attribution run yet" in before[name].notes[0] for name in NAMES)
    assert all(after[name].notes == () for name in NAMES)
    assert (before["total_revenue"].parts["in_no_run"], after["total_revenue"].parts["in_no_run"]) == (4, 0)


@pytest.mark.parametrize("with_run", [False, True])
def test_a_partner_sees_of_itself_what_the_vendor_sees_of_it(cast, at, month, with_run):
    if with_run:
        make_run(at=at)
    own = ("sourced_revenue", "influenced_revenue", "partner_engaged_revenue")
    for actor, partner_id in ((cast.partner_rep, cast.partner_id), (cast.other_partner_rep, cast.other_partner_id)):
        mine = told(actor, names=own)
        for name, seen in told(cast.vendor_reader, Segment(partner=str(partner_id)), own).items():
            assert (mine[name].value, mine[name].n, mine[name].parts) == (seen.value, seen.n, seen.parts | {"late_claims": 0} if name == own[1] else seen.parts)

    # Two partners introduced the same deal: the first one sourced it, the other influenced it.
    assert amounts(cast.partner_rep, names=own) == [700_00, 0, 700_00]
    assert amounts(cast.other_partner_rep, names=own) == [0, 900_00, 900_00]


def test_a_partner_learns_nothing_of_the_others_part(cast, at, month):
    make_run(at=at)
    with scope(cast.other_partner_rep) as actor:
        lent = list(unrun.rows(actor))
    assert str(cast.partner_id) not in str(lent)
    assert {row[2] for row in lent} == {str(month["deal of Vega"]), str(month["deal of Lumen"])}
    with scope(cast.other_partner_rep) as actor:
        rows = queries.rows(actor, "influenced_revenue", queries.Asked(as_of=AS_OF)).rows
    assert {row["partner"] for row in rows} == {cast.other_partner.name}


def test_the_three_add_up_for_every_partner_and_nobody(cast, at, month):
    for with_run in (False, True):
        if with_run:
            make_run(at=at)
        for segment in (EVERYBODY, *(Segment(partner=str(one)) for one in (cast.partner_id, cast.other_partner_id, month["Vega"])), Segment(region="Mars")):
            *three, total = amounts(cast.vendor_reader, segment)
            assert sum(three) == total == 951_00


def test_a_deal_that_closed_since_the_run_is_counted_beside_it(cast, at, month):
    make_run(at=at)
    make_win(month["Lumen"], minor=5_00, closed_on=date(2026, 10, 29))

    found = told(cast.vendor_reader)

    assert [int(found[name].value) for name in NAMES] == [700_00, 205_00, 51_00, 956_00]
    assert found["influenced_revenue"].parts["in_no_run"] == 1


def test_a_locked_month_says_tomorrow_what_it_said_today(cast, at, month):
    make_run(at=at)
    with scope(cast.finance_manager) as actor:
        attribution.lock_month(actor=actor, month=OCTOBER, note="Board pack.", at=at)
    before = told(cast.vendor_reader)
    make_touch(cast.partner_id, month["Corvin"], at=at + timedelta(days=1))
    make_win(month["Corvin"], minor=123_00)

    after = told(cast.vendor_reader)
    assert {name: replace(one, read_at=before[name].read_at) for name, one in after.items()} == before


def test_foreign_amounts_are_those_of_their_booking(cast, at, month):
    make_win(month["Vega"], minor=1_000_00, currency="SEK", base_amount_minor=91_00, base_currency="EUR")
    make_win(month["Vega"], minor=1_000_00, currency="JPY")
    for _with_run in (False, True):
        found = told(cast.vendor_reader)
        assert [int(found[name].value) for name in NAMES] == [791_00, 200_00, 51_00, 1042_00]
        assert (found["sourced_revenue"].n, found["sourced_revenue"].parts["without_rate"]) == (3, 1)
        make_run(at=at)


def test_judging_reads_and_writes_nothing(cast, at, month):
    with patch("openprm.attribution.models.Run.save", side_effect=AssertionError), scope(cast.vendor_reader) as actor:
        assert len(list(unrun.rows(actor))) == 6
