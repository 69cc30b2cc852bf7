"""Deals, referrals, usage and the calendar as they come from the other rooms."""

from datetime import date, timedelta

import pytest

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.earnings import jobs, queries, services
from openprm.earnings.models import Earning
from openprm.earnings.testing import SOME_DAY
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
WON = SOME_DAY + timedelta(days=60)


@pytest.fixture
def deal(cast):
    """€40,000 for Ostrava Steelworks, won sixty days after its registration."""
    made = make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue())
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=made, at=WON)
    return made


def rows():
    with system_scope():
        return list(Earning.objects.order_by("created_at", "pk"))


def test_a_won_deal_is_earned_by_its_partner(cast, deal):
    make_plan(terms=terms(rep_share="25"))
    with system_scope():
        services.accrue_won(registration_ids=[deal], at=WON)
        services.accrue_won(registration_ids=[deal], at=WON)

    assert sorted((row.user_id == cast.partner_rep.user_id, row.amount_minor) for row in rows()) == [(False, 3_000_00), (True, 1_000_00)]
    with scope(cast.partner_rep):
        assert len(queries.of_source(cast.partner_rep, deal)) == 1


def test_what_was_missed_is_caught_up_with(cast, deal):
    make_plan()
    with system_scope():
        assert services.catch_up(at=WON + timedelta(days=1)).events == 1
        assert services.catch_up(at=WON + timedelta(days=1)).events == 0

    assert [row.amount_minor for row in rows()] == [4_000_00]


def test_a_customer_with_the_partners_own_address_holds_the_line(cast):
    make_plan()
    made = make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), contact_email="aino@kallio.example")
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=made, at=WON)
    with system_scope():
        services.accrue_won(registration_ids=[made], at=WON)

    (row,) = rows()
    assert row.state == "held"
    assert "F2" in row.hold_reason


def test_a_decided_share_of_the_credit_moves_money_by_correction_lines(cast, deal):
    make_plan()
    with system_scope():
        services.accrue_won(registration_ids=[deal], at=WON)
        for _twice in range(2):
            jobs.on_credit_share(
                case_id=deal, number="CC-000001", partner_id=cast.other_partner_id, other_partner_id=cast.partner_id, actor_id=None, registration_id=deal,
                to_partner_id=cast.other_partner_id, percent=50, at=WON,
            )  # fmt: skip

    assert sorted((row.partner_id == cast.partner_id, row.kind, row.amount_minor) for row in rows()) == [
        (False, "accrual", 2_000_00), (True, "accrual", 4_000_00), (True, "correction", -2_000_00),
    ]  # fmt: skip


def test_a_month_of_a_retainer_is_earned_once_by_every_partner(cast):
    make_plan("retainer", kind="retainer", terms=terms([RateDraft(fixed="800")], event="retainer"))
    with system_scope():
        services.accrue_retainers(month=date(2026, 11, 1), at=SOME_DAY)
        services.accrue_retainers(month=date(2026, 11, 1), at=SOME_DAY)

    assert sorted(str(row.partner_id) for row in rows()) == sorted(map(str, (cast.partner_id, cast.other_partner_id)))


def test_a_rebate_is_seen_while_the_quarter_runs_and_earned_when_it_is_over(cast, deal):
    make_plan("rebate", kind="volume_rebate", terms=terms([RateDraft(rate="2")], event="period"))
    make_plan()
    with system_scope():
        services.accrue_won(registration_ids=[deal], at=WON)
        assert services.settle_quarter(day=WON.date(), at=WON).events == 0
    with scope(cast.partner_admin):
        (running,) = queries.running_rebates(cast.partner_admin, cast.partner_id, WON)
    assert (running.turnover.minor, running.amount.minor) == (40_000_00, 800_00)

    after = WON.replace(year=2027, month=4, day=1)
    with system_scope():
        services.settle_quarter(day=WON.date(), at=after)
        services.settle_quarter(day=WON.date(), at=after)

    assert [row.amount_minor for row in rows() if row.source_key.startswith("period:2027-Q1")] == [800_00]


def test_a_deal_that_cannot_be_calculated_keeps_nobody_else_waiting_and_is_named(cast, deal):
    make_plan()
    make_plan("in-francs", terms=terms(currency="CHF"))
    with system_scope():
        done = services.accrue_won(registration_ids=[deal], at=WON)

    assert (done.events, len(done.refused), rows()) == (0, 1, [])
    assert "CHF" in done.refused[0][1]
