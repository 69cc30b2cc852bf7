"""The pages and the API of a deal's life, walked as people walk them."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from openprm.deals import queries, services
from openprm.deals.models import Amendment, Registration, Renewal, SalesProcess
from openprm.deals.rules.draft import LineDraft
from openprm.deals.testing import make_approved, make_catalogue, stored
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def catalogue(cast):
    return make_catalogue()


@pytest.fixture
def now(monkeypatch, at):
    monkeypatch.setattr("openprm.kernel.http.now", lambda: at)
    return at


@pytest.fixture
def both(cast, catalogue, now):
    lines = (
        LineDraft(product_id=catalogue.mes_core.pk, amount_minor=40_000_00, term_months=1),
        LineDraft(product_id=catalogue.edge_gateway.pk, amount_minor=10_000_00),
    )
    return make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=now, lines=lines)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def changed(catalogue, **values) -> dict:
    return {
        "rows": "2",
        "lines-0-product_id": str(catalogue.mes_core.pk),
        "lines-0-quantity": "1",
        "lines-0-amount": "80000",
        "lines-1-product_id": str(catalogue.edge_gateway.pk),
        "lines-1-quantity": "1",
        "lines-1-amount": "10000",
        "expected_close_date": "2027-03-31",
        "contact_name": "Petra Malá",
        "contact_email": "petra.mala@ostravasteel.example",
        "reason": "The whole plant",
        **values,
    }


def test_a_partner_changes_a_deal_and_the_vendor_reads_before_and_after_and_decides(cast, catalogue, both, now):
    client = cast.client("partner_rep")
    page = reverse("deals:portal_change", args=[both])
    assert "40,000" in client.get(page).content.decode()
    sent = client.post(page, changed(catalogue))
    assert sent.status_code == 303
    with system_scope():
        amendment = Amendment.objects.get(registration_id=both)
    vendor = cast.client("partner_manager")
    shown = text_of(vendor.get(reverse("deals:amendment", args=[amendment.pk])))
    assert "€40,000.00" in shown
    assert "€80,000.00" in shown
    assert "The whole plant" in shown
    done = vendor.post(reverse("deals:amendment_approve", args=[amendment.pk]), {"reason": "", "version": str(amendment.version)})
    assert done.status_code == 303
    assert stored(both).amount_minor == 90_000_00
    assert "Changes after the approval" in text_of(vendor.get(reverse("deals:registration", args=[both])))


def test_a_change_without_a_reason_comes_back_with_what_was_typed(cast, catalogue, both, now):
    answer = cast.client("partner_rep").post(reverse("deals:portal_change", args=[both]), changed(catalogue, reason=""))
    assert answer.status_code == 422
    assert 'value="80000"' in answer.content.decode()
    assert stored(both).amount_minor == 50_000_00


def test_a_deal_is_split_from_its_page(cast, catalogue, both, now):
    client = cast.client("partner_manager")
    assert "Edge" in text_of(client.get(reverse("deals:split", args=[both])))
    refused = client.post(reverse("deals:split", args=[both]), {"reason": "Two budgets"})
    assert refused.status_code == 422
    done = client.post(reverse("deals:split", args=[both]), {"product_line_ids": [str(catalogue.edge.pk)], "reason": "Two budgets"})
    assert done.status_code == 303
    with system_scope():
        second = Registration.objects.get(split_from_id=both)
    assert (second.amount_minor, stored(both).amount_minor) == (10_000_00, 40_000_00)
    assert second.number in text_of(client.get(reverse("deals:registration", args=[both])))


def test_a_lost_deal_names_its_reason_and_is_taken_up_again(cast, both, now):
    client = cast.client("partner_rep")
    assert client.post(reverse("deals:portal_lost", args=[both]), {"code": "competitor"}).status_code == 422
    assert client.post(reverse("deals:portal_lost", args=[both]), {"code": "competitor", "competitor": "<b>Rivalis</b>"}).status_code == 303
    page = client.get(reverse("deals:portal_registration", args=[both]))
    assert "&lt;b&gt;Rivalis&lt;/b&gt;" in page.content.decode()
    report = cast.client("vendor_reader").get(reverse("deals:lost_reasons") + "?by=competitor")
    assert "Lost to a competitor" in text_of(report)
    export = cast.client("vendor_reader").get(reverse("deals:lost_reasons") + "?by=product&export=csv")
    assert b"".join(export.streaming_content if export.streaming else [export.content]).decode().count("Lost to a competitor") == 2
    assert client.post(reverse("deals:portal_reopen", args=[both]), {"reason": "They called"}).status_code == 303
    assert stored(both).status == "approved"


def test_quiet_is_asked_for_in_a_dialog(cast, both, now):
    client = cast.client("partner_rep")
    late = client.post(reverse("deals:portal_snooze", args=[both]), {"until": "2030-01-01", "reason": "Holidays"})
    assert late.status_code == 422
    assert client.post(reverse("deals:portal_snooze", args=[both]), {"until": "2026-12-20", "reason": "Holidays"}).status_code == 303
    assert stored(both).stall_snooze_reason == "Holidays"


def test_a_renewal_is_listed_begun_and_given_up(cast, both, now):
    with scope(cast.partner_rep):
        services.mark_won(actor=cast.partner_rep, registration_id=both, at=now)
    with system_scope():
        services.open_renewals(at=now)
        renewal = Renewal.objects.get(registration_id=both)
    client = cast.client("partner_rep")
    assert "Ostrava Steelworks" in text_of(client.get(reverse("deals:portal_renewals")))
    assert "Begin the renewal" in text_of(client.get(reverse("deals:portal_renewal", args=[renewal.pk])))
    begun = client.post(reverse("deals:portal_follow_up", args=[both, "renewal"]))
    with system_scope():
        draft = Registration.objects.get(follows_id=both)
    assert begun["Location"] == reverse("deals:portal_edit", args=[draft.pk])
    assert (draft.status, draft.deal_type, draft.customer_domain) == ("draft", "renewal", "ostravasteel.example")
    assert client.get(begun["Location"]).status_code == 200
    assert client.post(reverse("deals:portal_follow_up", args=[both, "new"])).status_code == 404
    assert cast.client("partner_manager").post(reverse("deals:renewal_decline", args=[renewal.pk]), {"reason": "They build it"}).status_code == 303
    with system_scope():
        assert Renewal.objects.get(pk=renewal.pk).state == "declined"


class TestStageSettings:
    def working(self, response) -> str:
        return next(found for found in re.findall(r'name="draft" value="([^"]+)"', response.content.decode())).replace("&quot;", '"')

    def test_a_stage_is_changed_in_a_working_copy_and_published(self, cast, both, now):
        client = cast.client("vendor_admin")
        page = client.get(reverse("deals:stages") + "?stage=committed")
        values = {"action": "stage", "was": "committed", "name": "Verbal yes", "probability": "85", "documents": "1", "next_step": "on"}
        working = client.post(reverse("deals:stages_edit"), {"draft": self.working(page), **values})
        assert "Not published yet" in text_of(working)
        with system_scope():
            assert not SalesProcess.objects.exists()
        done = client.post(reverse("deals:stages_publish"), {"draft": self.working(working), "number": "0", "note": "Clearer"})
        assert done.status_code == 303
        with scope(cast.partner_rep):
            assert queries.stage_named("committed").name == "Verbal yes"
            [last] = queries.checklist(cast.partner_rep, both, now)[-1:]
        assert [item.label for item in last.items] == ["1 shared file", "The next step is written down"]

    def test_a_stage_with_deals_goes_only_with_a_place_for_them(self, cast, both, now):
        client = cast.client("vendor_admin")
        draft = self.working(client.get(reverse("deals:stages")))
        working = client.post(reverse("deals:stages_edit"), {"draft": draft, "action": "remove_stage", "code": "qualified"})
        assert "touches 1 running deal" in text_of(working)
        refused = client.post(reverse("deals:stages_publish"), {"draft": self.working(working), "number": "0"})
        assert refused.status_code == 422
        assert client.post(reverse("deals:stages_publish"), {"draft": self.working(working), "number": "0", "move-qualified": "prospect"}).status_code == 303
        assert stored(both).stage == "prospect"

    def test_a_broken_working_copy_is_refused(self, cast, now):
        client = cast.client("vendor_admin")
        for draft in ("", "[]", '{"stages": 3}', "x" * 200_000):
            assert client.post(reverse("deals:stages_publish"), {"draft": draft}).status_code == 422


class TestApi:
    def call(self, cast, person, method, path, body=None, **headers):
        client = cast.client(person)
        names = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        return client.generic(method, path, json.dumps(body) if body is not None else "", content_type="application/json", **names)

    def test_a_process_is_read_published_with_its_tag_and_a_move_is_refused_with_the_criteria(self, cast, catalogue, now):
        found = self.call(cast, "vendor_admin", "GET", "/api/v1/sales-process")
        assert (found.status_code, found["ETag"]) == (200, '"0"')
        body = {name: found.json()[name] for name in ("stages", "entry", "lost_reasons")}
        body["stages"][-1]["criteria"] = [{"needs": "activity", "value": "meeting"}]
        stale = self.call(cast, "vendor_admin", "PUT", "/api/v1/sales-process", body, If_Match='"4"')
        assert stale.status_code == 412
        assert self.call(cast, "vendor_admin", "PUT", "/api/v1/sales-process", body, If_Match='"0"').json()["number"] == 1
        made = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=now)
        refused = self.call(cast, "partner_rep", "POST", f"/api/v1/registrations/{made}/stage", {"stage": "committed"}, If_Match="*")
        assert refused.status_code == 422
        assert "A meeting with the customer is not logged" in json.dumps(refused.json())

    def test_a_change_is_proposed_with_the_tag_of_the_deal(self, cast, both, now):
        path = f"/api/v1/registrations/{both}/amendments"
        body = {"reason": "Petra left", "contact_name": "Jan Novák"}
        assert self.call(cast, "partner_rep", "POST", path, body).status_code == 428
        assert self.call(cast, "partner_rep", "POST", path, body, If_Match='"99"').status_code == 412
        made = self.call(cast, "partner_rep", "POST", path, body, If_Match=f'"{stored(both).version}"')
        assert (made.status_code, made.json()["state"], made.json()["changes"][0]["after"]) == (201, "applied", "Jan Novák")
        locked = self.call(cast, "partner_rep", "POST", path, {"reason": "x", "customer_name": "Other"}, If_Match="*")
        assert locked.status_code == 422
        assert stored(both).customer_name == "Ostrava Steelworks a.s."
