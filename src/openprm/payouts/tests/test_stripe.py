"""The provider: its contract is kept, its events are checked and count once, failed money comes home before it is owed again."""

from datetime import timedelta

import pytest

from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books
from openprm.payouts import services
from openprm.payouts.engine.stripe import VERSION
from openprm.payouts.models import Payee, Payout
from openprm.payouts.services import sending
from openprm.payouts.testing import make_form, make_payee
from openprm.payouts.tests.stripe_peer import CONTRACT, SECRET, Peer, account, event, shape_problems, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(cast, at):
    made = Peer().start()
    made.accounts["acct_kallio"] = account("acct_kallio")
    with scope(cast.vendor_admin):
        values = {"kind": "stripe", "name": "Halden", "url": made.url, "api_key": "sk_test_000000000000", "webhook_secret": SECRET}
        services.save_account(actor=cast.vendor_admin, values=values, at=at)
    yield made
    made.stop()


@pytest.fixture
def run_id(cast, at, source, peer):
    make_payee(cast.partner_admin, cast.partner_id, at, method="provider", provider_account="acct_kallio")
    make_form(cast.partner_admin, cast.partner_id, at)
    with scope(cast.partner_admin):
        assert services.refresh_account(actor=cast.partner_admin, partner_id=cast.partner_id, at=at)
    source.owe(cast.partner_id, 120_00, at=at)
    with scope(cast.finance_manager):
        made = services.prepare(actor=cast.finance_manager, at=at)
    with scope(cast.vendor_admin):
        services.approve(actor=cast.vendor_admin, run_id=made, at=at)
        services.send(actor=cast.vendor_admin, run_id=made, at=at)
    return made


def the_payout():
    with system_scope():
        return Payout.objects.get()


def owed(partner_id):
    with system_scope():
        return -books.balance("partner.payable", owner_id=partner_id, currency="EUR")


def take(body, at, header=None):
    return services.receive_event(code="stripe", header=header or signed(body, at), body=body, at=at)


def test_a_payment_is_a_transfer_and_a_payout_as_the_contract_says(cast, at, run_id, peer, run_jobs):
    assert the_payout().state == "processing"
    run_jobs(only="payouts.pay")

    payout = the_payout()
    assert (payout.state, payout.transfer_ref, payout.payout_ref) == ("sent", "tr_000001", "po_000001")
    assert peer.problems == []
    assert (peer.transfers["tr_000001"]["amount"], peer.transfers["tr_000001"]["currency"]) == (120_00, "eur")
    body = event("evt_1", "payout.paid", peer.payouts["po_000001"])
    assert take(body, at) == "completed"
    assert take(body, at) == "completed"
    assert the_payout().state == "completed"


def test_every_operation_of_the_adapter_is_asked_and_answered_as_the_published_document_says(cast, at, run_id, peer, run_jobs):
    """From the transfer over the failure to the reversal: no request and no answer outside of the contract."""
    run_jobs(only="payouts.pay")
    failed = peer.payouts["po_000001"] | {"status": "failed", "failure_message": "Closed.", "failure_code": "account_closed"}
    take(event("evt_7", "payout.failed", failed), at)
    run_jobs()

    assert set(peer.calls) == set(CONTRACT["operations"])
    assert peer.problems == []
    assert CONTRACT["version"] == VERSION


@pytest.mark.parametrize(
    ("schema", "changed", "said"),
    [
        ("transfer", {"amount": "120"}, "transfer.amount: '120'"),
        ("transfer", {"status": "paid"}, "transfer.status is not known"),
        ("payout", {"type": "cash"}, "payout.type: 'cash'"),
        ("account", {"requirements": {"currently_due": "name"}}, "account.requirements: {'currently_due': 'name'}"),
    ],
)
def test_the_check_of_answers_sees_what_is_not_in_the_document(schema, changed, said):
    rows = {"transfer": {"amount": 1}, "payout": {"type": "card"}, "account": {}}
    assert said in shape_problems(schema, rows[schema] | changed)


def test_a_job_that_died_after_the_provider_acted_pays_nothing_twice_even_when_the_key_is_forgotten(run_id, peer, at, monkeypatch):
    payout_id = the_payout().pk
    for last in ("_pay_out", "_sent"):
        with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
            broken.setattr(sending, last, lambda *_args, **_kwargs: 1 / 0)
            with system_scope():
                services.pay(payout_id=payout_id, at=at)
        assert the_payout().state == "processing"
        peer.answers.clear()
    with system_scope():
        services.pay(payout_id=payout_id, at=at)
        services.pay(payout_id=payout_id, at=at)
    assert the_payout().state == "sent"
    assert (len(peer.transfers), len(peer.payouts)) == (1, 1)


