from datetime import timedelta

import pytest

from openprm.deals import services
from openprm.deals.models import Document, Note, Opportunity, Precheck, ProtectionGrant, Registration, Task
from openprm.deals.queries import open_document
from openprm.deals.rules.draft import LineDraft
from openprm.deals.testing import make_approved, make_catalogue, make_draft, make_registration, stored
from openprm.inbox.models import Notification
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def catalogue(db):
    return make_catalogue()


@pytest.fixture
def approved(cast, catalogue, at):
    """Approved at 11:00; protected for 90 days."""
    return make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at)


def act(actor, function, registration_id, **values):
    with scope(actor):
        return function(actor=actor, registration_id=registration_id, **values)


def opportunity(registration_id):
    with system_scope():
        return Opportunity.objects.get(registration_id=registration_id)


def test_a_protection_is_extended_once_with_a_reason(cast, approved, at):
    with scope(cast.partner_manager), pytest.raises(Invalid):
        services.extend_protection(actor=cast.partner_manager, registration_id=approved, reason="", at=at)

    act(cast.partner_manager, services.extend_protection, approved, reason="Proposal is out", at=at + DAY)

    ends_at = at + HOUR + timedelta(days=120)
    assert stored(approved).protected_until == ends_at
    assert opportunity(approved).registered_until == ends_at
    with system_scope():
        grant = ProtectionGrant.objects.get(registration_id=approved)
    assert (grant.status, grant.ends_at, grant.extended_reason) == ("extended", ends_at, "Proposal is out")
    with scope(cast.partner_manager), pytest.raises(services.AlreadyExtended):
        services.extend_protection(actor=cast.partner_manager, registration_id=approved, reason="More", at=at + DAY)
    assert stored(approved).protected_until == ends_at


def test_a_partner_asks_for_more_days_and_its_manager_hears_of_it(cast, approved, at, run_jobs):
    act(cast.partner_rep, services.request_extension, approved, reason="Budget in March", at=at + DAY)

    with system_scope():
        run_jobs()
        assert Notification.objects.filter(user_id=cast.users["partner_manager"].pk, kind="deals.extension_requested").count() == 1
    with scope(cast.partner_rep), pytest.raises(NotAllowed):
        services.extend_protection(actor=cast.partner_rep, registration_id=approved, reason="Mine", at=at)


def test_a_released_protection_frees_the_customer(cast, catalogue, approved, at):
    act(cast.partner_manager, services.release_protection, approved, reason="Customer chose another partner", at=at + DAY)

    assert (stored(approved).status, stored(approved).protected_until) == ("approved", None)
    assert (opportunity(approved).is_registered, opportunity(approved).registered_partner_id) == (False, None)
    other = make_registration(cast.other_partner_rep, catalogue, at=at + 2 * DAY).registration_id
    assert act(cast.partner_manager, services.approve, other, at=at + 2 * DAY).final


def test_what_is_over_expires_and_its_marks_are_reversed(cast, catalogue, approved, at, run_jobs):
    end = at + HOUR + timedelta(days=90)
    with system_scope():
        assert services.expire_due(at=end - HOUR) == 0
        assert services.expire_due(at=end) == 1
        assert services.expire_due(at=end + HOUR) == 0
        run_jobs()
        kinds = set(Notification.objects.filter(user_id=cast.users["partner_rep"].pk).values_list("kind", flat=True))
        grant = ProtectionGrant.objects.get(registration_id=approved)

    assert (stored(approved).status, grant.status, grant.ended_at) == ("expired", "expired", end)
    assert (opportunity(approved).is_registered, opportunity(approved).registered_until) == (False, None)
    assert "deals.expired" in kinds


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_closed_deal_does_not_expire(cast, approved, at, outcome):
    if outcome == "won":
        act(cast.partner_rep, services.mark_won, approved, at=at + DAY)
    else:
        act(cast.partner_rep, services.mark_lost, approved, reason="Price", at=at + DAY)

    with system_scope():
        assert services.expire_due(at=at + timedelta(days=365)) == 0
    assert stored(approved).status == f"closed_{outcome}"


def test_reminders_come_fourteen_seven_and_one_day_before_the_end_each_once(cast, approved, at, run_jobs):
    end = at + HOUR + timedelta(days=90)
    sent = []
    with system_scope():
        for days in (20, 14, 13, 7, 7, 1):
            sent.append(services.remind_expiring(at=end - timedelta(days=days)))
        run_jobs()
        rep = Notification.objects.filter(user_id=cast.users["partner_rep"].pk, kind="deals.expiring").count()
        manager = Notification.objects.filter(user_id=cast.users["partner_manager"].pk, kind="deals.expiring").count()

    assert (sent, rep, manager) == ([0, 1, 0, 1, 0, 1], 3, 3)


