"""Who is told what about lists, by jobs in the system's scope. A number is told only to whom it is shown."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.mapping.queries import news as facts

GROUP = gettext_lazy("Account mapping")
KINDS = (
    NotificationKind(code="mapping.overlaps", label=gettext_lazy("new common customers are found"), group=GROUP, icon="git-compare", tone="info", mail="daily"),
    NotificationKind(code="mapping.requested", label=gettext_lazy("the other side asks to see a list"), group=GROUP, icon="inbox", tone="warn"),
    NotificationKind(code="mapping.target", label=gettext_lazy("a company becomes a target"), group=GROUP, icon="target", tone="info", mail="daily"),
    NotificationKind(code="mapping.answered", label=gettext_lazy("a request to see a list is answered"), group=GROUP, icon="reply", tone="info"),
)


def tell_overlaps(partner_id: UUID, left_id: UUID, right_id: UUID, count: int, at: datetime) -> None:
    for one in facts.to_tell(partner_id, left_id, right_id, count, at):
        if one.count:
            title = _("%(count)d new companies in common with %(other)s") % {"count": one.count, "other": one.other}
            _tell(
                one.organization_id,
                partner_id,
                "mapping.overlaps",
                title,
                _("In your list “%(list)s”.") % {"list": one.population},
                at,
                key=f"{left_id}{right_id}{at}",
            )


def tell_requested(ask_id: UUID, at: datetime) -> None:
    one = facts.ask_told(ask_id)
    _tell(one.owner_id, one.partner_id, "mapping.requested", _("%(who)s asks to see a list of yours") % {"who": one.asker}, one.text, at)


def tell_answered(ask_id: UUID, at: datetime) -> None:
    one = facts.ask_told(ask_id)
    said = _("%(who)s shows you what you asked for") if one.state == "granted" else _("%(who)s declined your request")
    _tell(one.asker_id, one.partner_id, "mapping.answered", said % {"who": one.owner}, one.text, at)


def tell_target(target_id: UUID, at: datetime) -> None:
    one = facts.target_told(target_id, at)
    if one is not None:
        said = _("%(who)s wants to work with you on %(company)s") % {"who": one.chooser, "company": one.name}
        _tell(one.receiver_id, one.partner_id, "mapping.target", said, one.note, at)


def _tell(organization_id: UUID, partner_id: UUID, kind: str, title: str, body: str, at: datetime, **more: Any) -> None:
    people = [person.id for person in identity.holders_of("mapping.share", organization_id) if person.id]
    is_partner = organization_id == partner_id
    url = reverse("mapping:portal_overview") if is_partner else reverse("mapping:overview", args=[partner_id])
    inbox.notify(to=people, kind=kind, title=title, body=body, url=url, refs=[partner_id], at=at, **more)
