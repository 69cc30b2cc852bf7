"""The addresses of the pipeline on both sides, and where they are found."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import NavItem, Page
from openprm.pipeline.pages import views

GET, POST = ("GET",), ("POST",)
VIEW = "pipeline.view"


def _both(path: str, view: Any, name: str, permission: str = VIEW, methods: tuple[str, ...] = GET) -> tuple[Page, Page]:
    return (
        Page(path=f"pipeline/{path}", view=view, name=name, workspace="vendor", permission=permission, methods=methods),
        Page(path=f"pipeline/{path}", view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods),
    )


PAGES = (
    *_both("", views.board, "pipeline"),
    *_both("move/", views.move, "move", "deals.advance", POST),
    *_both("forecast/", views.forecast, "forecast"),
    *_both("target/", views.set_target, "target", "pipeline.set_target", POST),
    *_both("close-dates/", views.slips, "slips"),
)
NAV = (
    NavItem(label=_("Pipeline"), url_name="pipeline:pipeline", icon="columns-3", workspace="vendor", group=_("Sell together"), order=210, permission=VIEW),
    NavItem(label=_("Pipeline"), url_name="pipeline:portal_pipeline", icon="columns-3", workspace="partner", group=_("Sell"), order=35, permission=VIEW),
)
