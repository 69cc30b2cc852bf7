"""Who reads which dashboard and which saved ones. The numbers themselves are reached through their own rooms."""

from django.db.models import Q
from django.utils.translation import gettext as _

from openprm.dashboards.models import Letter, Mailing, Recipient, Saved
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet

PERMISSION = {"executive": "dashboards.view_executive", "manager": "dashboards.view_portfolio", "partner": "dashboards.view_own"}


def may_see(actor: Actor, dashboard: str) -> bool:
    """A partner has its own dashboard, the vendor's people the two of the program."""
    return actor.can(PERMISSION[dashboard]) and (dashboard == "partner") == actor.is_partner


def reach(actor: Actor) -> ScopedQuerySet:
    """One's own and those that the team shares, of dashboards that one may see; nothing while one looks at the portal as a partner."""
    if actor.user_id is None or actor.viewing_as:
        return Saved.objects.none()
    seen = [name for name in PERMISSION if may_see(actor, name)]
    mine = Q(owner=actor.user_id) | Q(is_shared=True)
    return Saved.objects.filter(mine, organization=actor.organization_id, dashboard__in=seen)


def reach_mailings(actor: Actor) -> ScopedQuerySet:
    return Mailing.objects.filter(saved__in=reach(actor))


def reach_recipients(actor: Actor) -> ScopedQuerySet:
    return Recipient.objects.filter(mailing__in=reach_mailings(actor))


def reach_letters(actor: Actor) -> ScopedQuerySet:
    return Letter.objects.filter(mailing__in=reach_mailings(actor))


def why_not_save(actor: Actor) -> str | None:
    if actor.viewing_as or actor.user_id is None:
        return _("Saved dashboards belong to a person. Sign in as one.")
    return None if actor.can("dashboards.save") else _("Your role reads dashboards and saves none.")


def why_not_change(actor: Actor, row: Saved) -> str | None:
    """A saved dashboard is changed by who made it."""
    if row.owner_id != actor.user_id:
        return _("Only the person who saved this dashboard can change it. Save one of your own.")
    return why_not_save(actor)
