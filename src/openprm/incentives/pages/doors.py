"""The pages and the navigation that incentives contribute."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.incentives.pages import portal, usage, vendor
from openprm.kernel.registry import NavItem, Page

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ONE = "pay/plans/<uuid:plan_id>/"
EDIT, PUBLISH, BOOK = "incentives.edit", "incentives.publish", "incentives.usage"


def _vendor(path: str, view: Any, name: str, permission: str = "incentives.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


PAGES = (
    _vendor("pay/plans/", vendor.plans, "plans"),
    _vendor("pay/plans/new/", vendor.new_plan, "new_plan", EDIT, BOTH),
    _vendor(ONE, vendor.plan, "plan"),
    _vendor(f"{ONE}edit/", vendor.edit, "edit_plan", EDIT, BOTH),
    _vendor(f"{ONE}terms/", vendor.terms, "terms", EDIT, BOTH),
    _vendor(f"{ONE}what-if/", vendor.what_if, "what_if", EDIT),
    _vendor(f"{ONE}publish/", vendor.publish, "publish", PUBLISH, BOTH),
    _vendor(f"{ONE}discard/", vendor.discard, "discard", EDIT, POST),
    _vendor(f"{ONE}end/", vendor.end, "end_plan", PUBLISH, POST),
    _vendor("pay/usage/", usage.lines, "usage"),
    _vendor("pay/usage/book/", usage.book, "book_usage", BOOK, BOTH),
    _vendor("pay/usage/lines/<uuid:line_id>/", usage.line, "usage_line"),
    _vendor("pay/usage/months/", usage.months, "usage_months"),
    _vendor("pay/usage/months/close/", usage.close, "close_month", BOOK, POST),
    _vendor("pay/usage/shares/", usage.shares, "usage_shares", BOOK, BOTH),
    Page(path="earn/", view=portal.earn, name="portal_earn", workspace="partner", permission="incentives.view", methods=GET),
    Page(path="earn/usage/", view=portal.usage, name="portal_usage", workspace="partner", permission="incentives.view", methods=GET),
)
NAV = (
    NavItem(label=_("Plans"), url_name="incentives:plans", icon="scroll-text", group=_("Pay"), workspace="vendor", order=340, permission="incentives.view"),
    NavItem(label=_("Usage"), url_name="incentives:usage", icon="gauge", group=_("Pay"), workspace="vendor", order=345, permission="incentives.view"),
    NavItem(
        label=_("What you can earn"), url_name="incentives:portal_earn", icon="scroll-text", group=_("Pay"), workspace="partner", order=72,
        permission="incentives.view",
    ),
)  # fmt: skip