def test_a_won_deal_keeps_the_rate_it_was_booked_with(cast, catalogue, at):
    won = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at, currency="SEK")

    act(cast.partner_rep, services.mark_won, won, amount_minor=80_000_00, at=at + timedelta(days=40))

    row = stored(won)
    assert (row.status, row.stage, row.amount_minor, row.base_amount_minor, row.protected_until) == ("closed_won", "launched", 80_000_00, 7_320_00, None)
    sale = opportunity(won)
    assert (sale.status, sale.base_amount_minor, sale.is_registered, sale.registered_partner_id) == ("won", 7_320_00, True, cast.partner_id)


def test_a_lost_deal_needs_a_reason_and_frees_the_customer(cast, catalogue, approved, at):
    with scope(cast.partner_rep), pytest.raises(Invalid):
        services.mark_lost(actor=cast.partner_rep, registration_id=approved, reason=" ", at=at)
    assert stored(approved).status == "approved"

    act(cast.partner_rep, services.mark_lost, approved, reason="Price", at=at + DAY)

    assert (stored(approved).lost_reason, opportunity(approved).status) == ("Price", "lost")
    other = make_registration(cast.other_partner_rep, catalogue, at=at + 2 * DAY).registration_id
    assert act(cast.partner_manager, services.approve, other, at=at + 2 * DAY).final


def test_an_approved_deal_moves_through_the_open_stages(cast, approved, at):
    act(cast.partner_rep, services.move_stage, approved, stage="business_validation", next_step="Pricing workshop", at=at + DAY)

    row = stored(approved)
    assert (row.stage, row.next_step, row.stage_changed_at, opportunity(approved).stage) == (
        "business_validation",
        "Pricing workshop",
        at + DAY,
        "business_validation",
    )
    with scope(cast.partner_rep), pytest.raises(Invalid):
        services.move_stage(actor=cast.partner_rep, registration_id=approved, stage="launched", at=at)


def test_a_waiting_deal_does_not_move(cast, catalogue, at):
    waiting = make_registration(cast.partner_rep, catalogue, at=at).registration_id

    for function, values in ((services.move_stage, {"stage": "committed"}), (services.mark_won, {}), (services.mark_lost, {"reason": "x"})):
        with scope(cast.partner_rep), pytest.raises(NotAllowed, match="approved"):
            function(actor=cast.partner_rep, registration_id=waiting, at=at, **values)
    assert stored(waiting).status == "submitted"


def test_a_canceled_deal_frees_the_customer_and_archives_its_tasks(cast, approved, at):
    act(cast.partner_manager, services.add_task, approved, title="Call them", at=at)

    act(cast.vendor_admin, services.cancel, approved, reason="Customer stopped", at=at + DAY)

    with system_scope():
        assert ProtectionGrant.objects.get(registration_id=approved).status == "released"
        assert Task.objects.get().archived_at == at + DAY
    assert (stored(approved).status, opportunity(approved).is_registered) == ("canceled", False)


def test_a_standstill_is_told_once(cast, approved, at, run_jobs):
    with system_scope():
        assert services.alert_stalled(at=at + timedelta(days=20)) == 0
        assert services.alert_stalled(at=at + timedelta(days=22)) == 1
        assert services.alert_stalled(at=at + timedelta(days=23)) == 0
        run_jobs()
        told = set(Notification.objects.filter(kind="deals.stalled").values_list("user_id", flat=True))

    assert told == {cast.users["partner_rep"].pk, cast.users["partner_manager"].pk}


def test_a_late_answer_approves_a_clear_case_by_the_published_rule(cast, catalogue, at):
    late = make_registration(cast.partner_rep, catalogue, at=at).registration_id

    with system_scope():
        assert services.remedy_late_decision(registration_id=late, at=at + 5 * DAY) == "approve"
        assert services.remedy_late_decision(registration_id=late, at=at + 6 * DAY) == "none"

    row = stored(late)
    assert (row.status, row.protected_until, row.remedied_at) == ("approved", at + 95 * DAY, at + 5 * DAY)


def test_a_late_answer_on_an_unclear_case_makes_the_window_longer(cast, catalogue, at):
    make_registration(cast.other_partner_rep, catalogue, at=at)
    late = make_registration(cast.partner_rep, catalogue, at=at).registration_id

    with system_scope():
        assert services.remedy_late_decision(registration_id=late, at=at + 5 * DAY) == "extend"
    act(cast.partner_manager, services.approve, late, at=at + 6 * DAY)

    assert stored(late).protected_until == at + (6 + 90 + 14) * DAY


def test_a_broken_promise_starts_the_remedy(cast, catalogue, at, run_jobs):
    from openprm.promises import services as promises

    late = make_registration(cast.partner_rep, catalogue, at=at).registration_id

    with system_scope():
        promises.mark_overdue(at=at + 3 * DAY)
        run_jobs()

    assert stored(late).status == "approved"


