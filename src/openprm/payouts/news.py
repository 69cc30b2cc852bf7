"""Who is told what about payouts, in words, on both sides. Called by jobs, in the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.kernel.actor import SYSTEM
from openprm.kernel.money import Money, format_money
from openprm.payouts.models import BankAccount, Held, Payout, Run, TaxForm
from openprm.payouts.wording import TAX_KIND


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Payouts"), **look)


KINDS = (
    _kind("payouts.account_changed", gettext_lazy("a bank account of ours is entered or changed"), icon="shield-alert", tone="warn", side="partner"),
    _kind("payouts.account_moved", gettext_lazy("our bank account is verified, or fails"), icon="landmark", side="partner"),
    _kind("payouts.to_verify", gettext_lazy("a bank account or a tax form waits for my check"), icon="landmark", side="vendor"),
    _kind("payouts.form_moved", gettext_lazy("our tax form is accepted, rejected or ends"), icon="file-text", side="partner"),
    _kind("payouts.run_waits", gettext_lazy("a payout run waits for my approval"), icon="wallet", tone="info", side="vendor"),
    _kind("payouts.run_approved", gettext_lazy("a payout run is approved and can be sent"), icon="check", tone="ok", side="vendor", mail="daily"),
    _kind("payouts.held", gettext_lazy("something of ours is missing and holds a payout back"), icon="circle-alert", tone="warn", side="partner"),
    _kind("payouts.sent", gettext_lazy("a payout is on its way to us"), icon="send", side="partner"),
    _kind("payouts.completed", gettext_lazy("a payout has arrived"), icon="circle-check", tone="ok", side="partner", mail="daily"),
    _kind("payouts.failed", gettext_lazy("a payout failed and is back in the balance"), icon="circle-x", tone="bad"),
)


def _givers(partner_id: UUID) -> list[UUID]:
    return [person.id for person in identity.holders_of("payouts.give", partner_id) if person.id]


def _finance(permission: str = "payouts.check") -> list[UUID]:
    return [person.id for person in identity.holders_of(permission) if person.id]


def _tell(
    kind: str, people: Iterable[UUID], title: str, body: str, url: str, *, key: Any, refs: tuple[UUID, ...] = (), actor_id: UUID | None = None,
    at: datetime, urgent: bool = False,
) -> None:  # fmt: skip
    to = [person for person in people if person != actor_id]
    inbox.notify(to=to, kind=kind, title=title, body=body, url=url, refs=refs, key=f"{kind}:{key}:{at.isoformat()}", urgent=urgent, at=at)


def _name(partner_id: UUID) -> str:
    return identity.organization(SYSTEM, partner_id).name


def account_entered(*, account_id: UUID, partner_id: UUID, actor_id: UUID | None, changed: bool, at: datetime) -> None:
    """Every administrator of the partner hears of it, also the one who did it: a stolen session is seen by its owner."""
    account, profile = BankAccount.objects.get(pk=account_id), reverse("payouts:portal_profile")
    said = _("Your bank account for %(currency)s was changed") if changed else _("A bank account for %(currency)s was entered")
    body = _("Payments go to •••• %(last4)s once it is verified. If nobody of you did this, tell us at once.") % {"last4": account.last4}
    title = said % {"currency": account.currency}
    _tell("payouts.account_changed", _givers(partner_id), title, body, profile, key=account_id, refs=(partner_id,), at=at, urgent=True)
    title = _("%(partner)s entered a bank account") % {"partner": _name(partner_id)}
    url = reverse("payouts:payee", args=[partner_id])
    _tell("payouts.to_verify", _finance(), title, _("Verify it by a deposit or with evidence."), url, key=account_id, refs=(partner_id,), at=at)


def account_moved(*, account_id: UUID, partner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    account = BankAccount.objects.get(pk=account_id)
    words = {"last4": account.last4, "reason": account.note}
    said = {
        "verifying": (_("We send a small deposit to •••• %(last4)s"), _("Its reference holds a code of six digits. Type it into your payee profile.")),
        "verified": (_("Your bank account •••• %(last4)s is verified"), ""),
        "failed": (_("Your bank account •••• %(last4)s could not be verified"), _("%(reason)s Enter the account again.")),
    }.get(state)
    if said:
        url = reverse("payouts:portal_profile")
        _tell("payouts.account_moved", _givers(partner_id), said[0] % words, said[1] % words, url, key=f"{account_id}{state}", refs=(partner_id,), at=at)


def form_moved(*, form_id: UUID, partner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    form = TaxForm.objects.get(pk=form_id)
    words = {"form": TAX_KIND[form.kind], "partner": _name(partner_id)}
    if state == "submitted":
        title, url = _("%(partner)s handed in %(form)s") % words, reverse("payouts:payee", args=[partner_id])
        _tell("payouts.to_verify", _finance(), title, _("It counts once you have checked it."), url, key=form_id, refs=(partner_id,), at=at)
        return
    said = {"accepted": _("%(form)s is accepted"), "rejected": _("%(form)s is not accepted"), "expired": _("%(form)s has expired")}.get(state)
    if said:
        body = form.note if state == "rejected" else _("Hand in a new one, so that nothing is held.") if state == "expired" else ""
        _tell(
            "payouts.form_moved", _givers(partner_id), said % words, body, reverse("payouts:portal_profile"), key=f"{form_id}{state}", refs=(partner_id,),
            actor_id=actor_id, at=at,
        )  # fmt: skip


def form_ending(*, form_id: UUID, partner_id: UUID, days: int, at: datetime) -> None:
    form = TaxForm.objects.get(pk=form_id)
    title = _("%(form)s ends in %(days)d days") % {"form": TAX_KIND[form.kind], "days": days}
    body = _("Hand in a new one in time, so that nothing is held.")
    _tell("payouts.form_moved", _givers(partner_id), title, body, reverse("payouts:portal_profile"), key=f"{form_id}{days}", refs=(partner_id,), at=at)


def run_prepared(*, run_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    run = Run.objects.get(pk=run_id)
    title = _("%(number)s waits for your approval") % {"number": run.number}
    body = _("%(count)d payments, payday %(day)s.") % {"count": Payout.objects.filter(run=run).count(), "day": date_format(run.pay_on, "j M Y")}
    _tell("payouts.run_waits", _finance("payouts.approve"), title, body, reverse("payouts:run", args=[run_id]), key=run_id, actor_id=actor_id, at=at)


def run_approved(*, run_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    run = Run.objects.get(pk=run_id)
    title, url = _("%(number)s is approved") % {"number": run.number}, reverse("payouts:run", args=[run_id])
    _tell("payouts.run_approved", _finance("payouts.prepare"), title, _("It can be sent."), url, key=run_id, actor_id=actor_id, at=at)


def held(*, run_id: UUID, partner_id: UUID, currency: str, at: datetime) -> None:
    row = Held.objects.filter(run_id=run_id, partner_id=partner_id, currency=currency).first()
    if row:
        title = _("%(amount)s is held back") % {"amount": format_money(Money(row.amount_minor, row.currency))}
        body = f"{row.reason} {row.cure}".strip()
        _tell("payouts.held", _givers(partner_id), title, body, reverse("payouts:portal_payouts"), key=row.pk, refs=(partner_id,), at=at, urgent=True)


def payout_moved(*, payout_id: UUID, partner_id: UUID, kind: str, at: datetime) -> None:
    row = Payout.objects.get(pk=payout_id)
    words = {"amount": format_money(Money(row.amount_minor, row.currency)), "number": row.number, "name": row.payee_name}
    said = {
        "sent": (_("%(amount)s is on its way to you"), _("Payment %(number)s.")),
        "completed": (_("%(amount)s has arrived"), _("Payment %(number)s. The remittance advice says what it pays.")),
        "failed": (_("Payment of %(amount)s failed"), _("%(number)s came back: %(reason)s The money is in your balance and is paid with the next run.")),
    }[kind]
    words["reason"] = row.reason
    url = reverse("payouts:portal_payout", args=[payout_id])
    _tell(
        f"payouts.{kind}", _givers(partner_id), said[0] % words, said[1] % words, url, key=payout_id, refs=(partner_id,), at=at, urgent=kind == "failed"
    )  # fmt: skip
    if kind == "failed":
        title = _("%(number)s to %(name)s failed") % words
        _tell("payouts.failed", _finance("payouts.prepare"), title, row.reason, reverse("payouts:payout", args=[payout_id]), key=f"{payout_id}v", at=at)
