"""Who is told what about a deal, in words, on both sides. Called by jobs, in the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from openprm.deals.lifenews import LIFE_KINDS, LIFE_WORDS
from openprm.deals.queries import news as facts
from openprm.deals.queries.news import Told
from openprm.deals.wording import field_label
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.kernel.money import format_money


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Deals"), **look)


KINDS = (
    _kind("deals.submitted", gettext_lazy("a registration waits for my decision"), icon="inbox", tone="info", side="vendor"),
    _kind("deals.resubmitted", gettext_lazy("a partner answers my question on a deal"), icon="rotate-cw", tone="info", side="vendor"),
    _kind("deals.withdrawn", gettext_lazy("a partner withdraws a registration"), icon="undo-2", side="vendor", mail="daily"),
    _kind("deals.unanswered", gettext_lazy("my answer on a deal is overdue"), icon="timer", tone="warn", side="partner"),
    _kind("deals.lapsed", gettext_lazy("a registration is withdrawn because no answer came"), icon="undo-2"),
    _kind("deals.extension_requested", gettext_lazy("a partner asks for a longer protection"), icon="hourglass", tone="warn", side="vendor"),
    _kind("deals.lost", gettext_lazy("a deal is lost"), icon="circle-x", side="vendor", mail="daily"),
    _kind("deals.review_started", gettext_lazy("somebody takes up my registration"), icon="eye", tone="info", side="partner", mail="off"),
    _kind("deals.approved", gettext_lazy("a registration is approved"), icon="circle-check", tone="ok"),
    _kind("deals.returned", gettext_lazy("a registration comes back with a question"), icon="message-circle-question-mark", tone="warn", side="partner"),
    _kind("deals.rejected", gettext_lazy("a registration is rejected"), icon="circle-x", tone="bad", side="partner"),
    _kind("deals.canceled", gettext_lazy("a deal is canceled"), icon="circle-x"),
    _kind("deals.extended", gettext_lazy("a protection is extended"), icon="shield-check", tone="ok", side="partner"),
    _kind("deals.expiring", gettext_lazy("a protection ends soon"), icon="hourglass", tone="warn"),
    _kind("deals.expired", gettext_lazy("a protection has ended"), icon="hourglass"),
    _kind("deals.released", gettext_lazy("a protection is released"), icon="shield", side="partner"),
    _kind("deals.stalled", gettext_lazy("a deal stands still"), icon="clock", tone="warn", mail="daily"),
    _kind("deals.won", gettext_lazy("a deal is won"), icon="trophy", tone="ok"),
    _kind("deals.remedied", gettext_lazy("we answer late and make up for it"), icon="scale", tone="info"),
    _kind("deals.credited", gettext_lazy("we answer late and credit an amount"), icon="scale", tone="info"),
    *LIFE_KINDS,
    _kind("deals.noted", gettext_lazy("somebody writes on a deal of mine"), icon="message-square", mail="daily"),
)  # fmt: skip


def to_partner(registration_id: UUID, kind: str, actor_id: UUID | None, at: datetime, *, urgent: bool = False, **values: Any) -> None:
    told = facts.told_of(registration_id)
    if told:
        _send(told, told.partner_people, kind, actor_id, at, "deals:portal_registration", urgent=urgent, values=values)


def to_manager(registration_id: UUID, kind: str, actor_id: UUID | None, at: datetime, **values: Any) -> None:
    told = facts.told_of(registration_id)
    if told:
        _send(told, told.vendor_people, kind, actor_id, at, "deals:registration", values=values)


def to_deciders(registration_id: UUID, kind: str, actor_id: UUID | None, at: datetime, **values: Any) -> None:
    told = facts.told_of(registration_id)
    if told:
        _send(told, facts.deciders_of(registration_id), kind, actor_id, at, "deals:registration", values=values)


def to_both(registration_id: UUID, kind: str, actor_id: UUID | None, at: datetime, **values: Any) -> None:
    to_partner(registration_id, kind, actor_id, at, **values)
    to_manager(registration_id, kind, actor_id, at, **values)


def to_account_owner(registration_id: UUID, kind: str, actor_id: UUID | None, at: datetime, **values: Any) -> None:
    """The person of the vendor who owns the customer, unless somebody told them already as the partner's manager."""
    told = facts.told_of(registration_id)
    owner = facts.account_owner_of(registration_id)
    if told and owner and owner not in told.vendor_people:
        _send(told, {owner}, kind, actor_id, at, "deals:registration", values=values)


