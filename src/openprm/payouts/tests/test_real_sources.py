"""The whole way with the rooms that owe: earned or claimed, approved, paid by the provider or by a file, failed, taken back, paid again."""

from datetime import timedelta

import pytest

from openprm.earnings import services as earnings
from openprm.earnings.models import Earning
from openprm.earnings.testing import earn, lines_of, make_event
from openprm.funds.models import Settlement
from openprm.funds.testing import approve as approve_request
from openprm.funds.testing import approve_claim, make_claim, make_fund, make_kind, make_request
from openprm.incentives.testing import make_plan
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books
from openprm.payouts import queries, services
from openprm.payouts.models import Item, PaymentFile, Payout
from openprm.payouts.testing import make_form, make_payee, make_paying, make_ready
from openprm.payouts.tests.stripe_peer import SECRET, Peer, account, event, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(cast, at):
    """The partner can be paid in euro by SEPA."""
    before = at - timedelta(days=30)
    make_paying(cast.vendor_admin, before)
    make_ready(cast.partner_admin, cast.finance_manager, cast.partner_id, before)


@pytest.fixture
def peer(cast, at):
    """The partner can be paid by the provider."""
    made = Peer().start()
    made.accounts["acct_kallio"] = account("acct_kallio")
    with scope(cast.vendor_admin):
        values = {"kind": "stripe", "name": "Halden", "url": made.url, "api_key": "sk_test_000000000000", "webhook_secret": SECRET}
        services.save_account(actor=cast.vendor_admin, values=values, at=at)
    make_payee(cast.partner_admin, cast.partner_id, at, method="provider", provider_account="acct_kallio")
    make_form(cast.partner_admin, cast.partner_id, at)
    with scope(cast.partner_admin):
        services.refresh_account(actor=cast.partner_admin, partner_id=cast.partner_id, at=at)
    yield made
    made.stop()


def earned(cast, at, minor=40_000_00):
    """A won deal, its commission of ten per cent approved by finance."""
    found = make_event(cast.partner_id, minor=minor)
    earn(found, at=at)
    (line,) = lines_of(found)
    with scope(cast.finance_manager):
        earnings.approve(actor=cast.finance_manager, earning_id=line.pk, at=at)
    return line.pk


def claimed(cast, at):
    """An approved claim over €4,000."""
    request_id = make_request(cast.partner_admin, make_fund(cast.partner_id, at=at), make_kind(), at=at)
    approve_request(request_id, at=at)
    claim_id = make_claim(cast.partner_admin, request_id, at=at)
    approve_claim(claim_id, at=at)
    with system_scope():
        return Settlement.objects.get(claim=claim_id).pk


def sent(cast, at):
    with scope(cast.finance_manager):
        run_id = services.prepare(actor=cast.finance_manager, at=at)
    with scope(cast.vendor_admin):
        services.approve(actor=cast.vendor_admin, run_id=run_id, at=at)
        services.send(actor=cast.vendor_admin, run_id=run_id, at=at)
        for file_id in PaymentFile.objects.filter(run=run_id).values_list("pk", flat=True):
            services.hand_over(actor=cast.vendor_admin, file_id=file_id, at=at)
        return Payout.objects.get(run=run_id)


def settled(cast, payout, at):
    with scope(cast.finance_manager):
        services.settle(actor=cast.finance_manager, payout_id=payout.pk, at=at)


def bounced(cast, payout, reason, at):
    with scope(cast.finance_manager):
        services.send_back(actor=cast.finance_manager, payout_id=payout.pk, reason=reason, at=at)


def state_of(line_id, model=Earning):
    with system_scope():
        return model.objects.get(pk=line_id).state


def payable(partner_id):
    with system_scope():
        return -books.balance("partner.payable", owner_id=partner_id, currency="EUR")


def desk(cast, at):
    with scope(cast.finance_manager):
        return queries.desk(cast.finance_manager, at)


def test_earned_approved_run_sent_and_paid_by_the_event_of_the_provider(cast, at, peer, run_jobs):
    make_plan()
    line = earned(cast, at)
    assert (state_of(line), payable(cast.partner_id)) == ("approved", 4_000_00)
    payout = sent(cast, at)
    assert (state_of(line), payout.state) == ("in_payout", "processing")
    run_jobs(only="payouts.pay")

    body = event("evt_1", "payout.paid", peer.payouts["po_000001"])
    assert services.receive_event(code="stripe", header=signed(body, at), body=body, at=at) == "completed"
    assert services.receive_event(code="stripe", header=signed(body, at), body=body, at=at) == "completed"
    assert (state_of(line), payable(cast.partner_id), desk(cast, at).differences) == ("paid", 0, ())
    assert (len(peer.transfers), peer.transfers["tr_000001"]["amount"]) == (1, 4_000_00)


def test_a_payment_that_the_provider_cannot_make_is_owed_again_and_the_next_run_pays_it(cast, at, peer, run_jobs):
    make_plan()
    line = earned(cast, at)
    sent(cast, at)
    run_jobs(only="payouts.pay")
    body = event("evt_2", "payout.failed", peer.payouts["po_000001"] | {"status": "failed", "failure_message": "The account is closed."})
    services.receive_event(code="stripe", header=signed(body, at), body=body, at=at)
    run_jobs()
    with system_scope():
        row = Earning.objects.get(pk=line)
    assert (row.state, row.payout_note, payable(cast.partner_id)) == ("approved", "The account is closed.", 4_000_00)

    again = sent(cast, at + timedelta(days=1))
    assert (again.amount_minor, state_of(line), desk(cast, at).differences) == (4_000_00, "in_payout", ())


