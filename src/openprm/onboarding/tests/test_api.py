"""The API, as an integration and a partner use it."""

import json

import pytest

from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope
from openprm.onboarding import services, takeaway
from openprm.onboarding.models import Plan, PlanTask
from openprm.onboarding.testing import make_plan, task_id, template_id

pytestmark = pytest.mark.django_db
BASE = "/api/v1/onboarding"


@pytest.fixture
def plan_id(cast, at):
    return make_plan(cast.partner_id, program_id=cast.program.pk, at=at)


def _send(client, method, path, body=None, **headers):
    headers = {"Idempotency-Key": str(new_id()), **headers}
    return client.generic(method, f"{BASE}{path}", json.dumps(body or {}), content_type="application/json", headers=headers)


def test_a_partner_reads_its_plan_without_a_word_on_standing_still(cast, plan_id):
    answer = cast.client("partner_rep").get(f"{BASE}/plans/{plan_id}").json()

    assert (answer["name"], answer["total"], answer["percent"]) == ("First 90 days: resell", 13, 0)
    assert "stuck_why" not in answer
    assert "template_id" not in answer
    assert cast.client("vendor_admin").get(f"{BASE}/plans/{plan_id}").json()["stuck_why"] == ""


def test_lists_page_and_narrow(cast, plan_id):
    found = cast.client("vendor_admin").get(f"{BASE}/plans?state=running&limit=1").json()

    assert [row["id"] for row in found["items"]] == [str(plan_id)]
    assert cast.client("other_partner_rep").get(f"{BASE}/plans").json()["items"] == []


def test_a_course_passed_elsewhere_ticks_a_task_off_once(cast, plan_id):
    client, body = cast.client("partner_manager"), {"partner_id": str(cast.partner_id), "code": "compliance.cleared", "evidence": "LMS 88"}

    first, again = _send(client, "POST", "/milestones", body), _send(client, "POST", "/milestones", body)

    assert (first.json(), again.json()) == ({"first": True}, {"first": False})


def test_an_unknown_milestone_names_the_field(cast):
    answer = _send(cast.client("partner_manager"), "POST", "/milestones", {"partner_id": str(cast.partner_id), "code": "no.such"})

    assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]) == (422, "unknown_milestone", "code")


def test_waiving_needs_the_version_that_was_read(cast, plan_id):
    client, task = cast.client("partner_manager"), task_id(plan_id, "rules")

    blind = _send(client, "POST", f"/tasks/{task}/waive", {"reason": "x"})
    stale = _send(client, "POST", f"/tasks/{task}/waive", {"reason": "x"}, **{"If-Match": '"9"'})
    good = _send(client, "POST", f"/tasks/{task}/waive", {"reason": "x"}, **{"If-Match": '"1"'})

    assert (blind.status_code, stale.status_code, good.status_code) == (428, 412, 200)
    with system_scope():
        assert PlanTask.objects.get(pk=task).state == "waived"


def test_a_started_plan_answers_the_same_twice_under_one_key(cast):
    client, key = cast.client("partner_manager"), {"Idempotency-Key": str(new_id())}
    body = {"partner_id": str(cast.partner_id), "template_id": str(template_id()), "program_id": str(cast.program.pk)}

    first, again = _send(client, "POST", "/plans", body, **key), _send(client, "POST", "/plans", body, **key)

    assert (first.status_code, again.status_code, first.json()["id"]) == (201, 201, again.json()["id"])
    with system_scope():
        assert Plan.objects.count() == 1


def test_a_template_is_edited_and_published(cast):
    client, template = cast.client("vendor_admin"), template_id()
    _send(client, "POST", f"/templates/{template}/draft")
    level = _send(client, "PUT", f"/templates/{template}/draft/levels", {"name": "Grow"}).json()["key"]
    _send(client, "PUT", f"/templates/{template}/draft/tasks", {"title": "Visit", "level_key": level, "side": "vendor", "offset_days": 100})

    published = _send(client, "POST", f"/templates/{template}/draft/publish", {"notice": "Grow"}).json()

    assert published["in_use"]["number"] == 2
    assert published["in_use"]["content"]["levels"][-1]["tasks"][0]["role"] == "partner_manager"


@pytest.mark.parametrize("body", [{"name": "x", "extra": 1}, {"name": ""}, {"name": "x" * 121}, {"name": None}])
def test_input_that_cannot_be_used_is_refused_by_field(cast, body):
    assert _send(cast.client("vendor_admin"), "POST", "/templates", body).status_code == 422


def test_a_leaving_partner_takes_its_plan_along_and_its_people_are_forgotten(cast, at, plan_id):
    with scope(cast.partner_admin):
        services.complete_task(actor=cast.partner_admin, task_id=task_id(plan_id, "rules"), at=at)
        services.add_evidence(actor=cast.partner_admin, task_id=task_id(plan_id, "plan"), name="a.pdf", content=b"%PDF-1.7 a", at=at)
        tasks, files = takeaway.EXPORT_PARTS[0], list(takeaway.EXPORT_PARTS[0].files(cast.partner_admin))
        rows = {row["title"]: row["done_by_name"] for row in tasks.rows(cast.partner_admin)}
    with system_scope():
        changed = takeaway.ERASURES[0].erase(partner_id=cast.partner_id, people=[cast.partner_admin.user_id], at=at)

    assert rows["Read how we decide"] == "Mika Virtanen"
    assert [file.name for file in files] == ["Write down your first three target customers - a.pdf"]
    assert changed == 2
    with system_scope():
        assert PlanTask.objects.get(pk=task_id(plan_id, "rules")).done_by_name == ""
