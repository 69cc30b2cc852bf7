"""Sending an approved run.

Everything is claimed first, in one transaction: payments become `processing`, the books say "on their way", files are made. What
goes to the provider follows, one job for each payment. A job that dies is run again: it looks for what it sent before, and repeats
with the same idempotency key.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.money import minor_units
from openprm.payouts import policies
from openprm.payouts.events import PayoutClaimed, PayoutSent
from openprm.payouts.models import Payee, PaymentFile, Payout, Run
from openprm.payouts.ports import PayOrder, ProviderDown, ProviderRefusal
from openprm.payouts.queries.checks import problems_of
from openprm.payouts.rules.files import nacha, orders, pain001, table
from openprm.payouts.rules.states import Pay, RunState
from openprm.payouts.sealed import seal, unseal
from openprm.payouts.services import booking
from openprm.payouts.services.paying import active_account, payer_of, provider
from openprm.payouts.services.runs import cancel_payout
from openprm.payouts.services.settling import fail_payout, refresh_run
from openprm.payouts.services.unit import load, move_payout, move_run, record

FILES = ("sepa", "ach", "csv")
FORMATS = {"sepa": ("xml", "application/xml"), "ach": ("ach", "text/plain"), "csv": ("csv", "text/csv")}


@transaction.atomic
def send(*, actor: Actor, run_id: UUID, version: int | None = None, at: datetime) -> None:
    """Send an approved run: files are made, the provider is told by a job for each payment. What cannot be paid any more is taken out with its reason.

    Raises NotFound, NotAllowed, Stale, Conflict.
    """
    refuse_if(policies.why_not_prepare(actor))
    run = load(policies.reach_runs(actor), run_id, version)
    if run.state != RunState.APPROVED:
        raise Conflict(_("%(number)s is not approved, or is sent already.") % {"number": run.number})
    for payout, why in problems_of(run, at):
        cancel_payout(actor, payout, why[:300], at)
    payouts = list(Payout.objects.filter(run=run, state=Pay.PENDING).select_related("bank_account").locked())
    if not payouts:
        raise Conflict(_("No payment of %(number)s can be sent any more. Cancel it and prepare another one.") % {"number": run.number})
    run.sent_at = at
    move_run(run, RunState.SENDING, "sent_at")
    for payout in payouts:
        payout.processing_at = at
        move_payout(payout, Pay.PROCESSING, "processing_at")
    _make_files(run, payouts, at)
    record(actor, "payout.run_sent", run, after={}, data={"payments": len(payouts)}, note=run.number, at=at)
    refresh_run(run.pk, at)
    for one in payouts:
        if one.method not in FILES:
            publish(PayoutClaimed(payout_id=one.pk, at=at))
    booking.sent(actor, payouts, at)


def _make_files(run: Run, payouts: Sequence[Payout], at: datetime) -> None:
    groups: dict[tuple[str, str], list[Payout]] = {}
    for one in payouts:
        if one.method in FILES:
            groups.setdefault((one.method, one.currency), []).append(one)
    payees = {row.partner_id: row for row in Payee.objects.filter(partner__in=[one.partner_id for one in payouts])}
    for (kind, currency), rows in sorted(groups.items()):
        content = _content(kind, currency, _batch(run, kind, currency, rows, payees))
        ending, content_type = FORMATS[kind]
        PaymentFile.objects.create(
            run=run, kind=kind, currency=currency, name=f"{run.number}-{kind}-{currency}.{ending}".lower(), content_type=content_type, count=len(rows),
            total_minor=sum(one.amount_minor for one in rows), sha256=hashlib.sha256(content).hexdigest(), sealed=seal(content), made_at=at,
        )  # fmt: skip
        for one in rows:
            move_payout(one, Pay.PROCESSED)


def _batch(run: Run, kind: str, currency: str, rows: Sequence[Payout], payees: dict[UUID, Payee]) -> orders.Batch:
    account = active_account(kind, currency)
    if account is None:
        raise Conflict(_("The account that we pay %(currency)s from was taken away. Add one under Settings, Paying accounts.") % {"currency": currency})
    made = [_order(one, payees[one.partner_id]) for one in sorted(rows, key=lambda one: one.number)]
    made_at = datetime.combine(run.pay_on, time(), tzinfo=UTC)
    return orders.Batch(number=run.number, made_at=made_at, pay_on=run.pay_on, payer=payer_of(account), orders=tuple(made))


def _order(one: Payout, payee: Payee) -> orders.Order:
    account: Any = one.bank_account
    return orders.Order(
        reference=one.number, amount_minor=one.amount_minor, currency=one.currency, name=account.holder, account=unseal(account.sealed).decode(),
        bic=account.bic, routing=account.routing, country=payee.country, street=payee.street, postal_code=payee.postal_code, city=payee.city,
        is_company=payee.kind == "company", about=one.number,
    )  # fmt: skip


def _content(kind: str, currency: str, batch: orders.Batch) -> bytes:
    if kind == "csv":
        return table.write(batch, minor_units(currency))
    return pain001.write(batch) if kind == "sepa" else nacha.write(batch)


@transaction.atomic
def hand_over(*, actor: Actor, file_id: UUID, at: datetime) -> None:
    """Say that a file was given to the bank: its payments are sent. Raises NotFound, NotAllowed, Conflict."""
    refuse_if(policies.why_not_prepare(actor))
    file = policies.reach_files(actor).select_related("run").locked().one(file_id)
    if file.handed_at:
        raise Conflict(_("This file was given to the bank already. Giving it twice would pay twice."))
    file.handed_at, file.handed_by_id = at, actor.user_id
    file.save(update_fields=["handed_at", "handed_by", "updated_at"])
    for one in Payout.objects.filter(run=file.run, method=file.kind, currency=file.currency, state=Pay.PROCESSED).locked():
        _sent(one, at)
    record(actor, "payout.file_handed", file.run, after={}, note=file.name, data={"sha256": file.sha256}, at=at)
    refresh_run(file.run_id, at)


def _sent(payout: Payout, at: datetime, *fields: str) -> None:
    payout.sent_at = at
    move_payout(payout, Pay.SENT, "sent_at", *fields)
    record(SYSTEM, "payout.sent", payout, after={}, partner_id=payout.partner_id, refs=(payout.run_id,), at=at)
    publish(PayoutSent(payout_id=payout.pk, partner_id=payout.partner_id, at=at))


@transaction.atomic
def pay(*, payout_id: UUID, at: datetime) -> None:
    """Let the provider pay one claimed payment. Safe to run again at any point: nothing is paid twice. Raises ProviderDown to be run again."""
    payout = Payout.objects.locked().one(payout_id)
    if payout.state not in (Pay.PROCESSING, Pay.PROCESSED):
        return
    adapter = provider(payout.method, payout.currency)
    order = _pay_order(payout)
    try:
        transfer = adapter.find_transfer(order) or adapter.transfer(order)
    except ProviderRefusal as refusal:
        fail_payout(SYSTEM, payout, str(refusal), at)
        return
    payout.transfer_ref = transfer
    if payout.state == Pay.PROCESSING:
        move_payout(payout, Pay.PROCESSED, "transfer_ref")
    _pay_out(adapter, order, payout, at)
    refresh_run(payout.run_id, at)


def _pay_out(adapter: Any, order: PayOrder, payout: Payout, at: datetime) -> None:
    """From the provider's account of the payee to its bank; when that is refused the money is taken back first."""
    try:
        payout.payout_ref = adapter.find_payout(order) or adapter.pay_out(order)
    except ProviderRefusal as refusal:
        adapter.take_back(order, payout.transfer_ref)
        fail_payout(SYSTEM, payout, str(refusal), at)
        return
    _sent(payout, at, "payout_ref")


