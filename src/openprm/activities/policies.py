"""Who sees which activities, and why somebody cannot log, strike or confirm one."""

from uuid import UUID

from django.utils.translation import gettext as _

from openprm.activities.models import Activity
from openprm.activities.rules.kinds import Side
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet


def reach(actor: Actor) -> ScopedQuerySet:
    """The vendor sees all; a partner what its own people did. Nothing of the vendor's own work is told here."""
    rows = Activity.objects.all()
    if not actor.can("activities.view"):
        return rows.none()
    return rows if actor.sees_all_partners else rows.filter(partner__in=actor.partner_ids, side=Side.PARTNER)


def why_not_record(actor: Actor, *, side: str, partner_id: UUID | None) -> str | None:
    if not actor.can("activities.record"):
        return _("Your role cannot log activities. Ask an administrator of your team.")
    if actor.is_partner and (side != Side.PARTNER or partner_id != actor.partner_id):
        return _("You log what your own company did. The vendor's side is logged by the vendor.")
    return None


def why_not_strike(actor: Actor, activity: Activity) -> str | None:
    if activity.struck_at:
        return _("This entry was struck already.")
    if actor.can("activities.correct") and (actor.sees_all_partners or activity.partner_id in actor.partner_ids):
        return None
    if actor.can("activities.record") and actor.user_id and activity.author_id == actor.user_id:
        return None
    return _("Only who wrote this entry, or an administrator, can strike it.")


def why_not_confirm(actor: Actor, activity: Activity) -> str | None:
    if not (actor.sees_all_partners and actor.can("activities.confirm")):
        return _("Only the vendor's managers confirm what a partner reports.")
    if activity.struck_at:
        return _("This entry was struck. It cannot be confirmed.")
    if not activity.self_reported:
        return _("This entry comes from the vendor's side and is verified already.")
    return _("This entry is confirmed already.") if activity.confirmed_at else None


def why_not_import(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("activities.import"):
        return None
    return _("Only administrators and partner managers of the vendor can import activities.")
