"""Registrations as things that work can be logged on: fills "activities.subjects"."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from openprm.activities.ports import Subject
from openprm.deals import policies
from openprm.kernel.actor import Actor


def registration(actor: Actor, registration_id: UUID, at: datetime) -> Subject | None:
    """The registration with this id as the actor reaches it; None for a stranger's and for ids of other things."""
    row = policies.reach(actor).filter(pk=registration_id).only("number", "title", "customer_name", "account", "partner").first()
    if row is None:
        return None
    page = "deals:portal_registration" if actor.is_partner else "deals:registration"
    return Subject(
        id=row.pk,
        account_id=row.account_id,
        partner_id=row.partner_id,
        title=f"{row.number} {row.title or row.customer_name}",
        url=reverse(page, args=[row.pk]),
    )
