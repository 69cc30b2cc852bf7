from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from openprm.audit.models import Event
from openprm.identity.models import Membership
from openprm.inbox.models import Notification
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.registry import registry
from openprm.kernel.scope import scope, system_scope
from openprm.offboarding import queries, services
from openprm.offboarding.models import Export, Offboarding
from openprm.offboarding.ports import Choice, Item, Outcome, Step
from openprm.offboarding.testing import make_offboarding
from openprm.partners import queries as partners
from openprm.partners import services as partner_services
from openprm.promises import queries as promises

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def case(cast, at):
    return make_offboarding(cast.vendor_admin, cast.partner_id, at=at)


def run(cast, case, code, at, actor=None):
    with scope(actor or cast.vendor_admin) as who:
        return services.run_step(actor=who, offboarding_id=case, code=code, at=at)


def release_deals(cast, case, at):
    with scope(cast.vendor_admin) as who:
        services.decide_step(actor=who, offboarding_id=case, code="deals", choice="release", at=at)


def leave(cast, case, at):
    """Every step, as a person and the worker would do it."""
    for code in ("deals", "money", "access", "membership", "retention"):
        run(cast, case, code, at)
    with system_scope():
        services.make_export(offboarding_id=case, at=at)


def stored(case):
    with system_scope():
        return Offboarding.objects.get(pk=case)


def test_opening_lays_out_the_checklist_and_closes_what_is_new_on_the_last_day(cast, case, at):
    with system_scope():
        found = queries.offboarding_for_vendor(cast.vendor_admin, case, at)
        ahead = partners.gates_with_ahead(cast.partner_id, at)

    assert [step.code for step in found.steps] == ["deals", "money", "export", "access", "membership", "retention"]
    assert found.access_ends_at == at + 30 * DAY
    assert {gate.action for gate in ahead} == {"deals", "leads", "funds", "portal"}
    assert all(gate.since == at + 30 * DAY and gate.is_ahead for gate in ahead)
    with system_scope():
        assert partners.gates(cast.partner_id, at) == ()


def test_the_vendor_alone_cannot_cut_the_notice_short(cast, at):
    with scope(cast.vendor_admin) as who, pytest.raises(Invalid, match="The notice is 30 days"):
        services.open_offboarding(actor=who, partner_id=cast.partner_id, kind="vendor", reason="Sales are low", access_ends_at=at + 7 * DAY, at=at)

    with system_scope():
        assert Offboarding.objects.count() == 0
        assert partners.gates_with_ahead(cast.partner_id, at) == ()


def test_for_cause_there_is_no_notice_and_new_deals_close_now(cast, at):
    case = make_offboarding(cast.vendor_admin, cast.partner_id, at=at, kind="cause", reason="They sold below the line.")

    assert stored(case).access_ends_at == at
    with system_scope():
        assert partners.why_closed(cast.partner_id, "deals", at) is not None


def test_the_agreement_names_the_notice(cast, at, monkeypatch):
    monkeypatch.setattr(registry, "filling", lambda port: (lambda partner_id, at: 90,) if port == "offboarding.notice" else ())

    with system_scope():
        assert queries.notice_days_of(cast.partner_id, at) == 90


def test_a_partner_leaves_once_at_a_time(cast, case, at):
    with scope(cast.vendor_admin) as who, pytest.raises(services.AlreadyLeaving):
        services.open_offboarding(actor=who, partner_id=cast.partner_id, kind="mutual", reason="Again", at=at)


def test_a_reason_is_needed_and_is_capped(cast, at):
    for reason in ("", "x" * 1001):
        with scope(cast.vendor_admin) as who, pytest.raises(Invalid):
            services.open_offboarding(actor=who, partner_id=cast.partner_id, kind="mutual", reason=reason, at=at)
    with system_scope():
        assert Offboarding.objects.count() == 0


def test_a_reader_and_the_partner_cannot_open_one(cast, at):
    for actor in (cast.vendor_reader, cast.partner_admin):
        with scope(actor) as who, pytest.raises(NotAllowed):
            services.open_offboarding(actor=who, partner_id=cast.partner_id, kind="mutual", reason="x", at=at)


def test_a_partner_asks_and_the_vendor_answers_within_its_promise(cast, at, run_jobs):
    with scope(cast.partner_admin) as who:
        case = services.request_offboarding(actor=who, reason="We change our business.", at=at)
    with system_scope():
        clock = promises.clock(case, "offboarding.answer", at)
        run_jobs()
        told = list(Notification.objects.filter(kind="offboarding.requested").values_list("user_id", flat=True))
    assert (clock.state, told) == ("running", [cast.partner_manager.user_id])

    with scope(cast.partner_manager) as who:
        opened = services.open_offboarding(actor=who, partner_id=cast.partner_id, kind="partner", reason="They asked.", at=at + DAY)

    assert opened == case
    with system_scope():
        assert promises.clock(case, "offboarding.answer", at + DAY).state == "kept"
        assert Offboarding.objects.get(pk=case).status == "open"


