"""The addresses of the numbers on both sides, and of what is public."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import NavItem, Page
from openprm.kpis.pages import labels, packs, plans, views

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
VIEW, PROGRAM, PLAN, PUBLISH = "kpis.view", "kpis.view_program", "kpis.plan", "kpis.publish"


def _vendor(path: str, view: Any, name: str, permission: str = PROGRAM, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=f"kpis/{path}", view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _public(path: str, view: Any, name: str) -> Page:
    return Page(path=f"program-facts/{path}", view=view, name=name, workspace="public", methods=GET)


PAGES = (
    _vendor("", views.numbers, "numbers", VIEW),
    _vendor("packs/", packs.packs, "packs"),
    _vendor("packs/make/", packs.make_pack, "make_pack", PROGRAM, POST),
    _vendor("packs/<uuid:pack_id>/<slug:form>/", packs.pack_file, "pack_file"),
    _vendor("without/", packs.stress, "stress"),
    _vendor("targets/", plans.targets, "targets"),
    _vendor("targets/new/", plans.new_target, "new_target", PLAN, POST),
    _vendor("targets/<uuid:target_id>/", plans.target, "target"),
    _vendor("targets/<uuid:target_id>/change/", plans.change_target, "change_target", PLAN, POST),
    _vendor("targets/<uuid:target_id>/remove/", plans.remove_target, "remove_target", PLAN, POST),
    _vendor("costs/", plans.costs, "costs"),
    _vendor("costs/new/", plans.new_cost, "new_cost", PLAN, POST),
    _vendor("costs/<uuid:cost_id>/", plans.cost, "cost"),
    _vendor("costs/<uuid:cost_id>/correct/", plans.correct_cost, "correct_cost", PLAN, POST),
    _vendor("costs/<uuid:cost_id>/remove/", plans.remove_cost, "remove_cost", PLAN, POST),
    _vendor("facts/", labels.labels, "labels"),
    _vendor("facts/<uuid:program_id>/publish/", labels.publish, "publish_label", PUBLISH, POST),
    _vendor("facts/<uuid:program_id>/withdraw/", labels.withdraw, "withdraw_label", PUBLISH, POST),
    _vendor("<slug:name>/", views.number, "number", VIEW),
    Page(path="kpis/", view=views.numbers, name="portal_numbers", workspace="partner", permission=VIEW, methods=GET),
    Page(path="kpis/<slug:name>/", view=views.number, name="portal_number", workspace="partner", permission=VIEW, methods=GET),
    _public("", labels.index, "facts_index"),
    _public("schema.json", labels.facts_schema, "facts_schema"),
    _public("<slug:code>/", labels.facts, "facts"),
    _public("<slug:code>/facts.json", labels.facts_json, "facts_json"),
    _public("<slug:code>/badge.svg", labels.facts_badge, "facts_badge"),
)
NAV = (
    NavItem(label=_("Numbers"), url_name="kpis:numbers", icon="gauge", workspace="vendor", group=_("Measure"), order=500, permission=VIEW),
    NavItem(label=_("Our numbers"), url_name="kpis:portal_numbers", icon="gauge", workspace="partner", group=_("Sell"), order=45, permission=VIEW),
)
