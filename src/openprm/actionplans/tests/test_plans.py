"""Plans on both sides: beginning them, working on them, and who sees what."""

from datetime import date, timedelta

import pytest

from openprm.actionplans import queries, services
from openprm.actionplans.models import Evidence, Plan, PrivateEntry, Step
from openprm.actionplans.services import PlanExists, StepBlocked
from openprm.actionplans.testing import CLOSE, SOME_DAY, make_deal, make_plan, make_step, stored, template_id
from openprm.audit import queries as audit
from openprm.deals import queries as deals_read
from openprm.deals import services as deals
from openprm.deals.rules import stages as deal_stages
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"x" * 100


def _plan(actor, plan_id, at=SOME_DAY):
    with scope(actor):
        return queries.plan(actor, plan_id, at)


def test_a_template_becomes_steps_counted_back_from_the_close_date(cast):
    plan_id = make_plan(cast, template=template_id())

    plan = _plan(cast.partner_manager, plan_id)
    assert (plan.close_date, plan.total, plan.done, plan.health) == (CLOSE, 9, 0, "on_track")
    assert plan.steps[0].title == "Agree on the customer's goals and how success is measured"
    assert plan.steps[-1].due_date == CLOSE
    assert plan.steps[-1].blocked_by == ("Legal and data protection review",)
    assert {step.owner for step in plan.steps if step.side == "partner"} == {"Aino Laine"}
    assert {step.owner for step in plan.steps if step.side == "vendor"} == {"Erik Berg"}


def test_a_deal_has_one_running_plan(cast):
    deal = make_deal(cast)
    make_plan(cast, registration_id=deal)

    with pytest.raises(PlanExists):
        make_plan(cast, registration_id=deal)
    with system_scope():
        assert Plan.objects.count() == 1


def test_a_plan_needs_a_reachable_open_deal_and_a_role(cast):
    deal = make_deal(cast)
    for actor, refusal in ((cast.other_partner_rep, NotFound), (cast.partner_reader, NotAllowed), (cast.vendor_reader, NotAllowed)):
        with pytest.raises(refusal), scope(actor):
            services.start_plan(actor=actor, subject_id=deal, at=SOME_DAY)
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=deal, at=SOME_DAY)
    with pytest.raises(Conflict), scope(cast.partner_rep):
        services.start_plan(actor=cast.partner_rep, subject_id=deal, at=SOME_DAY)
    with system_scope():
        assert not Plan.objects.exists()


def test_another_partner_and_a_strange_id_are_the_same_404(cast):
    plan_id = make_plan(cast)
    step_id = make_step(cast.partner_rep, plan_id, "Demo")

    with scope(cast.other_partner_rep):
        with pytest.raises(NotFound):
            queries.plan(cast.other_partner_rep, plan_id, SOME_DAY)
        with pytest.raises(NotFound):
            services.finish_step(actor=cast.other_partner_rep, step_id=step_id, at=SOME_DAY)
        assert Step.objects.count() == 0


def test_a_collaborator_sees_plans_of_its_own_deals_alone(cast):
    deal = make_deal(cast)
    plan_id = make_plan(cast, registration_id=deal)
    with pytest.raises(NotFound):
        _plan(cast.partner_collaborator, plan_id)

    with scope(cast.partner_rep):
        deals.add_collaborator(actor=cast.partner_rep, registration_id=deal, user_id=cast.users["partner_collaborator"].pk, at=SOME_DAY)
    assert _plan(cast.partner_collaborator, plan_id).id == plan_id


def test_a_private_step_exists_for_its_own_side_alone(cast):
    plan_id = make_plan(cast)
    make_step(cast.partner_rep, plan_id, "Shared one")
    before = _plan(cast.vendor_admin, plan_id)
    secret = make_step(cast.partner_rep, plan_id, "Ask our lawyer", private=True, due_date=date(2026, 11, 1))
    ours = make_step(cast.partner_manager, plan_id, "Discount approval", private=True)

    mine, theirs = _plan(cast.partner_rep, plan_id), _plan(cast.vendor_admin, plan_id)
    assert [step.title for step in mine.steps] == ["Ask our lawyer", "Shared one"]
    assert [step.title for step in theirs.steps] == ["Shared one", "Discount approval"]
    assert (mine.total, mine.private_count, mine.late, mine.health) == (1, 1, 0, "on_track")
    assert (theirs.version, theirs.revision, theirs.total) == (before.version, before.revision, before.total)
    for actor, step_id in ((cast.vendor_admin, secret), (cast.partner_admin, ours)):
        with scope(actor), pytest.raises(NotFound):
            queries.step_page(actor, step_id, SOME_DAY)


