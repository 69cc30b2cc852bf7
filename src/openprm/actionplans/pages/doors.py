"""The addresses of action plans on both sides, and where they are found."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.actionplans import queries
from openprm.actionplans.pages import panels, plans, steps, templates
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.registry import NavItem, ObjectPanel, Page, SettingsPage

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
VIEW, WORK, SIGN, CONFIGURE = "actionplans.view", "actionplans.work", "actionplans.sign", "actionplans.configure"


def _both(path: str, view: Any, name: str, permission: str = VIEW, methods: tuple[str, ...] = GET) -> tuple[Page, Page]:
    """A door that both sides have."""
    return (
        Page(path=f"plans/{path}", view=view, name=name, workspace="vendor", permission=permission, methods=methods),
        Page(path=f"plans/{path}", view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods),
    )


def _vendor(path: str, view: Any, name: str, permission: str = VIEW, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=f"plans/templates/{path}", view=view, name=name, workspace="vendor", permission=permission, methods=methods)


PLAN, STEP, TEMPLATE = "<uuid:plan_id>/", "steps/<uuid:step_id>/", "<uuid:template_id>/"
PAGES = (
    *_both("", plans.list_plans, "plans"),
    *_both("start/", plans.start, "start", WORK, BOTH),
    *_both(PLAN, plans.plan, "plan"),
    *_both(f"{PLAN}agree/", plans.sign, "plan_sign", SIGN, POST),
    *_both(f"{PLAN}close-date/", plans.shift, "plan_shift", WORK, BOTH),
    *_both(f"{PLAN}end/", plans.end, "plan_end", SIGN, POST),
    *_both(f"{PLAN}steps/new/", steps.new, "step_new", WORK, BOTH),
    *_both(STEP, steps.step, "step"),
    *_both(f"{STEP}edit/", steps.edit, "step_edit", WORK, BOTH),
    *_both(f"{STEP}done/", steps.finish, "step_done", WORK, POST),
    *_both(f"{STEP}skip/", steps.skip, "step_skip", WORK, POST),
    *_both(f"{STEP}reopen/", steps.reopen, "step_reopen", WORK, POST),
    *_both(f"{STEP}share/", steps.share, "step_share", WORK, POST),
    *_both(f"{STEP}remove/", steps.remove, "step_remove", WORK, POST),
    *_both(f"{STEP}files/", steps.add_file, "step_file", WORK, POST),
    *_both("files/<uuid:evidence_id>/", steps.download, "file"),
    *_both("files/<uuid:evidence_id>/remove/", steps.remove_file, "file_remove", WORK, POST),
    _vendor("", templates.templates, "templates"),
    _vendor("new/", templates.new, "template_new", CONFIGURE, BOTH),
    _vendor(TEMPLATE, templates.template, "template"),
    _vendor(f"{TEMPLATE}settings/", templates.settings, "template_settings", CONFIGURE, BOTH),
    _vendor(f"{TEMPLATE}draft/", templates.begin, "draft_begin", CONFIGURE, POST),
    _vendor(f"{TEMPLATE}draft/discard/", templates.discard, "draft_discard", CONFIGURE, POST),
    _vendor(f"{TEMPLATE}draft/publish/", templates.publish, "draft_publish", CONFIGURE, POST),
    _vendor(f"{TEMPLATE}draft/steps/new/", templates.step, "template_step_new", CONFIGURE, BOTH),
    _vendor(f"{TEMPLATE}draft/steps/<slug:key>/", templates.step, "template_step", CONFIGURE, BOTH),
    _vendor(f"{TEMPLATE}draft/steps/<slug:key>/remove/", templates.remove_step, "template_step_remove", CONFIGURE, POST),
)


def own_due_steps(actor: Actor) -> int | None:
    """How many steps this person owes within three days or late."""
    return len(queries.due_soon(actor, now())) or None


NAV = (
    NavItem(
        label=_("Action plans"), url_name="actionplans:plans", icon="list-checks", workspace="vendor", group=_("Sell together"), order=215,
        permission=VIEW, count=own_due_steps,
    ),
    NavItem(
        label=_("Action plans"), url_name="actionplans:portal_plans", icon="list-checks", workspace="partner", group=_("Sell"), order=36,
        permission=VIEW, count=own_due_steps,
    ),
)  # fmt: skip


def _panel(target: str, context: Any) -> tuple[ObjectPanel, ObjectPanel]:
    template = "actionplans/panels/plan.html"
    return (
        ObjectPanel(key=f"actionplans.{target}", target=target, workspace="vendor", template=template, context=context, order=15, permission=VIEW),
        ObjectPanel(key=f"actionplans.portal_{target}", target=target, workspace="partner", template=template, context=context, order=15, permission=VIEW),
    )


OBJECT_PANELS = (*_panel("registration", panels.on_registration), *_panel("engagement", panels.on_engagement))
SETTINGS_PAGES = (
    SettingsPage(
        label=_("Action plan templates"), about=_("The steps that a mutual action plan begins with, counted back from the close date"),
        url_name="actionplans:templates", icon="list-checks", workspace="vendor", permission=VIEW, order=63,
    ),
)  # fmt: skip
