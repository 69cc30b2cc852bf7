"""People at work: a partner asks and claims, the vendor decides and settles, in the browser's words."""

import pytest
from django.urls import reverse

from openprm.funds.models import Allocation, Budget, Claim, FundRequest, Settlement
from openprm.funds.testing import activity_of, approve, approve_claim, make_budget, make_claim, make_fund, make_kind, make_request, stored
from openprm.inbox import queries as inbox
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def test_a_partner_writes_a_request_beside_the_rules_and_sends_it(cast, at):
    fund_id, kind_id = make_fund(cast.partner.pk, at=at), make_kind()
    client = cast.client("partner_marketer")
    page = client.get(reverse("funds:portal_new_request"))
    assert "Event" in page.content.decode()
    said = {
        "allocation_id": fund_id, "title": "Autumn", "activity_type_id": kind_id, "activity_title": "Fair", "starts_on": "2026-12-01", "ends_on": "2026-12-02",
        "planned": "8000", "asked": "4000", "country": "FI",
    }  # fmt: skip
    assert client.post(reverse("funds:portal_new_request"), said).status_code == 303
    with system_scope():
        request = FundRequest.objects.get()
    assert (request.status, request.asked_minor) == ("draft", 4_000_00)
    sent = client.post(reverse("funds:portal_request_submit", args=[request.pk]), {"version": request.version})
    assert sent.status_code == 303
    assert stored(FundRequest, request.pk).status == "pending"


def test_a_script_in_a_name_is_text(cast, at):
    fund_id, kind_id = make_fund(cast.partner.pk, at=at), make_kind()
    request_id = make_request(cast.partner_admin, fund_id, kind_id, title="<script>alert(1)</script>", at=at)
    page = cast.client("partner_manager").get(reverse("funds:request", args=[request_id])).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_the_last_level_may_give_an_activity_less(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    with system_scope():
        activity = activity_of(request_id)
    said = {f"amount_{activity.pk}": "2500", "note": "A smaller stand.", "version": stored(FundRequest, request_id).version}
    assert cast.client("partner_manager").post(reverse("funds:request_approve", args=[request_id]), said).status_code == 303
    assert stored(FundRequest, request_id).approved_minor == 2_500_00


def test_a_claim_above_its_request_comes_back_with_the_sentence(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    approve(request_id, at=at)
    with system_scope():
        activity = activity_of(request_id)
    said = {"currency": "EUR", "spent": "20000", "amount": "9000", "spent_on": at.date().isoformat(), "is_final": "on"}
    page = cast.client("partner_admin").post(reverse("funds:portal_claim_new", args=[activity.pk]), said)
    assert page.status_code == 422
    assert "has €4,000.00 open" in page.content.decode()
    with system_scope():
        assert not Claim.objects.exists()


def test_finance_splits_a_claim_and_writes_a_payment_down(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    approve(request_id, at=at)
    claim_id = make_claim(cast.partner_admin, request_id, at=at)
    approve_claim(claim_id, at=at)
    client, version = cast.client("finance_manager"), stored(Claim, claim_id).version
    wrong = {"amount_1": "1000", "day_1": "2026-12-01", "amount_2": "2999.99", "day_2": "2027-01-01", "version": version}
    refused = client.post(reverse("funds:claim_split", args=[claim_id]), wrong)
    assert refused.status_code == 422
    assert "Make them equal to the cent" in refused.content.decode()
    assert client.post(reverse("funds:claim_split", args=[claim_id]), wrong | {"amount_2": "3000"}).status_code == 303
    with system_scope():
        first = Settlement.objects.get(claim_id=claim_id, fund_minor=1_000_00)
    said = {"settlement_id": first.pk, "paid_on": at.date().isoformat(), "reference": "SEPA 9"}
    assert client.post(reverse("funds:claim_pay", args=[claim_id]), said).status_code == 303
    assert stored(Claim, claim_id).status == "partial"


def test_a_budget_is_set_up_and_handed_on(cast, at):
    client = cast.client("finance_manager")
    said = {"name": "Marketing 2027", "kind": "mdf", "currency": "EUR", "amount": "50000", "starts_on": "2027-01-01", "ends_on": "2027-12-31"}
    assert client.post(reverse("funds:new_budget"), said).status_code == 303
    with system_scope():
        budget = Budget.objects.get()
    too_much = {"partner_id": cast.partner.pk, "amount": "60000", "vendor_percent": "50"}
    refused = client.post(reverse("funds:budget_allocate", args=[budget.pk]), too_much)
    assert refused.status_code == 409
    assert "has €50,000.00 left to hand on; €60,000.00 is more" in refused.content.decode()
    assert client.post(reverse("funds:budget_allocate", args=[budget.pk]), too_much | {"amount": "20000"}).status_code == 303
    with system_scope():
        assert Allocation.objects.get().amount_minor == 20_000_00


def test_what_waits_stands_in_the_queue_of_whoever_decides_it(cast, at):
    make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    for actor, waits in ((cast.partner_manager, True), (cast.vendor_admin, True), (cast.finance_manager, False)):
        with scope(actor):
            keys = [one.key for one in inbox.decisions(actor, at) if one.key.startswith("funds.request")]
        assert bool(keys) is waits, actor.name


def test_a_partner_never_reads_the_budgets(cast, at):
    budget_id = make_budget(at=at)
    assert cast.client("partner_admin").get(reverse("funds:budget", args=[budget_id])).status_code == 404
