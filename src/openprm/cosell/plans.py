"""Engagements as something that a mutual action plan can hang on: between the vendor and one of the partners in it."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from openprm.cosell import queries
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.errors import NotFound


def find(actor: Actor, subject_id: UUID) -> Any:
    """The engagement as this actor may know it; None where it knows nothing, or where the vendor is not in it."""
    try:
        room = queries.room(actor, subject_id, now())
    except NotFound:
        return None
    if not any(one.is_vendor for one in room.present):
        return None
    partners = tuple(one.party_id for one in room.present if not one.is_vendor and (actor.is_vendor or one.is_mine))
    return SimpleNamespace(
        id=room.id,
        number=room.number,
        title=room.title,
        customer=room.customer_name,
        partner_ids=partners,
        close_date=room.expected_close_date,
        is_open=room.group != "closed",
        account_id=None,
        program_id=None,
        owner_ids={"vendor": None, "partner": None},
    )


PORTS = {"actionplans.subjects": (SimpleNamespace(code="engagement", find=find),)}
