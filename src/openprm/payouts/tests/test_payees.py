"""Who is paid on which account: verified first, sealed always, changed with a wait and never in secret."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from openprm.inbox.models import Notification
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.payouts import services
from openprm.payouts.models import BankAccount, Payee, TaxForm
from openprm.payouts.sealed import unseal
from openprm.payouts.services.unit import ForbiddenMove
from openprm.payouts.testing import PDF, make_account, make_form, make_payee, stored_account, verify

pytestmark = pytest.mark.django_db


def test_an_account_is_stored_sealed_and_only_its_last_four_signs_lie_open(cast, at):
    account = stored_account(make_account(cast.partner_admin, cast.partner_id, at))

    assert (account.state, account.last4, account.country, account.currency) == ("entered", "0785", "FI", "EUR")
    assert "12345600000785" not in account.sealed
    assert unseal(account.sealed) == b"FI2112345600000785"
    assert "sealed" not in account.snapshot()
    assert "fingerprint" not in account.snapshot()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"iban": "FI2112345600000786"}, "iban"),
        ({"iban": "BR1800360305000010009795493C1"}, "iban"),
        ({"bic": "XX"}, "bic"),
        ({"bic": "COBADEFFXXX"}, "bic"),
        ({"holder": ""}, "holder"),
        ({"currency": "ZZZ"}, "currency"),
        ({"kind": "us", "routing": "091000018", "account": "12345678", "currency": "USD"}, "routing"),
        ({"kind": "us", "routing": "091000019", "account": "12", "currency": "USD"}, "account"),
        ({"kind": "us", "routing": "091000019", "account": "12345678", "currency": "EUR"}, "currency"),
        ({"kind": "paypal"}, "kind"),
    ],
)
def test_a_number_that_is_none_is_refused_and_nothing_is_kept(cast, at, values, field):
    with pytest.raises(Invalid) as refusal:
        make_account(cast.partner_admin, cast.partner_id, at, **values)

    assert refusal.value.problems[0].field == field
    with system_scope():
        assert not BankAccount.objects.exists()


def test_the_code_of_the_deposit_verifies_the_account(cast, at):
    account_id = make_account(cast.partner_admin, cast.partner_id, at)
    with scope(cast.finance_manager):
        code = services.start_verifying(actor=cast.finance_manager, account_id=account_id, at=at)
        assert services.deposit_code(actor=cast.finance_manager, account_id=account_id) == code
    with scope(cast.partner_admin):
        assert services.confirm_code(actor=cast.partner_admin, account_id=account_id, code=f" {code} ", at=at) is None

    account = stored_account(account_id)
    assert (account.state, account.verified_how, account.usable_from, account.code_sealed) == ("verified", "deposit", at, "")


def test_the_third_wrong_code_ends_the_account(cast, at):
    account_id = make_account(cast.partner_admin, cast.partner_id, at)
    with scope(cast.finance_manager):
        code = services.start_verifying(actor=cast.finance_manager, account_id=account_id, at=at)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    said = []
    for _ in range(3):
        with scope(cast.partner_admin):
            said.append(services.confirm_code(actor=cast.partner_admin, account_id=account_id, code=wrong, at=at))

    assert "2 more tries" in said[0]
    assert "three times" in said[2]
    assert stored_account(account_id).state == "failed"


def test_who_entered_an_account_or_is_no_finance_person_does_not_verify_it(cast, at):
    account_id = make_account(cast.partner_admin, cast.partner_id, at)
    for actor in (cast.partner_admin, cast.partner_manager):
        with pytest.raises(NotAllowed), scope(actor):
            services.verify_by_person(actor=actor, account_id=account_id, evidence="x", at=at)
    with pytest.raises(NotFound), scope(cast.other_partner_admin):
        services.confirm_code(actor=cast.other_partner_admin, account_id=account_id, code="000000", at=at)
    assert stored_account(account_id).state == "entered"


def test_a_changed_account_is_verified_anew_waits_and_every_administrator_hears_of_it(cast, at, run_jobs):
    first = make_account(cast.partner_admin, cast.partner_id, at)
    verify(cast.finance_manager, first, at)
    make_payee(cast.partner_admin, cast.partner_id, at)
    later = at + timedelta(days=10)
    second = make_account(cast.partner_admin, cast.partner_id, later, iban="DE89370400440532013000")
    run_jobs()

    assert (stored_account(first).state, stored_account(second).state) == ("replaced", "entered")
    verify(cast.finance_manager, second, later + timedelta(hours=1))
    assert stored_account(second).usable_from == later + timedelta(days=5)
    with system_scope():
        told = Notification.objects.filter(kind="payouts.account_changed", user_id=cast.partner_admin.user_id)
        assert [row.title for row in told.order_by("created_at")][-1] == "Your bank account for EUR was changed"


def test_the_database_knows_no_account_that_begins_verified(cast, at):
    with pytest.raises(IntegrityError), system_scope(), transaction.atomic():
        BankAccount.objects.create(
            partner_id=cast.partner_id, kind="iban", currency="EUR", holder="X", country="FI", last4="0000", sealed="x", fingerprint="x", state="verified",
            entered_at=at, verified_at=at, usable_from=at,
        )  # fmt: skip


def test_a_partner_sees_no_payee_of_another(cast, at):
    make_payee(cast.partner_admin, cast.partner_id, at)
    make_account(cast.partner_admin, cast.partner_id, at)
    with scope(cast.other_partner_admin):
        assert not Payee.objects.exists()
        assert not BankAccount.objects.exists()
    with pytest.raises(NotAllowed), scope(cast.other_partner_admin):
        services.save_payee(actor=cast.other_partner_admin, partner_id=cast.partner_id, values={"legal_name": "Mine", "country": "FI"}, at=at)


def test_a_vat_id_counts_by_its_digits_and_a_w8_once_a_person_has_looked(cast, at):
    with pytest.raises(Invalid, match="check digits"):
        make_form(cast.partner_admin, cast.partner_id, at, number="FI20774741")
    make_form(cast.partner_admin, cast.partner_id, at)
    form_id = make_form(cast.partner_admin, cast.partner_id, at, kind="w8bene", number="2345678-9", country="FI")

    with system_scope():
        assert TaxForm.objects.get(kind="vat").state == "accepted"
        form = TaxForm.objects.get(pk=form_id)
        assert (form.state, form.last4, form.expires_on.isoformat()) == ("submitted", "6789", "2029-12-31")
    with scope(cast.finance_manager):
        services.check_form(actor=cast.finance_manager, form_id=form_id, accepted=True, at=at)
        with pytest.raises(ForbiddenMove):
            services.check_form(actor=cast.finance_manager, form_id=form_id, accepted=True, at=at)


def test_a_w9_needs_its_number_and_its_file(cast, at):
    giver = cast.partner_admin
    with scope(giver):
        with pytest.raises(Invalid) as refusal:
            services.submit_form(actor=giver, partner_id=cast.partner_id, values={"kind": "w9", "number": "91-1144442", "name": "K"}, at=at)
        assert refusal.value.problems[0].field == "file"
        with pytest.raises(Invalid) as refusal:
            values = {"kind": "w9", "number": "00-0000000", "name": "K"}
            services.submit_form(actor=giver, partner_id=cast.partner_id, values=values, file=("w9.pdf", PDF), at=at)
        assert refusal.value.problems[0].field == "number"
    with system_scope():
        assert not TaxForm.objects.exists()


def test_a_form_that_ends_is_told_of_and_then_holds(cast, at):
    form_id = make_form(cast.partner_admin, cast.partner_id, at, kind="w8bene", number="2345678-9", country="FI")
    with scope(cast.finance_manager):
        services.check_form(actor=cast.finance_manager, form_id=form_id, accepted=True, at=at)
    with system_scope():
        services.expire_forms(at=at.replace(year=2029, month=12, day=5))
        assert TaxForm.objects.get(pk=form_id).reminded == [30]
        assert services.expire_forms(at=at.replace(year=2030, month=1, day=2)) == 1
        assert TaxForm.objects.get(pk=form_id).state == "expired"
