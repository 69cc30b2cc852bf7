"""The pages of both sides, the API, the queue, the calendar and the files that go out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from openprm.actionplans import calendar, queries, services, takeaway
from openprm.actionplans.models import Plan, Step, TemplateVersion
from openprm.actionplans.sources import WaitingPlans
from openprm.actionplans.testing import SOME_DAY, make_deal, make_plan, make_step, template_id
from openprm.actionplans.transfer import StepExporter
from openprm.kernel.errors import Conflict, Invalid
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def _text(answer):
    return answer.content.decode()


def test_a_seller_starts_a_plan_from_the_deal_after_seeing_its_steps(cast):
    deal = make_deal(cast)
    client, url = cast.client("partner_rep"), reverse("actionplans:portal_start")
    assert "Send the proposal" in _text(client.get(f"{url}?kind=registration&subject={deal}"))
    sent = {"kind": "registration", "subject": deal, "title": "Ostrava", "close_date": "2027-03-31", "template_id": template_id()}
    preview = client.post(url, {**sent, "preview": "yes"})
    assert preview.status_code == 200
    with system_scope():
        assert not Plan.objects.exists()

    answer = client.post(url, sent)
    assert answer.status_code == 303
    page = _text(client.get(answer.url))
    assert "Technical validation with our engineer" in page
    assert "Agree to the plan" in page
    assert client.post(url, sent).status_code == 409


def test_the_deals_panel_shows_the_plan_or_the_way_to_start_one(cast):
    from openprm.actionplans.pages import panels

    deal = make_deal(cast)
    with scope(cast.partner_rep):
        assert "start" in panels.on_registration(cast.partner_rep, deal, SOME_DAY)["start_url"]
    with scope(cast.vendor_reader):
        assert panels.on_registration(cast.vendor_reader, deal, SOME_DAY) is None
    plan_id = make_plan(cast, registration_id=deal)
    with scope(cast.vendor_reader):
        assert panels.on_registration(cast.vendor_reader, deal, SOME_DAY)["mutual_plan"].id == plan_id


@pytest.mark.parametrize("person", ["vendor_admin", "vendor_reader", "partner_rep", "partner_reader"])
def test_plan_and_step_pages_draw_for_readers_and_workers(cast, person):
    plan_id = make_plan(cast, template=template_id())
    with system_scope():
        step_id = Step.objects.order_by("due_date").first().pk
    side = "" if person.startswith("vendor") else "portal_"
    client = cast.client(person)

    for url in (
        reverse(f"actionplans:{side}plans"),
        reverse(f"actionplans:{side}plan", args=[plan_id]),
        reverse(f"actionplans:{side}plan", args=[plan_id]) + "?view=list&do=end",
        reverse(f"actionplans:{side}step", args=[step_id]),
    ):
        assert client.get(url).status_code == 200


def test_script_in_a_step_is_shown_as_text(cast):
    plan_id = make_plan(cast)
    make_step(cast.partner_rep, plan_id, "<script>alert(1)</script>", about="<img src=x onerror=alert(1)>")

    page = _text(cast.client("vendor_admin").get(reverse("actionplans:plan", args=[plan_id])))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_step_is_added_changed_done_and_agreed_to_on_the_pages(cast):
    plan_id = make_plan(cast)
    client = cast.client("partner_rep")
    add = reverse("actionplans:portal_step_new", args=[plan_id])
    assert client.post(add, {"title": "", "side": "partner", "due_date": ""}).status_code == 422
    assert client.post(add, {"title": "Demo", "side": "partner", "due_date": "2026-12-15"}).status_code == 303
    with system_scope():
        step_id = Step.objects.get().pk
    edit = reverse("actionplans:portal_step_edit", args=[step_id])
    assert client.post(edit, {"title": "Demo on site", "side": "partner", "due_date": "2026-12-16", "version": "1"}).status_code == 303
    assert client.post(edit, {"title": "Late", "side": "partner", "due_date": "2026-12-16", "version": "1"}).status_code == 412
    assert client.post(reverse("actionplans:portal_plan_sign", args=[plan_id]), {"revision": "3"}).status_code == 303
    assert client.post(reverse("actionplans:portal_step_done", args=[step_id]), {"note": "Recording sent"}).status_code == 303
    with system_scope():
        assert Step.objects.get().evidence_note == "Recording sent"


def test_the_shift_page_previews_and_then_moves(cast):
    plan_id = make_plan(cast)
    make_step(cast.partner_rep, plan_id, "Demo", due_date=date(2027, 3, 10))
    client, url = cast.client("partner_manager"), reverse("actionplans:plan_shift", args=[plan_id])

    assert "Demo" in _text(client.get(f"{url}?close_date=2027-04-07"))
    assert client.post(url, {"close_date": "2027-04-07", "version": "9"}).status_code == 412
    assert client.post(url, {"close_date": "2027-04-07"}).status_code == 303
    with system_scope():
        assert Step.objects.get().due_date == date(2027, 3, 17)


def test_a_template_is_changed_in_a_draft_and_published(cast):
    client = cast.client("vendor_admin")
    found = template_id()
    client.post(reverse("actionplans:draft_begin", args=[found]))
    add = reverse("actionplans:template_step_new", args=[found])
    assert client.post(add, {"title": "Reference call", "side": "vendor", "days_before": "20", "waits_for": ["demo"]}).status_code == 303
    assert client.post(add, {"title": "Too far", "side": "vendor", "days_before": "999"}).status_code == 422
    circle = reverse("actionplans:template_step", args=[found, "demo"])
    answer = client.post(circle, {"title": "Demo", "side": "partner", "days_before": "30", "waits_for": ["reference-call"]})
    assert answer.status_code == 422
    assert "in a circle" in _text(answer)
    assert client.post(reverse("actionplans:draft_publish", args=[found]), {"notice": "References"}).status_code == 303
    with system_scope():
        assert sorted(TemplateVersion.objects.values_list("number", "state")) == [(1, "retired"), (2, "published")]
    assert "Reference call" in _text(client.get(reverse("actionplans:template", args=[found])))


def test_a_published_version_never_changes(cast):
    with system_scope(), pytest.raises(Exception, match="not changed"):
        row = TemplateVersion.objects.get(state="published")
        row.content = {"steps": []}
        row.save()


def test_an_empty_draft_is_not_published_and_a_program_keeps_its_template(cast):
    with scope(cast.vendor_admin):
        made = services.create_template(actor=cast.vendor_admin, name="Resell", program_id=cast.program.pk, at=SOME_DAY)
        with pytest.raises(Invalid, match="at least one step"):
            services.publish_draft(actor=cast.vendor_admin, template_id=made, at=SOME_DAY)
        with pytest.raises(Conflict):
            services.create_template(actor=cast.vendor_admin, name="Resell", at=SOME_DAY)
        services.save_step(actor=cast.vendor_admin, template_id=made, title="Demo", side="partner", days_before=5, at=SOME_DAY)
        services.publish_draft(actor=cast.vendor_admin, template_id=made, at=SOME_DAY)
        assert [one.name for one in queries.choices(cast.vendor_admin, cast.program.pk)] == ["Resell", "Plan to close"]
        assert [one.name for one in queries.choices(cast.vendor_admin, None)] == ["Plan to close"]


def _owned(cast, plan_id, person, title, **values):
    actor = getattr(cast, person)
    return make_step(actor, plan_id, title, owner_id=cast.users[person].pk, **values)


def test_the_queue_the_calendar_and_the_export_know_the_own_side_alone(cast):
    plan_id = make_plan(cast)
    soon = date(2026, 11, 25)
    _owned(cast, plan_id, "partner_rep", "Ask our lawyer", private=True, due_date=soon)
    _owned(cast, plan_id, "partner_manager", "Discount approval", private=True, due_date=soon)
    since, until = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)

    for person, title in (("partner_rep", "Ask our lawyer"), ("partner_manager", "Discount approval")):
        actor = getattr(cast, person)
        with scope(actor):
            assert [one.title for one in WaitingPlans().list_decisions(actor, SOME_DAY)] == [title]
            assert [(one.title, one.starts_at) for one in calendar.own_steps(actor=actor, since=since, until=until, at=SOME_DAY)] == [(title, soon)]
            assert [row[5] for row in StepExporter().rows(actor=actor, filters={}, at=SOME_DAY)] == [title]
    with scope(cast.partner_admin):
        assert [row["title"] for row in takeaway.EXPORT_PARTS[0].rows(cast.partner_admin)] == ["Ask our lawyer"]


def test_names_of_people_who_left_are_forgotten(cast):
    plan_id = make_plan(cast)
    step_id = make_step(cast.partner_rep, plan_id, "Demo")
    with scope(cast.partner_rep):
        services.finish_step(actor=cast.partner_rep, step_id=step_id, at=SOME_DAY)
        services.sign_plan(actor=cast.partner_rep, plan_id=plan_id, at=SOME_DAY)
    with system_scope():
        erase = takeaway.ERASURES[0].erase
        assert erase(partner_id=cast.partner_id, people=[cast.users["partner_rep"].pk], at=SOME_DAY) == 2
        assert erase(partner_id=cast.partner_id, people=[cast.users["partner_rep"].pk], at=SOME_DAY) == 0
    with scope(cast.vendor_admin):
        plan = queries.plan(cast.vendor_admin, plan_id, SOME_DAY)
        assert (plan.steps[0].done_by, plan.signatures[0].by) == ("", "")


def test_a_step_over_the_api_with_its_version(cast):
    import json

    plan_id = make_plan(cast)
    client = cast.client("partner_rep")

    def send(method, path, body, **headers):
        return client.generic(method, f"/api/v1/action-plans{path}", json.dumps(body), content_type="application/json", headers=headers)

    made = send("POST", f"/{plan_id}/steps", {"title": "Demo", "side": "partner", "due_date": "2026-12-15"}, **{"Idempotency-Key": "a" * 20})
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    step_id = made.json()["id"]
    assert send("PATCH", f"/steps/{step_id}", {"title": "Demo 2"}, **{"Idempotency-Key": "b" * 20}).status_code == 428
    stale = send("PATCH", f"/steps/{step_id}", {"title": "Demo 2"}, **{"Idempotency-Key": "c" * 20, "If-Match": '"7"'})
    assert stale.status_code == 412
    wrong = send("POST", f"/{plan_id}/steps", {"title": "x" * 500, "side": "moon", "due_date": "soon"}, **{"Idempotency-Key": "d" * 20})
    assert wrong.status_code == 422
    assert [step["title"] for step in client.get(f"/api/v1/action-plans/{plan_id}").json()["steps"]] == ["Demo"]


def test_the_list_filters_and_exports(cast):
    plan_id = make_plan(cast, template=template_id())
    client, url = cast.client("vendor_admin"), reverse("actionplans:plans")

    assert "Ostrava" in _text(client.get(f"{url}?q=ostrava&state=running"))
    assert "Ostrava Steelworks, MES rollout" not in _text(client.get(f"{url}?state=ended"))
    assert "Ostrava" in client.get(f"{url}?export=csv").content.decode()
    with scope(cast.vendor_admin):
        found = queries.plan(cast.vendor_admin, plan_id, SOME_DAY + timedelta(days=365))
    assert (found.health, found.late) == ("late", 9)
