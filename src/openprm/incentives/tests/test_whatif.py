"""A draft is replayed on whatever its plan pays for: what it would have cost, and who gains or loses."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.incentives import queries, services
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.money import Money
from openprm.kernel.scope import scope

pytestmark = pytest.mark.django_db


def replay(cast, at, before, after):
    """A plan with the terms before in force and those after in draft, over what happened."""
    plan_id = make_plan(terms=before)
    with scope(cast.finance_manager):
        services.save_terms(actor=cast.finance_manager, plan_id=plan_id, terms=after, at=at)
        return queries.what_if(cast.finance_manager, plan_id, at)


@pytest.fixture
def deal(cast, at):
    """€40,000, approved thirty days ago and won yesterday."""
    made = make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at - timedelta(days=30))
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=made, at=at - timedelta(days=1))
    return made


@pytest.mark.parametrize("event", ["deal_won", "deal_registered"])
def test_deals_and_registrations_are_replayed(cast, at, deal, event):
    run = replay(cast, at, terms(event=event), terms([RateDraft(rate="12")], event=event))
    assert (run.before, run.after, run.gaining, run.losing) == (Money(4_000_00, "EUR"), Money(4_800_00, "EUR"), 1, 0)


def test_who_loses_is_named(cast, at, deal):
    run = replay(cast, at, terms(), terms([RateDraft(rate="1")]))
    assert [(one.partner_id, one.difference) for one in run.moved] == [(cast.partner_id, Money(-3_600_00, "EUR"))]


def test_usage_is_replayed_by_its_months_of_use(cast, at):
    with scope(cast.finance_manager):
        services.set_share(actor=cast.finance_manager, customer_key="c", partner_id=cast.partner_id, percent=Decimal(50), from_month=date(2026, 9, 1), at=at)
        reports = [
            services.UsageReport(
                source="m", external_id=f"u{month}", customer_key="c", customer_name="C", service_month=date(2026, month, 1), amount_minor=1_000_00,
                currency="EUR",
            )
            for month in (9, 10)
        ]  # fmt: skip
        services.report_usage(actor=cast.finance_manager, reports=reports, at=at)
    run = replay(cast, at, terms(event="usage"), terms(event="usage", duration_months="1"))
    assert (run.before, run.after) == (Money(100_00, "EUR"), Money(50_00, "EUR"))
    assert [month for month, _before, _after in run.by_month] == ["2026-09", "2026-10"]


def test_retainers_are_replayed_month_by_month(cast, at):
    run = replay(cast, at, terms([RateDraft(fixed="100")], event="retainer"), terms([RateDraft(fixed="150")], event="retainer"))
    assert run.before.minor * 3 == run.after.minor * 2
    assert run.before.minor % (24 * 100_00) == 0


def test_quarters_and_a_true_up_are_replayed(cast, at):
    won = make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at - timedelta(days=200))
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=won, at=at - timedelta(days=150))
    bands = [RateDraft(high="30000", rate="1"), RateDraft(low="30000", rate="2")]
    run = replay(cast, at, terms([RateDraft(rate="1")], event="period"), terms(bands, event="period", bands="whole", true_up="quarter"))
    assert (run.before, run.after) == (Money(400_00, "EUR"), Money(800_00, "EUR"))