@pytest.mark.parametrize(
    ("customer", "answer"),
    [("vega.example", "free"), ("https://www.ostravasteel.example/en", "protected"), ("Ostrava Steelworks", "protected"), ("Ostrava Steelwrks", "ask")],
)
def test_a_precheck_answers_one_word_and_names_nobody(cast, catalogue, approved, at, customer, answer):
    with scope(cast.other_partner_rep):
        found = services.pre_check(actor=cast.other_partner_rep, customer=customer, product_line_id=catalogue.mes.pk, country="CZ", at=at + DAY)

    assert (found.answer, found.held_by_you, found.left_this_hour) == (answer, False, 29)
    with system_scope():
        logged = Precheck.objects.get()
    assert (logged.partner_id, logged.user_id, logged.customer, logged.answer) == (
        cast.other_partner_id,
        cast.users["other_partner_rep"].pk,
        customer,
        answer,
    )


def test_a_precheck_of_another_product_line_is_not_answered_protected(cast, catalogue, approved, at):
    with scope(cast.other_partner_rep):
        found = services.pre_check(actor=cast.other_partner_rep, customer="ostravasteel.example", product_line_id=catalogue.edge.pk, country="CZ", at=at + DAY)

    assert found.answer == "ask"


def test_prechecks_are_limited_per_person(cast, catalogue, at):
    ask = {"product_line_id": catalogue.mes.pk, "country": "CZ"}
    with scope(cast.partner_rep):
        for number in range(30):
            services.pre_check(actor=cast.partner_rep, customer=f"c{number}.example", at=at, **ask)
        with pytest.raises(services.TooManyPrechecks):
            services.pre_check(actor=cast.partner_rep, customer="more.example", at=at + timedelta(minutes=59), **ask)
        assert services.pre_check(actor=cast.partner_rep, customer="more.example", at=at + timedelta(minutes=61), **ask).answer == "free"


def test_a_reader_cannot_precheck(cast, catalogue, at):
    with scope(cast.partner_reader), pytest.raises(NotAllowed):
        services.pre_check(actor=cast.partner_reader, customer="vega.example", product_line_id=catalogue.mes.pk, at=at)


def test_internal_notes_and_tasks_stay_with_the_vendor(cast, approved, at):
    act(cast.partner_manager, services.add_note, approved, body="Sintra never called", visibility="internal", at=at)
    act(cast.partner_manager, services.add_note, approved, body="Good luck", visibility="shared", at=at)
    task_id = act(cast.partner_manager, services.add_task, approved, title="Check margin", at=at)

    with scope(cast.partner_rep):
        assert [note.body for note in Note.objects.all()] == ["Good luck"]
        assert list(Task.objects.all()) == []
        with pytest.raises(NotFound):
            services.complete_task(actor=cast.partner_rep, task_id=task_id, at=at)
        with pytest.raises(NotAllowed):
            services.add_note(actor=cast.partner_rep, registration_id=approved, body="x", visibility="internal", at=at)
    with scope(cast.partner_manager):
        services.complete_task(actor=cast.partner_manager, task_id=task_id, at=at)
        assert Task.objects.get().done_at == at


def test_a_file_is_what_its_content_is(cast, approved, at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = b"%PDF-1.7 plant survey"

    document_id = act(cast.partner_rep, services.attach_document, approved, name="../../survey.exe", content=content, at=at)
    again = act(cast.partner_rep, services.attach_document, approved, name="copy.pdf", content=content, at=at)

    with system_scope():
        kept = Document.objects.get()
    assert (kept.name, kept.content_type, kept.size, again) == ("survey.pdf", "application/pdf", len(content), document_id)
    with scope(cast.partner_manager):
        assert open_document(cast.partner_manager, document_id).file.read() == content
    with scope(cast.other_partner_rep), pytest.raises(NotFound):
        open_document(cast.other_partner_rep, document_id)


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"<html><script>alert(1)</script>", b"<svg xmlns='x'/>", b"PK\x03\x04broken", b"\xff\xfe\x00a"])
def test_a_file_that_is_none_of_the_kinds_is_refused(cast, approved, at, settings, tmp_path, content):
    settings.MEDIA_ROOT = tmp_path
    with scope(cast.partner_rep), pytest.raises(Invalid):
        services.attach_document(actor=cast.partner_rep, registration_id=approved, name="a.pdf", content=content, at=at)

    with system_scope():
        assert not Document.objects.exists()


