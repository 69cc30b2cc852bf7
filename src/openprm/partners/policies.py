"""Which partners an actor sees, and why it may not change one."""

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.partners.models import Enrollment, Partner, Program, Tier


def reach(actor: Actor) -> ScopedQuerySet:
    """The partners this actor sees: all for the vendor, its own for a partner."""
    if not actor.can("partners.view"):
        return Partner.objects.none()
    rows = Partner.objects.all()
    return rows if actor.sees_all_partners else rows.filter(pk__in=actor.partner_ids)


def reach_enrollments(actor: Actor) -> ScopedQuerySet:
    return Enrollment.objects.filter(partner__in=reach(actor).values("pk"))


def reach_programs(actor: Actor) -> ScopedQuerySet:
    return Program.objects.all() if actor.can("partners.view") else Program.objects.none()


def reach_tiers(actor: Actor) -> ScopedQuerySet:
    return Tier.objects.filter(program__in=reach_programs(actor).values("pk"))


def why_not_manage(actor: Actor) -> str | None:
    """A reason why this actor may not add or change partners, or None."""
    if actor.sees_all_partners and actor.can("partners.manage"):
        return None
    return _("Only administrators and partner managers of the vendor can add or change partners.")


def why_not_renew(actor: Actor) -> str | None:
    """A reason why this actor may not renew a membership it sees, or None."""
    if actor.can("partners.renew"):
        return None
    if actor.is_partner:
        return _("Only an administrator of your company can renew the membership.")
    return _("Only administrators and partner managers of the vendor can renew a membership.")


def why_not_configure(actor: Actor) -> str | None:
    """A reason why this actor may not change programs and tiers, or None."""
    if actor.sees_all_partners and actor.can("partners.configure"):
        return None
    return _("Only an administrator of the vendor can change programs and tiers.")


def why_not_close_gates(actor: Actor) -> str | None:
    """A reason why this actor may not close or open an action of a partner, or None."""
    if actor.is_system or (actor.sees_all_partners and actor.can("partners.manage")):
        return None
    return _("Only administrators and partner managers of the vendor can close an action to a partner.")
