from datetime import timedelta

import pytest

from openprm.audit import keyring, queries, services
from openprm.audit.models import AuditSeal, Key, Sealed, Unsealed
from openprm.audit.services import AuditKeyMissing
from openprm.audit.sources import live
from openprm.audit.sources.log import verify
from openprm.audit.testing import make_event, make_sealed_events
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def seal(at):
    with system_scope():
        return services.seal_waiting(at=at)


def verified():
    with system_scope():
        return verify(live.log())


def test_a_seal_holds_the_root_of_its_events_in_order(cast, at):
    with scope(cast.vendor_admin):
        made = make_sealed_events(cast.partner, count=5, at=at)

    with system_scope():
        places = list(Sealed.objects.order_by("position").values_list("event_id", "position"))
        assert places == [(event_id, position) for position, event_id in enumerate(sorted(made))]
        assert (AuditSeal.objects.get().number, AuditSeal.objects.get().size, Unsealed.objects.count()) == (1, 5, 0)
    assert verified().is_whole


def test_nothing_waiting_makes_no_seal(cast, at):
    assert seal(at) == 0
    with system_scope():
        assert AuditSeal.objects.count() == 0


def test_seals_are_chained(cast, at):
    for hours in range(3):
        with scope(cast.vendor_admin):
            make_sealed_events(cast.partner, count=2, at=at + timedelta(hours=hours))

    with system_scope():
        first, second, third = AuditSeal.objects.order_by("number")
    assert (second.previous, third.previous) == (first.hash, second.hash)
    assert (verified().seals, verified().events) == (3, 6)


def test_a_seal_is_never_older_than_the_one_before(cast, at):
    for hours in (5, 1):
        with scope(cast.vendor_admin):
            make_sealed_events(cast.partner, count=1, at=at + timedelta(hours=hours))

    with system_scope():
        first, second = AuditSeal.objects.order_by("number").values_list("at", flat=True)
    assert first == second


def test_the_key_is_for_the_eyes_of_its_owner(cast, at):
    with scope(cast.vendor_admin):
        make_sealed_events(cast.partner, count=1, at=at)

    assert keyring.path().stat().st_mode & 0o777 == 0o600
    assert [key.fingerprint for key in queries.public_keys()] == [keyring.public_of(keyring.find()).fingerprint]


def test_a_machine_without_the_key_does_not_seal(cast, at):
    with scope(cast.vendor_admin):
        make_sealed_events(cast.partner, count=1, at=at)
        make_event(cast.partner, at=at)
    keyring.path().unlink()

    with pytest.raises(AuditKeyMissing, match="audit-key renew"):
        seal(at)
    with system_scope():
        assert (AuditSeal.objects.count(), Unsealed.objects.count(), Key.objects.count()) == (1, 1, 1)


def test_a_renewed_key_is_endorsed_by_the_one_before(cast, at, django_capture_on_commit_callbacks):
    with scope(cast.vendor_admin):
        make_sealed_events(cast.partner, count=1, at=at)
    with django_capture_on_commit_callbacks(execute=True), system_scope():
        fingerprint = services.renew_key(at=at + timedelta(hours=1))
    with scope(cast.vendor_admin):
        make_sealed_events(cast.partner, count=1, at=at + timedelta(hours=2))

    report = verified()
    assert (report.breaks, report.notices, report.key) == ((), (), fingerprint)
    assert len(list(keyring.path().parent.glob("audit-key-*.pem"))) == 1


def test_a_key_renewed_after_a_loss_is_told(cast, at, django_capture_on_commit_callbacks):
    with scope(cast.vendor_admin):
        make_sealed_events(cast.partner, count=1, at=at)
    keyring.path().unlink()
    with django_capture_on_commit_callbacks(execute=True), system_scope():
        services.renew_key(at=at + timedelta(hours=1))
    with scope(cast.vendor_admin):
        make_sealed_events(cast.partner, count=1, at=at + timedelta(hours=2))

    report = verified()
    assert (report.is_whole, [notice.code for notice in report.notices]) == (True, ["key_not_endorsed"])


def test_a_file_that_is_no_key_is_told(cast, at):
    keyring.path().parent.mkdir(parents=True)
    keyring.path().write_text("not a key")
    with scope(cast.vendor_admin):
        make_event(cast.partner, at=at)

    with pytest.raises(keyring.KeyUnusable):
        seal(at)
