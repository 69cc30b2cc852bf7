from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from openprm.audit import queries, services
from openprm.audit.models import Event, Unsealed
from openprm.kernel import db
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shared_name(monkeypatch, cast):
    """Of an organization's columns only the name is shared with partners."""
    monkeypatch.setattr(type(cast.partner), "audit_shared", ("name",), raising=False)


def renamed(cast, at, **more):
    """Record that the vendor renamed a partner and noted something only it may know."""
    before = cast.partner.snapshot()
    after = before | {"name": "Kallio Oy", "legal_name": "Kallio Group Oy"}
    values = {"before": before, "after": after, "visible_to": [cast.partner.pk], "private": {"reason": "credit risk"}, "at": at} | more
    with scope(cast.vendor_admin):
        return services.record(cast.vendor_admin, "organization.renamed", cast.partner, **values)


def test_an_event_keeps_only_what_differs(cast, at):
    event_id = renamed(cast, at)

    with system_scope():
        event = Event.objects.get(pk=event_id)
        assert event.changes == {"name": ["Kallio Digital", "Kallio Oy"]}
        assert event.private == {"changes": {"legal_name": ["Kallio Digital Oy", "Kallio Group Oy"]}, "data": {"reason": "credit risk"}}
        assert (event.actor_name, event.actor_side, event.subject_label) == ("Ingrid Solberg", "vendor", "Kallio Digital")
        assert event.refs == [cast.partner.pk]


def test_a_field_that_nobody_named_as_shared_is_private(cast, at, monkeypatch):
    monkeypatch.delattr(type(cast.partner), "audit_shared")

    event_id = renamed(cast, at)

    with system_scope():
        assert Event.objects.get(pk=event_id).changes == {}


def test_an_event_without_a_change_has_no_diff(cast, at):
    event_id = renamed(cast, at, after={}, private=None)

    with system_scope():
        event = Event.objects.get(pk=event_id)
        assert (event.changes, event.private) == ({}, {})


def test_a_new_subject_shows_what_it_starts_with(cast, at):
    event_id = renamed(cast, at, before=None, after={"name": "Kallio", "domain": "", "brand_radius": 8}, private=None)

    with system_scope():
        event = Event.objects.get(pk=event_id)
        assert (event.changes, event.private) == ({"name": [None, "Kallio"]}, {"changes": {"brand_radius": [None, 8]}})


def test_every_event_waits_for_a_seal(cast, at):
    event_id = renamed(cast, at)

    with system_scope():
        assert Unsealed.objects.filter(pk=event_id).exists()


def test_a_partner_records_in_its_own_role(cast, at):
    with scope(cast.partner_rep):
        event_id = services.record(cast.partner_rep, "deal.submitted", cast.partner, after={}, visible_to=[cast.partner.pk], at=at)
        internal = services.record(cast.partner_rep, "deal.checked", cast.partner, after={}, at=at)

        assert Event.objects.defer(*Event.VENDOR_ONLY).filter(pk__in=[event_id, internal]).count() == 1


def test_a_partner_reads_the_shared_half_only(cast, at):
    event_id = renamed(cast, at)

    with scope(cast.partner_rep):
        entry = queries.event(cast.partner_rep, event_id)

    assert [(change.label, change.old, change.new) for change in entry.changes] == [("Name", "Kallio Digital", "Kallio Oy")]
    assert entry.data == {}


def test_the_vendor_reads_both_halves_and_knows_which_is_private(cast, at):
    event_id = renamed(cast, at)

    with scope(cast.vendor_admin):
        entry = queries.event(cast.vendor_admin, event_id)

    assert [(change.label, change.is_private) for change in entry.changes] == [("Name", False), ("Legal name", True)]
    assert entry.data == {"reason": "credit risk"}


def test_another_partner_gets_the_same_answer_as_for_nothing(cast, at):
    event_id = renamed(cast, at)

    with scope(cast.other_partner_rep):
        with pytest.raises(Exception) as there:
            queries.event(cast.other_partner_rep, event_id)
        with pytest.raises(Exception) as nowhere:
            queries.event(cast.other_partner_rep, cast.partner.pk)
    assert (type(there.value).__name__, str(there.value)) == (type(nowhere.value).__name__, str(nowhere.value)) == ("NotFound", str(there.value))