def test_only_an_administrator_of_the_partner_can_ask(cast, at):
    with scope(cast.partner_rep) as who, pytest.raises(NotAllowed):
        services.request_offboarding(actor=who, reason="Bye", at=at)
    with system_scope():
        assert Offboarding.objects.count() == 0


def test_a_declined_request_leaves_everything_as_it_was(cast, at):
    with scope(cast.partner_admin) as who:
        case = services.request_offboarding(actor=who, reason="We change our business.", at=at)

    with scope(cast.partner_manager) as who:
        services.close_offboarding(actor=who, offboarding_id=case, reason="Let us talk first.", at=at + DAY)

    assert (stored(case).status, stored(case).closed_reason) == ("declined", "Let us talk first.")
    with system_scope():
        assert partners.partner(cast.vendor_admin, cast.partner_id).status == "active"
        assert partners.gates_with_ahead(cast.partner_id, at) == ()


def test_a_step_that_asks_for_a_choice_does_not_run_without_one(cast, case, at, monkeypatch):
    with_step(monkeypatch, count=lambda partner_id: 2)

    with pytest.raises(services.Undecided):
        run(cast, case, "deals", at)

    assert state(case, "deals") == "waiting"


def test_a_step_that_fails_says_why_and_leaves_nothing_behind(cast, case, at, monkeypatch, run_jobs):
    def half(actor, partner_id, plan, at):
        Membership.objects.filter(organization=partner_id).update(role="partner_reader")
        raise Invalid("DR-000001 cannot be handed over.")

    with_step(monkeypatch, run=half)
    release_deals(cast, case, at)

    assert run(cast, case, "deals", at) == "failed"

    with system_scope():
        step = Offboarding.objects.get(pk=case).steps.get(code="deals")
        assert (step.note, step.attempts, step.settled_at) == ("DR-000001 cannot be handed over.", 1, None)
        assert Membership.objects.filter(organization=cast.partner_id, role="partner_admin").count() == 1
        run_jobs()
        assert Notification.objects.filter(kind="offboarding.step_failed").count() == 1


def test_a_failed_step_can_be_tried_again(cast, case, at, monkeypatch):
    left = [1]

    def once(actor, partner_id, plan, at):
        if left.pop():
            raise Invalid("Not yet.")
        return Outcome(note="Done now.")

    left.insert(0, 0)
    with_step(monkeypatch, run=once)
    release_deals(cast, case, at)
    assert run(cast, case, "deals", at) == "failed"

    assert run(cast, case, "deals", at + DAY) == "done"

    assert (state(case, "deals"), note(case, "deals")) == ("done", "Done now.")


def test_a_partner_that_is_owed_nothing_has_no_money_to_settle(cast, case, at):
    assert run(cast, case, "money", at) == "skipped"

    assert note(case, "money") == "Nothing is due to the partner."


def test_memberships_end_and_running_promises_are_let_go(cast, case, at):
    run(cast, case, "membership", at)

    with system_scope():
        enrollments = partners.enrollments_of(cast.vendor_admin, cast.partner_id)
        others = partners.enrollments_of(cast.vendor_admin, cast.other_partner_id)
    assert [one.status for one in enrollments] == ["terminated"]
    assert [one.status for one in others] == ["approved"]
    assert note(case, "membership") == "Ended: 1 memberships. Let go: 0 running promises."


def test_the_retention_time_waits_for_the_end_of_access(cast, case, at):
    assert run(cast, case, "retention", at) == "failed"
    assert note(case, "retention") == "The retention time starts when access has ended."

    run(cast, case, "access", at + DAY)
    assert run(cast, case, "retention", at + DAY) == "done"

    assert stored(case).erase_at == at + 366 * DAY


def test_the_last_step_finishes_it_and_says_so(cast, case, at, run_jobs):
    leave(cast, case, at + DAY)

    found = stored(case)
    assert (found.status, found.finished_at) == ("done", at + DAY)
    with system_scope():
        assert partners.partner(cast.vendor_admin, cast.partner_id).status == "offboarded"
        verbs = set(Event.objects.filter(refs__contains=[case]).values_list("verb", flat=True))
        run_jobs()
        assert Notification.objects.filter(kind="offboarding.finished", user=cast.partner_manager.user_id).count() == 1
    assert {"offboarding.opened", "offboarding.access_ended", "offboarding.export_made", "offboarding.finished"} <= verbs


def test_what_came_in_after_its_step_opens_the_step_again(cast, case, at, monkeypatch):
    left = [0]
    with_step(monkeypatch, count=lambda partner_id: left[0], run=lambda *a: Outcome(note="All done."))
    run(cast, case, "deals", at)
    left[0] = 1

    leave_without_deals(cast, case, at)

    assert stored(case).status == "open"
    assert (state(case, "deals"), note(case, "deals")) == ("waiting", "1 came in meanwhile.")


def test_the_database_lets_nobody_be_gone_while_a_step_is_open(cast, case, at):
    with system_scope(), pytest.raises(IntegrityError, match="a step is open"), transaction.atomic():
        Offboarding.objects.filter(pk=case).update(status="done", finished_at=at, access_ended_at=at, erase_at=at)


