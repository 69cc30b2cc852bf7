"""The pages of both sides, as people walk them."""

import pytest
from django.urls import reverse

from openprm.kernel.scope import scope, system_scope
from openprm.onboarding import queries, services
from openprm.onboarding.models import Help, Kit, KitDelivery, Pilot, PilotPartner, Plan, PlanTask, TemplateVersion
from openprm.onboarding.testing import make_kit, make_pilot, make_plan, make_showcase, task_id, template_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan_id(cast, at):
    return make_plan(cast.partner_id, program_id=cast.program.pk, at=at)


@pytest.fixture
def showcase(cast):
    with system_scope():
        make_showcase(cast)
    return cast


@pytest.mark.parametrize(
    ("person", "page"),
    [
        ("vendor_admin", "onboarding:home"),
        ("vendor_reader", "onboarding:home"),
        ("vendor_admin", "onboarding:plans"),
        ("vendor_admin", "onboarding:first_deals"),
        ("vendor_admin", "onboarding:start"),
        ("vendor_admin", "onboarding:templates"),
        ("vendor_admin", "onboarding:template_new"),
        ("vendor_admin", "onboarding:kits"),
        ("vendor_admin", "onboarding:pilots"),
        ("vendor_admin", "onboarding:pilot_new"),
        ("vendor_admin", "portal:home"),
        ("partner_rep", "onboarding:portal_home"),
        ("partner_reader", "onboarding:portal_home"),
        ("partner_admin", "onboarding:portal_welcome"),
        ("partner_admin", "onboarding:portal_pilots"),
        ("partner_admin", "portal:portal_home"),
    ],
)
def test_every_page_draws_with_and_without_anything_to_show(cast, person, page):
    assert cast.client(person).get(reverse(page)).status_code == 200

    with system_scope():
        make_showcase(cast)
    assert cast.client(person).get(reverse(page)).status_code == 200


def test_the_getting_started_page_leads_with_the_next_task(showcase):
    text = showcase.client("partner_admin").get(reverse("onboarding:portal_home")).content.decode()

    assert "Next for you" in text
    assert "First 90 days: resell" in text
    assert "What Halden Software owes you" in text
    assert "Your first deal" in text


def test_a_click_ticks_a_task_off_and_stays_on_the_page(cast, plan_id):
    task, home = task_id(plan_id, "rules"), reverse("onboarding:portal_home")

    answer = cast.client("partner_admin").post(reverse("onboarding:portal_task_done", args=[task]), {"next": home})

    assert (answer.status_code, answer.url) == (303, home)
    with system_scope():
        assert PlanTask.objects.get(pk=task).state == "done"


def test_a_task_that_asks_for_words_comes_back_with_the_reason(cast, plan_id):
    task = task_id(plan_id, "plan")

    answer = cast.client("partner_rep").post(reverse("onboarding:portal_task_done", args=[task]), {"answer": ""})

    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()
    with system_scope():
        assert PlanTask.objects.get(pk=task).state == "open"


