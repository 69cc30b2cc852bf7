"""Who sees which plans, kits and pilots, and why somebody cannot do a thing: a sentence, or None."""

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import Model, ScopedQuerySet
from openprm.onboarding.models import (
    Comment,
    Evidence,
    FirstDeal,
    Help,
    Kit,
    KitDelivery,
    Pilot,
    PilotPartner,
    Plan,
    PlanLevel,
    PlanTask,
    Template,
    TemplateVersion,
)
from openprm.onboarding.rules.content import Kind, Side


def _reach(actor: Actor, model: type[Model]) -> ScopedQuerySet:
    """Rows of partners: all for the vendor, its own for a partner."""
    if not actor.can("onboarding.view"):
        return model.objects.none()
    return model.objects.all() if actor.sees_all_partners else model.objects.filter(partner__in=actor.partner_ids)


def reach_plans(actor: Actor) -> ScopedQuerySet:
    return _reach(actor, Plan)


def reach_levels(actor: Actor) -> ScopedQuerySet:
    return _reach(actor, PlanLevel)


def reach_tasks(actor: Actor) -> ScopedQuerySet:
    return _reach(actor, PlanTask)


def reach_comments(actor: Actor) -> ScopedQuerySet:
    return _reach(actor, Comment)


def reach_evidence(actor: Actor) -> ScopedQuerySet:
    return _reach(actor, Evidence)


def reach_deliveries(actor: Actor) -> ScopedQuerySet:
    return _reach(actor, KitDelivery)


def reach_help(actor: Actor) -> ScopedQuerySet:
    return _reach(actor, Help)


def reach_first_deals(actor: Actor) -> ScopedQuerySet:
    return _reach(actor, FirstDeal)


def reach_invitations(actor: Actor) -> ScopedQuerySet:
    """Invitations to pilots; a partner's only once the pilot runs."""
    rows = _reach(actor, PilotPartner)
    return rows if actor.sees_all_partners else rows.exclude(pilot__state=Pilot.State.DRAFT)


def _vendor_only(actor: Actor, model: type[Model]) -> ScopedQuerySet:
    return model.objects.all() if actor.sees_all_partners and actor.can("onboarding.view") else model.objects.none()


def reach_templates(actor: Actor) -> ScopedQuerySet:
    return _vendor_only(actor, Template)


def reach_versions(actor: Actor) -> ScopedQuerySet:
    return _vendor_only(actor, TemplateVersion)


def reach_kits(actor: Actor) -> ScopedQuerySet:
    return _vendor_only(actor, Kit)


def reach_pilots(actor: Actor) -> ScopedQuerySet:
    return _vendor_only(actor, Pilot)


def why_not_manage(actor: Actor) -> str | None:
    """A reason why this actor may not run plans, answer for the vendor and hold pilots, or None."""
    if actor.sees_all_partners and actor.can("onboarding.manage"):
        return None
    return _("Only administrators and partner managers of the vendor can do this.")


def why_not_configure(actor: Actor) -> str | None:
    """A reason why this actor may not change templates and welcome kits, or None."""
    if actor.sees_all_partners and actor.can("onboarding.configure"):
        return None
    return _("Only an administrator of the vendor can change onboarding templates and welcome kits.")


def why_not_comment(actor: Actor, task: PlanTask) -> str | None:
    if not actor.can("onboarding.work"):
        return _("Your role can read the plan but not work on it. Ask an administrator of your team.")
    return _why_not_running(task.plan)


def why_not_work(actor: Actor, task: PlanTask) -> str | None:
    """A reason why this actor may not do the task, or None. Managers may tick a task of the partner off: they hear of it too."""
    if reason := why_not_comment(actor, task):
        return reason
    if task.state != PlanTask.State.OPEN:
        return _("This task is over already.")
    if task.level.state == PlanLevel.State.LOCKED:
        return _("This task opens when the level before it is done.")
    if task.side == Side.VENDOR and not actor.sees_all_partners:
        return _("This is a task of your vendor. You can comment on it.")
    if (task.kind == Kind.MILESTONE or task.side == Side.PARTNER) and actor.sees_all_partners:
        return why_not_manage(actor)
    if task.kind == Kind.MILESTONE:
        return _("This task is ticked off by itself as soon as it happens.")
    return None


def why_not_reopen(actor: Actor, task: PlanTask) -> str | None:
    """Undoing is for whoever could have done it, while the level is not closed."""
    if reason := why_not_comment(actor, task):
        return reason
    if task.state == PlanTask.State.OPEN:
        return _("This task is open already.")
    if task.level.state not in (PlanLevel.State.OPEN, PlanLevel.State.LOCKED):
        return _("The level is done. What was completed stays completed.")
    is_own = task.side == Side.PARTNER and task.state == PlanTask.State.DONE and not task.milestone
    return None if is_own and not actor.sees_all_partners else why_not_manage(actor)


def why_not_steer(actor: Actor, task: PlanTask) -> str | None:
    """A reason why this actor may not waive, postpone or hand over the task, or None."""
    if reason := why_not_manage(actor):
        return reason
    return _why_not_running(task.plan) or (None if task.state == PlanTask.State.OPEN else _("This task is over already."))


def why_not_assign(actor: Actor, task: PlanTask) -> str | None:
    """The vendor hands out any task; an administrator of the partner those of its own side."""
    if not actor.sees_all_partners and actor.can("onboarding.assign_own") and task.side == Side.PARTNER:
        return _why_not_running(task.plan) or (None if task.state == PlanTask.State.OPEN else _("This task is over already."))
    return why_not_steer(actor, task)


def why_not_skip(actor: Actor, level: PlanLevel) -> str | None:
    if reason := why_not_manage(actor) or _why_not_running(level.plan):
        return reason
    if not level.plan.template_version.parsed.may_skip:
        return _("The levels of this plan cannot be passed over. Waive its tasks one by one, with a reason each.")
    if level.state != PlanLevel.State.OPEN:
        return _("Only a level that is open can be passed over.")
    return None


def why_not_answer_pilot(actor: Actor) -> str | None:
    if not actor.sees_all_partners and actor.can("onboarding.answer_pilot"):
        return None
    return _("Only an administrator of the partner can answer this invitation.")


def why_not_ask(actor: Actor) -> str | None:
    if not actor.sees_all_partners and actor.can("onboarding.work"):
        return None
    return _("Your role cannot ask for help here. Ask an administrator of your team.")


def _why_not_running(plan: Plan) -> str | None:
    return None if plan.state == Plan.State.RUNNING else _("This plan is over. It stays as it was.")
