"""The lists that are computed: searched, filtered, sorted, paged and exported like every other."""

from datetime import timedelta

import pytest

from openprm.kernel.scope import system_scope
from openprm.partners import services as partners
from openprm.payouts.testing import make_account, make_paying, make_ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(cast, at, source):
    """Kallio can be paid, Sintra has no profile, and a correction of Sintra in dollars is carried forward."""
    before = at - timedelta(days=30)
    make_paying(cast.vendor_admin, before)
    make_ready(cast.partner_admin, cast.finance_manager, cast.partner_id, before)
    source.owe(cast.partner_id, 120_00, at=at - timedelta(days=9))
    source.owe(cast.other_partner_id, 300_00, at=at - timedelta(days=5))
    source.owe(cast.other_partner_id, -50_00, "USD", at=at - timedelta(days=2))


def lines(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode("utf-8-sig").splitlines()


def shown(client, address):
    return client.get(address).content.decode().split('id="results"')[1]


def names(cast, query):
    body = lines(cast.client("finance_manager"), f"/app/payouts/?{query}&export=csv&cols=partner&cols=amount&cols=state")
    return body[1:]


def test_the_desk_is_searched_filtered_sorted_and_exported(cast, owed):
    assert names(cast, "") == ["Kallio Digital,120.00,EUR,Ready", "Sintra Systems,300.00,EUR,Held", "Sintra Systems,-50.00,USD,Carried forward"]
    assert names(cast, "q=sintra&state=held") == ["Sintra Systems,300.00,EUR,Held"]
    assert names(cast, "currency=USD") == ["Sintra Systems,-50.00,USD,Carried forward"]
    assert names(cast, "source=test&state=ready") == ["Kallio Digital,120.00,EUR,Ready"]
    page = shown(cast.client("finance_manager"), "/app/payouts/?sort=-amount")
    assert page.index("€300") < page.index("€120")


def test_what_nobody_knows_in_the_address_is_left_out_with_a_sentence(cast, owed):
    answer = cast.client("finance_manager").get("/app/payouts/?state=%3Cscript%3E&sort=nothing&after=broken")
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().split('id="results"')[1].split("</section>")[0]


def test_a_refused_run_shows_the_desk_again_with_links_that_work(cast, owed, at):
    answer = cast.client("finance_manager").post("/app/payouts/prepare/", {"pay_on": "2020-01-01"})
    assert answer.status_code == 422
    assert "/app/payouts/prepare/?" not in answer.content.decode()


def test_payees_are_filtered_exported_and_paged(cast, at):
    before = at - timedelta(days=3)
    make_ready(cast.partner_admin, cast.finance_manager, cast.partner_id, before)
    make_account(cast.other_partner_admin, cast.other_partner_id, at, holder="Sintra Systems Lda", iban="NL91ABNA0417164300")
    client = cast.client("finance_manager")

    assert [line.split(",")[0] for line in lines(client, "/app/payouts/payees/?export=csv&sort=partner")[1:]] == ["Kallio Digital", "Sintra Systems"]
    assert [line.split(",")[0] for line in lines(client, "/app/payouts/payees/?export=csv&state=to_verify")[1:]] == ["Sintra Systems"]
    assert [line.split(",")[0] for line in lines(client, "/app/payouts/payees/?export=csv&country=FI")[1:]] == ["Kallio Digital"]


def test_the_api_lists_payees_and_a_partner_reads_itself(cast, at):
    make_ready(cast.partner_admin, cast.finance_manager, cast.partner_id, at)
    make_account(cast.other_partner_admin, cast.other_partner_id, at, holder="Sintra Systems Lda", iban="NL91ABNA0417164300")
    read = lambda who, query="": [(row["partner"], row["state"]) for row in cast.client(who).get(f"/api/v1/payees{query}").json()["items"]]  # noqa: E731

    assert read("finance_manager") == [("Sintra Systems", "to_verify"), ("Kallio Digital", "verified")]
    assert read("finance_manager", "?state=verified") == [("Kallio Digital", "verified")]
    assert read("other_partner_admin") == [("Sintra Systems", "to_verify")]


def test_a_list_of_more_than_a_page_goes_on_and_comes_back(cast, at, source):
    with system_scope():
        for number in range(30):
            partner_id = partners.create_partner(actor=cast.vendor_admin, name=f"Partner {number:02d} Oy", country="FI", type="var", at=at)
            source.owe(partner_id, 100_00 + number, at=at - timedelta(days=1, minutes=number))
    client = cast.client("finance_manager")
    first = shown(client, "/app/payouts/?sort=partner")
    assert ("Partner 24 Oy" in first, "Partner 25 Oy" in first) == (True, False)
    after = first.split('rel="next"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    second = shown(client, f"/app/payouts/{after}")
    assert ("Partner 24 Oy" in second, "Partner 25 Oy" in second, "Partner 29 Oy" in second) == (False, True, True)
    back = second.split('rel="prev"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Partner 00 Oy" in shown(client, f"/app/payouts/{back}")