def test_after_access_has_ended_it_cannot_be_called_off(cast, case, at):
    run(cast, case, "access", at)

    with scope(cast.vendor_admin) as who, pytest.raises(services.NotNow, match="Access has ended already"):
        services.close_offboarding(actor=who, offboarding_id=case, reason="Stay!", at=at)

    assert stored(case).status == "open"


def test_calling_it_off_opens_the_gates_and_takes_memberships_up_again(cast, case, at):
    run(cast, case, "membership", at)

    with scope(cast.vendor_admin) as who:
        services.close_offboarding(actor=who, offboarding_id=case, reason="They stay.", at=at + DAY)

    with system_scope():
        assert partners.gates_with_ahead(cast.partner_id, at) == ()
        assert [(one.status, one.tier_code) for one in partners.enrollments_of(cast.vendor_admin, cast.partner_id)] == [("approved", "gold")]


def test_a_partner_is_taken_back_within_the_retention_time(cast, case, at):
    leave(cast, case, at)
    with scope(cast.vendor_admin) as who:
        services.reinstate(actor=who, offboarding_id=case, reason="New owners, new start.", at=at + 100 * DAY)

    assert stored(case).status == "reinstated"
    with system_scope():
        found = partners.partner(cast.vendor_admin, cast.partner_id)
        assert found.status == "active"
        assert [(one.status, one.tier_code) for one in found.enrollments] == [("approved", "gold")]
        assert Membership.objects.filter(organization=cast.partner_id, state="active").count() == 6
        assert partners.gates_with_ahead(cast.partner_id, at + 100 * DAY) == ()
    assert cast.client("partner_rep").get("/portal/company/").status_code == 200


def test_people_who_were_disabled_before_stay_out_after_a_return(cast, case, at):
    with system_scope():
        Membership.objects.filter(user=cast.partner_reader.user_id).update(state="disabled", disabled_at=at)
    leave(cast, case, at)

    with scope(cast.vendor_admin) as who:
        services.reinstate(actor=who, offboarding_id=case, reason="Back.", at=at + DAY)

    with system_scope():
        assert Membership.objects.get(user=cast.partner_reader.user_id).state == "disabled"


def test_after_the_retention_time_nobody_is_taken_back(cast, case, at):
    leave(cast, case, at)

    with scope(cast.vendor_admin) as who, pytest.raises(services.NotNow, match="retention time is over"):
        services.reinstate(actor=who, offboarding_id=case, reason="Back.", at=at + 366 * DAY)

    assert stored(case).status == "done"


def test_another_partner_sees_nothing_of_it(cast, case, at):
    with scope(cast.other_partner_admin) as who:
        assert queries.offboarding_for_partner(who, at) is None
        assert Offboarding.objects.count() == 0
        assert Export.objects.count() == 0
        with pytest.raises(NotFound):
            services.close_offboarding(actor=who, offboarding_id=case, reason="x", at=at)


def test_the_leaving_partner_is_not_told_to_whom_its_deals_go(cast, case, at, monkeypatch):
    with_step(monkeypatch, count=lambda partner_id: 1, needs_partner=True)
    with scope(cast.vendor_admin) as who:
        services.decide_step(actor=who, offboarding_id=case, code="deals", choice="release", partner_id=cast.other_partner_id, at=at)

    with scope(cast.partner_admin) as who:
        found = queries.offboarding_for_partner(who, at)

    assert "Sintra" not in repr(found)


def test_a_receiver_must_be_another_active_partner(cast, case, at, monkeypatch):
    with_step(monkeypatch, count=lambda partner_id: 1, needs_partner=True)
    with system_scope():
        partner_services.change_status(actor=cast.vendor_admin, partner_id=cast.other_partner_id, status="suspended", at=at)

    for receiver in (cast.partner_id, cast.other_partner_id):
        with scope(cast.vendor_admin) as who, pytest.raises(Invalid, match="another partner that is active"):
            services.decide_step(actor=who, offboarding_id=case, code="deals", choice="release", partner_id=receiver, at=at)


def with_step(monkeypatch, *, run=lambda *a: Outcome(note="Done."), count=lambda partner_id: 0, needs_partner=False):
    """A room of our own in the place of deals, so that this room's tests know none."""
    step = Step(
        code="deals", label="Deals", about="", order=10, run=run, count=count,
        choices=(Choice(code="release", label="Release", needs_partner=needs_partner),), items=lambda partner_id: (Item(id=partner_id, title="one"),),
    )  # fmt: skip
    real = registry.filling
    others = tuple(one for one in real("offboarding.steps") if one.code != "deals")
    monkeypatch.setattr(registry, "filling", lambda port: (step, *others) if port == "offboarding.steps" else real(port))


def leave_without_deals(cast, case, at):
    for code in ("money", "access", "membership", "retention"):
        run(cast, case, code, at)
    with system_scope():
        services.make_export(offboarding_id=case, at=at)


def state(case, code):
    with system_scope():
        return Offboarding.objects.get(pk=case).steps.get(code=code).state


def note(case, code):
    with system_scope():
        return Offboarding.objects.get(pk=case).steps.get(code=code).note
