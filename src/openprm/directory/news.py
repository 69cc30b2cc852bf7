"""Who is told what about profiles, references, messages and badges, in words. Called by jobs, in the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.directory import words
from openprm.directory.queries import news as facts
from openprm.identity import queries as identity
from openprm.identity.services.mail import Addressee, Fact, Letter, compose
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.partners import queries as partners


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Directory and badges"), **look)


KINDS = (
    _kind("directory.profile_waits", gettext_lazy("a partner's profile waits for my look"), icon="id-card", tone="info", side="vendor"),
    _kind("directory.reference_waits", gettext_lazy("a customer reference waits for my look"), icon="quote", tone="info", side="vendor"),
    _kind("directory.published", gettext_lazy("our profile is public"), icon="globe", tone="ok", side="partner"),
    _kind("directory.returned", gettext_lazy("our profile comes back"), icon="undo-2", tone="warn", side="partner"),
    _kind("directory.reference_decided", gettext_lazy("a reference of ours is decided on"), icon="quote", side="partner"),
    _kind("directory.message", gettext_lazy("somebody writes to us through the directory"), icon="mail", tone="accent", side="partner"),
    _kind("directory.badge_issued", gettext_lazy("we earn a badge"), icon="award", tone="ok", side="partner"),
    _kind("directory.badge_revoked", gettext_lazy("a badge of ours is taken back"), icon="shield-off", tone="warn"),
)


def profile_waits(partner_id: UUID, at: datetime) -> None:
    told = facts.profile_of(partner_id)
    if told:
        title = _("%(partner)s wants its profile public") % {"partner": told.partner_name}
        if told.was_approved:
            title = _("%(partner)s changed its public profile") % {"partner": told.partner_name}
        _tell(_vendor(partner_id), "directory.profile_waits", title, "", reverse("directory:profile", args=[told.profile_id]), [partner_id], at)


def reference_waits(partner_id: UUID, reference_id: UUID, at: datetime) -> None:
    told = facts.reference_of(reference_id)
    if told:
        title = _("%(partner)s names %(customer)s as a reference") % {"partner": told.partner_name, "customer": told.customer}
        _tell(_vendor(partner_id), "directory.reference_waits", title, "", reverse("directory:reference", args=[reference_id]), [partner_id], at)


def published(partner_id: UUID, first: bool, at: datetime) -> None:
    title = _("Your profile is public") if first else _("The changes of your profile are public")
    _tell(
        _editors(partner_id),
        "directory.published",
        title,
        _("Customers find you in the partner directory."),
        reverse("directory:portal_profile"),
        [partner_id],
        at,
    )


def returned(partner_id: UUID, reason: str, hidden: bool, at: datetime) -> None:
    title = _("Your profile was taken off the directory") if hidden else _("Your profile needs a change")
    _tell(_editors(partner_id), "directory.returned", title, reason, reverse("directory:portal_profile"), [partner_id], at)


def reference_decided(partner_id: UUID, reference_id: UUID, is_published: bool, reason: str, at: datetime) -> None:
    told = facts.reference_of(reference_id)
    if told:
        words_of = {"customer": told.customer}
        title = _("Your reference %(customer)s is public") % words_of if is_published else _("Your reference %(customer)s came back") % words_of
        url = reverse("directory:portal_reference", args=[reference_id])
        _tell(_editors(partner_id), "directory.reference_decided", title, reason, url, [partner_id], at)


def message_received(partner_id: UUID, message_id: UUID, at: datetime) -> None:
    """The people of the partner, and the address that the profile names."""
    told = facts.message_of(message_id)
    if told is None:
        return
    title = _("%(name)s wrote to you through the directory") % {"name": told.name}
    _tell(_editors(partner_id), "directory.message", title, told.text, reverse("directory:portal_messages"), [partner_id], at)
    if told.contact_email:
        compose(_letter(told, title), to=Addressee(email=told.contact_email), message_id=message_id, headers={"Reply-To": told.email}).send()


def _letter(told: Any, title: str) -> Letter:
    facts_of = [Fact(_("Name"), told.name), Fact(_("Company"), told.company), Fact(_("E-mail"), told.email)]
    return Letter(
        subject=title,
        heading=title,
        paragraphs=tuple(part for part in told.text.split("\n\n") if part.strip()),
        facts=tuple(fact for fact in facts_of if fact.value),
        action=_("Open the messages"),
        url=reverse("directory:portal_messages"),
        reason=_("Your company's profile names this address for messages of visitors. Your administrator can change it there."),
    )


def badge_issued(partner_id: UUID, badge_id: UUID, at: datetime) -> None:
    told = facts.badge_of(badge_id)
    if told:
        title = _("You earned the badge “%(badge)s”") % {"badge": told.name}
        body = _("Show it on your website: anybody can check that it is genuine.")
        _tell(_everybody(partner_id), "directory.badge_issued", title, body, reverse("directory:portal_badge", args=[badge_id]), [partner_id], at)


def badge_revoked(partner_id: UUID, badge_id: UUID, reason: str, at: datetime) -> None:
    told = facts.badge_of(badge_id)
    if told is None:
        return
    why = told.note or str(words.REASONS.get(reason, ""))
    title = _("Your badge “%(badge)s” is no longer valid") % {"badge": told.name}
    _tell(_everybody(partner_id), "directory.badge_revoked", title, why, reverse("directory:portal_badge", args=[badge_id]), [partner_id], at)
    manager = partners.manager_of(partner_id)
    if manager:
        title = _("%(partner)s lost the badge “%(badge)s”") % {"partner": told.partner_name, "badge": told.name}
        _tell([manager], "directory.badge_revoked", title, why, reverse("directory:badges") + f"?q={told.partner_name}", [partner_id], at)


def _vendor(partner_id: UUID) -> list[UUID]:
    """Who looks after the partner, else everybody who may decide."""
    manager = partners.manager_of(partner_id)
    return [manager] if manager else [person.id for person in identity.holders_of("directory.review")]


def _editors(partner_id: UUID) -> list[UUID]:
    return [person.id for person in identity.holders_of("directory.edit", partner_id)]


def _everybody(partner_id: UUID) -> list[UUID]:
    return [person.id for person in identity.holders_of("directory.view", partner_id)]


def _tell(to: Iterable[UUID], kind: str, title: str, body: str, url: str, refs: list[UUID], at: datetime) -> None:
    inbox.notify(to=to, kind=kind, title=title, body=body, url=url, refs=refs, at=at)