def test_the_database_itself_hides_private_steps_from_the_other_side(cast):
    plan_id = make_plan(cast)
    make_step(cast.partner_rep, plan_id, "Ask our lawyer", private=True)
    make_step(cast.partner_manager, plan_id, "Discount approval", private=True)

    with scope(cast.vendor_admin):
        assert list(Step.objects.values_list("title", flat=True)) == ["Discount approval"]
        assert PrivateEntry.objects.count() == 0
    with scope(cast.partner_admin):
        assert list(Step.objects.values_list("title", flat=True)) == ["Ask our lawyer"]


def test_the_vendors_log_knows_nothing_of_the_partners_private_steps(cast):
    plan_id = make_plan(cast)
    step_id = make_step(cast.partner_rep, plan_id, "Ask our lawyer", private=True)
    with scope(cast.partner_rep):
        services.finish_step(actor=cast.partner_rep, step_id=step_id, at=SOME_DAY)

    with scope(cast.vendor_admin):
        said = [entry.verb for entry in audit.timeline(cast.vendor_admin, plan_id)]
    assert said == ["actionplan.started"]
    assert [entry.note for entry in _plan(cast.partner_admin, plan_id).private_entries] == ["Ask our lawyer", "Ask our lawyer"]
    assert _plan(cast.vendor_admin, plan_id).private_entries == ()


def test_the_partners_timeline_leaves_the_vendors_private_steps_out(cast):
    plan_id = make_plan(cast)
    make_step(cast.partner_manager, plan_id, "Discount approval", private=True)

    with scope(cast.partner_admin):
        assert [entry.verb for entry in audit.timeline(cast.partner_admin, plan_id)] == ["actionplan.started"]
    with scope(cast.vendor_admin):
        assert [entry.verb for entry in audit.timeline(cast.vendor_admin, plan_id)] == ["actionplan.step_added", "actionplan.started"]


def test_a_shared_step_waits_for_shared_steps_alone(cast):
    plan_id = make_plan(cast)
    secret = make_step(cast.partner_rep, plan_id, "Ask our lawyer", private=True)

    with pytest.raises(Invalid) as refusal:
        make_step(cast.partner_rep, plan_id, "Contract", waits_for=[secret])
    assert refusal.value.field == "waits_for"
    with pytest.raises(Invalid):
        make_step(cast.partner_manager, plan_id, "Guess", private=True, waits_for=[secret])


def test_a_circle_is_refused_with_the_way_round(cast):
    plan_id = make_plan(cast)
    demo = make_step(cast.partner_rep, plan_id, "Demo")
    price = make_step(cast.partner_rep, plan_id, "Price", waits_for=[demo])

    with scope(cast.partner_rep), pytest.raises(Invalid) as refusal:
        services.change_step(actor=cast.partner_rep, step_id=demo, values={"waits_for": [price]}, at=SOME_DAY)

    assert refusal.value.code == "circle"
    assert "Demo → Price → Demo" in refusal.value.message or "Price → Demo → Price" in refusal.value.message
    assert stored(demo).waits_for == []


def test_a_step_that_waits_is_not_done_before_the_other(cast):
    plan_id = make_plan(cast)
    demo = make_step(cast.partner_rep, plan_id, "Demo")
    price = make_step(cast.partner_rep, plan_id, "Price", waits_for=[demo])

    with scope(cast.partner_rep):
        with pytest.raises(StepBlocked, match="Demo"):
            services.finish_step(actor=cast.partner_rep, step_id=price, at=SOME_DAY)
        services.skip_step(actor=cast.partner_rep, step_id=demo, reason="Seen at the fair", at=SOME_DAY)
        services.finish_step(actor=cast.partner_rep, step_id=price, note="Sent by mail", at=SOME_DAY)
    assert (stored(price).state, stored(price).evidence_note, stored(demo).reason) == ("done", "Sent by mail", "Seen at the fair")


