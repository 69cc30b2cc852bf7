"""The addresses of the dashboards on both sides."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.dashboards.pages import saved, views
from openprm.kernel.registry import NavItem, Page

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
VIEW, SAVE = "dashboards.view", "dashboards.save"


def _vendor(path: str, view: Any, name: str, permission: str, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=f"dashboards/{path}", view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _partner(path: str, view: Any, name: str, permission: str, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=f"dashboard/{path}", view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


def _kept(make: Any) -> tuple[Page, ...]:
    return (
        make("saved/", saved.list_saved, "saved", VIEW),
        make("saved/new/", saved.save, "save", SAVE, POST),
        make("saved/<uuid:saved_id>/", saved.change, "change", VIEW, BOTH),
        make("saved/<uuid:saved_id>/delete/", saved.remove, "remove", SAVE, POST),
        make("saved/<uuid:saved_id>/leave/", saved.leave, "leave", VIEW, POST),
    )


PAGES = (
    _vendor("", views.first, "first", VIEW),
    _vendor("executive/", views.executive, "executive", "dashboards.view_executive"),
    _vendor("manager/", views.manager, "manager", "dashboards.view_portfolio"),
    *_kept(_vendor),
    _partner("", views.own, "dashboard", "dashboards.view_own"),
    *_kept(_partner),
)
NAV = (
    NavItem(
        label=_("Dashboards"), url_name="dashboards:executive", icon="layout-dashboard", group=_("Measure"), workspace="vendor", order=79,
        permission="dashboards.view_executive",
    ),
    NavItem(
        label=_("My partners"), url_name="dashboards:manager", icon="users-round", group=_("Partners"), workspace="vendor", order=9,
        permission="dashboards.view_portfolio",
    ),
    NavItem(
        label=_("Our dashboard"), url_name="dashboards:portal_dashboard", icon="layout-dashboard", group=_("Measure"), workspace="partner", order=90,
        permission="dashboards.view_own",
    ),
)  # fmt: skip
