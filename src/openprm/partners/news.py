"""What both sides are told about a membership and about the state of a partner. Called by jobs, in the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.kernel.actor import SYSTEM
from openprm.partners import queries
from openprm.partners.words import HOW, STATUS_ABOUT, status_word

_GROUP = gettext_lazy("Membership")
KINDS = (
    NotificationKind(code="partners.membership_ends", label=gettext_lazy("a membership ends soon"), group=_GROUP, icon="calendar-clock", tone="warn"),
    NotificationKind(code="partners.membership_expired", label=gettext_lazy("a membership ran out"), group=_GROUP, icon="calendar-x", tone="bad"),
    NotificationKind(code="partners.membership_renewed", label=gettext_lazy("a membership is renewed"), group=_GROUP, icon="calendar-check", tone="ok"),
    NotificationKind(code="partners.status_changed", label=gettext_lazy("the state of a partner changes"), group=_GROUP, icon="git-commit-horizontal"),
)
_WORDS = {
    "partners.membership_ends": (
        gettext_lazy("%(program)s: the membership ends in %(days)s days"),
        gettext_lazy("The membership of %(partner)s runs until %(until)s. Renew it before, so that nothing stops."),
    ),
    "partners.membership_expired": (
        gettext_lazy("%(program)s: the membership has run out"),
        gettext_lazy("The membership of %(partner)s ended on %(until)s. It can still be renewed."),
    ),
    "partners.membership_renewed": (
        gettext_lazy("%(program)s: the membership goes on"),
        gettext_lazy("The membership of %(partner)s was renewed %(how)s and runs until %(until)s."),
    ),
}


def tell(kind: str, partner_id: UUID, program_id: UUID, at: datetime, *, until: datetime, how: str = "", days: int | None = None) -> None:
    """The news of one membership, to the partner's administrators and to its manager."""
    partner, program = queries.partner(SYSTEM, partner_id), queries.program(SYSTEM, program_id)
    said = {"partner": partner.name, "program": program.name, "until": date_format(until, "j M Y"), "days": days or "", "how": HOW.get(how, "")}
    title, body = (str(text) % said for text in _WORDS[kind])
    key = f"{kind}:{partner_id}:{program_id}:{until.date()}:{days or ''}"
    _to_partner(partner_id, kind, title, body, reverse("partners:portal_membership"), key, at)
    _send(_manager(partner), kind, title, body, reverse("partners:partner", args=[partner_id]), (partner_id,), key, at)


def tell_status(partner_id: UUID, before: str, after: str, at: datetime) -> None:
    """A new state, to both sides; the people of a state that lets nobody in are not told here."""
    partner = queries.partner(SYSTEM, partner_id)
    title = str(gettext_lazy("%(partner)s is now %(state)s")) % {"partner": partner.name, "state": status_word(after)}
    key = f"partners.status_changed:{partner_id}:{at.isoformat()}"
    _to_partner(partner_id, "partners.status_changed", title, str(STATUS_ABOUT[after]), reverse("partners:portal_company"), key, at)
    _send(_manager(partner), "partners.status_changed", title, str(STATUS_ABOUT[after]), reverse("partners:partner", args=[partner_id]), (partner_id,), key, at)


def _to_partner(partner_id: UUID, kind: str, title: str, body: str, url: str, key: str, at: datetime) -> None:
    admins = [person.id for person in identity.holders_of("partners.renew", partner_id) if person.id]
    _send(admins, kind, title, body, url, (partner_id,), key, at)


def _manager(partner: Any) -> list[UUID]:
    return [partner.manager_id] if partner.manager_id else []


def _send(people: Iterable[UUID], kind: str, title: str, body: str, url: str, refs: tuple[UUID, ...], key: str, at: datetime) -> None:
    inbox.notify(to=people, kind=kind, title=title, body=body, url=url, refs=refs, key=key, at=at)
