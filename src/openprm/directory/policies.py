"""Which rows of directory an actor sees, and why it may not change one."""

from django.utils.translation import gettext as _

from openprm.directory.models import Badge, Listing, Message, Profile, Reference
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet


def _own(actor: Actor, rows: ScopedQuerySet) -> ScopedQuerySet:
    if not actor.can("directory.view"):
        return rows.none()
    return rows if actor.sees_all_partners else rows.filter(partner__in=actor.partner_ids)


def reach_profiles(actor: Actor) -> ScopedQuerySet:
    """All profiles for the vendor, its own for a partner."""
    return _own(actor, Profile.objects.all())


def reach_references(actor: Actor) -> ScopedQuerySet:
    """A draft is the partner's own business until it is sent."""
    rows = _own(actor, Reference.objects.all())
    return rows if actor.is_partner or actor.is_system else rows.exclude(state=Reference.State.DRAFT)


def reach_messages(actor: Actor) -> ScopedQuerySet:
    """What visitors wrote goes to the partner; the vendor sees how many, never the words."""
    return _own(actor, Message.objects.all()) if actor.is_partner or actor.is_system else Message.objects.none()


def reach_badges(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Badge.objects.select_related("achievement", "status_list"))


def listings() -> ScopedQuerySet:
    """What the public sees."""
    return Listing.objects.all()


def why_not_edit(actor: Actor) -> str | None:
    """A reason why this actor may not write the profile, or None."""
    if actor.is_partner and actor.can("directory.edit"):
        return None
    if actor.is_vendor:
        return _("A profile is written by the partner's own people.")
    return _("Only administrators and marketers of your company can change its profile.")


def why_not_review(actor: Actor) -> str | None:
    """A reason why this actor may not decide on profiles and references, or None."""
    if actor.sees_all_partners and actor.can("directory.review"):
        return None
    return _("Only administrators, partner managers and marketing managers of the vendor decide what the public sees.")


def why_not_award(actor: Actor) -> str | None:
    """A reason why this actor may not issue or take back badges, or None."""
    if actor.sees_all_partners and actor.can("directory.award"):
        return None
    return _("Only administrators and partner managers of the vendor can give and take back badges.")


def why_not_configure(actor: Actor) -> str | None:
    """A reason why this actor may not change how the directory works, or None."""
    if actor.sees_all_partners and actor.can("directory.configure"):
        return None
    return _("Only an administrator of the vendor can change how the directory works.")
