"""Badges: issued, renewed, taken back, and the lists that say so."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.directory import addresses, policies
from openprm.directory.events import BadgeIssued, BadgeRevoked
from openprm.directory.models import Achievement, Badge, StatusList
from openprm.directory.queries.partnerfacts import partner_facts
from openprm.directory.rules import credential, statuslist, tokens
from openprm.directory.rules.profile import slug_of
from openprm.directory.services import checks
from openprm.directory.services.keys import signing_key
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id
from openprm.kernel.scope import system_scope

DEFAULT_COLOR = "#2f54eb"
LIST_LASTS = timedelta(days=14)
BEGINNING_A_LIST = 4_182_011
LIST_FULL = statuslist.SIZE // 2
"""Half full: a random free place is then found in two tries on average."""


class BadgeIsRevoked(Conflict):
    """It was taken back before."""


@transaction.atomic
def issue_badge(
    *,
    actor: Actor,
    partner_id: UUID,
    badge_code: str,
    at: datetime,
    name: str,
    description: str,
    criteria: str,
    kind: str = "certificate",
    subtitle: str = "",
    rank: int = 1,
    rungs: int = 1,
    valid_until: datetime | None = None,
) -> UUID:
    """Sign a badge for a partner, and give its id; the one it holds for the same code is replaced when it ends earlier.

    Idempotent: a partner has one live badge per code. Raises NotFound, NotAllowed, Invalid, BadgeKeyMissing.
    """
    refuse_if(policies.why_not_award(actor))
    partner = partner_facts(actor, partner_id)
    if valid_until is not None and valid_until <= at:
        raise Invalid(_("A badge ends after it is issued. Choose a later day."), field="valid_until")
    with system_scope():
        words = {"kind": kind, "name": name, "subtitle": subtitle, "description": description, "criteria": criteria, "rank": rank, "rungs": rungs}
        achievement = _achievement(badge_code, words)
        live = Badge.objects.locked().filter(partner=partner_id, achievement=achievement, revoked_at=None, replaced_by=None).first()
        if live and not _ends_earlier(live, valid_until):
            return live.pk
        badge = _signed(achievement, partner_id, partner.name, valid_until, at)
        if live:
            live.replaced_by_id = badge.pk
            live.save(update_fields=["replaced_by", "updated_at"])
        badge.save(force_insert=True)
        audit.record(actor, "badge.issued", badge, after={}, refs=(partner_id,), visible_to=(partner_id,), data={"badge": name, "for": subtitle}, at=at)
        publish(BadgeIssued(partner_id=partner_id, badge_id=badge.pk, achievement=badge_code, at=at))
    return badge.pk


@transaction.atomic
def revoke_badge(*, actor: Actor, badge_id: UUID, because: str = Badge.Reason.BY_HAND, note: str = "", at: datetime) -> None:
    """Take a badge back; its status list is signed anew in the same transaction. Raises NotFound, NotAllowed, Invalid, BadgeIsRevoked."""
    badge = policies.reach_badges(actor).locked().one(badge_id)
    refuse_if(policies.why_not_award(actor))
    if badge.revoked_at is not None:
        raise BadgeIsRevoked(_("This badge was taken back before."))
    note = note.strip()[:500]
    if because == Badge.Reason.BY_HAND and not note:
        raise Invalid(_("Say why the badge is taken back. The partner reads it."), field="note")
    with system_scope():
        revoke_quietly(actor, badge, because, note, at)
        sign_list(badge.status_list, at)


def _achievement(code: str, words: dict[str, Any]) -> Achievement:
    """The locked row of what a badge stands for, in the words of today; the lock lets one badge of it be issued at a time."""
    row, is_new = Achievement.objects.select_for_update().get_or_create(code=code, defaults=words)
    if not is_new and any(getattr(row, name) != value for name, value in words.items()):
        for name, value in words.items():
            setattr(row, name, value)
        row.save()
    return row


def revoke_quietly(actor: Actor, badge: Badge, because: str, note: str, at: datetime) -> None:
    """Take a locked badge back; the caller signs its list afterwards, once for many."""
    before = badge.snapshot()
    badge.revoked_at, badge.revoked_because, badge.revoked_note = at, because, note
    badge.revoked_by_id = actor.user_id
    badge.version += 1
    badge.save()
    audit.record(
        actor,
        "badge.revoked",
        badge,
        before=before,
        refs=(badge.partner_id,),
        visible_to=(badge.partner_id,),
        data={"badge": badge.achievement.name},
        note=note,
        at=at,
    )
    event = BadgeRevoked(partner_id=badge.partner_id, badge_id=badge.pk, achievement=badge.achievement.code, reason=because, at=at)
    publish(event)


def sign_list(status_list: StatusList, at: datetime) -> None:
    """Sign a status list as the badges stand now. Runs in the system's scope."""
    locked = StatusList.objects.locked().get(pk=status_list.pk)
    indexes = Badge.objects.filter(status_list=locked, revoked_at__isnull=False).values_list("status_index", flat=True)
    payload = credential.status_list(
        url=addresses.status_list(locked.number), issuer=_issuer(), encoded=statuslist.encode(indexes, locked.size), at=at, until=at + LIST_LASTS
    )
    key, kid = signing_key(at)
    locked.token, locked.signed_at = tokens.sign(payload, key=key, kid=kid), at
    locked.save(update_fields=["token", "signed_at", "updated_at"])


