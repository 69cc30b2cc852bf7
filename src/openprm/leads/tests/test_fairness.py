"""The report over real offers: every partner that takes leads counts, and a partner reads only its own place."""

from datetime import timedelta

import pytest

from openprm.kernel.errors import NotAllowed, NotFound
from openprm.kernel.scope import scope
from openprm.leads import queries
from openprm.leads.testing import make_lead, make_receiver, offer_lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(cast, at):
    make_receiver(cast.partner.pk, max_open=30)
    make_receiver(cast.other_partner.pk, max_open=10)
    for number, (partner, amount) in enumerate(
        [(cast.partner, 40_000_00), (cast.partner, 20_000_00), (cast.other_partner, 20_000_00), (cast.other_partner, None)]
    ):
        made = make_lead(
            at=at - timedelta(days=1),
            route=False,
            amount_minor=amount,
            company_name=f"C{number}",
            company_domain=f"c{number}.example",
            contact_email=f"a@c{number}.example",
        )
        offer_lead(made.lead_id, partner.pk, at=at - timedelta(days=1))


def test_the_report_sets_what_was_offered_beside_what_capacity_would_give(cast, at, offered):
    with scope(cast.vendor_admin):
        report = queries.fairness(cast.vendor_admin, at=at)

    by_name = {row.partner_id: row for row in report.rows}
    own, other = by_name[cast.partner.pk], by_name[cast.other_partner.pk]
    assert (own.offers, own.offered.minor, own.share, own.expected_share) == (2, 60_000_00, 0.75, 30 / sum(row.capacity for row in report.rows))
    assert (other.offers, other.offered.minor, other.share) == (2, 20_000_00, 0.25)
    assert (report.offers, report.offered.minor, report.unvalued) == (4, 80_000_00, 1)
    assert sum(group.partners for group in report.by_tier) == report.partners == len(report.rows)


def test_by_number_every_lead_counts_the_same(cast, at, offered):
    with scope(cast.vendor_admin):
        report = queries.fairness(cast.vendor_admin, measure="leads", at=at)

    assert {row.share for row in report.rows if row.offers} == {0.5}


def test_offers_before_the_period_do_not_count(cast, at, offered):
    with scope(cast.vendor_admin):
        report = queries.fairness(cast.vendor_admin, days=90, at=at + timedelta(days=100))

    assert (report.offers, report.gini.value) == (0, 0.0)


def test_who_paused_takes_no_part(cast, at, offered):
    make_receiver(cast.other_partner.pk, is_paused=True)
    with scope(cast.vendor_admin):
        report = queries.fairness(cast.vendor_admin, at=at)

    assert cast.other_partner.pk not in {row.partner_id for row in report.rows}


def test_a_partner_reads_no_place_among_so_few_that_it_would_know_the_others(cast, at, offered):
    with scope(cast.partner_rep):
        own = queries.own_fairness(cast.partner_rep, at=at)

    assert (own.is_shown, own.worth, own.rank, own.partners, own.share) == (False, 60_000_00, 0, 0, 0.0)


def test_a_partner_reads_its_own_place_alone(cast, at, offered, monkeypatch):
    monkeypatch.setattr("openprm.leads.queries.shares.FEWEST_SHOWN", 2)
    with scope(cast.partner_rep):
        own = queries.own_fairness(cast.partner_rep, at=at)

    assert (own.is_shown, own.rank, own.share, own.worth) == (True, 1, 0.75, 60_000_00)
    assert not hasattr(own, "rows")


def test_nobody_but_the_vendor_reads_the_whole_report(cast, at):
    with scope(cast.partner_rep), pytest.raises(NotAllowed):
        queries.fairness(cast.partner_rep, at=at)
    with scope(cast.vendor_admin), pytest.raises(NotFound):
        queries.own_fairness(cast.vendor_admin, at=at)
