"""A visitor writes to a partner. Robots are kept out without asking people to prove anything."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from openprm.directory import policies
from openprm.directory.events import ContactReceived
from openprm.directory.models import Listing, Message, Profile, Reference
from openprm.directory.services import checks
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotFound, TooMany
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope

SALT = "openprm.directory.contact"
QUICKEST, LONGEST = timedelta(seconds=3), timedelta(hours=12)
PER_NETWORK_AN_HOUR, PER_PARTNER_A_DAY = 5, 60


def stamp(*, slug: str, at: datetime) -> str:
    """What the form carries to prove that a page was opened, and when."""
    return signing.dumps([slug, int(at.timestamp())], salt=SALT)


@transaction.atomic
def send_message(*, slug: str, values: Mapping[str, Any], stamp: str, trap: str, network: str, at: datetime) -> UUID | None:
    """Hand a visitor's message to the partner; None when a robot walked into the trap, which it is not told.

    Raises NotFound, Invalid, TooMany.
    """
    with system_scope():
        listing = Listing.objects.filter(slug=slug, takes_messages=True).first()
        if listing is None:
            raise NotFound()
        _refuse_odd_stamp(stamp, slug, at)
        clean = checks.collect(values, checks.MESSAGE)
        if not clean.get("email"):
            raise Invalid(_("Write your e-mail address, so that the partner can answer."), field="email")
        if trap:
            return None
        hashed = salted_hmac(SALT, network).hexdigest()
        _refuse_too_many(listing.partner_id, hashed, at)
        message = Message.objects.create(partner_id=listing.partner_id, network=hashed, **clean)
        publish(ContactReceived(partner_id=listing.partner_id, message_id=message.pk, at=at))
        return message.pk


def mark_read(*, actor: Actor, at: datetime) -> int:
    """The partner has seen its messages; gives how many were new."""
    return policies.reach_messages(actor).filter(read_at=None).update(read_at=at) if not actor.read_only else 0


def forget_messages(*, before: datetime) -> int:
    """Remove what visitors wrote before a moment; gives how many."""
    with system_scope():
        return Message.objects.filter(created_at__lt=before).delete()[0]


def forget_people(*, partner_id: UUID) -> int:
    """Take names and addresses of people off what is kept of a partner that left; gives how many rows changed."""
    with system_scope():
        found = Message.objects.filter(partner=partner_id).delete()[0]
        found += Reference.objects.filter(partner=partner_id).exclude(consent_email="").update(consent_email="")
        return found + Profile.objects.filter(partner=partner_id).exclude(contact_email="").update(contact_email="", takes_messages=False)


def _refuse_odd_stamp(stamp: str, slug: str, at: datetime) -> None:
    try:
        for_slug, opened = signing.loads(stamp, salt=SALT)
        age = at.timestamp() - float(opened)
    except (signing.BadSignature, ValueError, TypeError):
        for_slug, age = "", -1.0
    if for_slug != slug or age < 0 or age > LONGEST.total_seconds():
        raise Invalid(_("This page was open for too long. Your words are still here: send them once more."), code="page_too_old")
    if age < QUICKEST.total_seconds():
        raise Invalid(_("That was very quick. Read your message once more, then send it."), code="too_quick")


def _refuse_too_many(partner_id: UUID, hashed: str, at: datetime) -> None:
    """Counted under a lock of the network, so that a burst cannot slip through."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [hashed])
    if Message.objects.filter(network=hashed, created_at__gt=at - timedelta(hours=1)).count() >= PER_NETWORK_AN_HOUR:
        raise TooMany(_("You sent %(most)d messages within an hour. Wait a little, then write again.") % {"most": PER_NETWORK_AN_HOUR}, retry_after=3600)
    if Message.objects.filter(partner=partner_id, created_at__gt=at - timedelta(days=1)).count() >= PER_PARTNER_A_DAY:
        raise TooMany(_("This partner got very many messages today. Write again tomorrow, or visit its website."), retry_after=86_400)