def test_one_payment_pays_what_was_earned_and_what_was_claimed(cast, at, ready):
    make_plan()
    line, instalment = earned(cast, at), claimed(cast, at)
    shown = desk(cast, at)
    assert {str(label): money.minor for label, money in shown.by_source} == {"Earnings": 4_000_00, "Development funds": 4_000_00}
    assert shown.differences == ()

    payout = sent(cast, at)
    assert payout.amount_minor == 8_000_00
    settled(cast, payout, at)
    assert (state_of(line), state_of(instalment, Settlement), payable(cast.partner_id)) == ("paid", "paid", 0)
    assert desk(cast, at).differences == ()


@pytest.mark.parametrize("has_arrived", [False, True])
def test_what_the_bank_sends_back_is_due_again_in_both_rooms_and_paid_by_the_next_run(cast, at, ready, has_arrived):
    make_plan()
    line, instalment = earned(cast, at), claimed(cast, at)
    payout = sent(cast, at)
    if has_arrived:
        settled(cast, payout, at)
    bounced(cast, payout, "Account closed", at)

    assert (state_of(line), state_of(instalment, Settlement), payable(cast.partner_id)) == ("approved", "due", 8_000_00)
    assert desk(cast, at).differences == ()
    again = sent(cast, at + timedelta(days=1))
    assert again.amount_minor == 8_000_00
    settled(cast, again, at + timedelta(days=1))
    assert (state_of(line), state_of(instalment, Settlement), payable(cast.partner_id)) == ("paid", "paid", 0)


def test_money_that_is_taken_back_after_it_was_paid_is_carried_forward_against_what_comes_next(cast, at, ready):
    make_plan()
    line = earned(cast, at)
    settled(cast, sent(cast, at), at)
    with scope(cast.finance_manager):
        earnings.claw_back(actor=cast.finance_manager, earning_id=line, reason="The customer canceled.", amount_minor=1_000_00, at=at)
    assert (state_of(line), payable(cast.partner_id), desk(cast, at).differences) == ("paid", -1_000_00, ())
    with pytest.raises(services.NothingToPay, match="carried forward"), scope(cast.finance_manager):
        services.prepare(actor=cast.finance_manager, at=at)

    earned(cast, at, minor=25_000_00)
    payout = sent(cast, at)
    assert payout.amount_minor == 1_500_00
    settled(cast, payout, at)
    assert (payable(cast.partner_id), desk(cast, at).differences) == (0, ())


def test_an_unverified_account_or_a_missing_tax_form_leaves_the_line_owed_and_untouched(cast, at):
    make_plan()
    line = earned(cast, at)
    make_paying(cast.vendor_admin, at)
    make_payee(cast.partner_admin, cast.partner_id, at)
    with pytest.raises(services.Unpayable, match="VAT id"), scope(cast.finance_manager):
        services.prepare(actor=cast.finance_manager, partner_ids=[cast.partner_id], at=at)
    assert (state_of(line), payable(cast.partner_id)) == ("approved", 4_000_00)
    with system_scope():
        assert not Item.objects.exists()


def test_what_was_paid_by_hand_meanwhile_is_not_taken_into_a_run(cast, at, ready, monkeypatch):
    instalment = claimed(cast, at)
    with system_scope():
        from openprm.payouts.queries import due

        lines = due.due_lines(at=at)
        from openprm.funds import services as funds

        funds.record_payment(actor=SYSTEM, settlement_id=instalment, paid_on=at.date(), reference="SEPA 1", at=at)
    monkeypatch.setattr("openprm.payouts.services.runs.due_lines", lambda *_args, **_values: lines)
    with pytest.raises(Conflict), scope(cast.finance_manager):
        services.prepare(actor=cast.finance_manager, at=at)
    assert (state_of(instalment, Settlement), payable(cast.partner_id)) == ("paid", 0)
    with system_scope():
        assert not Item.objects.exists()


def test_the_desk_and_a_month_that_closes_name_what_is_not_paid(cast, at, ready):
    make_plan()
    earned(cast, at)
    payout = sent(cast, at)
    with system_scope():
        found = {item.number: item for group in books.closing(SYSTEM, at.date().replace(day=1), at).groups for item in group.items}
    assert (found[payout.number].money, found[payout.number].label) == (Money(4_000_00, "EUR"), "Kallio Digital Oy: on its way, not confirmed")
    settled(cast, payout, at)
    with system_scope():
        assert books.closing(SYSTEM, at.date().replace(day=1), at).count == 0


def test_the_desk_says_what_is_owed_by_source_and_what_a_run_that_waits_has_taken(cast, at, ready):
    make_plan()
    earned(cast, at)
    with scope(cast.finance_manager):
        before = queries.desk(cast.finance_manager, at)
        services.prepare(actor=cast.finance_manager, at=at)
        after = queries.desk(cast.finance_manager, at)
    assert ([one for _label, one in before.by_source], before.in_runs) == ([Money(4_000_00, "EUR")], ())
    assert (after.by_source, after.in_runs) == ((), (Money(4_000_00, "EUR"),))
    assert before.pending == after.pending == (Money(4_000_00, "EUR"),)
