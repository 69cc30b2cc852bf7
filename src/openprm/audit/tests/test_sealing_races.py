"""Sealing with real connections and commits: what is written while a seal is made is neither lost nor repeated."""

import random
import threading
import time

import pytest
from django.db import connection

from openprm.audit import services
from openprm.audit.models import AuditSeal, Event, Sealed
from openprm.audit.sources import live
from openprm.audit.sources.log import verify
from openprm.audit.testing import make_event
from openprm.kernel import db
from openprm.kernel.scope import scope, system_scope


def seal(at):
    with system_scope():
        return services.seal_waiting(at=at)


def verified():
    with system_scope():
        return verify(live.log())


def in_thread(work):
    """Run `work` in a thread with a database connection of its own; its error rises on join."""
    errors = []

    def run():
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def join():
        thread.join(60)
        assert not thread.is_alive()
        if errors:
            raise errors[0]

    return join


def test_a_transaction_that_commits_late_is_sealed_later_and_not_lost(committed_db, cast, at):
    recorded, sealed_others = threading.Event(), threading.Event()
    late = []

    def slow_writer():
        with scope(cast.partner_rep):
            late.append(make_event(cast.partner, at=at, visible_to=[cast.partner.pk]))
            recorded.set()
            assert sealed_others.wait(30)

    join = in_thread(slow_writer)
    assert recorded.wait(30)
    with scope(cast.vendor_admin):
        early = make_event(cast.partner, at=at)
    assert seal(at) == 1
    sealed_others.set()
    join()
    assert seal(at) == 1

    with system_scope():
        assert dict(Sealed.objects.values_list("event_id", "seal_id")) == {early: 1, late[0]: 2}
        assert late[0] < early, "the late one has the lower id"
    assert verified().is_whole


def test_an_event_of_a_rolled_back_transaction_is_never_sealed(committed_db, cast, at):
    def fail_after_recording():
        with scope(cast.vendor_admin):
            make_event(cast.partner, at=at)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_recording()
    assert seal(at) == 0


def test_a_second_sealer_leaves_the_work_to_the_first(committed_db, cast, at):
    holding, done = threading.Event(), threading.Event()

    def first_sealer():
        with system_scope():
            db.value("select pg_advisory_xact_lock(%s)", [services.SEALING_LOCK])
            holding.set()
            assert done.wait(30)

    with scope(cast.vendor_admin):
        make_event(cast.partner, at=at)
    join = in_thread(first_sealer)
    assert holding.wait(30)

    assert seal(at) == 0
    done.set()
    join()
    assert seal(at) == 1


def test_writers_are_not_held_up_by_a_sealer(committed_db, cast, at):
    sealing, written = threading.Event(), threading.Event()

    def sealer():
        with system_scope():
            services.seal_waiting(at=at)
            sealing.set()
            assert written.wait(30)

    with scope(cast.vendor_admin):
        make_event(cast.partner, at=at)
    join = in_thread(sealer)
    assert sealing.wait(30)
    with scope(cast.vendor_admin):
        db.value("select set_config('statement_timeout', '5s', true)")
        make_event(cast.partner, at=at)
    written.set()
    join()

    assert seal(at) == 1
    assert verified().is_whole


def test_sealing_while_eight_write_loses_and_repeats_nothing(committed_db, cast, at, monkeypatch):
    monkeypatch.setattr(services, "LARGEST_BATCH", 13)
    writers, each = 8, 25
    stop = threading.Event()

    def writer(seed):
        pick = random.Random(seed)
        for number in range(each):
            with scope(cast.vendor_admin):
                make_event(cast.partner, at=at, note=f"{seed}/{number}")
                time.sleep(pick.random() * 0.01)

    def sealer():
        while not stop.is_set():
            seal(at)

    joins = [in_thread(lambda seed=seed: writer(seed)) for seed in range(writers)]
    sealers = [in_thread(sealer) for _ in range(2)]
    for join in joins:
        join()
    stop.set()
    for join in sealers:
        join()
    seal(at)

    report = verified()
    assert (report.is_whole, report.events, report.waiting) == (True, writers * each, 0)
    with system_scope():
        assert Event.objects.count() == Sealed.objects.count() == writers * each
        assert sum(AuditSeal.objects.values_list("size", flat=True)) == writers * each
