from datetime import timedelta

import pytest

from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope
from openprm.offboarding import services
from openprm.offboarding.models import Offboarding
from openprm.offboarding.testing import make_offboarding

pytestmark = pytest.mark.django_db


@pytest.fixture
def moment():
    return now()


@pytest.fixture
def case(cast, moment):
    return make_offboarding(cast.vendor_admin, cast.partner_id, at=moment - timedelta(hours=1))


def stored():
    with system_scope():
        return Offboarding.objects.get()


def test_the_vendor_opens_one_from_the_partners_page(cast):
    browser = cast.client("partner_manager")
    assert f"/app/offboarding/open/{cast.partner_id}/" in browser.get(f"/app/partners/{cast.partner_id}/").content.decode()

    answer = browser.post(f"/app/offboarding/open/{cast.partner_id}/", {"kind": "mutual", "reason": "We agreed.", "farewell": "Thank you."})

    assert answer["Location"] == f"/app/offboarding/{stored().pk}/"
    page = browser.get(answer["Location"]).content.decode()
    assert "Settle deals and protections" in page
    assert "No room of this installation keeps money" not in page


def test_a_day_too_early_is_said_beside_its_field(cast, moment):
    day = (moment + timedelta(days=3)).date().isoformat()
    answer = cast.client("vendor_admin").post(f"/app/offboarding/open/{cast.partner_id}/", {"kind": "vendor", "reason": "Low sales", "last_day": day})

    assert answer.status_code == 422
    assert "The notice is 30 days" in answer.content.decode()
    with system_scope():
        assert Offboarding.objects.count() == 0


def test_a_script_in_the_reason_is_text(cast):
    cast.client("vendor_admin").post(f"/app/offboarding/open/{cast.partner_id}/", {"kind": "mutual", "reason": "<script>alert(1)</script>"})

    for browser, path in ((cast.client("vendor_admin"), f"/app/offboarding/{stored().pk}/"), (cast.client("partner_admin"), "/portal/leaving/")):
        page = browser.get(path).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert(1)" not in page


def test_an_administrator_of_the_partner_asks_and_takes_it_back(cast):
    browser = cast.client("partner_admin")
    assert browser.post("/portal/leaving/", {"reason": "Our plans changed."}).status_code == 422

    assert browser.post("/portal/leaving/", {"reason": "Our plans changed.", "sure": "on"}).status_code == 303
    assert "You asked to leave" in browser.get("/portal/leaving/").content.decode()
    assert stored().status == "requested"

    assert browser.post("/portal/leaving/stay/").status_code == 303
    assert stored().status == "canceled"


def test_a_sales_person_can_read_about_it_and_not_ask(cast):
    browser = cast.client("partner_rep")
    assert "Only an administrator of your company can ask to leave." in browser.get("/portal/leaving/").content.decode()

    assert browser.post("/portal/leaving/", {"reason": "Bye", "sure": "on"}).status_code == 422
    with system_scope():
        assert Offboarding.objects.count() == 0


def test_a_request_waits_in_the_decision_queue(cast):
    cast.client("partner_admin").post("/portal/leaving/", {"reason": "Our plans changed.", "sure": "on"})

    assert "Kallio Digital asks to leave" in cast.client("partner_manager").get("/app/decisions/").content.decode()
    assert "asks to leave" not in cast.client("vendor_reader").get("/app/decisions/").content.decode()


def test_a_step_is_run_by_its_button(cast, case):
    browser = cast.client("vendor_admin")

    assert browser.post(f"/app/offboarding/{case}/steps/access/run/").status_code == 303

    assert stored().access_ended_at is not None
    page = browser.get(f"/app/offboarding/{case}/").content.decode()
    assert "Ended: 6 people, 0 API tokens" in page
    assert "End access now" not in page


def test_the_last_day_is_moved_and_it_is_called_off(cast, case, moment):
    browser, day = cast.client("partner_manager"), (moment + timedelta(days=60)).date()
    browser.post(f"/app/offboarding/{case}/act/", {"do": "move", "last_day": day.isoformat(), "reason": "They asked for time."})
    assert stored().access_ends_at.date() == day
    assert browser.post(f"/app/offboarding/{case}/act/", {"do": "close", "reason": ""}).status_code == 422

    assert browser.post(f"/app/offboarding/{case}/act/", {"do": "close", "reason": "They stay."}).status_code == 303

    assert stored().status == "canceled"
    assert browser.post(f"/app/offboarding/{case}/act/", {"do": "burn", "reason": "x"}).status_code == 404


def test_the_list_is_filtered_and_exported(cast, case):
    browser = cast.client("vendor_reader")
    assert "Kallio Digital" in browser.get("/app/offboarding/?status=open").content.decode()
    assert "Kallio Digital" not in browser.get("/app/offboarding/?status=done").content.decode()
    assert "Kallio Digital" in browser.get("/app/offboarding/?export=csv").content.decode()


def test_retention_is_set_and_bounded(cast):
    browser = cast.client("vendor_admin")
    assert browser.post("/app/offboarding/retention/", {"kind": "people", "days": "5"}).status_code == 422

    assert browser.post("/app/offboarding/retention/", {"kind": "people", "days": "90"}).status_code == 303

    assert 'value="90"' in browser.get("/app/offboarding/retention/").content.decode()
    assert browser.post("/app/offboarding/retention/", {"kind": "cats", "days": "90"}).status_code == 422


def test_the_checklist_costs_a_known_number_of_queries(cast, case, django_assert_max_num_queries):
    browser = cast.client("vendor_admin")
    browser.get(f"/app/offboarding/{case}/")
    with django_assert_max_num_queries(60):
        browser.get(f"/app/offboarding/{case}/")


def test_nothing_of_a_leaving_shows_to_another_partner(cast, case, moment):
    with scope(cast.vendor_admin) as who:
        services.run_step(actor=who, offboarding_id=case, code="money", at=moment)

    page = cast.client("other_partner_admin").get("/portal/leaving/").content.decode()
    assert "How leaving works" in page
    assert "Kallio" not in page
