"""Real connections, real commits: one key booked once, no deadlock on a hot account, no entry in a month that closes meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import system_scope
from openprm.ledger import queries as books
from openprm.ledger import services as ledger
from openprm.ledger.models import Entry
from openprm.ledger.services import EntryDraft, Leg

pytestmark = pytest.mark.usefixtures("committed_db")
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAY = date(2026, 10, 20)


def at_once(work):
    gate = threading.Barrier(len(work))

    def run(piece):
        gate.wait(60)
        try:
            with system_scope():
                return piece()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result(120) for future in [pool.submit(run, piece) for piece in work]]


def draft(key, owner, amount=100):
    legs = (Leg(account="rounding", amount_minor=amount, currency="EUR"), Leg(account="partner.payable", owner_id=owner, amount_minor=-amount, currency="EUR"))
    return EntryDraft(kind="test.race", key=key, legs=legs, value_date=DAY)


def test_twelve_workers_book_the_same_keys_once_and_never_wait_in_a_circle(cast):
    owners = (cast.partner.pk, cast.other_partner.pk)

    def worker(number):
        order = range(20) if number % 2 else reversed(range(20))
        drafts = [draft(f"race:{one}", owners[one % 2]) for one in order]
        return lambda: [one.is_new for part in (drafts[:10], drafts[10:]) for one in ledger.post_many(actor=SYSTEM, entries=part, at=AT)]

    told = at_once([worker(number) for number in range(12)])

    assert sum(is_new for answer in told for is_new in answer) == 20
    with system_scope():
        assert Entry.objects.count() == 20
        assert books.balance("partner.payable", owners[0]) == -1000
        assert books.recount().holds


def test_a_month_that_closes_meanwhile_holds_either_all_of_an_entry_or_nothing(cast):
    with system_scope():
        ledger.post_many(actor=SYSTEM, entries=[draft("first", cast.partner.pk)], at=AT)

    def close():
        for _try in range(50):
            try:
                seen = books.closing(SYSTEM, date(2026, 10, 1), AT).seen
                return ledger.close_period(actor=SYSTEM, month=date(2026, 10, 1), seen=seen, at=AT)
            except ledger.LookAgain:
                continue
        return None

    def post(number):
        return lambda: ledger.post_many(actor=SYSTEM, entries=[draft(f"late:{number}", cast.partner.pk)], at=AT)[0]

    told = at_once([close, *(post(number) for number in range(8))])

    with system_scope():
        booked = [one for one in told[1:] if isinstance(one, ledger.Posted)]
        refused = [one for one in told[1:] if isinstance(one, ledger.PeriodClosed)]
        assert len(booked) + len(refused) == 8
        assert Entry.objects.count() == 1 + len(booked)
        assert books.recount().holds
        assert books.broken_seals() == ()
