"""How kinds, roles, states and faults are called in front of people."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.kernel.errors import Problem
from openprm.kernel.registry import registry
from openprm.onboarding.ports import Milestone
from openprm.onboarding.rules.content import Fault, Kind, Side

KIND = {
    Kind.DO: gettext_lazy("Do it"),
    Kind.UPLOAD: gettext_lazy("Upload a file"),
    Kind.FILL: gettext_lazy("Write it down"),
    Kind.MILESTONE: gettext_lazy("Happens by itself"),
}
KIND_ICON = {Kind.DO: "square-check", Kind.UPLOAD: "upload", Kind.FILL: "pencil", Kind.MILESTONE: "zap"}
SIDE = {Side.PARTNER: gettext_lazy("Partner"), Side.VENDOR: gettext_lazy("Vendor")}
ROLE = {
    "partner_admin": gettext_lazy("Partner administrator"),
    "partner_sales": gettext_lazy("Partner sales"),
    "partner_marketer": gettext_lazy("Partner marketing"),
    "partner_technical": gettext_lazy("Partner technical"),
    "partner_manager": gettext_lazy("Partner manager"),
    "marketing_manager": gettext_lazy("Marketing manager"),
    "finance_manager": gettext_lazy("Finance manager"),
    "vendor_admin": gettext_lazy("Vendor administrator"),
}
MOTION = {"influence": gettext_lazy("Influence"), "transact": gettext_lazy("Resell"), "solution": gettext_lazy("Solution"), "retain": gettext_lazy("Retain")}
TYPE = {
    "reseller": gettext_lazy("Reseller"),
    "distributor": gettext_lazy("Distributor"),
    "var": gettext_lazy("Value-added reseller"),
    "msp": gettext_lazy("Managed service provider"),
    "si": gettext_lazy("System integrator"),
    "isv": gettext_lazy("Software vendor"),
    "referral": gettext_lazy("Referral"),
    "affiliate": gettext_lazy("Affiliate"),
    "consultant": gettext_lazy("Consultant"),
}
TASK_STATE = {"open": (gettext_lazy("Open"), ""), "done": (gettext_lazy("Done"), "ok"), "waived": (gettext_lazy("Waived"), "")}
LEVEL_STATE = {
    "locked": (gettext_lazy("Not open yet"), ""),
    "open": (gettext_lazy("Open"), "info"),
    "done": (gettext_lazy("Done"), "ok"),
    "skipped": (gettext_lazy("Passed over"), ""),
}
PLAN_STATE = {"running": (gettext_lazy("Running"), "info"), "completed": (gettext_lazy("Completed"), "ok"), "ended": (gettext_lazy("Ended"), "")}
PILOT_KIND = {"program": gettext_lazy("A way to run the program"), "feature": gettext_lazy("A feature"), "template": gettext_lazy("An onboarding template")}
PILOT_STATE = {
    "draft": (gettext_lazy("Being prepared"), ""),
    "running": (gettext_lazy("Running"), "info"),
    "rolled_out": (gettext_lazy("Rolled out"), "ok"),
    "ended": (gettext_lazy("Ended"), ""),
}
MEMBER_STATE = {"invited": (gettext_lazy("Invited"), "info"), "accepted": (gettext_lazy("Takes part"), "ok"), "declined": (gettext_lazy("Declined"), "")}

OWN_MILESTONES = (
    Milestone("partner.first_sign_in", gettext_lazy("the first person of the partner joins")),
    Milestone("partner.team_of_three", gettext_lazy("three people of the partner have joined")),
    Milestone("onboarding.kit_opened", gettext_lazy("the welcome kit is opened")),
    Milestone("agreements.accepted", gettext_lazy("every agreement is accepted")),
    Milestone("compliance.cleared", gettext_lazy("the compliance check is cleared")),
    Milestone("directory.profile_published", gettext_lazy("the profile in the partner directory is published")),
    Milestone("deals.first_registration", gettext_lazy("the first deal is registered")),
    Milestone("deals.first_approved", gettext_lazy("the first deal is approved")),
    Milestone("deals.first_won", gettext_lazy("the first deal is won")),
)


def milestones() -> dict[str, Any]:
    """Every milestone that can tick a task off, by code: our own, and those of the port "onboarding.milestones"."""
    found = {one.code: one.label for one in OWN_MILESTONES}
    return found | {one.code: one.label for one in registry.filling("onboarding.milestones")}


def milestone(code: str) -> str:
    return str(milestones().get(code, code))


_FAULTS: Mapping[str, Any] = {
    "empty": gettext_lazy("This cannot be empty."),
    "key": gettext_lazy("“%(detail)s” is not a key: use lower-case letters, digits and hyphens."),
    "too_long": gettext_lazy("This is too long: at most %(detail)s characters."),
    "no_level": gettext_lazy("A template needs at least one level."),
    "no_required_task": gettext_lazy("“%(detail)s” has no task that must be done. Add one, or remove the level."),
    "too_many_tasks": gettext_lazy("A level holds at most %(detail)s tasks. Split it."),
    "stuck_days": gettext_lazy("A plan counts as stuck after 3 to 120 days."),
    "same_key": gettext_lazy("“%(detail)s” is used twice. Every level and task needs a key of its own."),
    "role_of_other_side": gettext_lazy("This role belongs to the other side. Choose one of the side that owns the task."),
    "offset": gettext_lazy("A task is due 0 to %(detail)s days after the plan begins."),
    "unknown_milestone": gettext_lazy("Choose what ticks this task off by itself."),
    "link": gettext_lazy("A link begins with https:// or is a page of ours that begins with /."),
}


def problems(faults: Iterable[Fault]) -> list[Problem]:
    """Faults as a person reads them."""
    return [Problem(fault.field, str(_FAULTS[fault.code]) % {"detail": fault.detail}, fault.code) for fault in faults]


def stuck(reason: str, days: int, task: str, owner: str) -> str:
    """Why a plan stands still, in one sentence."""
    if reason == "overdue":
        said = {"days": days, "task": task, "owner": owner or _("nobody yet")}
        return (
            ngettext("“%(task)s” is %(days)d day overdue. It waits for %(owner)s.", "“%(task)s” is %(days)d days overdue. It waits for %(owner)s.", days) % said
        )
    return ngettext("Nothing has moved for %(days)d day.", "Nothing has moved for %(days)d days.", days) % {"days": days}


def days_after(days: int) -> str:
    return _("on the first day") if days == 0 else ngettext("%(count)d day in", "%(count)d days in", days) % {"count": days}