def test_a_script_in_a_comment_is_shown_as_text(cast, plan_id):
    task, client = task_id(plan_id, "rules"), cast.client("partner_admin")

    client.post(reverse("onboarding:portal_task_comment", args=[task]), {"body": "<script>alert(1)</script>"})

    text = client.get(reverse("onboarding:portal_task", args=[task])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert(1)" not in text


def test_a_file_is_uploaded_downloaded_and_never_shown_inline(cast, plan_id):
    from django.core.files.uploadedfile import SimpleUploadedFile

    task, client = task_id(plan_id, "rules"), cast.client("partner_admin")

    sent = client.post(reverse("onboarding:portal_task_file", args=[task]), {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7 x")})
    with scope(cast.partner_admin):
        from django.utils import timezone

        file = queries.task(cast.partner_admin, task, timezone.now()).files[0]
    got = cast.client("vendor_admin").get(reverse("onboarding:file", args=[file.id]))

    assert (sent.status_code, got.status_code, got.content) == (303, 200, b"%PDF-1.7 x")
    assert got["Content-Disposition"].startswith("attachment")
    assert cast.client("other_partner_admin").get(reverse("onboarding:portal_file", args=[file.id])).status_code == 404


def test_a_page_with_a_wrong_file_says_which_files_can_be_added(cast, plan_id):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = cast.client("partner_admin").post(
        reverse("onboarding:portal_task_file", args=[task_id(plan_id, "rules")]), {"file": SimpleUploadedFile("x.pdf", b"MZ\x90\x00")}
    )

    assert answer.status_code == 422
    assert "Only PDF" in answer.content.decode()


def test_the_vendor_starts_moves_and_ends_a_plan(cast, at):
    client = cast.client("partner_manager")

    started = client.post(reverse("onboarding:start"), {"partner_id": cast.partner_id, "template_id": template_id(), "started_date": "2026-11-02"})
    with system_scope():
        plan = Plan.objects.get()
    ended = client.post(reverse("onboarding:plan_end", args=[plan.pk]), {"reason": "They know us for years"})

    assert (started.status_code, ended.status_code) == (303, 303)
    with system_scope():
        plan.refresh_from_db()
        assert (plan.state, plan.ended_reason, str(plan.started_at.date())) == ("ended", "They know us for years", "2026-11-02")


def test_a_plan_without_a_reason_does_not_end(cast, plan_id):
    answer = cast.client("partner_manager").post(reverse("onboarding:plan_end", args=[plan_id]), {"reason": ""})

    assert answer.status_code == 422
    with system_scope():
        assert Plan.objects.get(pk=plan_id).state == "running"


def test_a_template_is_changed_in_a_draft_step_by_step(cast):
    client, template = cast.client("vendor_admin"), template_id()
    client.post(reverse("onboarding:draft_begin", args=[template]))

    level = client.post(reverse("onboarding:level_new", args=[template]), {"name": "Grow", "badge": "Grower"})
    key = level.url.rpartition("#")[2]
    given = {"title": "Plan the year", "role": "partner_manager", "kind": "do", "level_key": key, "offset_days": "120", "is_required": "on"}
    task = client.post(reverse("onboarding:task_new", args=[template, key]), given)
    published = client.post(reverse("onboarding:draft_publish", args=[template]), {"notice": "A fourth level"})

    assert (level.status_code, task.status_code, published.status_code) == (303, 303, 303)
    with system_scope():
        version = TemplateVersion.objects.get(template=template, state="published")
        assert (version.number, version.parsed.levels[-1].name, version.parsed.levels[-1].tasks[0].offset_days) == (2, "Grow", 120)


def test_a_copied_template_is_for_the_same_partners_and_does_not_start_by_itself(cast, at):
    with scope(cast.vendor_admin):
        made = services.create_template(actor=cast.vendor_admin, name="Quick start", copy_of=template_id(), at=at)
        found = queries.template(cast.vendor_admin, made)

    assert (found.motion, found.is_automatic, found.in_use, len(found.draft.content.levels)) == ("transact", False, None, 3)


def test_a_draft_with_an_empty_level_is_not_published(cast):
    client, template = cast.client("vendor_admin"), template_id()
    client.post(reverse("onboarding:draft_begin", args=[template]))
    client.post(reverse("onboarding:level_new", args=[template]), {"name": "Grow"})

    answer = client.post(reverse("onboarding:draft_publish", args=[template]), {})

    assert answer.status_code == 422
    assert "no task that must be done" in answer.content.decode()
    with system_scope():
        assert TemplateVersion.objects.get(template=template, state="published").number == 1


def test_a_task_that_waits_for_an_event_needs_one_that_exists(cast):
    client, template = cast.client("vendor_admin"), template_id()
    client.post(reverse("onboarding:draft_begin", args=[template]))
    given = {"title": "Course", "role": "partner_sales", "kind": "milestone", "level_key": "arrive", "offset_days": "10"}

    answer = client.post(reverse("onboarding:task_new", args=[template, "arrive"]), given)

    assert answer.status_code == 422
    assert "Choose what ticks this task off" in answer.content.decode()


def test_the_editor_refuses_an_older_sight_of_the_draft(cast):
    client, template = cast.client("vendor_admin"), template_id()
    client.post(reverse("onboarding:draft_begin", args=[template]))

    answer = client.post(reverse("onboarding:draft_shift", args=[template, "learn"]), {"way": "up", "lock": "99"})

    assert answer.status_code == 412


def test_reading_the_welcome_page_counts_as_opened_once_and_only_for_the_partner(cast, at):
    make_kit(cast.vendor_admin, cast.program.pk)
    services.deliver_kit(partner_id=cast.partner_id, program_id=cast.program.pk, at=at)

    before = _opened()
    text = cast.client("partner_rep").get(reverse("onboarding:portal_welcome")).content.decode()
    first = _opened()
    cast.client("partner_admin").get(reverse("onboarding:portal_welcome"))

    assert before is None
    assert (first is not None, _opened()) == (True, first)
    assert "Welcome to Halden" in text
    assert "Erik Berg" in text
    with system_scope():
        assert KitDelivery.objects.get().openings.count() == 2


def _opened():
    with system_scope():
        return KitDelivery.objects.get().opened_at


def test_a_kit_with_a_link_that_runs_code_is_refused(cast):
    url = reverse("onboarding:kit", args=[cast.program.pk])
    given = {"title": "Hi", "message": "Hello", "course_url": "javascript:alert(1)", "label_0": "x", "url_0": "data:text/html,x"}

    answer = cast.client("vendor_admin").post(url, given)

    assert answer.status_code == 422
    with system_scope():
        assert Kit.objects.count() == 0


def test_a_question_goes_to_the_manager_and_its_answer_comes_back(cast, at):
    services.begin_first_deal(partner_id=cast.partner_id, program_id=cast.program.pk, at=at)

    asked = cast.client("partner_rep").post(reverse("onboarding:portal_ask"), {"question": "Who joins our first call?"})
    with system_scope():
        question = Help.objects.get()
    answered = cast.client("partner_manager").post(reverse("onboarding:help", args=[question.pk]), {"answer": "I do."})

    assert (asked.status_code, answered.status_code) == (303, 303)
    text = cast.client("partner_rep").get(reverse("onboarding:portal_help", args=[question.pk])).content.decode()
    assert "I do." in text
    assert "Erik Berg" in text


def test_a_pilot_is_prepared_invited_answered_measured_and_rolled_out(cast):
    manager = cast.client("partner_manager")
    given = {"name": "Try it", "about": "Why", "kind": "program", "starts_date": "2026-11-23", "ends_date": "2026-12-23"}
    manager.post(reverse("onboarding:pilot_new"), given)
    with system_scope():
        pilot = Pilot.objects.get()
    manager.post(reverse("onboarding:pilot_goal", args=[pilot.pk]), {"name": "Days", "target": "5", "baseline": "10"})
    manager.post(reverse("onboarding:pilot_invite", args=[pilot.pk]), {"partner_id": [cast.partner_id]})
    hidden = cast.client("partner_admin").get(reverse("onboarding:portal_pilot", args=[pilot.pk]))
    manager.post(reverse("onboarding:pilot_start", args=[pilot.pk]))
    answered = cast.client("partner_admin").post(reverse("onboarding:portal_pilot_answer", args=[pilot.pk]), {"answer": "accept"})
    with system_scope():
        goal = pilot.goals.get()
    manager.post(reverse("onboarding:pilot_measure", args=[pilot.pk, goal.pk]), {"measured": "7.5"})
    manager.post(reverse("onboarding:pilot_close", args=[pilot.pk]), {"result": "Half way", "outcome": "roll_out"})

    assert (hidden.status_code, answered.status_code) == (404, 303)
    with scope(cast.vendor_admin):
        found = queries.pilot(cast.vendor_admin, pilot.pk)
    assert (found.state, found.accepted, found.goals[0].percent) == ("rolled_out", 1, 50)


def test_a_partner_that_was_not_invited_finds_no_pilot(cast):
    pilot = make_pilot(cast.vendor_admin, (cast.partner_id,), start=True)

    client = cast.client("other_partner_admin")

    assert client.get(reverse("onboarding:portal_pilot", args=[pilot])).status_code == 404
    assert client.post(reverse("onboarding:portal_pilot_answer", args=[pilot]), {"answer": "accept"}).status_code == 404
    with system_scope():
        assert PilotPartner.objects.get().state == "invited"
