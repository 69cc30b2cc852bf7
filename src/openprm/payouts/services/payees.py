"""Who is paid: the profile, its bank accounts and how they are verified."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.money import minor_units
from openprm.payouts import policies
from openprm.payouts.events import BankAccountEntered, BankAccountMoved
from openprm.payouts.models import BankAccount, Payee
from openprm.payouts.queries.standing import papers_for
from openprm.payouts.rules import numbers
from openprm.payouts.rules.states import Bank, can_move_bank
from openprm.payouts.sealed import fingerprint, seal, unseal
from openprm.payouts.services.documents import keep
from openprm.payouts.services.unit import ForbiddenMove, as_system, bad_number, choice, country, load, record, save, text
from openprm.promises import services as promises

CHECK = "payouts.check"
CODE_DAYS, MOST_TRIES = 14, 3
LIVE = (Bank.ENTERED, Bank.VERIFYING, Bank.VERIFIED)
LENGTHS = {"legal_name": 140, "street": 140, "postal_code": 16, "city": 70, "provider_account": 80}


@transaction.atomic
def save_payee(*, actor: Actor, partner_id: UUID, values: Mapping[str, Any], version: int | None = None, at: datetime) -> UUID:
    """Say who is paid and how. Raises NotAllowed, Invalid, Stale, Conflict."""
    refuse_if(policies.why_not_give(actor, partner_id))
    clean = _clean(values)
    with as_system(actor):
        payee = Payee.objects.filter(partner_id=partner_id).locked().first()
        before = payee.snapshot() if payee else None
        if payee is None:
            payee = Payee(partner_id=partner_id)
        elif version is not None and version != payee.version:
            load(Payee.objects, payee.pk, version)
        if clean["provider_account"] != payee.provider_account:
            payee.provider_ready, payee.provider_note = False, ""
        for name, value in clean.items():
            setattr(payee, name, value)
        payee.version = payee.version + 1 if before else 1
        taken = Conflict(_("Another partner is paid to this account of the provider. Check its number."), field="provider_account")
        with refused_by("one_payee_per_provider_account", taken):
            payee.save()
        record(actor, "payout.payee_saved", payee, before=before, partner_id=partner_id, at=at)
    return payee.pk


def _clean(values: Mapping[str, Any]) -> dict[str, str]:
    found = {name: text(name, values.get(name), longest=most, required=name == "legal_name") for name, most in LENGTHS.items()}
    found["kind"] = choice("kind", values.get("kind") or "company", Payee.Kind.values)
    found["method"] = choice("method", values.get("method") or "bank", Payee.Method.values)
    found["country"] = country("country", values.get("country"))
    if found["method"] == Payee.Method.PROVIDER and not found["provider_account"]:
        raise Invalid(_("Give your account at the payment provider. It begins with “acct_”."), field="provider_account")
    if found["provider_account"] and not (found["provider_account"].isascii() and found["provider_account"].replace("_", "").isalnum()):
        raise Invalid(_("An account of the provider has letters, digits and “_” only."), field="provider_account")
    return found


@transaction.atomic
def enter_account(*, actor: Actor, partner_id: UUID, values: Mapping[str, Any], at: datetime) -> UUID:
    """Enter a bank account for a currency; the one before is no longer paid to. Every administrator of the partner is told.

    The new one is paid to once it is verified and, when it takes the place of a verified one, after the published wait.
    Raises NotAllowed, Invalid.
    """
    refuse_if(policies.why_not_give(actor, partner_id))
    holder = text("holder", values.get("holder"), longest=140)
    found, currency = _read(values)
    with as_system(actor):
        before = BankAccount.objects.filter(partner_id=partner_id, currency=currency, state__in=LIVE).locked().first()
        if before:
            _end(actor, before, Bank.REPLACED, "", at)
        account = BankAccount.objects.create(
            partner_id=partner_id, kind=found.kind, currency=currency, holder=holder, country=found.country, last4=found.last4, sealed=seal(found.text),
            fingerprint=fingerprint(found.routing + found.text), bic=found.bic, routing=found.routing, entered_at=at, entered_by_id=actor.user_id,
            replaces=before,
        )  # fmt: skip
        record(actor, "payout.account_entered", account, before={}, partner_id=partner_id, at=at)
        promises.start(actor=SYSTEM, code=CHECK, subject=account, partner_id=partner_id, refs=(partner_id,), at=at)
        publish(BankAccountEntered(account_id=account.pk, partner_id=partner_id, actor_id=actor.user_id, changed=before is not None, at=at))
    return account.pk


def _read(values: Mapping[str, Any]) -> tuple[numbers.Account, str]:
    kind = choice("kind", values.get("kind") or "iban", BankAccount.Kind.values)
    currency = text("currency", values.get("currency") or ("EUR" if kind == "iban" else "USD"), longest=3).upper()
    minor_units(currency)
    if kind == "us" and currency != "USD":
        raise Invalid(_("A US account is paid to in USD."), field="currency")
    try:
        if kind == "iban":
            return numbers.iban(str(values.get("iban") or ""), str(values.get("bic") or "")), currency
        return numbers.us_account(str(values.get("routing") or ""), str(values.get("account") or "")), currency
    except numbers.BadNumber as error:
        raise bad_number(error) from None


def _end(actor: Actor, account: BankAccount, state: str, note: str, at: datetime) -> None:
    _move(account, state)
    account.ended_at, account.note, account.code_sealed = at, note or account.note, ""
    save(account, "state", "ended_at", "note", "code_sealed")
    promises.keep(subject_id=account.pk, code=CHECK, at=at)
    record(actor, f"payout.account_{state}", account, after={}, partner_id=account.partner_id, note=note, at=at)


def _move(account: BankAccount, state: str) -> None:
    if not can_move_bank(account.state, state):
        raise ForbiddenMove(_("An account that is “%(before)s” cannot become “%(after)s”.") % {"before": account.state, "after": state})
    account.state = state


@transaction.atomic
def start_verifying(*, actor: Actor, account_id: UUID, version: int | None = None, at: datetime) -> str:
    """Begin a verification by micro-deposit: gives the code to write into the reference of a deposit of the smallest amount.

    Raises NotFound, NotAllowed, ForbiddenMove, Stale.
    """
    refuse_if(policies.why_not_check(actor))
    account = load(policies.reach_accounts(actor), account_id, version)
    _move(account, Bank.VERIFYING)
    code = f"{secrets.randbelow(10**6):06d}"
    account.code_sealed, account.code_until, account.tries = seal(code), at + timedelta(days=CODE_DAYS), 0
    save(account, "state", "code_sealed", "code_until", "tries")
    promises.keep(subject_id=account.pk, code=CHECK, at=at)
    _told(actor, account, "verifying", at)
    return code


def confirm_code(*, actor: Actor, account_id: UUID, code: str, at: datetime) -> str | None:
    """The partner types the code from its statement: None when it fits, else the sentence that says what is wrong.

    A wrong code is an answer and no refusal, because the try counts: the third ends it. Raises NotFound, NotAllowed, Conflict.
    """
    account = policies.reach_accounts(actor).one(account_id)
    refuse_if(policies.why_not_give(actor, account.partner_id))
    with as_system(actor):
        return _try(actor, load(BankAccount.objects, account_id), code, at)


def _try(actor: Actor, account: BankAccount, code: str, at: datetime) -> str | None:
    """What is wrong with the code, kept as a try; None when it fits and the account is verified."""
    if account.state != Bank.VERIFYING or account.code_until is None:
        raise Conflict(_("No deposit was made for this account. Wait for it, or enter the account again."), field="code")
    if at >= account.code_until:
        _end(actor, account, Bank.FAILED, _("The code has expired."), at)
        _announce(actor, account, at)
        return _("The code has expired. Enter the account again for a new deposit.")
    if compare_digest("".join(code.split()).encode(), unseal(account.code_sealed)):
        _verified(actor, account, "deposit", "", at)
        return None
    account.tries += 1
    save(account, "tries")
    if account.tries < MOST_TRIES:
        return _("This is not the code of the deposit. You have %(left)d more tries.") % {"left": MOST_TRIES - account.tries}
    _end(actor, account, Bank.FAILED, _("A wrong code was given three times."), at)
    _announce(actor, account, at)
    return _("A wrong code was given three times. Enter the account again for a new deposit.")


@transaction.atomic
def verify_by_person(*, actor: Actor, account_id: UUID, evidence: str, file: tuple[str, bytes] | None = None, version: int | None = None, at: datetime) -> None:
    """Verify with evidence: who was called on which known number, or a bank's letter. Raises NotFound, NotAllowed, Invalid, ForbiddenMove, Stale."""
    refuse_if(policies.why_not_check(actor))
    account = load(policies.reach_accounts(actor), account_id, version)
    if account.entered_by_id == actor.user_id:
        raise ForbiddenMove(_("You entered this account. Somebody else verifies it."))
    note = text("evidence", evidence, longest=2000, lines=True)
    if file:
        keep(actor, account, file, at, shared=False)
    _verified(actor, account, "person", note, at)


