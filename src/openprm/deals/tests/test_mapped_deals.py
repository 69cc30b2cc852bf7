"""Deals make the lists of open deals that account mapping compares."""

import pytest

from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.scope import scope
from openprm.mapping import queries, services

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["vendor_admin", "partner_admin"])
def test_open_deals_become_a_list_of_their_companies_with_what_they_are_worth(cast, at, run_jobs, who):
    make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at)
    actor = getattr(cast, who)
    with scope(actor):
        made = services.create_list(actor=actor, draft=services.ListDraft(name="Open deals", kind="open_deals", source="records"), at=at)
    run_jobs(only="mapping.compare_list")
    with scope(actor):
        rows = queries.companies(actor, queries.newest_companies(actor, made), at)

    assert len(rows) == 1
    assert rows[0].name
    assert [money.currency for money in rows[0].deals] == ["EUR"]
    assert rows[0].deals[0].minor > 0
