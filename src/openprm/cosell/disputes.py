"""Engagements as conflict cases name them: the room beside this one asks by the port "conflicts.subjects"."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.cosell import queries
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.errors import NotFound


def find(actor: Actor, subject_id: UUID) -> Any:
    """The engagement as this actor may know it. A partner speaks for itself; the vendor for the one partner that is in it, when there is one."""
    try:
        room = queries.room(actor, subject_id, now())
    except NotFound:
        return None
    partners = [one.party_id for one in room.present if not one.is_vendor]
    partner_id = actor.partner_id if actor.is_partner else partners[0] if len(partners) == 1 else None
    return SimpleNamespace(id=room.id, label=room.number, partner_id=partner_id, account_id=None, url="")


PORTS = {"conflicts.subjects": (SimpleNamespace(code="engagement", label=_("Engagement"), find=find),)}