def test_each_side_ticks_off_its_own_steps_and_both_those_of_the_customer(cast):
    plan_id = make_plan(cast)
    ours = make_step(cast.partner_manager, plan_id, "Price")
    legal = make_step(cast.partner_rep, plan_id, "Legal review", side="customer", customer_contact="Petra Malá")

    with scope(cast.partner_rep):
        with pytest.raises(NotAllowed):
            services.finish_step(actor=cast.partner_rep, step_id=ours, at=SOME_DAY)
        services.finish_step(actor=cast.partner_rep, step_id=legal, at=SOME_DAY)
    assert (stored(ours).state, stored(legal).state) == ("open", "done")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"side": "moon"}, "side"),
        ({"side": "customer"}, "customer_contact"),
        ({"due_date": date(1900, 1, 1)}, "due_date"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(cast, values, field):
    plan_id = make_plan(cast)

    with pytest.raises(Invalid) as refusal:
        make_step(cast.partner_rep, plan_id, **{"title": "Demo", **values})
    assert refusal.value.field == field
    with system_scope():
        assert not Step.objects.exists()


def test_an_owner_belongs_to_the_side_of_the_step(cast):
    plan_id = make_plan(cast)

    for owner in ("partner_manager", "other_partner_rep"):
        with pytest.raises(Invalid, match="side that does the step"):
            make_step(cast.partner_rep, plan_id, "Demo", owner_id=cast.users[owner].pk)
    step_id = make_step(cast.partner_rep, plan_id, "Demo", owner_id=cast.users["partner_technical"].pk)
    assert stored(step_id).owner_id == cast.users["partner_technical"].pk


def test_a_step_changed_meanwhile_is_stale(cast):
    plan_id = make_plan(cast)
    step_id = make_step(cast.partner_rep, plan_id, "Demo")

    with scope(cast.partner_manager):
        services.change_step(actor=cast.partner_manager, step_id=step_id, values={"title": "Demo on site"}, version=1, at=SOME_DAY)
    with scope(cast.partner_rep), pytest.raises(Stale):
        services.change_step(actor=cast.partner_rep, step_id=step_id, values={"title": "Other"}, version=1, at=SOME_DAY)
    assert stored(step_id).title == "Demo on site"


def test_a_private_step_can_be_shared_or_removed_and_a_shared_one_cannot_vanish(cast):
    plan_id = make_plan(cast)
    shared, secret, gone = (make_step(cast.partner_rep, plan_id, title, private=title != "Shared") for title in ("Shared", "Secret", "Gone"))

    with scope(cast.partner_rep):
        with pytest.raises(NotAllowed, match="Skip it"):
            services.remove_step(actor=cast.partner_rep, step_id=shared, at=SOME_DAY)
        services.remove_step(actor=cast.partner_rep, step_id=gone, at=SOME_DAY)
        services.share_step(actor=cast.partner_rep, step_id=secret, at=SOME_DAY)
    assert [step.title for step in _plan(cast.vendor_admin, plan_id).steps] == ["Shared", "Secret"]


def test_evidence_is_kept_with_its_step_and_seen_by_who_sees_the_step(cast):
    plan_id = make_plan(cast)
    step_id = make_step(cast.partner_rep, plan_id, "Ask our lawyer", private=True)
    with scope(cast.partner_rep):
        with pytest.raises(Invalid):
            services.add_evidence(actor=cast.partner_rep, step_id=step_id, name="run.pdf", content=b"MZ\x00", at=SOME_DAY)
        first = services.add_evidence(actor=cast.partner_rep, step_id=step_id, name="../Opinion.exe", content=PDF, at=SOME_DAY)
        again = services.add_evidence(actor=cast.partner_rep, step_id=step_id, name="again.pdf", content=PDF, at=SOME_DAY)
        assert first == again
        assert queries.open_evidence(cast.partner_rep, first).name == "Opinion.pdf"
    with scope(cast.vendor_admin):
        assert Evidence.objects.count() == 0
        with pytest.raises(NotFound):
            queries.open_evidence(cast.vendor_admin, first)


def test_both_sides_agree_to_one_revision_and_read_what_changed_since(cast, run_jobs):
    plan_id = make_plan(cast)
    step_id = make_step(cast.partner_rep, plan_id, "Demo")
    with scope(cast.partner_rep):
        assert services.sign_plan(actor=cast.partner_rep, plan_id=plan_id, at=SOME_DAY) is False
    assert _plan(cast.vendor_admin, plan_id).agreement == "waits_vendor"
    with scope(cast.partner_manager):
        assert [one.plan_id for one in queries.to_sign(cast.partner_manager)] == [plan_id]
        assert services.sign_plan(actor=cast.partner_manager, plan_id=plan_id, at=SOME_DAY) is True
        assert queries.to_sign(cast.partner_manager) == []
    assert _plan(cast.vendor_admin, plan_id).agreement == "agreed"
    assert "actionplans.tell_agreed" in run_jobs()

    with scope(cast.partner_manager):
        services.change_step(actor=cast.partner_manager, step_id=step_id, values={"due_date": date(2026, 12, 22)}, at=SOME_DAY)
    plan = _plan(cast.partner_rep, plan_id)
    assert (plan.agreement, plan.changes_since) == ("changed", 2)
    assert plan.changes == ("“Demo”, Due: 15 Dec 2026 → 22 Dec 2026",)


def test_doing_a_step_leaves_the_agreement_and_a_stale_signature_is_refused(cast):
    plan_id = make_plan(cast)
    step_id = make_step(cast.partner_rep, plan_id, "Demo")
    for actor in (cast.partner_rep, cast.partner_manager):
        with scope(actor):
            services.sign_plan(actor=actor, plan_id=plan_id, revision=2, at=SOME_DAY)
    with scope(cast.partner_rep):
        services.finish_step(actor=cast.partner_rep, step_id=step_id, at=SOME_DAY)
        assert queries.plan(cast.partner_rep, plan_id, SOME_DAY).agreement == "agreed"
        with pytest.raises(Conflict, match="changed while you read"):
            services.sign_plan(actor=cast.partner_rep, plan_id=plan_id, revision=1, at=SOME_DAY)


def test_an_empty_plan_is_not_agreed_to(cast):
    plan_id = make_plan(cast)

    with scope(cast.partner_rep), pytest.raises(Conflict, match="nothing to agree"):
        services.sign_plan(actor=cast.partner_rep, plan_id=plan_id, at=SOME_DAY)


def test_moving_the_close_date_is_previewed_and_then_moves_open_steps(cast):
    plan_id = make_plan(cast)
    demo = make_step(cast.partner_rep, plan_id, "Demo", due_date=date(2027, 3, 10))
    done = make_step(cast.partner_rep, plan_id, "Call", due_date=date(2026, 12, 1))
    secret = make_step(cast.partner_manager, plan_id, "Discount", private=True, due_date=date(2027, 3, 10))
    with scope(cast.partner_rep):
        services.finish_step(actor=cast.partner_rep, step_id=done, at=SOME_DAY)
        preview = queries.shift_preview(cast.partner_rep, plan_id, date(2027, 4, 7), SOME_DAY)
        assert [(one.title, one.before, one.after) for one in preview.steps] == [("Demo", date(2027, 3, 10), date(2027, 3, 17))]
        assert stored(demo).due_date == date(2027, 3, 10)
        moved = services.shift_plan(actor=cast.partner_rep, plan_id=plan_id, close_date=date(2027, 4, 7), at=SOME_DAY)

    assert moved == 1
    assert [stored(one).due_date for one in (demo, done, secret)] == [date(2027, 3, 17), date(2026, 12, 1), date(2027, 3, 17)]


def test_the_plan_says_when_the_deals_close_date_is_another_one(cast):
    plan_id = make_plan(cast, close_date=date(2027, 2, 26))
    make_step(cast.partner_rep, plan_id, "Demo", owner_id=cast.users["partner_rep"].pk)

    plan = _plan(cast.partner_rep, plan_id)
    assert (plan.close_moved, plan.subject_close_date) == (True, CLOSE)
    with scope(cast.partner_rep):
        assert [found[0] for found in queries.moved_closes(cast.partner_rep)] == [plan_id]
        services.shift_plan(actor=cast.partner_rep, plan_id=plan_id, close_date=CLOSE, move_steps=False, at=SOME_DAY)
        assert queries.moved_closes(cast.partner_rep) == []
        assert queries.plan(cast.partner_rep, plan_id, SOME_DAY).steps[0].due_date == date(2026, 12, 15)


def test_a_late_step_is_told_to_its_owner_once(cast, run_jobs):
    from openprm.inbox.models import Notification

    plan_id = make_plan(cast)
    step_id = make_step(cast.partner_rep, plan_id, "Demo", owner_id=cast.users["partner_technical"].pk)
    later = SOME_DAY + timedelta(days=23)
    with system_scope():
        assert services.overdue_steps(at=SOME_DAY) == []
        assert services.overdue_steps(at=later) == [step_id]
        assert services.overdue_steps(at=later) == []
        from openprm.actionplans import news

        news.overdue([step_id], later)
        assert [row.recipient_id if hasattr(row, "recipient_id") else row.user_id for row in Notification.objects.filter(kind="actionplans.overdue")] == [
            cast.users["partner_technical"].pk
        ]
    with scope(cast.partner_rep):
        services.change_step(actor=cast.partner_rep, step_id=step_id, values={"due_date": date(2026, 12, 14)}, at=SOME_DAY)
    with system_scope():
        assert services.overdue_steps(at=later) == [step_id]


def test_a_plan_ends_with_its_deal(cast, run_jobs):
    deal = make_deal(cast)
    plan_id = make_plan(cast, registration_id=deal)
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=deal, at=SOME_DAY)
    run_jobs()

    plan = _plan(cast.partner_rep, plan_id)
    assert (plan.state, plan.ended_reason) == ("ended", "The deal is over.")
    with pytest.raises(NotAllowed):
        make_step(cast.partner_rep, plan_id, "Too late")


