"""The addresses of onboarding on both sides, and where they are found."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import HomePanel, NavItem, ObjectPanel, Page, SettingsPage
from openprm.onboarding import queries
from openprm.onboarding.pages import kits, panels, pilots, plans, portal, tasks, templates

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
VIEW, WORK, MANAGE, CONFIGURE = "onboarding.view", "onboarding.work", "onboarding.manage", "onboarding.configure"


def _vendor(path: str, view: Any, name: str, permission: str, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=f"onboarding/{path}", view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view: Any, name: str, permission: str = VIEW, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


def _both(path: str, view: Any, name: str, permission: str, methods: tuple[str, ...] = POST) -> tuple[Page, Page]:
    """A door that both sides have."""
    return _vendor(path, view, name, permission, methods), _portal(f"getting-started/{path}", view, name, permission, methods)


PLAN, TEMPLATE, PILOT = "plans/<uuid:plan_id>/", "templates/<uuid:template_id>/", "pilots/<uuid:pilot_id>/"
PAGES = (
    _vendor("", plans.overview, "home", VIEW),
    _vendor("plans/", plans.list_plans, "plans", VIEW),
    _vendor("plans/start/", plans.start, "start", MANAGE, BOTH),
    _vendor(PLAN, plans.plan, "plan", VIEW),
    _vendor(f"{PLAN}move/", plans.move, "plan_move", MANAGE, POST),
    _vendor(f"{PLAN}end/", plans.end, "plan_end", MANAGE, POST),
    _vendor(f"{PLAN}levels/<uuid:level_id>/skip/", plans.skip, "level_skip", MANAGE, POST),
    _vendor("first-deals/", plans.first_deals, "first_deals", VIEW),
    _vendor("questions/<uuid:help_id>/", plans.help_page, "help", MANAGE, BOTH),
    *_both("tasks/<uuid:task_id>/", tasks.task, "task", VIEW, GET),
    *_both("tasks/<uuid:task_id>/done/", tasks.finish, "task_done", WORK),
    *_both("tasks/<uuid:task_id>/reopen/", tasks.reopen, "task_reopen", WORK),
    *_both("tasks/<uuid:task_id>/comments/", tasks.comment, "task_comment", WORK),
    *_both("tasks/<uuid:task_id>/files/", tasks.add_file, "task_file", WORK),
    *_both("tasks/<uuid:task_id>/owner/", tasks.assign, "task_assign", WORK),
    *_both("files/<uuid:evidence_id>/", tasks.download, "file", VIEW, GET),
    *_both("files/<uuid:evidence_id>/remove/", tasks.remove_file, "file_remove", WORK),
    _vendor("tasks/<uuid:task_id>/waive/", tasks.waive, "task_waive", MANAGE, POST),
    _vendor("tasks/<uuid:task_id>/extend/", tasks.extend, "task_extend", MANAGE, POST),
    _vendor("templates/", templates.templates, "templates", VIEW),
    _vendor("templates/new/", templates.new, "template_new", CONFIGURE, BOTH),
    _vendor(TEMPLATE, templates.template, "template", VIEW),
    _vendor(f"{TEMPLATE}settings/", templates.settings, "template_settings", CONFIGURE, BOTH),
    _vendor(f"{TEMPLATE}draft/", templates.begin, "draft_begin", CONFIGURE, POST),
    _vendor(f"{TEMPLATE}draft/discard/", templates.discard, "draft_discard", CONFIGURE, POST),
    _vendor(f"{TEMPLATE}draft/ways/", templates.ways, "draft_ways", CONFIGURE, POST),
    _vendor(f"{TEMPLATE}draft/publish/", templates.publish, "draft_publish", CONFIGURE, POST),
    _vendor(f"{TEMPLATE}draft/levels/new/", templates.level, "level_new", CONFIGURE, BOTH),
    _vendor(f"{TEMPLATE}draft/levels/<slug:key>/", templates.level, "level_edit", CONFIGURE, BOTH),
    _vendor(f"{TEMPLATE}draft/levels/<slug:level_key>/tasks/new/", templates.task, "task_new", CONFIGURE, BOTH),
    _vendor(f"{TEMPLATE}draft/levels/<slug:level_key>/tasks/<slug:key>/", templates.task, "task_edit", CONFIGURE, BOTH),
    _vendor(f"{TEMPLATE}draft/<slug:key>/move/", templates.shift, "draft_shift", CONFIGURE, POST),
    _vendor(f"{TEMPLATE}draft/<slug:key>/remove/", templates.remove, "draft_remove", CONFIGURE, POST),
    _vendor("kits/", kits.kits, "kits", VIEW),
    _vendor("kits/<uuid:program_id>/", kits.kit, "kit", CONFIGURE, BOTH),
    _vendor("kits/<uuid:program_id>/send/", kits.send, "kit_send", MANAGE, POST),
    _vendor("pilots/", pilots.pilots, "pilots", VIEW),
    _vendor("pilots/new/", pilots.new, "pilot_new", MANAGE, BOTH),
    _vendor(PILOT, pilots.pilot, "pilot", VIEW),
    _vendor(f"{PILOT}edit/", pilots.edit, "pilot_edit", MANAGE, BOTH),
    _vendor(f"{PILOT}partners/", pilots.invite, "pilot_invite", MANAGE, POST),
    _vendor(f"{PILOT}start/", pilots.start, "pilot_start", MANAGE, POST),
    _vendor(f"{PILOT}goals/", pilots.add_goal, "pilot_goal", MANAGE, POST),
    _vendor(f"{PILOT}goals/<uuid:goal_id>/", pilots.measure, "pilot_measure", MANAGE, POST),
    _vendor(f"{PILOT}close/", pilots.close, "pilot_close", MANAGE, POST),
    _portal("getting-started/", portal.home, "home"),
    _portal("getting-started/plans/<uuid:plan_id>/", portal.plan, "plan"),
    _portal("getting-started/questions/", portal.ask, "ask", WORK, POST),
    _portal("getting-started/questions/<uuid:help_id>/", portal.help_page, "help"),
    _portal("welcome/", portal.welcome, "welcome"),
    _portal("pilots/", portal.pilots, "pilots"),
    _portal(PILOT, portal.pilot, "pilot"),
    _portal(f"{PILOT}answer/", portal.answer_pilot, "pilot_answer", "onboarding.answer_pilot", POST),
)
GROUP = _("Partners")
NAV = (
    NavItem(
        label=_("Onboarding"),
        url_name="onboarding:home",
        icon="rocket",
        group=GROUP,
        workspace="vendor",
        order=130,
        permission=VIEW,
        count=queries.stuck_count,
        hot=True,
    ),
    NavItem(label=_("Pilots"), url_name="onboarding:pilots", icon="flask-conical", group=GROUP, workspace="vendor", order=135, permission=VIEW),
    NavItem(label=_("Getting started"), url_name="onboarding:portal_home", icon="rocket", workspace="partner", order=15, permission=VIEW),
)
HOME_PANELS = (
    HomePanel(
        key="onboarding.plan",
        workspace="partner",
        slot="top",
        order=10,
        template="onboarding/panels/portal_plan.html",
        context=panels.portal_home,
        permission=VIEW,
    ),
    HomePanel(
        key="onboarding.first_deal",
        workspace="partner",
        slot="side",
        order=15,
        template="onboarding/panels/portal_first_deal.html",
        context=panels.portal_first_deal,
        permission=VIEW,
    ),
    HomePanel(
        key="onboarding.stuck",
        workspace="vendor",
        slot="main",
        order=40,
        template="onboarding/panels/vendor_stuck.html",
        context=panels.vendor_stuck,
        permission=VIEW,
    ),
)
OBJECT_PANELS = (
    ObjectPanel(
        key="onboarding.partner",
        target="partner",
        workspace="vendor",
        template="onboarding/panels/partner.html",
        context=panels.partner_page,
        slot="side",
        order=20,
        permission=VIEW,
    ),
)
SETTINGS_PAGES = (
    SettingsPage(
        label=_("Onboarding templates"),
        about=_("The plans new partners get: levels, tasks on both sides, dates"),
        url_name="onboarding:templates",
        icon="list-checks",
        workspace="vendor",
        permission=VIEW,
        order=60,
    ),
    SettingsPage(
        label=_("Welcome kits"),
        about=_("What a new partner reads first, and who has read it"),
        url_name="onboarding:kits",
        icon="gift",
        workspace="vendor",
        permission=VIEW,
        order=61,
    ),
)