def _send(
    told: Told, people: Iterable[UUID], kind: str, actor_id: UUID | None, at: datetime, page: str, *, urgent: bool = False, values: dict[str, Any]
) -> None:
    """Tell everybody but the person who did it."""
    title, body = words(kind, told, values)
    inbox.notify(
        to=[person for person in people if person != actor_id],
        kind=kind,
        title=title,
        body=body,
        url=reverse(page, args=[told.registration_id]),
        refs=(told.registration_id, told.partner_id),
        urgent=urgent,
        key=f"{kind}:{told.registration_id}:{at.isoformat()}",
        at=at,
    )


def words(kind: str, told: Told, values: dict[str, Any]) -> tuple[str, str]:
    """Title and text of one piece of news."""
    said = {
        "title": told.title,
        "number": told.number,
        "customer": told.customer,
        "partner": told.partner,
        "reason": told.reason,
        "message": told.returned_message,
        "until": date_format(told.protected_until, "j M Y") if told.protected_until else "–",
        "ends": date_format(values["ends_at"], "j M Y") if "ends_at" in values else "–",
        "days": values.get("days", ""),
        "amount": format_money(values["amount"]) if "amount" in values else "–",
        "changed": ", ".join(str(field_label(name)) for name in values.get("changed", ())) or "–",
        **{name: values[name] for name in ("what", "why") if name in values},
    }
    title, body = (_WORDS | LIFE_WORDS)[kind]
    return str(title) % said, str(body) % said


_WORDS = {
    "deals.submitted": (gettext_lazy("%(partner)s registered %(title)s"), gettext_lazy("%(number)s for %(customer)s waits for your decision.")),
    "deals.resubmitted": (gettext_lazy("%(partner)s answered on %(title)s"), gettext_lazy("%(number)s came back. Changed: %(changed)s.")),
    "deals.withdrawn": (gettext_lazy("%(partner)s withdrew %(title)s"), gettext_lazy("%(number)s: %(reason)s")),
    "deals.unanswered": (
        gettext_lazy("Your answer on %(title)s is overdue"),
        gettext_lazy("%(number)s is withdrawn on %(ends)s unless you answer: %(message)s"),
    ),
    "deals.lapsed": (gettext_lazy("%(title)s is withdrawn"), gettext_lazy("%(number)s: %(reason)s")),
    "deals.extension_requested": (gettext_lazy("%(partner)s asks for more days on %(title)s"), gettext_lazy("The protection of %(number)s ends on %(until)s.")),
    "deals.lost": (gettext_lazy("%(title)s is lost"), gettext_lazy("%(number)s, %(partner)s: %(reason)s")),
    "deals.review_started": (gettext_lazy("We look at %(title)s"), gettext_lazy("%(number)s is under review.")),
    "deals.approved": (gettext_lazy("%(title)s is approved"), gettext_lazy("%(number)s for %(customer)s is protected until %(until)s.")),
    "deals.returned": (gettext_lazy("A question about %(title)s"), gettext_lazy("%(message)s")),
    "deals.rejected": (gettext_lazy("%(title)s is rejected"), gettext_lazy("%(number)s: %(reason)s")),
    "deals.canceled": (gettext_lazy("%(title)s is canceled"), gettext_lazy("%(number)s: %(reason)s")),
    "deals.extended": (gettext_lazy("%(title)s is protected longer"), gettext_lazy("%(number)s is protected until %(until)s.")),
    "deals.expiring": (
        gettext_lazy("Protection of %(title)s ends in %(days)s days"),
        gettext_lazy("%(number)s for %(customer)s is protected until %(until)s."),
    ),
    "deals.expired": (gettext_lazy("Protection of %(title)s has ended"), gettext_lazy("%(customer)s is open to others again.")),
    "deals.released": (gettext_lazy("Protection of %(title)s is released"), gettext_lazy("%(customer)s is open to others again.")),
    "deals.stalled": (gettext_lazy("%(title)s stands still"), gettext_lazy("%(number)s has not moved for %(days)s days. What is the next step?")),
    "deals.won": (gettext_lazy("%(title)s is won"), gettext_lazy("%(number)s for %(customer)s, by %(partner)s.")),
    "deals.remedied": (gettext_lazy("Our answer on %(title)s is late"), gettext_lazy("By the published rule its protection will last %(days)s days longer.")),
    "deals.credited": (gettext_lazy("Our answer on %(title)s is late"), gettext_lazy("By the published rule %(partner)s is credited %(amount)s.")),
    "deals.noted": (gettext_lazy("A note on %(title)s"), gettext_lazy("Somebody wrote on %(number)s.")),
}
