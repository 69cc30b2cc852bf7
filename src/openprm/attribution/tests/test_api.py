"""Claims, disputes, runs and comparisons over the API, as a CRM and a partner's own system use them."""

from datetime import timedelta

import pytest

from openprm.accounts.testing import make_account
from openprm.attribution.models import Claim, Configuration, Dispute, Month, Review, Run, Touch
from openprm.attribution.testing import make_claim, make_run, make_touch, make_win
from openprm.kernel.ids import new_id
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/attribution"


def _post(client, path: str, body: dict | None = None, *, match: str = "*", key: str = ""):
    headers = {"Idempotency-Key": key or str(new_id()), **({"If-Match": match} if match else {})}
    return client.post(f"{ROOT}/{path}", body or {}, content_type="application/json", headers=headers)


@pytest.fixture
def won(cast, at):
    """A deal of October with two touches, known since the day before."""
    account_id, known = make_account(partner_id=cast.partner_id), at - timedelta(days=1)
    deal_id = make_win(account_id)
    make_touch(cast.partner_id, account_id, at=known)
    make_touch(cast.other_partner_id, account_id, at=known, occurred_at=at - timedelta(days=50))
    return account_id, deal_id, make_run(at=known)


def test_a_claim_is_made_once_confirmed_by_the_other_side_and_its_tag_guards_it(cast, at, won):
    told = {"kind": "reference", "occurred_on": "2026-10-02", "statement": "They called our customer.", "account_id": str(won[0])}
    key = str(new_id())
    made = _post(cast.client("partner_rep"), "claims", told, key=key)
    again = _post(cast.client("partner_rep"), "claims", told, key=key)
    assert (made.status_code, made.json()["id"], made["ETag"]) == (201, again.json()["id"], '"1"')

    claim = f"claims/{made.json()['id']}"
    vendor = cast.client("partner_manager")
    assert _post(vendor, f"{claim}/confirm", match="").status_code == 428
    assert _post(vendor, f"{claim}/confirm", match='"7"').status_code == 412
    assert _post(cast.client("partner_rep"), f"{claim}/confirm").status_code == 403
    assert _post(vendor, f"{claim}/confirm", match='"1"').json()["state"] == "confirmed"
    with system_scope():
        assert (Claim.objects.count(), Touch.objects.filter(source="claim").count()) == (1, 1)
    assert vendor.get(f"{ROOT}/claims?state=confirmed").json()["items"][0]["partner"] == "Kallio Digital"
    assert cast.client("other_partner_rep").get(f"{ROOT}/claims").json()["items"] == []


def test_a_declined_claim_needs_a_reason(cast, at, won):
    claim_id = make_claim(cast.partner_rep, won[0], at=at)
    assert _post(cast.client("partner_manager"), f"claims/{claim_id}/decline", {"reason": ""}).status_code == 422
    assert _post(cast.client("partner_manager"), f"claims/{claim_id}/decline", {"reason": "We met them in May."}).json()["answer"] == "We met them in May."


def test_a_dispute_is_opened_and_answered(cast, at, won):
    made = _post(cast.client("partner_rep"), "disputes", {"deal_id": str(won[1]), "reason": "We also ran the demo."})
    assert made.status_code == 201
    said = {"uphold": True, "answer": "You did.", "kind": "demo", "occurred_on": "2026-10-05"}
    answered = _post(cast.client("partner_manager"), f"disputes/{made.json()['id']}/answer", said, match='"1"')

    assert answered.json()["state"] == "upheld"
    with system_scope():
        assert (Dispute.objects.get().state, Touch.objects.filter(source="person").count()) == ("upheld", 1)


def test_a_month_is_computed_read_locked_and_replayed(cast, at, won):
    finance = cast.client("finance_manager")
    made = _post(finance, "runs", {"month": "2026-10-15"}).json()
    assert (made["run_id"], made["is_new"]) == (str(won[2].run_id), False)
    run = f"runs/{made['run_id']}"
    assert finance.get(f"{ROOT}/{run}").json()["influenced"] == {"minor": 50_000_00, "currency": "EUR"}
    assert [one["outcome"] for one in finance.get(f"{ROOT}/{run}/results").json()["items"]] == ["influenced"]
    assert sum(one["basis_points"] for one in finance.get(f"{ROOT}/{run}/credits").json()["items"]) == 10_000
    assert _post(finance, f"{run}/lock", {"note": "Board."}).status_code == 200
    assert _post(finance, f"{run}/lock", {}).status_code == 403
    assert finance.get(f"{ROOT}/{run}/replay").json()["is_equal"]
    assert finance.get(f"{ROOT}/{run}/correction").json() == {"sums": None, "rows": []}
    with system_scope():
        assert Month.objects.get().note == "Board."


