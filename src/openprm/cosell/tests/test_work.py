"""Tasks on both sides, asks under a promise, next steps that stay, files, records, panels and the decision queue."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from openprm.cosell import queries, services
from openprm.cosell.models import Need, NextStep, Note
from openprm.cosell.sources import WaitingEngagements
from openprm.cosell.tests.builders import invited, make_engagement, make_partner, make_room, nothing_changes, seen
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.promises import queries as promises

pytestmark = pytest.mark.django_db


def test_a_task_for_another_side_is_proposed_there_and_taken_or_rejected_with_a_reason(cast, at):
    room = make_room(cast)
    with scope(room.vendor):
        first = services.add_task(
            actor=room.vendor, engagement_id=room.id, title="Size the plants", owner_id=room.integrator.id, due_date=date(2026, 12, 1), at=at
        )
        second = services.add_task(actor=room.vendor, engagement_id=room.id, title="Call Petra", owner_id=room.integrator.id, at=at)
        with pytest.raises(NotAllowed, match="Only the company"):
            services.decide_task(actor=room.vendor, task_id=first, accept=True, at=at)
    me = room.integrator.rep
    with scope(me):
        with pytest.raises(Conflict, match="was agreed"):
            services.finish_task(actor=me, task_id=first, at=at)
        services.decide_task(actor=me, task_id=first, accept=True, at=at)
        with pytest.raises(Invalid):
            services.decide_task(actor=me, task_id=second, accept=False, reason="", at=at)
        services.decide_task(actor=me, task_id=second, accept=False, reason="You know her better", at=at)
        services.finish_task(actor=me, task_id=first, at=at)
        services.finish_task(actor=me, task_id=first, at=at)

    assert {one.title: (one.state, one.reason) for one in seen(room.vendor, room.id).tasks} == {
        "Size the plants": ("done", ""), "Call Petra": ("rejected", "You know her better"),
    }  # fmt: skip


def test_a_task_whose_owner_is_hidden_is_hidden_with_it(cast, at):
    room = make_room(cast)
    with scope(room.vendor):
        services.add_task(actor=room.vendor, engagement_id=room.id, title="Only for Vantaa", owner_id=room.hidden.id, at=at)
    with scope(room.integrator.rep), pytest.raises(Invalid, match="takes part"):
        services.add_task(actor=room.integrator.rep, engagement_id=room.id, title="Guess", owner_id=room.hidden.id, at=at)

    assert [one.title for one in seen(room.hidden.rep, room.id).tasks] == ["Only for Vantaa"]
    assert seen(room.integrator.rep, room.id).tasks == seen(room.isv.rep, room.id).tasks == ()


def test_an_ask_runs_under_a_promise_that_its_answer_keeps(cast, at):
    room = make_room(cast)
    me = room.integrator.rep
    with scope(me):
        need_id = services.ask(actor=me, engagement_id=room.id, asked_id=cast.vendor.pk, need="pricing_help", detail="300 seats?", at=at)
        assert promises.clock(need_id, "cosell.vendor_need", at).state == "running"
        with pytest.raises(NotAllowed):
            services.answer_need(actor=me, need_id=need_id, answer="Me", at=at)
        with pytest.raises(Invalid, match="Choose one of"):
            services.ask(actor=me, engagement_id=room.id, asked_id=cast.vendor.pk, need="lunch", at=at)
    with scope(room.vendor):
        assert [one.detail for one in WaitingEngagements().list_decisions(room.vendor, at)] == ["Brückner Systems asks: Pricing help"]
        services.answer_need(actor=room.vendor, need_id=need_id, answer="€ 790 each", at=at + timedelta(days=1))
        with pytest.raises(Conflict, match="settled already"):
            services.answer_need(actor=room.vendor, need_id=need_id, answer="Again", at=at)
    asked = seen(me, room.id).needs[0]

    assert (asked.state, asked.answer, asked.due_at.date().isoformat()) == ("answered", "€ 790 each", "2026-11-26")
    assert seen(room.isv.rep, room.id).needs == seen(room.hidden.rep, room.id).needs == ()
    with scope(me):
        assert promises.clock(need_id, "cosell.vendor_need", at).state == "kept"


def test_next_steps_are_kept_as_they_were_said(cast, at):
    room = make_room(cast)
    me = room.isv.rep
    with scope(me):
        services.add_next_step(actor=me, engagement_id=room.id, text="Demo on Thursday", at=at)
        services.add_next_step(actor=me, engagement_id=room.id, text="Demo moved to Friday", at=at + timedelta(hours=1))
        with nothing_changes(NextStep), pytest.raises(Invalid, match="255"):
            services.add_next_step(actor=me, engagement_id=room.id, text="x" * 256, at=at)

    assert [one.text for one in seen(room.integrator.rep, room.id).next_steps] == ["Demo moved to Friday", "Demo on Thursday"]
    with system_scope(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update cosell_nextstep set text = 'x'")


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"MZ\x90\x00", b"", b"<svg onload=alert(1)>"])
def test_a_file_that_is_none_of_the_known_kinds_is_refused(cast, at, content):
    room = make_room(cast)
    with scope(room.isv.rep), pytest.raises(Invalid, match="Only PDF"):
        services.attach_document(actor=room.isv.rep, engagement_id=room.id, name="x.pdf", content=content, at=at)


def test_a_file_is_opened_by_those_alone_who_may_know_of_it(cast, at):
    room = make_room(cast)
    with scope(room.integrator.rep):
        document_id = services.attach_document(
            actor=room.integrator.rep, engagement_id=room.id, name="../../Plan.pdf", content=b"%PDF-1.7 plan", audience="full", at=at
        )
    with scope(room.vendor):
        found = queries.open_document(room.vendor, document_id)
        assert (found.name, found.file.read()) == ("Plan.pdf", b"%PDF-1.7 plan")
    for other in (room.isv, room.hidden, room.stranger):
        with scope(other.rep), pytest.raises(NotFound):
            queries.open_document(other.rep, document_id)
    with scope(room.vendor), pytest.raises(NotAllowed, match="Only the company that added"):
        services.remove_document(actor=room.vendor, document_id=document_id, at=at)


def test_a_record_shares_what_it_says_and_refuses_fields_and_links_that_are_none(cast, at):
    room = make_room(cast)
    me = room.integrator.rep

    def save(**values):
        with scope(me):
            return services.save_record(actor=me, engagement_id=room.id, fields_out=["owner"], at=at, **values)

    assert save(values={"owner": "Jonas", "budget": "€ 2 m"}) == 1
    with pytest.raises(Invalid, match="no such field"):
        save(values={"password": "x"})
    with pytest.raises(Invalid, match="https"):
        save(values={"record_url": "javascript:alert(1)"})
    assert [one.values for one in seen(room.vendor, room.id).mirrors] == [{"owner": "Jonas"}]
    assert save(values={"owner": ""}) == 2
    assert seen(room.vendor, room.id).mirrors == ()


def test_a_reader_and_a_stranger_write_nothing(cast, at):
    engagement_id = make_engagement(cast.partner_manager).engagement_id
    with nothing_changes(Note):
        with scope(cast.vendor_reader), pytest.raises(NotAllowed, match="can read this engagement"):
            services.add_note(actor=cast.vendor_reader, engagement_id=engagement_id, body="Hi", at=at)
        with scope(cast.partner_rep), pytest.raises(NotFound):
            services.add_note(actor=cast.partner_rep, engagement_id=engagement_id, body="Hi", at=at)
        with scope(cast.partner_collaborator), pytest.raises(NotFound):
            queries.room(cast.partner_collaborator, engagement_id, at)


def test_an_invitation_waits_in_the_queue_of_its_receiver_and_nowhere_else(cast, at):
    isv = make_partner("Lumio Software", "isv")
    engagement_id = make_engagement(cast.partner_manager).engagement_id
    invitation_id = invited(cast.partner_manager, engagement_id, isv.id, "software", message="Join us")
    with scope(isv.rep):
        waiting = WaitingEngagements().list_decisions(isv.rep, at)
        found = queries.invitation(isv.rep, invitation_id, at)
        assert promises.clock(invitation_id, "cosell.invitation", at).due_at == found.expires_at
    with scope(cast.partner_rep):
        assert WaitingEngagements().list_decisions(cast.partner_rep, at) == []
        with pytest.raises(NotFound):
            queries.invitation(cast.partner_rep, invitation_id, at)

    assert [(one.title, one.detail, one.due_at) for one in waiting] == [
        ("Ostrava, plant rollout", "Halden Software invites you as: Software", found.expires_at)
    ]
    assert (found.message, found.may_decide, found.customer_name) == ("Join us", True, "Ostrava Steelworks a.s.")
    with scope(isv.rep), pytest.raises(NotFound):
        queries.room(isv.rep, engagement_id, at)


def test_closing_ends_what_still_waits(cast, at):
    room = make_room(cast)
    late = make_partner("Late Oy", "si")
    invited(room.vendor, room.id, late.id, "services")
    with scope(room.vendor):
        services.ask(actor=room.vendor, engagement_id=room.id, asked_id=room.isv.id, need="deal_support", at=at)
        services.close_engagement(actor=room.vendor, engagement_id=room.id, outcome="lost", reason="Budget cut", at=at)
        with pytest.raises(NotAllowed, match="is closed"):
            services.add_note(actor=room.vendor, engagement_id=room.id, body="Late", at=at)
    found = seen(room.vendor, room.id)

    assert (found.state, found.closed_reason, {one.state for one in found.needs}) == ("lost", "Budget cut", {"withdrawn"})
    assert {one.receiver: one.state for one in found.invitations}["Late Oy"] == "canceled"
    with system_scope():
        assert Need.objects.get().state == "withdrawn"
