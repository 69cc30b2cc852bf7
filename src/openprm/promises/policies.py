"""Who may see which clocks, and who may publish what is promised."""

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.promises.models import PromiseClock


def reach(actor: Actor) -> ScopedQuerySet:
    """The clocks this actor may see: all for the vendor, their own for a partner, none for somebody who only helps on single deals."""
    if actor.sees_all_partners:
        return PromiseClock.objects.all()
    if not actor.is_partner or actor.is_collaborator_only:
        return PromiseClock.objects.none()
    return PromiseClock.objects.filter(partner_id__in=actor.partner_ids)


def why_not_publish(actor: Actor) -> str | None:
    if actor.can("promises.publish"):
        return None
    return _("Only an administrator of the vendor publishes what is promised. Ask one of them to do it.")
