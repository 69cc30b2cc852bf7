"""Engagements as conflict cases name them: the room beside this one asks by the port "conflicts.subjects"."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from openprm.cosell import queries
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.errors import NotFound


def find(actor: Actor, subject_id: UUID) -> Any:
    """The engagement as this actor may know it. A partner speaks for itself; the vendor for the one partner that is in it, when there is one.
    Where the vendor takes no part it cannot judge: what partners have among themselves is not told to it by a case.
    """
    try:
        room = queries.room(actor, subject_id, now())
    except NotFound:
        return None
    partners = tuple((one.party_id, one.name) for one in room.present if not one.is_vendor)
    partner_id = actor.partner_id if actor.is_partner else partners[0][0] if len(partners) == 1 else None
    return SimpleNamespace(
        id=room.id, label=room.number, partner_id=partner_id, account_id=None, url=_url(actor, room.id), partners=partners, why_not=_why_not(room)
    )


def _url(actor: Actor, engagement_id: UUID) -> str:
    return reverse("cosell:portal_engagement" if actor.is_partner else "cosell:engagement", args=[engagement_id])


def _why_not(room: Any) -> str:
    if any(one.is_vendor for one in room.present):
        return ""
    return _say("%(number)s goes without the vendor, which would have to judge. Invite it first, or settle this among yourselves.") % {"number": room.number}


PORTS = {"conflicts.subjects": (SimpleNamespace(code="engagement", label=_("Engagement"), find=find),)}