def test_who_views_the_portal_as_the_partner_sees_no_private_step(cast):
    from dataclasses import replace

    plan_id = make_plan(cast)
    make_step(cast.partner_rep, plan_id, "Ask our lawyer", private=True)
    viewer = replace(cast.partner_admin, viewing_as=cast.partner_id, read_only=True)

    assert _plan(viewer, plan_id).steps == ()


def test_a_stage_that_asks_for_an_agreed_plan_is_entered_when_both_sides_signed(cast):
    asks = deal_stages.Process(
        stages=(deal_stages.StageDef("start", probability=10), deal_stages.StageDef("proposal", probability=80, criteria=(deal_stages.Criterion("plan"),))),
        entry="start",
        lost_reasons=(deal_stages.LostReason("price"),),
    )
    with scope(cast.vendor_admin):
        deals.publish_process(actor=cast.vendor_admin, program_id=None, process=asks, at=SOME_DAY)
    deal = make_deal(cast)
    plan_id = make_plan(cast, registration_id=deal)
    make_step(cast.partner_rep, plan_id, "Agree on the goals")

    def move():
        with scope(cast.partner_rep):
            return deals.move_stage(actor=cast.partner_rep, registration_id=deal, stage="proposal", at=SOME_DAY)

    def sign(actor):
        with scope(actor):
            services.sign_plan(actor=actor, plan_id=plan_id, at=SOME_DAY)

    with pytest.raises(Invalid) as before:
        move()
    sign(cast.partner_rep)
    with pytest.raises(Invalid):
        move()
    sign(cast.partner_manager)
    make_step(cast.partner_rep, plan_id, "A step that came later")
    move()

    assert [one.code for one in before.value.problems] == ["unmet_plan"]
    assert "No mutual action plan is agreed yet" in before.value.message
    with scope(cast.partner_rep):
        assert deals_read.registration_for_partner(cast.partner_rep, deal, SOME_DAY).stage == "proposal"
