"""Who sees which targets and moved dates. Deals and engagements are reached through their own rooms."""

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.pipeline.models import CloseMove, Target


def reach_targets(actor: Actor) -> ScopedQuerySet:
    """A person's own targets, on the side on which it works now."""
    if actor.user_id is None or actor.viewing_as:
        return Target.objects.none()
    return Target.objects.filter(user=actor.user_id, partner=actor.partner_id if actor.is_partner else None)


def reach_moves(actor: Actor) -> ScopedQuerySet:
    """Moved close dates of the deals that the actor may reach; the caller narrows them to those."""
    rows = CloseMove.objects.all()
    return rows if actor.sees_all_partners else rows.filter(partner__in=actor.partner_ids)


def why_not_set_target(actor: Actor) -> str | None:
    if actor.user_id is None or not actor.can("pipeline.set_target"):
        return _("Your role can read the pipeline but sets no target.")
    return None
