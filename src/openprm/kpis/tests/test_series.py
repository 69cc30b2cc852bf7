"""What pages ask beside the numbers, from one reading; and that what is kept in the process is never an old answer."""

from datetime import UTC, date, datetime

import pytest

from openprm.deals.testing import make_opportunity
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import scope
from openprm.kpis import queries
from openprm.kpis.queries import Asked

pytestmark = pytest.mark.django_db
ASKED = Asked(as_of=date(2026, 12, 31), period="year")


def make_win(month: int, minor: int) -> None:
    closed = datetime(2026, month, 10, 12, tzinfo=UTC)
    make_opportunity(status="won", closed_at=closed, base_amount_minor=minor, base_currency="EUR")


def test_months_add_up_to_the_number_and_follow_the_rows(cast):
    make_win(2, 100_00)
    make_win(7, 40_00)
    names = ("total_revenue", "unattributed_revenue")
    with scope(cast.vendor_reader) as actor:
        first = queries.sheet(actor, names, ASKED, by_month=names)
    make_win(7, 2_00)
    with scope(cast.vendor_reader) as actor:
        second = queries.sheet(actor, names, ASKED, by_month=names)

    assert first.figures["total_revenue"].value == 140_00
    assert second.figures["total_revenue"].value == 142_00
    assert [span.amounts["total_revenue"] for span in second.spans] == [0, 100_00, 0, 0, 0, 0, 42_00, 0, 0, 0, 0, 0]
    assert [span.since for span in second.spans][:2] == [date(2026, 1, 1), date(2026, 2, 1)]


def test_a_long_time_is_told_by_year(cast):
    make_win(2, 100_00)
    make_opportunity(status="won", closed_at=datetime(2019, 5, 1, tzinfo=UTC), base_amount_minor=9_00, base_currency="EUR")
    with scope(cast.vendor_reader) as actor:
        spans = queries.sheet(actor, ("total_revenue",), Asked(as_of=date(2026, 12, 31), period="all"), by_month=("total_revenue",)).spans

    assert [(span.since.year, span.amounts["total_revenue"]) for span in spans if span.amounts["total_revenue"]] == [(2019, 9_00), (2026, 100_00)]
    assert {span.by for span in spans} == {"year"}


def test_a_partner_asks_for_no_number_of_the_program(cast):
    with scope(cast.partner_rep) as actor, pytest.raises(NotFound):
        queries.sheet(actor, ("sourced_revenue",), ASKED, by_month=("total_revenue",))