def test_a_payment_that_fails_at_the_bank_is_fetched_back_and_then_owed_again(cast, at, run_id, peer, run_jobs, source):
    run_jobs(only="payouts.pay")
    failed = peer.payouts["po_000001"] | {"status": "failed", "failure_message": "The bank account is closed.", "failure_code": "account_closed"}
    assert take(event("evt_2", "payout.failed", failed), at) == "failed: to be taken back"
    assert (the_payout().state, owed(cast.partner_id)) == ("sent", 0)
    run_jobs()

    assert (the_payout().state, the_payout().reason) == ("failed", "The bank account is closed.")
    assert (peer.transfers["tr_000001"]["reversed"], owed(cast.partner_id), source.held) == (True, 120_00, {})


def test_a_refused_transfer_fails_with_the_words_of_the_provider(cast, at, run_id, peer, run_jobs):
    error = {"error": {"type": "invalid_request_error", "message": "Your destination account needs the transfers capability."}}
    peer.refuse["POST /v1/transfers"] = (400, error)
    run_jobs(only="payouts.pay")
    assert (the_payout().state, the_payout().reason) == ("failed", "Your destination account needs the transfers capability.")
    assert owed(cast.partner_id) == 120_00


def test_a_provider_that_is_down_leaves_the_payment_claimed_for_the_next_try(run_id, peer, at):
    from openprm.payouts.ports import ProviderDown

    peer.refuse["POST /v1/transfers"] = (503, {"error": {"type": "api_error", "message": "Try again"}})
    with pytest.raises(ProviderDown), system_scope():
        services.pay(payout_id=the_payout().pk, at=at)
    assert the_payout().state == "processing"
    peer.refuse.clear()
    with system_scope():
        assert services.unsent(at=at) == (the_payout().pk,)
        services.pay(payout_id=the_payout().pk, at=at)
    assert the_payout().state == "sent"


@pytest.mark.parametrize("header", ["", "t=1,v1=x", "v1=abc", "garbage"])
def test_an_event_without_our_signature_is_refused(at, run_id, peer, header, run_jobs):
    run_jobs(only="payouts.pay")
    body = event("evt_3", "payout.paid", peer.payouts["po_000001"])
    with pytest.raises(services.BadSignature):
        take(body, at, header or "t=0")
    with pytest.raises(services.BadSignature):
        take(body, at + timedelta(minutes=6), signed(body, at))
    with pytest.raises(services.BadSignature):
        take(body + b" ", at, signed(body, at))
    assert the_payout().state == "sent"


def test_an_event_over_another_amount_settles_nothing(at, run_id, peer, run_jobs):
    run_jobs(only="payouts.pay")
    assert take(event("evt_4", "payout.paid", peer.payouts["po_000001"] | {"amount": 1}), at) == "another amount: look at it"
    assert the_payout().state == "sent"


def test_the_state_of_an_account_follows_the_provider_and_holds_payments(cast, at, source, peer):
    peer.accounts["acct_kallio"] = account("acct_kallio", ready=False, needs=("external_account",))
    make_payee(cast.partner_admin, cast.partner_id, at, method="provider", provider_account="acct_kallio")
    make_form(cast.partner_admin, cast.partner_id, at)
    with scope(cast.partner_admin):
        assert not services.refresh_account(actor=cast.partner_admin, partner_id=cast.partner_id, at=at)
    source.owe(cast.partner_id, 120_00, at=at)
    with pytest.raises(services.Unpayable, match="external_account"), scope(cast.finance_manager):
        services.prepare(actor=cast.finance_manager, partner_ids=[cast.partner_id], at=at)
    assert take(event("evt_5", "account.updated", account("acct_kallio")), at) == "account is ready"
    with system_scope():
        assert Payee.objects.get().provider_ready
    with pytest.raises(Conflict, match="No such account"):
        make_payee(cast.partner_admin, cast.partner_id, at, method="provider", provider_account="acct_unknown")
        with scope(SYSTEM):
            services.refresh_account(actor=SYSTEM, partner_id=cast.partner_id, at=at)


def test_events_arrive_at_their_address(cast, at, run_id, peer, run_jobs, client):
    from openprm.kernel.clock import now

    run_jobs(only="payouts.pay")
    body = event("evt_6", "payout.paid", peer.payouts["po_000001"])
    answer = client.post("/payouts/events/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signed(body, now())})
    assert (answer.status_code, answer.json()) == (200, {"outcome": "completed"})
    assert client.post("/payouts/events/stripe/", b"{}", content_type="application/json").status_code == 403
    assert client.post("/payouts/events/paypal/", b"{}", content_type="application/json").status_code == 404
