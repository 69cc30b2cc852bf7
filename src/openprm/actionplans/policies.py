"""Who sees which plans and steps, and why somebody cannot do a thing: a sentence, or None."""

from django.utils.translation import gettext as _

from openprm.actionplans.models import Evidence, Plan, PrivateEntry, SignOff, Step, Template, TemplateVersion
from openprm.actionplans.rules.words import Side, State, Visibility
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet


def side_of(actor: Actor) -> Side:
    return Side.VENDOR if actor.sees_all_partners else Side.PARTNER


def reach_plans(actor: Actor) -> ScopedQuerySet:
    """The vendor sees every plan, a partner its own, a collaborator those of the deals it works on."""
    rows = Plan.objects.all()
    if not actor.can("actionplans.view"):
        return rows.none()
    if actor.sees_all_partners:
        return rows
    rows = rows.filter(partner__in=actor.partner_ids)
    return rows.filter(registration__collaborators__user_id=actor.user_id) if actor.is_collaborator_only else rows


def visible_to(actor: Actor) -> tuple[Visibility, ...]:
    """Which steps exist for this actor. A vendor's person who views the portal as a partner sees the shared ones alone."""
    if actor.is_system:
        return tuple(Visibility)
    if actor.is_vendor:
        return Visibility.SHARED, Visibility.VENDOR
    return (Visibility.SHARED,) if actor.viewing_as else (Visibility.SHARED, Visibility.PARTNER)


def reach_steps(actor: Actor) -> ScopedQuerySet:
    return Step.objects.filter(plan__in=reach_plans(actor).values("pk"), visibility__in=visible_to(actor))


def reach_evidence(actor: Actor) -> ScopedQuerySet:
    return Evidence.objects.filter(step__in=reach_steps(actor).values("pk"))


def reach_signatures(actor: Actor) -> ScopedQuerySet:
    return SignOff.objects.filter(plan__in=reach_plans(actor).values("pk"))


def reach_private_entries(actor: Actor) -> ScopedQuerySet:
    """What happened to the partner's private steps: for the partner's own people."""
    if actor.sees_all_partners or actor.viewing_as:
        return PrivateEntry.objects.none()
    return PrivateEntry.objects.filter(plan__in=reach_plans(actor).values("pk"))


def reach_templates(actor: Actor) -> ScopedQuerySet:
    return Template.objects.all() if actor.sees_all_partners and actor.can("actionplans.view") else Template.objects.none()


def reach_versions(actor: Actor) -> ScopedQuerySet:
    return TemplateVersion.objects.all() if actor.sees_all_partners and actor.can("actionplans.view") else TemplateVersion.objects.none()


def why_not_configure(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("actionplans.configure"):
        return None
    return _("Only an administrator of the vendor can change templates of action plans.")


def why_not_start(actor: Actor) -> str | None:
    return None if actor.can("actionplans.work") else _("Your role can read action plans but not start one.")


def why_not_work(actor: Actor, plan: Plan) -> str | None:
    """A reason why this actor may not add to a plan or change it, or None. Either side may change what both see."""
    if not actor.can("actionplans.work"):
        return _("Your role can read the plan but not work on it. Ask an administrator of your team.")
    if plan.state != Plan.State.RUNNING:
        return _("This plan has ended. It stays as it was.")
    return None


def why_not_change(actor: Actor, step: Step) -> str | None:
    if reason := why_not_work(actor, step.plan):
        return reason
    if step.state != State.OPEN:
        return _("“%(title)s” is over. Open it again to change it.") % {"title": step.title}
    return None


def why_not_finish(actor: Actor, step: Step) -> str | None:
    """Done and skipped are said by the side that does the step; for the customer either side may."""
    if reason := why_not_change(actor, step):
        return reason
    return _of_other_side(actor, step)


def _of_other_side(actor: Actor, step: Step) -> str | None:
    if actor.is_system or step.side in (Side.CUSTOMER, side_of(actor)):
        return None
    return _("“%(title)s” is a step of the other side. Its people say when it is done.") % {"title": step.title}


def why_not_reopen(actor: Actor, step: Step) -> str | None:
    if reason := why_not_work(actor, step.plan):
        return reason
    if step.state == State.OPEN:
        return _("“%(title)s” is open already.") % {"title": step.title}
    return _of_other_side(actor, step)


def why_not_remove(actor: Actor, step: Step) -> str | None:
    """A shared step is skipped with a reason, so that nobody misses it; a private one may vanish."""
    if reason := why_not_work(actor, step.plan):
        return reason
    if step.visibility == Visibility.SHARED:
        return _("Both sides see this step. Skip it with a reason instead.")
    return None


def why_not_share(actor: Actor, step: Step) -> str | None:
    if reason := why_not_work(actor, step.plan):
        return reason
    return _("Both sides see this step already.") if step.visibility == Visibility.SHARED else None


def why_not_sign(actor: Actor, plan: Plan) -> str | None:
    if not actor.can("actionplans.sign"):
        return _("Your role cannot agree to plans. Ask an administrator of your team.")
    if plan.state != Plan.State.RUNNING:
        return _("This plan has ended. It stays as it was.")
    return None


def why_not_end(actor: Actor, plan: Plan) -> str | None:
    return why_not_sign(actor, plan)
