"""The second look really sees what rooms have not posted, and every entry kind they name reads well."""

from datetime import date

import pytest

from openprm.kernel.actor import SYSTEM
from openprm.kernel.registry import registry
from openprm.kernel.scope import scope
from openprm.ledger import queries as books
from openprm.ledger.testing import make_entry

pytestmark = pytest.mark.django_db


def test_every_room_that_decides_about_money_is_asked_before_a_month_closes(cast, at):
    assert {source.code for source in registry.filling("ledger.unposted")} >= {"earnings", "funds"}
    with scope(SYSTEM):
        make_entry(cast.partner.pk, key="one", at=at)
        assert books.closing(SYSTEM, date(2026, 11, 1), at).count == 0


def test_account_kinds_are_whole_and_their_codes_fit_every_export():
    kinds = books.kinds()

    assert len(kinds) == len(registry.filling("ledger.account_kinds"))
    for kind in kinds.values():
        assert kind.gl_code.isdigit()
        assert len(kind.gl_code) == 4
        assert kind.normal in {"debit", "credit"}
        assert str(kind.title)
    assert len({kind.gl_code for kind in kinds.values()}) == len(kinds)
