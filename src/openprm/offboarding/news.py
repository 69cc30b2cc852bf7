"""What both sides are told about a leaving. Called by jobs, in the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.kernel.actor import SYSTEM
from openprm.offboarding import queries
from openprm.partners import queries as partners

_GROUP = _("Leaving")
KINDS = (
    NotificationKind(code="offboarding.requested", label=_("a partner asks to leave"), group=_GROUP, icon="door-open", tone="warn", side="vendor"),
    NotificationKind(code="offboarding.opened", label=_("an offboarding begins"), group=_GROUP, icon="door-open", tone="warn"),
    NotificationKind(code="offboarding.declined", label=_("a request to leave is declined"), group=_GROUP, icon="undo-2", side="partner"),
    NotificationKind(code="offboarding.canceled", label=_("an offboarding is called off"), group=_GROUP, icon="undo-2", tone="ok"),
    NotificationKind(code="offboarding.export_made", label=_("the export of a leaving partner is ready"), group=_GROUP, icon="package", tone="ok"),
    NotificationKind(code="offboarding.step_failed", label=_("a step of an offboarding fails"), group=_GROUP, icon="circle-alert", tone="bad", side="vendor"),
    NotificationKind(code="offboarding.finished", label=_("a partner has left"), group=_GROUP, icon="door-closed", side="vendor"),
    NotificationKind(code="offboarding.reinstated", label=_("a partner is taken back"), group=_GROUP, icon="handshake", tone="ok"),
)
_WORDS = {
    "offboarding.requested": (_("%(partner)s asks to leave"), "%(reason)s"),
    "offboarding.opened": (_("%(partner)s leaves the program"), _("Access ends on %(day)s. The page shows every step.")),
    "offboarding.declined": (_("The request to leave was declined"), "%(closed)s"),
    "offboarding.canceled": (_("%(partner)s stays"), "%(closed)s"),
    "offboarding.export_made": (_("The export of %(partner)s is ready"), _("Everything the partner could read, with a checksum for each file.")),
    "offboarding.step_failed": (_("A step of leaving failed: %(partner)s"), "%(failed)s"),
    "offboarding.finished": (_("%(partner)s has left"), _("Every step is done. Names and addresses are kept until %(erase)s.")),
    "offboarding.reinstated": (_("%(partner)s is back"), "%(closed)s"),
}


def tell(kind: str, offboarding_id: UUID, at: datetime) -> None:
    """The news of one leaving, to those of both sides whose settings know the kind."""
    case = queries.offboarding_for_vendor(SYSTEM, offboarding_id, at)
    title, body = (str(text) % _said(case) for text in _WORDS[kind])
    key = f"{kind}:{offboarding_id}:{at.isoformat()}"
    side = next(one.side for one in KINDS if one.code == kind)
    if side in ("vendor", "both"):
        _send(_leaders(case.partner_id), kind, title, body, reverse("offboarding:offboarding", args=[offboarding_id]), case.partner_id, key, at)
    if side in ("partner", "both"):
        admins = [person.id for person in identity.holders_of("offboarding.request", case.partner_id)]
        _send(admins, kind, title, body, reverse("offboarding:portal_leaving"), case.partner_id, key, at)


def _said(case: Any) -> dict[str, str]:
    failed = next((f"{step.label}: {step.note}" for step in case.steps if step.state == "failed"), "–")
    days = {"day": case.access_ends_at, "erase": case.erase_at}
    shown = {name: date_format(moment, "j M Y") if moment else "–" for name, moment in days.items()}
    return {"partner": case.partner, "reason": case.reason, "closed": case.closed_reason, "failed": failed, **shown}


def _leaders(partner_id: UUID) -> list[UUID]:
    manager_id = partners.manager_of(partner_id)
    return [manager_id] if manager_id else [person.id for person in identity.holders_of("offboarding.manage") if person.id]


def _send(people: Iterable[UUID | None], kind: str, title: str, body: str, url: str, partner_id: UUID, key: str, at: datetime) -> None:
    inbox.notify(to=[one for one in people if one], kind=kind, title=title, body=body, url=url, refs=(partner_id,), key=key, at=at)
