"""Bringing a partner that knows the company into a deal or lead."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotAllowed, refuse_if
from openprm.mapping import policies, ports
from openprm.mapping.queries.knowing import partners_at


def bring_in(*, actor: Actor, target: str, object_id: UUID, partner_id: UUID, at: datetime) -> str:
    """Invite a partner that shows the vendor that it knows the company; gives the address where that is worked on.

    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    refuse_if(policies.why_not_manage(actor))
    if not actor.is_vendor:
        raise NotAllowed(_("The vendor brings partners into deals from here. Invite others from the deal itself."))
    about = ports.subject(actor, target, object_id, at)
    attaching = ports.attaching()
    if attaching is None:
        raise Invalid(_("Nothing here brings partners into deals. Ask an operator."))
    refuse_if(attaching.why_not(actor, target))
    known = partners_at(actor, about.account_id or about.id, at, about.domain)
    if partner_id not in {one.partner_id for one in known}:
        raise Invalid(_("This partner does not show you that it knows the company. Invite it from the deal itself."), code="does_not_know")
    return attaching.attach(actor, target, object_id, partner_id, at)
