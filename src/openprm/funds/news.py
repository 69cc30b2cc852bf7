"""Who is told what about funds, in words, on both sides, by jobs in the system's scope."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.funds.models import ApprovalStep, Claim, FundRequest
from openprm.funds.rules.limits import StepState
from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.kernel.money import Money, format_money
from openprm.partners import queries as partners


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Funds"), **look)


KINDS = (
    _kind("funds.asked", gettext_lazy("a request for funds waits for me"), icon="wallet", tone="info", side="vendor"),
    _kind("funds.claimed", gettext_lazy("a claim waits for me"), icon="wallet", tone="info", side="vendor"),
    _kind("funds.released", gettext_lazy("reserved money goes back into a fund"), icon="undo-2", side="vendor", mail="daily"),
    _kind("funds.allocated", gettext_lazy("we are given a fund"), icon="wallet", tone="ok", side="partner"),
    _kind("funds.approved", gettext_lazy("our request for funds is approved"), icon="circle-check", tone="ok", side="partner"),
    _kind("funds.refused", gettext_lazy("our request for funds is refused"), icon="circle-x", tone="warn", side="partner"),
    _kind("funds.claim_approved", gettext_lazy("our claim is approved"), icon="circle-check", tone="ok", side="partner"),
    _kind("funds.claim_refused", gettext_lazy("our claim is refused"), icon="circle-x", tone="warn", side="partner"),
    _kind("funds.paid", gettext_lazy("our claim is paid"), icon="wallet", tone="ok", side="partner"),
    _kind("funds.deadline", gettext_lazy("money of ours goes back soon"), icon="alarm-clock", tone="warn", side="partner"),
    _kind("funds.expired", gettext_lazy("money of ours went back"), icon="hourglass", tone="bad", side="partner"),
)


def tell_approvers(request_id: UUID, claim_id: UUID | None, amount: Money, actor_id: UUID | None, at: datetime) -> None:
    """Whoever takes the level whose turn it is: the partner's manager for that role, everybody with the role for the others."""
    row: Any = Claim.objects.select_related("partner").one(claim_id) if claim_id else FundRequest.objects.select_related("partner").one(request_id)
    step = ApprovalStep.objects.filter(request_id=None if claim_id else request_id, claim_id=claim_id, state=StepState.WAITING).order_by("position").first()
    if step is None:
        return
    said = {"partner": row.partner.name, "amount": format_money(amount), "number": row.number}
    title = _("%(partner)s claims %(amount)s") % said if claim_id else _("%(partner)s asks for %(amount)s") % said
    url = reverse("funds:claim" if claim_id else "funds:request", args=[row.pk])
    people = _holders(step.role, row.partner_id) - {actor_id}
    _send(people, "funds.claimed" if claim_id else "funds.asked", title, row.number, url, row.pk, row.partner_id, at)


def _holders(role: str, partner_id: UUID) -> frozenset[UUID]:
    manager = partners.manager_of(partner_id) if role == "partner_manager" else None
    if manager:
        return frozenset([manager])
    people = [one for one in identity.holders_of("funds.decide") if one.id]
    return frozenset(one.id for one in people if one.role == role) or frozenset(one.id for one in people if one.role == "vendor_admin")  # type: ignore[misc]


def tell_partner(partner_id: UUID, kind: str, title: str, body: str, url: str, subject_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    people = frozenset(one.id for one in identity.holders_of("funds.request", partner_id) if one.id)
    _send(people - {actor_id}, kind, title, body, url, subject_id, partner_id, at)  # type: ignore[arg-type]


def tell_allocated(partner_id: UUID, fund_id: UUID, delta: Money, actor_id: UUID | None, at: datetime) -> None:
    more, amount = delta.minor > 0, format_money(Money(abs(delta.minor), delta.currency))
    title = _("%(amount)s more for your marketing") if more else _("%(amount)s less in your fund")
    body = _("See what you can do with it.") if more else _("What is approved stays approved.")
    tell_partner(partner_id, "funds.allocated", title % {"amount": amount}, body, reverse("funds:portal_allocation", args=[fund_id]), fund_id, actor_id, at)


def tell_answer(partner_id: UUID, kind: str, number: str, amount: Money, body: str, url: str, subject_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    words = {
        "funds.approved": _("%(number)s is approved: %(amount)s"),
        "funds.refused": _("%(number)s is not approved"),
        "funds.claim_approved": _("%(number)s is approved: %(amount)s will be paid"),
        "funds.claim_refused": _("%(number)s is not approved"),
        "funds.paid": _("%(number)s: %(amount)s is paid"),
    }
    title = words[kind] % {"number": number, "amount": format_money(amount)}
    tell_partner(partner_id, kind, title, body, url, subject_id, actor_id, at)


def tell_released(partner_id: UUID, request_id: UUID, number: str, amount: Money, expired: bool, actor_id: UUID | None, at: datetime) -> None:
    said = {"amount": format_money(amount), "number": number}
    if expired:
        title, body = _("%(amount)s of %(number)s went back") % said, _("It was not claimed by its last day.")
        tell_partner(partner_id, "funds.expired", title, body, reverse("funds:portal_request", args=[request_id]), request_id, actor_id, at)
    manager = partners.manager_of(partner_id)
    title = _("%(amount)s of %(number)s is free again") % said
    people = frozenset([manager] if manager else ()) - {actor_id}
    _send(people, "funds.released", title, "", reverse("funds:request", args=[request_id]), request_id, partner_id, at)


def tell_deadline(partner_id: UUID, what: str, subject_id: UUID, title: str, left: Money, ends_on: date, at: datetime) -> None:
    said = {"amount": format_money(left), "day": ends_on.isoformat(), "title": title}
    claim = what == "claim"
    head = _("Claim %(amount)s by %(day)s") if claim else _("Plan %(amount)s by %(day)s")
    body = _("“%(title)s”: after that day the money goes back. You can ask for a later day.") % said
    url = reverse("funds:portal_request" if claim else "funds:portal_allocation", args=[subject_id])
    tell_partner(partner_id, "funds.deadline", head % said, body, url, subject_id, None, at)


def _send(people: Iterable[Any], kind: str, title: str, body: str, url: str, subject_id: UUID, partner_id: UUID, at: datetime) -> None:
    key = f"{kind}:{subject_id}:{at.isoformat()}"
    inbox.notify(to=list(people), kind=kind, title=title, body=body, url=url, refs=(subject_id, partner_id), key=key, at=at)
