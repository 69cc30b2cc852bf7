"""The thread of a lead: who writes, who reads, who hears of it, and what leaves with the lead."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from openprm.audit.models import Event
from openprm.identity import queries as identity
from openprm.inbox.models import Notification
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.leads import queries, services
from openprm.leads.models import LeadNote
from openprm.leads.testing import make_lead, make_receiver, offer_lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(cast, at):
    """Offered to the first partner; the second takes leads elsewhere."""
    make_receiver(cast.partner.pk, countries=["FI"])
    make_receiver(cast.other_partner.pk, countries=["PT"])
    return make_lead(at=at).lead_id


@pytest.fixture
def accepted(cast, lead, at):
    with scope(cast.partner_rep):
        services.accept_lead(actor=cast.partner_rep, lead_id=lead, at=at)
    return lead


def write(actor, lead_id, body, at, **values):
    with scope(actor):
        return services.add_note(actor=actor, lead_id=lead_id, body=body, at=at, **values)


def read(actor, lead_id):
    with scope(actor):
        return [(note.body, note.company, note.is_private) for note in queries.lead_thread(actor, lead_id).notes]


def stored():
    with system_scope():
        return list(LeadNote.objects.values_list("body", "audience", "author_side"))


def told(kind):
    with system_scope():
        return {row.user_id for row in Notification.objects.filter(kind=kind)}


def test_both_sides_read_what_is_shared_and_each_keeps_its_own(cast, accepted, at):
    write(cast.partner_rep, accepted, "Petra asks for a visit.", at)
    write(cast.partner_rep, accepted, "Margin is thin.", at, audience="private")
    write(cast.partner_manager, accepted, "Take the demo kit along.", at)
    write(cast.partner_manager, accepted, "They were slow last time.", at, audience="private")

    with system_scope():
        kallio, halden = cast.partner.name, identity.vendor_organization().name
    assert read(cast.partner_rep, accepted) == [
        ("Take the demo kit along.", halden, False),
        ("Margin is thin.", kallio, True),
        ("Petra asks for a visit.", kallio, False),
    ]
    assert read(cast.vendor_reader, accepted) == [
        ("They were slow last time.", halden, True),
        ("Take the demo kit along.", halden, False),
        ("Petra asks for a visit.", kallio, False),
    ]


def test_the_database_keeps_private_notes_from_the_other_side(cast, accepted, at):
    write(cast.partner_rep, accepted, "Margin is thin.", at, audience="private")
    write(cast.partner_manager, accepted, "They were slow last time.", at, audience="private")

    def raw(actor):
        with scope(actor), connection.cursor() as cursor:
            cursor.execute("select body from leads_leadnote order by body")
            return [body for (body,) in cursor.fetchall()]

    assert raw(cast.partner_manager) == ["They were slow last time."]
    assert raw(cast.partner_rep) == ["Margin is thin."]
    assert raw(cast.other_partner_rep) == []


def test_the_next_partner_reads_nothing_of_what_was_said_before(cast, accepted, at):
    write(cast.partner_rep, accepted, "Petra asks for a visit.", at)
    write(cast.partner_manager, accepted, "Kallio, take the demo kit along.", at)

    offer_lead(accepted, cast.other_partner.pk, at=at + timedelta(hours=1))
    with scope(cast.other_partner_rep):
        services.open_lead(actor=cast.other_partner_rep, lead_id=accepted, at=at + timedelta(hours=2))

    assert read(cast.other_partner_rep, accepted) == []
    assert len(read(cast.partner_manager, accepted)) == 2
    with pytest.raises(NotFound):
        read(cast.partner_rep, accepted)


def test_writing_needs_the_opening_and_a_role_and_ends_with_the_lead(cast, lead, at):
    with pytest.raises(NotAllowed, match="Open LD-"):
        write(cast.partner_rep, lead, "Who is it?", at)
    with pytest.raises(NotAllowed, match="No partner has opened"):
        write(cast.partner_manager, lead, "Be quick.", at)
    with pytest.raises(NotAllowed, match="Your role cannot write"):
        write(cast.vendor_reader, lead, "Hello", at, audience="private")
    with pytest.raises(NotFound):
        write(cast.other_partner_rep, lead, "Hello", at)
    assert stored() == []

    write(cast.partner_manager, lead, "Watch this one.", at, audience="private")
    with scope(cast.partner_rep):
        services.accept_lead(actor=cast.partner_rep, lead_id=lead, at=at)
        services.close_lost(actor=cast.partner_rep, lead_id=lead, reason="no_budget", at=at)
    with pytest.raises(NotAllowed, match="Nothing more is written"):
        write(cast.partner_rep, lead, "One more thing", at)
    assert stored() == [("Watch this one.", "private", "vendor")]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"body": " \n"}, "body"), ({"body": "x" * 4001}, "body"), ({"body": "\x00\x07"}, "body"), ({"body": "Hello", "audience": "everybody"}, "audience")],
)
def test_a_bad_note_is_refused_and_nothing_changes(cast, accepted, at, values, field):
    with pytest.raises(Invalid) as refused:
        write(cast.partner_rep, accepted, values.pop("body"), at, **values)

    assert refused.value.problems[0].field == field
    assert stored() == []


def test_the_log_says_that_somebody_wrote_and_never_what(cast, accepted, at):
    write(cast.partner_rep, accepted, "Petra asks for a visit.", at)
    write(cast.partner_rep, accepted, "Margin is thin.", at, audience="private")

    with system_scope():
        events = list(Event.objects.filter(verb__startswith="lead.noted").order_by("at", "pk"))
    assert [event.verb for event in events] == ["lead.noted", "lead.noted_inside"]
    assert not any(word in f"{event.note} {event.changes} {event.data} {event.private}" for event in events for word in ("Petra", "Margin"))


def test_both_sides_hear_of_a_shared_note_and_only_colleagues_of_a_private_one(cast, accepted, at, run_jobs):
    write(cast.partner_rep, accepted, "Petra asks for a visit.", at)
    run_jobs()
    assert cast.partner_manager.user_id in told("leads.noted")
    assert cast.partner_rep.user_id not in told("leads.noted")

    write(cast.partner_manager, accepted, "Take the demo kit along.", at + timedelta(minutes=5))
    run_jobs()
    assert cast.partner_rep.user_id in told("leads.noted")

    write(cast.partner_manager, accepted, "They were slow last time.", at + timedelta(minutes=9), audience="private")
    run_jobs()
    assert cast.partner_rep.user_id not in told("leads.noted_inside")


def test_erasing_the_person_erases_what_was_written_on_both_sides(cast, accepted, at):
    write(cast.partner_rep, accepted, "Petra asks for a visit.", at)
    write(cast.partner_rep, accepted, "Petra is hard to reach.", at, audience="private")

    with scope(cast.vendor_admin):
        services.erase_lead(actor=cast.vendor_admin, lead_id=accepted, reason="Petra asked for it.", at=at)

    assert stored() == []


def test_whoever_looks_at_the_portal_as_the_partner_reads_no_private_note(cast, accepted, at):
    write(cast.partner_rep, accepted, "Petra asks for a visit.", at)
    write(cast.partner_rep, accepted, "Margin is thin.", at, audience="private")

    viewer = replace(cast.partner_rep, read_only=True, viewing_as=cast.partner.pk)
    assert [body for body, _company, _private in read(viewer, accepted)] == ["Petra asks for a visit."]


def test_the_pages_take_a_note_and_show_it_to_the_other_side(cast, accepted):
    partner, vendor = cast.client("partner_rep"), cast.client("partner_manager")

    made = partner.post(f"/portal/leads/{accepted}/notes/", {"body": "<b>Petra</b> asks for a visit.", "audience": "shared"})
    assert (made.status_code, made["Location"]) == (303, f"/portal/leads/{accepted}/#notes")

    shown = vendor.get(f"/app/leads/{accepted}/").content.decode()
    assert "&lt;b&gt;Petra&lt;/b&gt; asks for a visit." in shown
    refused = vendor.post(f"/app/leads/{accepted}/notes/", {"body": "", "audience": "shared"})
    assert refused.status_code == 422
    assert "Write something first." in refused.content.decode()