def test_credit_is_an_object_of_its_own_with_its_links_and_a_cursor(cast, at, won):
    client = cast.client("vendor_admin")
    first = client.get(f"{ROOT}/credits?limit=1&since=2026-10-01&until=2026-10-31").json()
    second = client.get(f"{ROOT}/credits?limit=1&since=2026-10-01&until=2026-10-31&cursor={first['next_cursor']}").json()
    rows = [*first["items"], *second["items"]]

    assert {one["partner_id"] for one in rows} == {str(cast.partner_id), str(cast.other_partner_id)}
    assert {(one["deal_id"], one["account_id"], one["month"], one["is_locked"]) for one in rows} == {(str(won[1]), str(won[0]), "2026-10-01", False)}
    assert second["next_cursor"] is None
    assert client.get(f"{ROOT}/credits?locked=true").json()["items"] == []
    assert [one["partner_id"] for one in cast.client("partner_rep").get(f"{ROOT}/credits").json()["items"]] == [str(cast.partner_id)]
    assert client.get(f"{ROOT}/credits?since=2027-01-01").json()["items"] == []


def test_a_deal_tells_every_touch_with_the_sentence_that_counts_it(cast, at, won):
    found = cast.client("vendor_reader").get(f"{ROOT}/deals/{won[1]}").json()

    assert [one["counts"] for one in found["evidence"]] == ["influence", "influence"]
    assert all("365" in one["why"] for one in found["evidence"])
    assert set(found["models"][0]["points"]) == {"first", "last", "linear", "time-decay", "u-shaped", "w-shaped", "shapley"}


def test_models_are_compared_and_few_deals_refuse_an_answer(cast, at, won):
    client = cast.client("partner_manager")
    found = client.get(f"{ROOT}/comparison?since=2026-10-01&until=2026-10-31").json()

    assert found["looked_at"] == 1
    assert {row["credit"]["first"]["minor"] for row in found["partners"]} == {0, 50_000_00}
    assert found["deals"][0]["at_stake"]["minor"] == 50_000_00
    assert {row["learned"]["markov"]["value"]["minor"] for row in found["partners"]} == {25_000_00}
    assert client.get(f"{ROOT}/with-and-without").json()["comparisons"][0]["refused"] == "few"


def test_what_if_writes_nothing_and_a_configuration_is_published(cast, at, won):
    client = cast.client("finance_manager")
    found = _post(client, "configurations/what-if", {"month": "2026-10-01", "model": "first"}).json()
    assert sorted(row["difference"]["minor"] for row in found["partners"]) == [-25_000_00, 25_000_00]
    with system_scope():
        assert (Run.objects.count(), Configuration.objects.count()) == (1, 1)

    made = _post(client, "configurations", {"name": "W", "model": "w-shaped", "weights": ["30", "30", "30", "10"]})
    assert (made.status_code, made.json()["is_in_force"]) == (201, True)
    for wrong in ({"model": "custom"}, {"model": "nobody"}, {"model": "linear", "half_life": "nan"}, {"model": "linear", "window_days": 10**9}):
        assert _post(client, "configurations", {"name": "Wrong", **wrong}).status_code == 422


def test_a_win_without_a_partner_waits_for_a_review(cast, at):
    deal_id = make_win(make_account())
    make_run(at=at)
    client = cast.client("partner_manager")
    assert [one["deal_id"] for one in client.get(f"{ROOT}/reviews").json()["items"]] == [str(deal_id)]

    assert _post(client, f"reviews/{deal_id}", {"finding": "direct"}).status_code == 204
    assert client.get(f"{ROOT}/reviews").json()["items"] == []
    with system_scope():
        assert Review.objects.get().finding == "direct"
