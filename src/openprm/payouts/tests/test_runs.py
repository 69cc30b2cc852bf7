"""Runs: two people, one payment for each payee and currency, nothing left out silently, nothing paid twice, books that agree."""

from datetime import timedelta
from decimal import Decimal

import pytest

from openprm.deals import services as deals
from openprm.kernel.errors import Conflict, Invalid, NotAllowed
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books
from openprm.ledger.services import NoRate
from openprm.payouts import queries, services
from openprm.payouts.models import Held, Item, Owed, PaymentFile, Payout, Run
from openprm.payouts.testing import PDF, make_account, make_form, make_payee, make_paying, make_ready, verify
from openprm.promises import queries as promises

pytestmark = pytest.mark.django_db


def prepared(cast, at, **values):
    with scope(cast.finance_manager):
        return services.prepare(actor=cast.finance_manager, at=at, **values)


def approved(cast, at, **values):
    run_id = prepared(cast, at, **values)
    with scope(cast.vendor_admin):
        services.approve(actor=cast.vendor_admin, run_id=run_id, at=at)
    return run_id


def sent(cast, at, **values):
    run_id = approved(cast, at, **values)
    with scope(cast.finance_manager):
        services.send(actor=cast.finance_manager, run_id=run_id, at=at)
    return run_id


def handed(cast, run_id, at):
    with system_scope():
        files = list(PaymentFile.objects.filter(run=run_id).values_list("pk", flat=True))
    with scope(cast.finance_manager):
        for file_id in files:
            services.hand_over(actor=cast.finance_manager, file_id=file_id, at=at)


def payouts_of(run_id):
    with system_scope():
        return list(Payout.objects.filter(run=run_id).order_by("number"))


def desk(cast, at):
    with scope(cast.finance_manager):
        return queries.desk(cast.finance_manager, at)


def owed(partner_id, account="partner.payable", currency="EUR"):
    with system_scope():
        return -books.balance(account, owner_id=partner_id, currency=currency)


@pytest.fixture
def ready(cast, at, source):
    before = at - timedelta(days=30)
    make_paying(cast.vendor_admin, before)
    make_ready(cast.partner_admin, cast.finance_manager, cast.partner_id, before)
    return source


def test_money_goes_from_owed_over_on_its_way_to_paid_and_the_books_say_so(cast, at, ready):
    one, two = ready.owe(cast.partner_id, 120_00, at=at - timedelta(days=10)), ready.owe(cast.partner_id, 80_50, at=at - timedelta(days=4))
    assert owed(cast.partner_id) == 200_50

    run_id = sent(cast, at)
    (payout,) = payouts_of(run_id)
    assert (payout.state, payout.amount_minor, payout.currency, payout.method) == ("processed", 200_50, "EUR", "sepa")
    assert (owed(cast.partner_id), owed(cast.partner_id, "payouts.in_flight")) == (0, 200_50)
    assert set(ready.held) == {one, two}

    handed(cast, run_id, at)
    with scope(cast.finance_manager):
        services.settle(actor=cast.finance_manager, payout_id=payout.pk, at=at + timedelta(days=1))
    assert (payouts_of(run_id)[0].state, ready.settled) == ("completed", {one, two})
    with system_scope():
        assert Run.objects.get().state == "settled"
        assert books.balance("cash.bank", currency="EUR") == -200_50
    assert owed(cast.partner_id, "payouts.in_flight") == 0
    shown = desk(cast, at + timedelta(days=1))
    assert (shown.differences, shown.paid_this_year, shown.average_days) == ((), (Money(200_50, "EUR"),), 11.0)


def test_nobody_approves_what_they_prepared_and_a_manager_neither(cast, at, ready):
    ready.owe(cast.partner_id, 120_00, at=at)
    run_id = prepared(cast, at)
    for actor in (cast.finance_manager, cast.partner_manager):
        with pytest.raises(NotAllowed), scope(actor):
            services.approve(actor=actor, run_id=run_id, at=at)
    with pytest.raises(Conflict), scope(cast.finance_manager):
        services.send(actor=cast.finance_manager, run_id=run_id, at=at)
    with system_scope():
        assert Run.objects.get().state == "prepared"


