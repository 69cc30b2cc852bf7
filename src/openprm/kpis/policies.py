"""Who reads which numbers. The rows under them are reached through their own rooms' row-level security."""

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.kpis.definitions.kinds import Kpi
from openprm.kpis.models import Cost, LabelSetting, Pack, Snapshot, Target


def may_see(actor: Actor, kpi: Kpi) -> bool:
    """The vendor sees every KPI; a partner those that it has of itself."""
    return actor.can("kpis.view") and (not actor.is_partner or kpi.for_partners)


def reach_snapshots(actor: Actor) -> ScopedQuerySet:
    return Snapshot.objects.none() if actor.is_partner else Snapshot.objects.all()


def reach_targets(actor: Actor) -> ScopedQuerySet:
    return Target.objects.none() if actor.is_partner else Target.objects.all()


def reach_costs(actor: Actor) -> ScopedQuerySet:
    return Cost.objects.none() if actor.is_partner else Cost.objects.all()


def why_not_plan(actor: Actor) -> str | None:
    return None if actor.can("kpis.plan") else _("Targets and costs are set by administrators and finance of the vendor.")


def why_not_program(actor: Actor) -> str | None:
    return None if actor.can("kpis.view_program") else _("The pack is for people of the vendor who read the numbers of the program.")


def why_not_publish(actor: Actor) -> str | None:
    return None if actor.can("kpis.publish") else _("Only an administrator of the vendor makes facts of a program public.")


def reach_packs(actor: Actor) -> ScopedQuerySet:
    return Pack.objects.all() if actor.can("kpis.view_program") else Pack.objects.none()


def reach_labels(actor: Actor) -> ScopedQuerySet:
    return LabelSetting.objects.none() if actor.is_partner else LabelSetting.objects.all()
