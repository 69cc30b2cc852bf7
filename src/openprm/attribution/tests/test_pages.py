"""The pages of attribution, by the people who open them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from openprm.accounts.testing import make_account
from openprm.attribution import services
from openprm.attribution.models import Claim, Month, Review
from openprm.attribution.pages import vendor
from openprm.attribution.testing import make_run, make_touch, make_win
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def won(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id)
    make_touch(cast.partner_id, account_id, at=at, summary="<script>alert(1)</script>")
    make_touch(cast.other_partner_id, account_id, at=at, occurred_at=at - timedelta(days=50))
    return account_id, deal_id, make_run(at=at)


def test_the_overview_shows_sums_that_open_their_deals(cast, won):
    body = cast.client("finance_manager").get("/app/attribution/?since=2026-10&until=2026-10").content.decode()

    assert "€50,000" in body
    assert "Kallio Digital" in body
    assert "?outcome=influenced&amp;closed_from=2026-10-01&amp;closed_to=2026-10-31" in body


def test_the_partners_beyond_the_first_are_one_click_away(cast, won, monkeypatch):
    monkeypatch.setattr(vendor, "FIRST_PARTNERS", 1)
    client, address = cast.client("finance_manager"), "/app/attribution/?since=2026-10&until=2026-10"
    body = client.get(address).content.decode()

    assert sum(name in body for name in ("Kallio Digital", "Sintra Systems")) == 1
    assert 'href="?since=2026-10&amp;until=2026-10&amp;partners=all#cr-h">1 more partner</a>' in body
    whole = client.get(f"{address}&partners=all").content.decode()
    assert [name for name in ("Kallio Digital", "Sintra Systems") if name in whole] == ["Kallio Digital", "Sintra Systems"]
    assert "more partner" not in whole


def test_a_number_of_the_overview_opens_its_deals(cast, won):
    client = cast.client("finance_manager")
    at_hand = "/app/attribution/deals/?closed_from=2026-10-01&closed_to=2026-10-31"

    assert reverse("attribution:deal", args=[won[1]]) in client.get(f"{at_hand}&partner={cast.partner_id}&outcome=influenced").content.decode()
    for other in ("&outcome=sourced", "&partner=nobody", "&closed_to=2026-10-02"):
        assert reverse("attribution:deal", args=[won[1]]) not in client.get(at_hand + other).content.decode()


def test_a_deal_shows_its_evidence_and_all_models(cast, won):
    body = cast.client("vendor_reader").get(reverse("attribution:deal", args=[won[1]])).content.decode()

    assert "Models disagree" in body
    assert "50.00 %" in body
    assert "<script>alert" not in body


def test_a_partner_sees_its_own_part_and_no_other_name(cast, won):
    client = cast.client("partner_rep")
    page = client.get(reverse("attribution:portal_deal", args=[won[1]])).content.decode()

    assert "50.00 %" in page
    assert "Sintra" not in page
    assert "Sintra" not in client.get("/portal/credit/touches/").content.decode()


def test_a_run_is_replayed_and_locked_on_its_page(cast, won):
    client = cast.client("finance_manager")

    assert "the same to the byte" in client.get(reverse("attribution:replay", args=[won[2].run_id])).content.decode()
    assert client.get(reverse("attribution:replay", args=[won[2].run_id]) + "?file=1").content.startswith(b'{"base_minor":5000000')
    assert client.post(reverse("attribution:lock", args=[won[2].run_id]), {"note": "Board."}).status_code == 303
    with system_scope():
        assert Month.objects.get().note == "Board."
    assert client.post(reverse("attribution:lock", args=[won[2].run_id])).status_code == 403


def test_a_claim_is_made_at_a_customer_and_confirmed_by_the_other_side(cast, won):
    told = {"account": won[0], "kind": "reference", "occurred_on": "2026-10-02", "statement": "They called our customer."}
    client = cast.client("partner_rep")
    assert client.post("/portal/credit/claims/new/", {**told, "statement": ""}).status_code == 422
    assert client.post("/portal/credit/claims/new/", told).status_code == 303
    with system_scope():
        claim = Claim.objects.get()

    assert cast.client("partner_manager").post(reverse("attribution:confirm", args=[claim.pk]), {"version": 1}).status_code == 303
    with system_scope():
        assert Claim.objects.get().state == "confirmed"


def test_a_win_without_a_partner_is_closed_on_its_page(cast, at):
    deal_id = make_win(make_account())
    make_run(at=at)
    client = cast.client("partner_manager")
    assert "Who brought it?" in client.get(reverse("attribution:deal", args=[deal_id])).content.decode()

    assert client.post(reverse("attribution:review", args=[deal_id]), {"finding": "direct"}).status_code == 303
    with system_scope():
        assert Review.objects.get().finding == "direct"


def test_few_deals_get_no_comparison(cast, won):
    assert "Too few deals" in cast.client("vendor_reader").get("/app/attribution/with-and-without/").content.decode()


def test_lists_are_exported(cast, won):
    client = cast.client("vendor_admin")
    for path in ("deals", "touches", "claims", "disputes"):
        assert client.get(f"/app/attribution/{path}/?export=csv").status_code == 200


def test_a_customer_shows_where_to_claim(cast, won):
    client = cast.client("partner_rep")
    address = f"/portal/credit/claims/new/?account={won[0]}"

    assert address in client.get(reverse("accounts:portal_account", args=[won[0]])).content.decode()
    assert "Ostrava Steelworks" in client.get(address).content.decode()
    assert "claims/new/" not in cast.client("partner_reader").get(reverse("accounts:portal_account", args=[won[0]])).content.decode()


def test_models_are_drawn_with_a_table_beside_and_the_models_that_learn(cast, won):
    body = cast.client("vendor_reader").get("/app/attribution/models/?since=2026-10&until=2026-10").content.decode()

    assert "Markov" in body
    assert '"categories": ["Kallio Digital", "Sintra' in body or '"Kallio Digital"' in body
    assert "Closes what others opened" in body


def test_the_review_queue_asks_and_closes(cast, at):
    deal_id = make_win(make_account())
    make_run(at=at)
    client = cast.client("partner_manager")
    body = client.get("/app/attribution/review/").content.decode()
    assert f"claims/new/?deal={deal_id}" in body
    assert "activities/log/?account=" in body

    told = {"deal": deal_id, "partner_id": cast.partner_id, "kind": "introduction", "occurred_on": "2026-07-20", "statement": "They brought us there."}
    assert client.post("/app/attribution/claims/new/", told).status_code == 303
    assert "Asked: Kallio Digital" in client.get("/app/attribution/review/").content.decode()
    answer = client.post(reverse("attribution:review", args=[deal_id]), {"finding": "direct", "from": "queue"})
    assert answer.headers["Location"].endswith("/app/attribution/review/")
    assert "Every win is explained" in client.get("/app/attribution/review/").content.decode()


def test_what_if_shows_the_difference_by_partner(cast, won):
    client = cast.client("finance_manager")
    body = client.post("/app/attribution/configuration/what-if/", {"month": "2026-10", "model": "first", "rules": "then"}).content.decode()

    assert "€25,000" in body
    assert client.post("/app/attribution/configuration/what-if/", {"month": "2020-01", "rules": "then"}).status_code == 422
    assert client.post("/app/attribution/configuration/what-if/", {"month": "2026-10", "rules": "draft"}).status_code == 422


def test_a_locked_month_shows_what_came_too_late_beside_its_numbers(cast, at, won):
    client = cast.client("finance_manager")
    assert client.post(reverse("attribution:lock", args=[won[2].run_id]), {}).status_code == 303
    make_touch(cast.partner_id, won[0], at=at + timedelta(days=1), occurred_at=at - timedelta(days=45))
    with system_scope():
        services.correct(at=at + timedelta(days=2))

    body = client.get(reverse("attribution:run", args=[won[2].run_id])).content.decode()
    assert "What came too late" in body
    assert "with late touches" in client.get("/app/attribution/?since=2026-10&until=2026-10").content.decode()
    assert "Counted apart" in cast.client("partner_rep").get(reverse("attribution:portal_deal", args=[won[1]])).content.decode()


def test_a_registration_and_a_lead_show_where_to_claim(cast, at):
    made = make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at - timedelta(days=20))
    for person, page in (("partner_rep", "deals:portal_registration"), ("partner_manager", "deals:registration")):
        assert f"claims/new/?deal={made}" in cast.client(person).get(reverse(page, args=[made])).content.decode()
    assert "claims/new/" not in cast.client("partner_reader").get(reverse("deals:portal_registration", args=[made])).content.decode()