def test_above_the_limit_an_administrator_approves(cast, at, ready):
    ready.owe(cast.partner_id, 50_000_01, at=at)
    with scope(cast.vendor_admin):
        run_id = services.prepare(actor=cast.vendor_admin, at=at)
    with pytest.raises(NotAllowed, match="above your limit"), scope(cast.finance_manager):
        services.approve(actor=cast.finance_manager, run_id=run_id, at=at)
    with scope(cast.vendor_admin):
        services.cancel(actor=cast.vendor_admin, run_id=run_id, reason="Too large for today", at=at)
    assert not ready.held
    assert desk(cast, at).differences == ()


def test_an_unverified_account_is_refused_with_the_sentence_and_the_cure(cast, at, source):
    make_paying(cast.vendor_admin, at)
    make_payee(cast.partner_admin, cast.partner_id, at)
    make_form(cast.partner_admin, cast.partner_id, at)
    make_account(cast.partner_admin, cast.partner_id, at)
    source.owe(cast.partner_id, 120_00, at=at)
    with pytest.raises(services.Unpayable) as refusal:
        prepared(cast, at, partner_ids=[cast.partner_id])

    assert "•••• 0785" in refusal.value.message
    assert "not verified" in refusal.value.message
    assert "Verify it by a micro-deposit or with evidence" in refusal.value.message
    with pytest.raises(services.NothingToPay, match="not verified"):
        prepared(cast, at)
    with system_scope():
        assert not Run.objects.exists()
        assert not Item.objects.exists()
    assert not source.held


def test_a_missing_tax_form_is_refused_with_the_sentence_and_the_cure(cast, at, source):
    make_paying(cast.vendor_admin, at)
    make_payee(cast.partner_admin, cast.partner_id, at)
    verify(cast.finance_manager, make_account(cast.partner_admin, cast.partner_id, at), at)
    source.owe(cast.partner_id, 120_00, at=at)
    with pytest.raises(services.Unpayable, match=r"VAT id\. Its administrator adds it to the payee profile"):
        prepared(cast, at, partner_ids=[cast.partner_id])
    make_form(cast.partner_admin, cast.partner_id, at)
    assert payouts_of(prepared(cast, at, partner_ids=[cast.partner_id]))[0].amount_minor == 120_00


def test_who_cannot_be_paid_is_held_in_the_run_with_the_reason_and_hears_of_it(cast, at, ready, run_jobs):
    ready.owe(cast.partner_id, 120_00, at=at)
    ready.owe(cast.other_partner_id, 300_00, at=at)
    run_id = prepared(cast, at)
    run_jobs()

    assert [row.partner_id for row in payouts_of(run_id)] == [cast.partner_id]
    with system_scope():
        held = Held.objects.get(run=run_id)
    assert (held.partner_id, held.amount_minor, held.code) == (cast.other_partner_id, 300_00, "no_payee")
    assert "Its administrator fills in the payee profile." in held.cure
    assert len(ready.held) == 1


def test_what_is_small_or_below_zero_is_carried_forward_and_nothing_is_lost(cast, at, ready):
    ready.owe(cast.partner_id, 24_99, at=at)
    with pytest.raises(services.NothingToPay, match=r"below the minimum of €25\.00"):
        prepared(cast, at)
    ready.owe(cast.partner_id, -60_00, at=at)
    with pytest.raises(services.NothingToPay, match="carried forward against what comes next"):
        prepared(cast, at)
    ready.owe(cast.partner_id, 100_00, at=at)
    (payout,) = payouts_of(prepared(cast, at))

    assert payout.amount_minor == 64_99
    assert desk(cast, at).differences == ()


def test_a_line_is_paid_from_its_day_on_but_a_correction_counts_at_once(cast, at, ready):
    ready.owe(cast.partner_id, 100_00, at=at, payable_from=at.date() + timedelta(days=5))
    ready.owe(cast.partner_id, 50_00, at=at)
    ready.owe(cast.partner_id, -10_00, at=at, payable_from=at.date() + timedelta(days=9))
    assert payouts_of(prepared(cast, at))[0].amount_minor == 40_00


