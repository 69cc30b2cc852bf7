"""Who may read which events."""

from openprm.audit.models import Event
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet


def reach(actor: Actor) -> ScopedQuerySet:
    """The events this actor may see. A partner's rows come without the vendor's columns, which its role cannot even read.

    A person who only collaborates on single deals sees what that person did; timelines of those deals come through `refs`.
    """
    events = _of_side(actor)
    return events.filter(actor_id=actor.user_id) if actor.is_collaborator_only else events


def reach_through(actor: Actor, ref: object) -> ScopedQuerySet:
    """The events of one object's timeline; the caller has checked that the actor may see the object."""
    return _of_side(actor).filter(refs__contains=[ref])


def _of_side(actor: Actor) -> ScopedQuerySet:
    if actor.sees_all_partners:
        return Event.objects.all()
    if not actor.is_partner:
        return Event.objects.none()
    return Event.objects.filter(visible_to__overlap=list(actor.partner_ids)).defer(*Event.VENDOR_ONLY)
