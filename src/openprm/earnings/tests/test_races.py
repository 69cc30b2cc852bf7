"""Fifty workers accrue the same events at once: each is earned once (G7)."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from openprm.earnings import services
from openprm.earnings.models import Earning, SourceEvent
from openprm.earnings.services import Happening
from openprm.earnings.testing import SOME_DAY, make_event
from openprm.incentives.testing import make_plan
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.ledger import queries as books

pytestmark = pytest.mark.usefixtures("committed_db")
WORKERS = 50
EVENTS = int(os.environ.get("RACE_EVENTS", "100"))
"""Ten thousand with RACE_EVENTS=10000: minutes instead of seconds."""


def test_fifty_workers_that_accrue_the_same_events_earn_each_once(cast):
    make_plan()
    happenings = [Happening(event=make_event(cast.partner_id, source_id=UUID(int=n + 1), minor=1_000_00, on=date(2026, 11, 20))) for n in range(EVENTS)]
    gate = threading.Barrier(WORKERS)

    def work(place: int) -> int:
        try:
            gate.wait(60)
            shifted = happenings[place % EVENTS :] + happenings[: place % EVENTS]
            with system_scope():
                return services.accrue_many(actor=SYSTEM, happenings=shifted, at=SOME_DAY).events
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        earned = [future.result(1200) for future in [pool.submit(work, place) for place in range(WORKERS)]]

    with system_scope():
        assert sum(earned) == EVENTS
        assert (SourceEvent.objects.count(), Earning.objects.count()) == (EVENTS, EVENTS)
        assert books.balance("earnings.accrued", cast.partner_id, None, "EUR") == -EVENTS * 100_00