def test_a_failed_payment_returns_to_the_balance_with_the_reason_and_is_paid_with_the_next_run(cast, at, ready, run_jobs):
    line = ready.owe(cast.partner_id, 120_00, at=at)
    run_id = sent(cast, at)
    handed(cast, run_id, at)
    (payout,) = payouts_of(run_id)
    with scope(cast.finance_manager):
        services.send_back(actor=cast.finance_manager, payout_id=payout.pk, reason="Account closed", at=at)
    run_jobs()

    (payout,) = payouts_of(run_id)
    assert (payout.state, payout.reason, ready.reasons) == ("failed", "Account closed", ["Account closed"])
    assert (owed(cast.partner_id), owed(cast.partner_id, "payouts.in_flight")) == (120_00, 0)
    assert (line in ready.held, desk(cast, at).differences) == (False, ())
    assert payouts_of(prepared(cast, at))[0].amount_minor == 120_00


def test_money_that_returns_after_it_arrived_is_in_the_bank_and_owed_again(cast, at, ready):
    ready.owe(cast.partner_id, 120_00, at=at)
    run_id = sent(cast, at)
    handed(cast, run_id, at)
    (payout,) = payouts_of(run_id)
    with scope(cast.finance_manager):
        services.settle(actor=cast.finance_manager, payout_id=payout.pk, at=at)
        services.send_back(actor=cast.finance_manager, payout_id=payout.pk, reason="Returned", at=at)
    assert owed(cast.partner_id) == 120_00
    with system_scope():
        assert books.balance("cash.bank", currency="EUR") == 0
    assert desk(cast, at).differences == ()


def test_an_account_that_changes_after_the_run_was_prepared_stops_it(cast, at, ready):
    ready.owe(cast.partner_id, 120_00, at=at)
    run_id = approved(cast, at)
    make_account(cast.partner_admin, cast.partner_id, at, iban="DE89370400440532013000")
    with pytest.raises(Conflict, match="No payment"), scope(cast.finance_manager):
        services.send(actor=cast.finance_manager, run_id=run_id, at=at)
    assert owed(cast.partner_id) == 120_00
    with scope(cast.finance_manager):
        services.cancel(actor=cast.finance_manager, run_id=run_id, reason="Account changed", at=at)
    assert not ready.held


def test_a_currency_is_converted_only_when_somebody_says_so_and_keeps_its_rate(cast, at, ready):
    ready.owe(cast.partner_id, 100_00, "USD", at=at)
    with pytest.raises(services.NothingToPay, match="no account for USD"):
        prepared(cast, at)
    with pytest.raises(NoRate):
        prepared(cast, at, conversions={"USD": "EUR"})
    with scope(cast.vendor_admin):
        deals.add_exchange_rate(actor=cast.vendor_admin, currency="USD", rate=Decimal("0.92"), rate_date=at.date() - timedelta(days=3), source="test", at=at)
    run_id = sent(cast, at, conversions={"USD": "EUR"})

    (payout,) = payouts_of(run_id)
    assert (payout.owed_minor, payout.owed_currency, payout.amount_minor, payout.currency) == (100_00, "USD", 92_00, "EUR")
    assert (str(payout.fx_rate.normalize()), payout.fx_date) == ("0.92", at.date() - timedelta(days=3))
    assert (owed(cast.partner_id, currency="USD"), owed(cast.partner_id, "payouts.in_flight")) == (0, 92_00)


def test_a_country_that_needs_an_invoice_waits_for_one_over_the_exact_amount(cast, at, source):
    make_paying(cast.vendor_admin, at)
    make_payee(cast.partner_admin, cast.partner_id, at, country="IN")
    form_id = make_form(cast.partner_admin, cast.partner_id, at, kind="w8bene", number="AAACR5055K", country="IN")
    with scope(cast.finance_manager):
        services.check_form(actor=cast.finance_manager, form_id=form_id, accepted=True, at=at)
    verify(cast.finance_manager, make_account(cast.partner_admin, cast.partner_id, at), at)
    source.owe(cast.partner_id, 120_00, at=at)
    with pytest.raises(services.Unpayable, match=r"invoice.*€120\.00"):
        prepared(cast, at, partner_ids=[cast.partner_id])
    with scope(cast.partner_admin):
        values = {"number": "2026-17", "amount_minor": 120_00, "currency": "EUR"}
        services.send_invoice(actor=cast.partner_admin, partner_id=cast.partner_id, values=values, file=("i.pdf", PDF), at=at)
    (payout,) = payouts_of(prepared(cast, at))
    with system_scope():
        assert payout.invoices.get().number == "2026-17"


