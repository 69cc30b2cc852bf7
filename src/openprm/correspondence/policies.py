"""A person reaches its own addresses, links and feed, and nobody else's; the log is for those who run the installation."""

from django.utils.translation import gettext as _

from openprm.correspondence.models import ActionLink, CalendarFeed, Choice, ReceivedMail, ReplyAddress
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet

OWN = (ReplyAddress, ActionLink, CalendarFeed)


def reach(actor: Actor, model: type[ReplyAddress] | type[ActionLink] | type[CalendarFeed]) -> ScopedQuerySet:
    """This person's rows in the organization it acts in."""
    if actor.user_id is None or actor.viewing_as:
        return model.objects.none()
    return model.objects.filter(user=actor.user_id, organization=actor.organization_id)


def reach_choice(actor: Actor) -> ScopedQuerySet:
    return Choice.objects.filter(user=actor.user_id) if actor.user_id and not actor.viewing_as else Choice.objects.none()


def reach_log(actor: Actor) -> ScopedQuerySet:
    return ReceivedMail.objects.all() if actor.can("correspondence.view_log") else ReceivedMail.objects.none()


def why_not_manage_own(actor: Actor) -> str | None:
    if actor.read_only:
        return _("You are viewing the portal as a partner. Leave the view to see and change your own mail and calendar.")
    if actor.user_id is None:
        return _("Mail and calendar belong to a person. Sign in as one.")
    return None if actor.can("correspondence.manage_own") else _("This token may not change your mail and calendar.")


def why_not_manage(actor: Actor) -> str | None:
    return None if actor.can("correspondence.manage") else _("Only an administrator of the vendor changes how mail is received.")


def why_no_links(*, allowed: bool, past_second_factor: bool, wanted: bool, user_id) -> str | None:
    """Why a person does nothing from a mail. Whoever signs in with a second factor would be walked around by a link."""
    if not allowed:
        return _("Links that act without a sign-in are switched off here. Sign in to do it.")
    if not wanted:
        return _("You switched off links that act without a sign-in. Sign in to do it.")
    if past_second_factor:
        return None
    ways = identity.ways_to_sign_in(user_id)
    if ways.has_app or ways.passkeys:
        return _("You sign in with a second factor, and a link in a mail would walk around it. Sign in to do it.")
    return None
