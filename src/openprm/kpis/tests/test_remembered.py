"""What was made of rows is made once for these rows, and never told of other rows."""

from datetime import date
from unittest.mock import patch

import pytest

from openprm.accounts.testing import make_account
from openprm.analytics.session import session
from openprm.attribution.testing import make_touch, make_win
from openprm.kernel.scope import scope
from openprm.kpis import queries
from openprm.kpis.queries import reading

pytestmark = pytest.mark.django_db
ASKED = queries.Asked(as_of=date(2026, 10, 31))
NAMES = ("sourced_revenue", "influenced_revenue")


def told(actor):
    """The numbers, and how many expressions were asked for them."""
    with patch("openprm.kpis.queries.compiled.asked", side_effect=reading.compiled.asked) as asked, scope(actor):
        return {one.name: one.value for one in queries.figures(actor, NAMES, ASKED)}, asked.call_count


def test_the_same_rows_are_asked_once_and_other_rows_anew(cast, at):
    reading.forget()
    account_id = make_account(partner_id=cast.partner_id)
    make_win(account_id, minor=70_00)
    make_touch(cast.partner_id, account_id, at=at)

    first, asked = told(cast.vendor_reader)
    assert (first["influenced_revenue"], asked) == (70_00, 2)
    assert told(cast.finance_manager) == (first, 0)
    make_win(account_id, minor=5_00)
    assert told(cast.vendor_reader) == ({"sourced_revenue": 0, "influenced_revenue": 75_00}, 2)


def test_a_partner_is_told_of_its_own_rows_after_the_vendor_asked(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    make_win(account_id, minor=70_00)
    make_touch(cast.partner_id, account_id, at=at)

    assert told(cast.vendor_reader)[0]["influenced_revenue"] == 70_00
    assert told(cast.other_partner_rep)[0]["influenced_revenue"] == 0
    assert told(cast.partner_rep)[0]["influenced_revenue"] == 70_00
    contents = set()
    for actor in (cast.vendor_reader, cast.partner_rep, cast.other_partner_rep):
        with scope(actor), session(actor=actor, datasets=["attribution.unrun", "partners.partners"]) as data:
            contents.add(data.content)
    assert len(contents) == 3