def _pay_order(payout: Payout) -> PayOrder:
    return PayOrder(
        id=payout.pk, number=payout.number, account=payout.provider_account, amount_minor=payout.amount_minor, currency=payout.currency,
        since=payout.processing_at,
    )  # fmt: skip


@transaction.atomic
def take_back(*, payout_id: UUID, reason: str, at: datetime) -> None:
    """The bank sent the money back to the payee's account at the provider: fetch it from there, then it is owed again. Safe to repeat."""
    payout = Payout.objects.locked().one(payout_id)
    if payout.state in (Pay.FAILED, Pay.CANCELED, Pay.PENDING):
        return
    try:
        provider(payout.method, payout.currency).take_back(_pay_order(payout), payout.transfer_ref)
    except ProviderRefusal as refusal:
        raise ProviderDown(str(refusal)) from None
    fail_payout(SYSTEM, payout, reason, at)


@transaction.atomic
def unsent(*, at: datetime) -> tuple[UUID, ...]:
    """Payments that were claimed and are still not with the provider, for a sweep that sends them again."""
    rows = Payout.objects.filter(state__in=(Pay.PROCESSING, Pay.PROCESSED)).exclude(method__in=FILES)
    return tuple(rows.order_by("pk").values_list("pk", flat=True)[:500])


@transaction.atomic
def open_file(*, actor: Actor, file_id: UUID, at: datetime) -> tuple[str, str, bytes]:
    """(name, content type, bytes) of a payment file, written down: it holds full account numbers. Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_prepare(actor))
    row = policies.reach_files(actor).select_related("run").one(file_id)
    record(actor, "payout.file_opened", row.run, after={}, note=row.name, at=at)
    return row.name, row.content_type, unseal(row.sealed)