@pytest.mark.parametrize("column", ["private", "salt", "*"])
def test_the_database_refuses_the_vendors_columns_to_the_partner_role(cast, at, column):
    renamed(cast, at)

    with scope(cast.partner_rep), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        db.rows(f"select {column} from audit_event")


def test_raw_sql_of_another_partner_finds_no_event(cast, at):
    renamed(cast, at)

    with scope(cast.other_partner_rep):
        assert db.value("select count(id) from audit_event") == 0
    with scope(cast.partner_rep):
        assert db.value("select count(id) from audit_event") == 1


def test_without_a_scope_nothing_is_read(cast, at):
    renamed(cast, at)

    assert db.value("select count(*) from audit_event") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_event set note = 'x'",
        "delete from audit_event",
        "truncate audit_event cascade",
        "update audit_seal set size = 1",
        "delete from audit_sealed",
    ],
)
def test_the_database_refuses_to_change_history(cast, at, statement):
    renamed(cast, at)

    with system_scope(), pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert refusal.value.__cause__.sqlstate in {"OP001", "42501"}
    with system_scope():
        assert Event.objects.count() == 1


def test_a_timeline_is_newest_first_and_holds_only_its_object(cast, at):
    with scope(cast.vendor_admin):
        for minutes, subject in ((0, cast.partner), (5, cast.other_partner), (9, cast.partner)):
            services.record(cast.vendor_admin, "organization.checked", subject, after={}, note=f"{minutes}", at=at + timedelta(minutes=minutes))
        notes = [entry.note for entry in queries.timeline(cast.vendor_admin, cast.partner.pk)]
        older = [entry.note for entry in queries.timeline(cast.vendor_admin, cast.partner.pk, before=at + timedelta(minutes=9))]

    assert (notes, older) == (["9", "0"], ["0"])


def test_a_partners_timeline_leaves_internal_events_out(cast, at):
    with scope(cast.vendor_admin):
        services.record(cast.vendor_admin, "note.added", cast.partner, after={}, note="internal", at=at)
        services.record(cast.vendor_admin, "note.added", cast.partner, after={}, note="shared", visible_to=[cast.partner.pk], at=at)
        seen_by_vendor = {entry.note: entry.is_internal for entry in queries.timeline(cast.vendor_admin, cast.partner.pk)}
    with scope(cast.partner_rep):
        seen_by_partner = [entry.note for entry in queries.timeline(cast.partner_rep, cast.partner.pk)]

    assert (seen_by_vendor, seen_by_partner) == ({"internal": True, "shared": False}, ["shared"])


def test_hostile_text_is_kept_and_harms_nothing(cast, at):
    with scope(cast.vendor_admin):
        event_id = services.record(cast.vendor_admin, "note.added", cast.partner, after={}, note="a\x00b\ud800<script>", data={"x": 1.5}, at=at)
        entry = queries.event(cast.vendor_admin, event_id)

    assert (entry.note, entry.data) == ("ab\ufffd<script>", {"x": "1.5"})


def test_many_events_are_written_as_one_by_one(cast, at, django_assert_max_num_queries):
    after = cast.partner.snapshot() | {"name": "Kallio Oy", "domain": "kallio.oy"}
    entries = [
        services.Entry(cast.partner, before=cast.partner.snapshot(), after=after, visible_to=[cast.partner.pk], note=f"{number}") for number in range(700)
    ]
    with scope(cast.vendor_admin), django_assert_max_num_queries(4):
        count = services.record_many(cast.vendor_admin, "organization.imported", entries, at=at)

    with system_scope():
        events = Event.objects.filter(verb="organization.imported")
        assert (count, events.count(), Unsealed.objects.filter(event__in=events).count()) == (700, 700, 700)
        one = events.get(note="699")
        assert (one.changes, one.private) == ({"name": ["Kallio Digital", "Kallio Oy"]}, {"changes": {"domain": ["kallio.example", "kallio.oy"]}})
        assert len({bytes(event.salt) for event in events}) == 700


def test_a_partner_records_many_in_its_own_role(cast, at):
    with scope(cast.partner_rep):
        entries = [services.Entry(cast.partner, after={}, visible_to=[cast.partner.pk])] * 3

        assert services.record_many(cast.partner_rep, "deal.submitted", entries, at=at) == 3
