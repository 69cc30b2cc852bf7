"""The pages and the API say the same, refuse beside the field, and show a partner nothing that is not its own."""

from datetime import date

import pytest
from django.urls import reverse

from openprm.incentives import queries
from openprm.incentives.models import Plan, UsageLine
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db
NEW = {"name": "Gold commission", "code": "gold", "kind": "commission", "program_id": "", "about": "For gold partners."}
HEAD = {
    "head-currency": "EUR", "head-event": "deal_won", "head-basis": "net", "head-bands": "marginal", "head-span": "event", "head-stackable": "true", "rows": "2",
}  # fmt: skip


def test_finance_writes_a_plan_and_publishes_it_in_the_browser(cast):
    client = cast.client("finance_manager")
    assert client.post(reverse("incentives:new_plan"), NEW).status_code == 303
    with system_scope():
        plan_id = Plan.objects.get(code="gold").pk
    url = reverse("incentives:terms", args=[plan_id])
    assert client.get(url).status_code == 200
    assert client.post(url, {**HEAD, "r0-high": "50000", "r0-rate": "10", "r1-low": "50000", "r1-rate": "12"}).status_code == 303
    assert "from €50,000" in client.get(reverse("incentives:plan", args=[plan_id])).content.decode()
    assert client.get(reverse("incentives:publish", args=[plan_id])).status_code == 200
    assert client.post(reverse("incentives:publish", args=[plan_id]), {"starts_on": "", "note": ""}).status_code == 303
    page = client.get(reverse("incentives:plan", args=[plan_id]), {"amount": "80000", "tier": ""}).content.decode()
    assert "In force, version 1" in page
    assert "€8,600" in page


def test_overlapping_bands_are_refused_beside_their_row(cast):
    plan_id = make_plan()
    answer = cast.client("finance_manager").post(
        reverse("incentives:terms", args=[plan_id]), {**HEAD, "r0-high": "50000", "r0-rate": "10", "r1-low": "40000", "r1-rate": "12"}
    )
    assert (answer.status_code, "R2 overlaps R1" in answer.content.decode()) == (422, True)
    with system_scope():
        assert queries.draft_id_of(plan_id) is None


def test_a_partner_reads_what_it_can_earn_and_nothing_more(cast):
    make_plan("open", terms=terms([RateDraft(rate="12.5")]), about="<script>alert(1)</script>")
    make_plan("secret", name="Secret plan", partner_ids=(cast.other_partner_id,))
    page = cast.client("partner_rep").get(reverse("incentives:portal_earn"), {"amount": "1000"}).content.decode()
    assert "€125" in page
    assert "Secret plan" not in page
    assert "<script>alert(1)" not in page


def test_the_api_publishes_a_plan_and_a_partner_reads_the_terms(cast):
    client = cast.client("finance_manager")
    body = {"code": "api", "name": "API", "kind": "commission", "terms": {"head": {"currency": "EUR"}, "rates": [{"rate": "10"}]}}
    made = client.post("/api/v1/plans", body, content_type="application/json").json()["id"]
    assert client.post(f"/api/v1/plans/{made}/publish", {}, content_type="application/json").status_code == 200
    [item] = cast.client("partner_rep").get("/api/v1/plans/open").json()["items"]
    assert (item["code"], item["terms"]["terms"]["rates"][0]["rate"]) == ("api", "10")


def test_the_api_names_the_field_of_a_negative_rate(cast):
    body = {"code": "bad", "name": "Bad", "kind": "commission", "terms": {"head": {"currency": "EUR"}, "rates": [{"rate": "-1"}]}}
    answer = cast.client("finance_manager").post("/api/v1/plans", body, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "rates[0].rate")
    with system_scope():
        assert Plan.objects.count() == 0


def test_usage_by_the_api_is_booked_once(cast):
    report = {
        "external_id": "1",
        "customer_key": "acme",
        "customer_name": "Acme",
        "service_month": f"{date.today():%Y-%m}",
        "amount_minor": 100,
        "currency": "EUR",
    }
    client = cast.client("finance_manager")
    outcomes = [
        client.post("/api/v1/usage", {"source": "meter", "reports": [report]}, content_type="application/json").json()["items"][0]["outcome"] for _again in "12"
    ]
    assert outcomes == ["booked", "same"]
    with system_scope():
        assert UsageLine.objects.count() == 1


def test_pages_of_usage_answer(cast):
    client = cast.client("finance_manager")
    given = {
        "customer_key": "acme",
        "customer_name": "Acme",
        "external_id": "9",
        "service_month": f"{date.today():%Y-%m}",
        "amount": "12.50",
        "currency": "EUR",
    }
    assert client.post(reverse("incentives:book_usage"), given).status_code == 303
    for name in ("usage", "usage_months", "usage_shares"):
        assert client.get(reverse(f"incentives:{name}")).status_code == 200