def test_a_payday_in_the_past_is_refused(cast, at, ready):
    ready.owe(cast.partner_id, 120_00, at=at)
    with pytest.raises(Invalid):
        prepared(cast, at, pay_on=at.date() - timedelta(days=1))


def test_the_desk_names_a_difference_between_itself_and_the_books(cast, at, ready):
    ready.owe(cast.partner_id, 120_00, at=at)
    ready.owe(cast.partner_id, 5_00, at=at, books=False)
    (found,) = desk(cast, at).differences
    assert (found.partner_id, found.desk, found.books) == (cast.partner_id, Money(125_00, "EUR"), Money(120_00, "EUR"))


def test_the_promise_runs_from_the_approval_rests_for_the_partner_and_is_kept_by_the_payment(cast, at, ready):
    before = at - timedelta(days=3)
    ready.owe(cast.partner_id, 120_00, at=before)
    ready.owe(cast.other_partner_id, 120_00, at=before)
    with system_scope():
        services.watch(at=at)
        own, other = (Owed.objects.get(partner_id=key) for key in (cast.partner_id, cast.other_partner_id))
        assert own.since == before
        assert promises.clock(own.pk, "payouts.payout", at).state == "running"
        assert promises.clock(other.pk, "payouts.payout", at).state == "paused"
    run_id = sent(cast, at)
    handed(cast, run_id, at)
    with scope(cast.finance_manager):
        services.settle(actor=cast.finance_manager, payout_id=payouts_of(run_id)[0].pk, at=at)
    with system_scope():
        assert promises.clock(own.pk, "payouts.payout", at).state == "kept"


def test_a_file_is_given_to_the_bank_once(cast, at, ready):
    ready.owe(cast.partner_id, 120_00, at=at)
    run_id = sent(cast, at)
    handed(cast, run_id, at)
    with pytest.raises(Conflict, match="pay twice"):
        handed(cast, run_id, at)
    with pytest.raises(Conflict), scope(cast.finance_manager):
        services.send(actor=cast.finance_manager, run_id=run_id, at=at)


def test_a_statement_settles_and_returns_by_number_and_exact_amount(cast, at, ready):
    ready.owe(cast.partner_id, 120_00, at=at)
    run_id = sent(cast, at)
    handed(cast, run_id, at)
    number = payouts_of(run_id)[0].number
    csv = f"date,amount,currency,reference\n2026-11-24,-120.01,EUR,{number}\n2026-11-24,-9.99,EUR,Coffee\n"
    with scope(cast.finance_manager):
        services.read_statement(actor=cast.finance_manager, name="a.csv", content=csv.encode(), at=at)
    assert payouts_of(run_id)[0].state == "sent"
    camt = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Ntry><Amt Ccy="EUR">120.00</Amt>'
        "<CdtDbtInd>DBIT</CdtDbtInd><BookgDt><Dt>2026-11-24</Dt></BookgDt><NtryDtls><TxDtls><Refs>"
        f"<EndToEndId>{number}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"
    ).encode()
    with scope(cast.finance_manager):
        services.read_statement(actor=cast.finance_manager, name="a.xml", content=camt, at=at + timedelta(hours=1))
        with pytest.raises(Conflict, match="read in already"):
            services.read_statement(actor=cast.finance_manager, name="b.xml", content=camt, at=at)
        rows = queries.statements(cast.finance_manager)
    assert payouts_of(run_id)[0].state == "completed"
    assert [(row.settled, len(row.unmatched)) for row in reversed(rows)] == [(0, 2), (1, 0)]


@pytest.mark.parametrize(
    "content", [b"", b"date,amount\n1,2\n", b"date,amount,currency,reference\nx,1,EUR,PY-000001\n", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", b"\xff\xfe"]
)
def test_a_statement_that_cannot_be_read_is_refused_and_nothing_is_booked(cast, at, ready, content):
    with pytest.raises(Invalid), scope(cast.finance_manager):
        services.read_statement(actor=cast.finance_manager, name="x", content=content, at=at)
