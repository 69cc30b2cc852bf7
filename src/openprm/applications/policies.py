"""Which applications an actor sees, and why it may not do something with one."""

from django.utils.translation import gettext as _

from openprm.applications.models import Application, FormVersion
from openprm.applications.rules import State, can_move
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet


def may_view(actor: Actor) -> bool:
    return actor.sees_all_partners and actor.can("applications.view")


def reach(actor: Actor) -> ScopedQuerySet:
    """Applications are the vendor's to read; an applicant comes by its own link, a partner not at all."""
    if may_view(actor):
        return Application.objects.select_related("program", "form", "decided_by")
    return Application.objects.none()


def reach_sent(actor: Actor) -> ScopedQuerySet:
    """What was sent; an unfinished form is its writer's own business."""
    return reach(actor).exclude(state__in=[State.DRAFT, State.UNCONFIRMED])


def reach_forms(actor: Actor) -> ScopedQuerySet:
    if may_view(actor):
        return FormVersion.objects.select_related("program", "published_by")
    return FormVersion.objects.none()


def why_not_decide(actor: Actor, application: Application) -> str | None:
    """A reason why this actor may not answer, or None. The state is asked by `why_not_now`."""
    if not (actor.sees_all_partners and actor.can("applications.decide")):
        return _("Only administrators and partner managers can answer applications.")
    if application.decider == "vendor_admin" and not actor.is_system and "vendor_admin" not in actor.roles:
        return _("By the published rules an administrator answers this application. Ask one of them.")
    return None


def why_not_configure(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("applications.configure"):
        return None
    return _("Only an administrator can change what a program shows and asks.")


def why_not_comment(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("applications.comment"):
        return None
    return _("Your role reads applications, and writes nothing on them.")


def why_not_now(application: Application, wanted: str) -> str | None:
    """A reason why the application cannot go to `wanted` from where it stands, or None."""
    if can_move(application.state, wanted):
        return None
    return {
        State.APPROVED: _("This application was approved already. Reload to see by whom."),
        State.REJECTED: _("This application was rejected already. Reload to see by whom."),
        State.WITHDRAWN: _("This application was withdrawn."),
        State.RETURNED: _("The applicant was asked for more. Wait for the answer, or reject."),
        State.HELD: _("Take the application up first: the company is known already."),
    }.get(State(application.state), _("This application was not sent yet."))
