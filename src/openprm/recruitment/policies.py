"""Which rows of recruitment an actor sees, and why it may not do something."""

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.recruitment.models import Company, IdealProfile, Prospect, Referral, Signal
from openprm.recruitment.rules.stages import is_open


def sees(actor: Actor) -> bool:
    """Recruiting is the vendor's business: partners see none of it but their own referrals."""
    return actor.sees_all_partners and actor.can("recruitment.view")


def reach(actor: Actor) -> ScopedQuerySet:
    """The prospects this actor sees."""
    return Prospect.objects.all() if sees(actor) else Prospect.objects.none()


def reach_companies(actor: Actor) -> ScopedQuerySet:
    return Company.objects.all() if sees(actor) else Company.objects.none()


def reach_signals(actor: Actor) -> ScopedQuerySet:
    return Signal.objects.all() if sees(actor) else Signal.objects.none()


def reach_profiles(actor: Actor) -> ScopedQuerySet:
    return IdealProfile.objects.all() if sees(actor) else IdealProfile.objects.none()


def reach_referrals(actor: Actor) -> ScopedQuerySet:
    """All for the vendor; for a partner those it made."""
    if sees(actor):
        return Referral.objects.all()
    if actor.is_partner and actor.can("recruitment.view_referrals"):
        return Referral.objects.filter(partner__in=actor.partner_ids)
    return Referral.objects.none()


def why_not_manage(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("recruitment.manage"):
        return None
    return _("Only administrators and partner managers of the vendor recruit partners.")


def why_not_configure(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("recruitment.configure"):
        return None
    return _("Only an administrator of the vendor changes the ideal partner profile and the referral terms.")


def why_not_refer(actor: Actor) -> str | None:
    if actor.is_partner and actor.partner_id and actor.can("recruitment.refer"):
        return None
    return _("Administrators, sales people and marketers of a partner can introduce a company.")


def why_not_work_on(prospect: Prospect) -> str | None:
    """A reason why this prospect can no longer be changed, or None."""
    if is_open(prospect.stage):
        return None
    if prospect.stage == "converted":
        return _("This company is a partner by now. Work on its partner page.")
    return _("This prospect was given up. Take it up again first.")
