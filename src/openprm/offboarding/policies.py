"""Who sees which offboarding, and why somebody may not do a thing."""

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.offboarding.models import Export, Offboarding


def reach(actor: Actor) -> ScopedQuerySet:
    """The offboardings this actor sees: all for the vendor, its own for a partner."""
    if not actor.can("offboarding.view"):
        return Offboarding.objects.none()
    rows = Offboarding.objects.all()
    return rows if actor.sees_all_partners else rows.filter(partner__in=actor.partner_ids)


def reach_exports(actor: Actor) -> ScopedQuerySet:
    return Export.objects.filter(offboarding__in=reach(actor).values("pk"))


def why_not_request(actor: Actor) -> str | None:
    if actor.is_partner and actor.can("offboarding.request"):
        return None
    return _("Only an administrator of your company can ask to leave.")


def why_not_manage(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("offboarding.manage"):
        return None
    return _("Only administrators and partner managers of the vendor can lead an offboarding.")


def why_not_configure(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("offboarding.configure"):
        return None
    return _("Only an administrator of the vendor can say how long data is kept.")


def why_not_download(actor: Actor) -> str | None:
    """The export is everything of a partner: for its own administrators, and for those who lead the offboarding."""
    if actor.can("offboarding.manage" if actor.sees_all_partners else "offboarding.request"):
        return None
    return _("Only administrators can download the export.")
