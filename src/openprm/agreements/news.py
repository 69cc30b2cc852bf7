"""Who is told what about agreements, on both sides. Called by jobs, in the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.agreements.queries.told import TellingOfAcceptance, of_acceptance, of_version, readers_of
from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.partners import queries as partners


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Agreements"), **look)


KINDS = (
    _kind("agreements.asked", gettext_lazy("an agreement waits for my signature"), icon="signature", tone="info", side="partner"),
    _kind("agreements.published", gettext_lazy("an agreement or the charter changes"), icon="scroll-text", tone="info", side="partner", mail="daily"),
    _kind("agreements.reminder", gettext_lazy("an agreement is still not signed"), icon="alarm-clock", tone="warn", side="partner"),
    _kind("agreements.countersigned", gettext_lazy("a signed agreement is countersigned"), icon="badge-check", tone="ok", side="partner", mail="daily"),
    _kind("agreements.accepted", gettext_lazy("a partner signs an agreement"), icon="signature", tone="ok", side="vendor", mail="daily"),
    _kind("agreements.declined", gettext_lazy("a partner declines an agreement"), icon="circle-x", tone="bad", side="vendor"),
    _kind("agreements.countersign", gettext_lazy("an agreement waits for my countersignature"), icon="signature", tone="info", side="vendor"),
)  # fmt: skip


def tell_asked(acceptance_ids: Iterable[UUID], at: datetime) -> None:
    """Whoever may sign hears what waits, from when it holds, and what changes."""
    for acceptance_id in acceptance_ids:
        if told := of_acceptance(acceptance_id):
            title = _("Please sign: %(title)s, version %(number)s") if told.number == 1 else _("%(title)s changes: version %(number)s waits for your signature")
            body = _("It takes effect on %(effective)s. Please sign by %(due)s. %(note)s")
            _to_signers(told, "agreements.asked", title, body, f"asked:{told.acceptance_id}", at)


def tell_reminded(acceptance_ids: Iterable[UUID], at: datetime) -> None:
    for acceptance_id in acceptance_ids:
        if told := of_acceptance(acceptance_id):
            body = _("It was due on %(due)s.") if told.due_at < at else _("Please sign by %(due)s.")
            key = f"reminder:{told.acceptance_id}:{at.date().isoformat()}"
            _to_signers(told, "agreements.reminder", _("Still not signed: %(title)s, version %(number)s"), body, key, at)


def tell_published(version_id: UUID, at: datetime) -> None:
    """Every person of every partner that the document is for hears of a change and can read the difference; signers are asked apart."""
    told = of_version(version_id)
    if told is None or (told.number == 1 and told.needs_signature):
        return
    people = readers_of(told)
    title = _("%(title)s changes on %(effective)s") if told.number > 1 else _("%(title)s is published")
    _send(people, "agreements.published", title % _words(told), told.note or _("Read what changes, word by word."), "agreements:portal_version", version_id, at)


def tell_accepted(acceptance_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    if told := of_acceptance(acceptance_id, with_signers=False):
        title = _("%(partner)s signed %(title)s") % _words(told)
        _to_vendor(told, _managers(told.partner_id), "agreements.accepted", title, _("Version %(number)s, by %(by)s.") % _words(told), at)
        if told.needs_countersignature:
            deciders = {person.id for person in identity.holders_of("agreements.countersign") if person.id}
            _to_vendor(told, deciders, "agreements.countersign", _("Countersign: %(title)s of %(partner)s") % _words(told), title, at)


def tell_declined(acceptance_id: UUID, at: datetime) -> None:
    if told := of_acceptance(acceptance_id, with_signers=False):
        everyone = _managers(told.partner_id) | {person.id for person in identity.holders_of("agreements.publish") if person.id}
        _to_vendor(told, everyone, "agreements.declined", _("%(partner)s declined %(title)s") % _words(told), told.reason, at)


def tell_countersigned(acceptance_id: UUID, at: datetime) -> None:
    if told := of_acceptance(acceptance_id):
        title = _("%(title)s is countersigned") % _words(told)
        people = {told.signed_by, *(user_id for user_id, _name in told.signers)} - {None}
        body = _("Both signatures stand on the certificate of version %(number)s.") % _words(told)
        _send(people, "agreements.countersigned", title, body, "agreements:portal_acceptance", acceptance_id, at)


def _to_signers(told: TellingOfAcceptance, kind: str, title: str, body: str, key: str, at: datetime) -> None:
    inbox.notify(
        to=[user_id for user_id, _name in told.signers],
        kind=kind,
        title=title % _words(told),
        body=(body % _words(told)).strip(),
        url=reverse("agreements:portal_acceptance", args=[told.acceptance_id]),
        refs=(told.acceptance_id, told.document_id, told.partner_id),
        key=key,
        at=at,
    )


def _to_vendor(told: TellingOfAcceptance, people: Iterable[UUID], kind: str, title: str, body: str, at: datetime) -> None:
    _send(people, kind, title, body, "agreements:acceptance", told.acceptance_id, at)


def _send(people: Iterable[UUID], kind: str, title: str, body: str, page: str, object_id: UUID, at: datetime) -> None:
    inbox.notify(to=people, kind=kind, title=title, body=body, url=reverse(page, args=[object_id]), refs=(object_id,), key=f"{kind}:{object_id}", at=at)


def _managers(partner_id: UUID) -> set[UUID]:
    manager = partners.manager_of(partner_id)
    return {manager} if manager else {person.id for person in identity.holders_of("agreements.publish") if person.id}


def _words(told: Any) -> dict[str, Any]:
    return {
        "title": told.title,
        "number": told.number,
        "partner": getattr(told, "partner", ""),
        "by": getattr(told, "signed_name", ""),
        "note": told.note,
        "effective": date_format(told.effective_at, "j M Y"),
        "due": date_format(told.due_at, "j M Y") if getattr(told, "due_at", None) else "–",
    }
