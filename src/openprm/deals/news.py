"""Who is told what about a deal, in words, on both sides. Called by jobs, in the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from openprm.deals.queries import news as facts
from openprm.deals.queries.news import Told
from openprm.deals.wording import field_label
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind

_GROUP = gettext_lazy("Deals")
KINDS = (
    NotificationKind(code="deals.submitted", label=gettext_lazy("a registration waits for my decision"), group=_GROUP, icon="inbox", tone="info", side="vendor"),
    NotificationKind(code="deals.resubmitted", label=gettext_lazy("a partner answers my question on a deal"), group=_GROUP, icon="rotate-cw", tone="info", side="vendor"),
    NotificationKind(code="deals.withdrawn", label=gettext_lazy("a partner withdraws a registration"), group=_GROUP, icon="undo-2", side="vendor", mail="daily"),
    NotificationKind(code="deals.extension_requested", label=gettext_lazy("a partner asks for a longer protection"), group=_GROUP, icon="hourglass", tone="warn", side="vendor"),
    NotificationKind(code="deals.lost", label=gettext_lazy("a deal is lost"), group=_GROUP, icon="circle-x", side="vendor", mail="daily"),
    NotificationKind(code="deals.review_started", label=gettext_lazy("somebody takes up my registration"), group=_GROUP, icon="eye", tone="info", side="partner", mail="off"),
    NotificationKind(code="deals.approved", label=gettext_lazy("a registration is approved"), group=_GROUP, icon="circle-check", tone="ok"),
    NotificationKind(code="deals.returned", label=gettext_lazy("a registration comes back with a question"), group=_GROUP, icon="message-circle-question-mark", tone="warn", side="partner"),
    NotificationKind(code="deals.rejected", label=gettext_lazy("a registration is rejected"), group=_GROUP, icon="circle-x", tone="bad", side="partner"),
    NotificationKind(code="deals.canceled", label=gettext_lazy("a deal is canceled"), group=_GROUP, icon="circle-x"),
    NotificationKind(code="deals.extended", label=gettext_lazy("a protection is extended"), group=_GROUP, icon="shield-check", tone="ok", side="partner"),
    NotificationKind(code="deals.expiring", label=gettext_lazy("a protection ends soon"), group=_GROUP, icon="hourglass", tone="warn"),
    NotificationKind(code="deals.expired", label=gettext_lazy("a protection has ended"), group=_GROUP, icon="hourglass"),
    NotificationKind(code="deals.released", label=gettext_lazy("a protection is released"), group=_GROUP, icon="shield", side="partner"),
    NotificationKind(code="deals.stalled", label=gettext_lazy("a deal stands still for three weeks"), group=_GROUP, icon="clock", tone="warn", mail="daily"),
    NotificationKind(code="deals.won", label=gettext_lazy("a deal is won"), group=_GROUP, icon="trophy", tone="ok"),
    NotificationKind(code="deals.remedied", label=gettext_lazy("we answer late and make up for it"), group=_GROUP, icon="scale", tone="info"),
    NotificationKind(code="deals.noted", label=gettext_lazy("somebody writes on a deal of mine"), group=_GROUP, icon="message-square", mail="daily"),
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
        "days": values.get("days", ""),
        "changed": ", ".join(str(field_label(name)) for name in values.get("changed", ())) or "–",
    }
    title, body = _WORDS[kind]
    return str(title) % said, str(body) % said


_WORDS = {
    "deals.submitted": (gettext_lazy("%(partner)s registered %(title)s"), gettext_lazy("%(number)s for %(customer)s waits for your decision.")),
    "deals.resubmitted": (gettext_lazy("%(partner)s answered on %(title)s"), gettext_lazy("%(number)s came back. Changed: %(changed)s.")),
    "deals.withdrawn": (gettext_lazy("%(partner)s withdrew %(title)s"), gettext_lazy("%(number)s: %(reason)s")),
    "deals.extension_requested": (gettext_lazy("%(partner)s asks for more days on %(title)s"), gettext_lazy("The protection of %(number)s ends on %(until)s.")),
    "deals.lost": (gettext_lazy("%(title)s is lost"), gettext_lazy("%(number)s, %(partner)s: %(reason)s")),
    "deals.review_started": (gettext_lazy("We look at %(title)s"), gettext_lazy("%(number)s is under review.")),
    "deals.approved": (gettext_lazy("%(title)s is approved"), gettext_lazy("%(number)s for %(customer)s is protected until %(until)s.")),
    "deals.returned": (gettext_lazy("A question about %(title)s"), gettext_lazy("%(message)s")),
    "deals.rejected": (gettext_lazy("%(title)s is rejected"), gettext_lazy("%(number)s: %(reason)s")),
    "deals.canceled": (gettext_lazy("%(title)s is canceled"), gettext_lazy("%(number)s: %(reason)s")),
    "deals.extended": (gettext_lazy("%(title)s is protected longer"), gettext_lazy("%(number)s is protected until %(until)s.")),
    "deals.expiring": (gettext_lazy("Protection of %(title)s ends in %(days)s days"), gettext_lazy("%(number)s for %(customer)s is protected until %(until)s.")),
    "deals.expired": (gettext_lazy("Protection of %(title)s has ended"), gettext_lazy("%(customer)s is open to others again.")),
    "deals.released": (gettext_lazy("Protection of %(title)s is released"), gettext_lazy("%(customer)s is open to others again.")),
    "deals.stalled": (gettext_lazy("%(title)s stands still"), gettext_lazy("%(number)s has not moved for %(days)s days. What is the next step?")),
    "deals.won": (gettext_lazy("%(title)s is won"), gettext_lazy("%(number)s for %(customer)s, by %(partner)s.")),
    "deals.remedied": (gettext_lazy("Our answer on %(title)s is late"), gettext_lazy("By the published rule its protection will last %(days)s days longer.")),
    "deals.noted": (gettext_lazy("A note on %(title)s"), gettext_lazy("Somebody wrote on %(number)s.")),
}