def test_internal_files_stay_with_the_vendor(cast, approved, at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document_id = act(cast.partner_manager, services.attach_document, approved, name="margin.txt", content=b"25 %", visibility="internal", at=at)

    with scope(cast.partner_rep), pytest.raises(NotFound):
        open_document(cast.partner_rep, document_id)


def test_a_collaborator_sees_only_the_deals_it_is_added_to(cast, catalogue, approved, at):
    with scope(cast.partner_collaborator), pytest.raises(NotFound):
        services.add_note(actor=cast.partner_collaborator, registration_id=approved, body="Hello", at=at)

    act(cast.partner_rep, services.add_collaborator, approved, user_id=cast.users["partner_collaborator"].pk, at=at)

    assert act(cast.partner_collaborator, services.add_note, approved, body="Hello", at=at)
    act(cast.partner_rep, services.remove_collaborator, approved, user_id=cast.users["partner_collaborator"].pk, at=at)
    with scope(cast.partner_collaborator), pytest.raises(NotFound):
        services.add_note(actor=cast.partner_collaborator, registration_id=approved, body="Hello", at=at)


def test_a_regional_reviewer_takes_the_regional_step(cast, catalogue, at):
    from openprm.deals.models import ApprovalStep
    from openprm.deals.services import routing

    with scope(cast.vendor_admin):
        services.assign_reviewer(actor=cast.vendor_admin, user_id=cast.users["partner_manager"].pk, basis="customer", region="world", at=at)
    with system_scope():
        registration = Registration.objects.get(pk=make_registration(cast.partner_rep, catalogue, at=at).registration_id)
        registration.steps.all().delete()
        routing.lay_out(registration, "regional_reviewer", routing.standing_of(registration.partner_id, None, at))
        assert ApprovalStep.objects.get(registration=registration).approver_id == cast.users["partner_manager"].pk

    assert act(cast.partner_manager, services.approve, registration.pk, at=at).final


def test_a_reviewer_of_the_partners_region_is_another_right(cast, catalogue, at):
    from openprm.deals import policies
    from openprm.partners.models import Partner

    with system_scope():
        Partner.objects.filter(pk=cast.partner_id).update(region="north")
    with scope(cast.vendor_admin), pytest.raises(Invalid):
        services.assign_reviewer(actor=cast.vendor_admin, user_id=cast.users["finance_manager"].pk, basis="partner", region="north", at=at)
    with scope(cast.vendor_admin):
        services.assign_reviewer(actor=cast.vendor_admin, user_id=cast.users["partner_manager"].pk, basis="partner", region="north", at=at)
    registration = stored(make_registration(cast.partner_rep, catalogue, at=at).registration_id)
    other = stored(make_registration(cast.other_partner_rep, catalogue, at=at, customer_domain="v.example", customer_name="V").registration_id)

    with scope(cast.partner_manager):
        assert policies.reviews_region(cast.partner_manager, registration)
        assert not policies.reviews_region(cast.partner_manager, other)


def test_products_that_were_sold_keep_their_line(cast, catalogue, approved, at):
    with scope(cast.vendor_admin), pytest.raises(Conflict):
        services.save_product(actor=cast.vendor_admin, product_id=catalogue.mes_core.pk, name="MES Core", product_line_id=catalogue.edge.pk, at=at)
    with scope(cast.partner_manager), pytest.raises(NotAllowed):
        services.save_product_line(actor=cast.partner_manager, name="New", at=at)


def test_a_deal_holds_each_product_once(cast, catalogue, at):
    lines = (LineDraft(product_id=catalogue.mes_core.pk, amount_minor=1), LineDraft(product_id=catalogue.mes_core.pk, amount_minor=2))
    with scope(cast.partner_rep), pytest.raises(Invalid) as refused:
        services.save_draft(actor=cast.partner_rep, draft=make_draft(catalogue, lines=lines), at=at)
    assert [problem.field for problem in refused.value.problems] == ["lines[1].product_id"]


def test_a_program_with_its_own_table_protects_by_it(cast, catalogue, at):
    from openprm.partners import queries as partners
    from openprm.rulebook import services as rulebook
    from openprm.rulebook.ports import Row, Table

    with scope(cast.vendor_admin):
        program_id = partners.enrollment(cast.partner_id, at).program_id
        draft_id = rulebook.create_draft(actor=cast.vendor_admin, kind="deals.protection", program_id=program_id, at=at)
        table = Table(
            inputs=(), outputs=("days", "extension_days", "starts"), rows=(Row("P1", then={"days": "45", "extension_days": "0", "starts": '"approval"'}),)
        )
        rulebook.save_draft(actor=cast.vendor_admin, draft_id=draft_id, table=table, at=at)
        rulebook.publish(actor=cast.vendor_admin, draft_id=draft_id, effective_at=at + 14 * DAY, note="Shorter here.", at=at)

    before = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at)
    others = {"customer_name": "Vega Works Oy", "customer_domain": "vega.example"}
    after = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at + 14 * DAY, **others)

    assert stored(before).protected_until == at + HOUR + 90 * DAY
    assert stored(after).protected_until == at + 14 * DAY + HOUR + 45 * DAY