def refresh_lists(*, at: datetime) -> int:
    """Sign anew every list whose signature is half way to its end; gives how many."""
    with system_scope():
        old = list(StatusList.objects.exclude(signed_at__gt=at - LIST_LASTS / 2))
        for status_list in old:
            sign_list(status_list, at)
    return len(old)


def _signed(achievement: Achievement, partner_id: UUID, partner_name: str, valid_until: datetime | None, at: datetime) -> Badge:
    """A new badge with its token, not yet saved."""
    brand, status_list = identity.branding(), _open_list(at)
    badge = Badge(
        id=new_id(),
        partner_id=partner_id,
        achievement=achievement,
        status_list=status_list,
        status_index=_free_place(status_list),
        partner_name=partner_name,
        issuer_name=brand.name,
        color=brand.color or DEFAULT_COLOR,
        issued_at=at,
        valid_until=valid_until,
    )
    key, kid = signing_key(at)
    badge.token = tokens.sign(_payload(badge), key=key, kid=kid)
    return badge


def _payload(badge: Badge) -> dict:
    achievement = badge.achievement
    return credential.badge(
        url=addresses.badge(badge.pk),
        issuer=_issuer(),
        partner_id=badge.partner_id,
        partner_name=badge.partner_name,
        achieved=credential.Achieved(
            id=addresses.achievement(achievement.pk),
            kind=achievement.kind,
            name=f"{achievement.name}, {achievement.subtitle}" if achievement.subtitle else achievement.name,
            description=achievement.description,
            criteria=achievement.criteria,
            image=addresses.achievement_picture(achievement.pk),
        ),
        status=credential.StatusEntry(list_url=addresses.status_list(badge.status_list.number), index=badge.status_index),
        at=badge.issued_at,
        until=badge.valid_until,
    )


def _issuer() -> credential.Issuer:
    return credential.Issuer(id=addresses.issuer_id(), name=identity.branding().name, url=addresses.absolute("/directory/"))


def _open_list(at: datetime) -> StatusList:
    """The newest list that has room, locked; a full one is followed by the next, which only one transaction begins."""
    newest = _newest_list()
    if newest and newest.badges.count() < LIST_FULL:
        return newest
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [BEGINNING_A_LIST])
    other = _newest_list()
    if other and other != newest:
        return other
    made = StatusList.objects.create(number=newest.number + 1 if newest else 1, size=statuslist.SIZE)
    sign_list(made, at)
    return StatusList.objects.locked().get(pk=made.pk)


def _newest_list() -> StatusList | None:
    number = StatusList.objects.order_by("-number").values_list("number", flat=True).first()
    return StatusList.objects.locked().filter(number=number).first() if number else None


def _free_place(status_list: StatusList) -> int:
    """A random place that no badge has, so that the place tells nothing about when and to whom a badge was given."""
    while True:
        index = secrets.randbelow(status_list.size)
        if not Badge.objects.filter(status_list=status_list, status_index=index).exists():
            return index


def _ends_earlier(badge: Badge, until: datetime | None) -> bool:
    return badge.valid_until is not None and (until is None or badge.valid_until < until)


def give_certificate(
    *, actor: Actor, partner_id: UUID, name: str, description: str, criteria: str, at: datetime, subtitle: str = "", valid_until: datetime | None = None
) -> UUID:
    """A badge written by hand; its code is made of its name. Raises as issue_badge does, and Invalid for words that cannot stand."""
    words = checks.collect({"name": name, "subtitle": subtitle, "description": description, "criteria": criteria}, CERTIFICATE)
    code = "certificate:" + slug_of(f"{words['name']} {words['subtitle']}", ())
    return issue_badge(actor=actor, partner_id=partner_id, badge_code=code, kind="certificate", valid_until=valid_until, at=at, **words)


CERTIFICATE: dict[str, checks.Check] = {
    "name": checks.line(120, required=True),
    "subtitle": checks.line(120),
    "description": checks.text(500, required=True),
    "criteria": checks.text(1000, required=True),
}
