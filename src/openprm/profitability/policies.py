"""Whose eyes a partner's books are for: administrators of the partner who act as themselves."""

from typing import Any

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotAllowed
from openprm.kernel.models import ScopedQuerySet


def is_insider(actor: Actor) -> bool:
    """A person of the partner. Neither the vendor, nor the system, nor somebody who looks at the portal as this partner."""
    return bool(actor.is_partner and actor.partner_id and actor.user_id and not actor.viewing_as and actor.can("profitability.view"))


def reach(actor: Actor, model: type[Any]) -> ScopedQuerySet:
    """The rows of the own books; none for everybody else. The database says the same by itself."""
    return model.objects.filter(partner=actor.partner_id) if is_insider(actor) else model.objects.none()


def refuse_outsider(actor: Actor) -> None:
    """Raises NotAllowed."""
    if not is_insider(actor):
        raise NotAllowed(_("These books belong to the partner. Only its own administrators read them, and nobody of the vendor."))


def why_not_keep(actor: Actor) -> str | None:
    if is_insider(actor) and actor.can("profitability.keep"):
        return None
    return _("These books belong to the partner. Only its own administrators write in them.")
