"""A person reaches its own news and nobody else's, also when looking at the portal as a partner."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openprm.inbox.models import Notification, Preference
from openprm.kernel.actor import Actor


def reach(actor: Actor) -> QuerySet[Notification]:
    if actor.user_id is None or actor.viewing_as:
        return Notification.objects.none()
    return Notification.objects.filter(user=actor.user_id, in_app=True)


def reach_preferences(actor: Actor) -> QuerySet[Preference]:
    return Preference.objects.filter(user=actor.user_id)


def why_not_change(actor: Actor) -> str | None:
    if actor.read_only:
        return _("You are viewing the portal as a partner. Leave the view to see and change your own notifications.")
    if actor.user_id is None:
        return _("Notifications belong to a person. Sign in as one.")
    return None
