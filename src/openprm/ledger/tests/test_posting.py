"""Posting: what the books take, once, and what they refuse."""

from datetime import date

import pytest

from openprm.kernel.actor import SYSTEM
from openprm.ledger import queries as books
from openprm.ledger import services as ledger
from openprm.ledger.models import Entry, Leg, Turnover
from openprm.ledger.services import Leg as Line

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def pair(amount, owner, currency="EUR"):
    return (
        Line(account="fx.difference", amount_minor=amount, currency=currency),
        Line(account="partner.payable", owner_id=owner, amount_minor=-amount, currency=currency),
    )


def test_an_entry_moves_both_accounts(cast, at, as_actor):
    with as_actor(cast.vendor_admin):
        posted = ledger.post(actor=cast.vendor_admin, kind="test.one", key="k1", legs=pair(12_50, cast.partner.pk), value_date=DAY, memo="a", at=at)

        assert posted.is_new
        assert posted.number.startswith("J-")
        assert books.balance("partner.payable", cast.partner.pk) == -12_50
        assert books.balance("fx.difference", currency="EUR") == 12_50
        assert Turnover.objects.values_list("month", "debit_minor", "credit_minor").order_by("debit_minor")[0] == (date(2026, 11, 1), 0, 12_50)


def test_the_same_key_is_booked_once(cast, at, as_actor):
    with as_actor(SYSTEM):
        first = ledger.post(actor=SYSTEM, kind="test.one", key="k1", legs=pair(5, cast.partner.pk), value_date=DAY, at=at)
        again = ledger.post(actor=SYSTEM, kind="test.one", key="k1", legs=pair(5, cast.partner.pk)[::-1], value_date=DAY, at=at)
        with pytest.raises(ledger.KeyUsed):
            ledger.post(actor=SYSTEM, kind="test.one", key="k1", legs=pair(6, cast.partner.pk), value_date=DAY, at=at)

        assert (again.entry_id, again.number, again.is_new) == (first.entry_id, first.number, False)
        assert books.balance("partner.payable", cast.partner.pk) == -5
        assert (Entry.objects.count(), Leg.objects.count()) == (1, 2)