def _verified(actor: Actor, account: BankAccount, how: str, note: str, at: datetime) -> None:
    _move(account, Bank.VERIFIED)
    account.verified_at, account.verified_how, account.note, account.code_sealed = at, how, note, ""
    account.verified_by_id, account.usable_from = actor.user_id, _usable_from(account, at)
    save(account, "state", "verified_at", "verified_how", "verified_by", "usable_from", "note", "code_sealed")
    promises.keep(subject_id=account.pk, code=CHECK, at=at)
    _told(actor, account, "verified", at)


def _usable_from(account: BankAccount, at: datetime) -> datetime:
    """At once for a first account; a changed one waits from its entry on for as many days as the rule says."""
    had_one = BankAccount.objects.filter(partner_id=account.partner_id, currency=account.currency, verified_at__isnull=False).exclude(pk=account.pk).exists()
    if not had_one:
        return at
    payee = Payee.objects.filter(partner_id=account.partner_id).first()
    days = papers_for(payee.country if payee else account.country, payee.kind if payee else "company", at).cooling_days
    return max(at, account.entered_at + timedelta(days=days))


@transaction.atomic
def reject_account(*, actor: Actor, account_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Say that an account cannot be paid to; the partner reads why. Raises NotFound, NotAllowed, Invalid, ForbiddenMove, Stale."""
    refuse_if(policies.why_not_check(actor))
    account = load(policies.reach_accounts(actor), account_id, version)
    _end(actor, account, Bank.FAILED, text("reason", reason, longest=2000, lines=True), at)
    _announce(actor, account, at)


def _told(actor: Actor, account: BankAccount, state: str, at: datetime) -> None:
    record(actor, f"payout.account_{state}", account, after={}, partner_id=account.partner_id, at=at)
    _announce(actor, account, at)


def _announce(actor: Actor, account: BankAccount, at: datetime) -> None:
    publish(BankAccountMoved(account_id=account.pk, partner_id=account.partner_id, state=str(account.state), actor_id=actor.user_id, at=at))


def deposit_code(*, actor: Actor, account_id: UUID) -> str:
    """The code to write into the reference of the deposit. Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_check(actor))
    account = policies.reach_accounts(actor).one(account_id)
    if account.state != Bank.VERIFYING or not account.code_sealed:
        raise NotFound()
    return unseal(account.code_sealed).decode()
