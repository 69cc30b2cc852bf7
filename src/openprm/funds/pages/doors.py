"""The pages, navigation and panels of the core of this room; `funds/extras.py` holds those of proofs, co-op money and the wallet."""

from django.utils.translation import gettext_lazy as _

from openprm.funds import queries
from openprm.funds.pages import decisions, panels, portal, vendor
from openprm.kernel.registry import HomePanel, NavItem, ObjectPanel, Page

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
BUDGET, FUND = "funds/budgets/<uuid:budget_id>/", "funds/allocations/<uuid:allocation_id>/"
REQUEST, CLAIM, ACTIVITY = "funds/requests/<uuid:request_id>/", "funds/claims/<uuid:claim_id>/", "funds/activities/<uuid:activity_id>/"


def _vendor(path: str, view, name: str, permission: str = "funds.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str = "funds.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


PAGES = (
    _vendor("funds/", vendor.list_budgets, "budgets", methods=BOTH),
    _vendor("funds/budgets/new/", vendor.new_budget, "new_budget", "funds.manage", BOTH),
    _vendor(BUDGET, vendor.budget, "budget"),
    _vendor(f"{BUDGET}change/", vendor.change_budget, "budget_change", "funds.manage", POST),
    _vendor(f"{BUDGET}ignore-limits/", vendor.ignore_limits, "budget_ignore", "funds.manage", POST),
    _vendor(f"{BUDGET}allocate/", vendor.allocate, "budget_allocate", "funds.manage", POST),
    _vendor("funds/allocations/", vendor.list_funds, "allocations", methods=BOTH),
    _vendor(FUND, vendor.allocation, "allocation"),
    _vendor(f"{FUND}change/", vendor.change_allocation, "allocation_change", "funds.manage", POST),
    _vendor(f"{FUND}close/", vendor.close_allocation, "allocation_close", "funds.manage", POST),
    _vendor("funds/requests/", decisions.list_requests, "requests", methods=BOTH),
    _vendor(REQUEST, decisions.request_page, "request"),
    _vendor(f"{REQUEST}approve/", decisions.approve_request, "request_approve", "funds.decide", POST),
    _vendor(f"{REQUEST}reject/", decisions.reject_request, "request_reject", "funds.decide", POST),
    _vendor(f"{REQUEST}decline/", decisions.decline_request, "request_decline", "funds.decide", POST),
    _vendor(f"{ACTIVITY}release/", decisions.release, "activity_release", "funds.decide", POST),
    _vendor("funds/claims/", decisions.list_claims, "claims", methods=BOTH),
    _vendor(CLAIM, decisions.claim_page, "claim"),
    _vendor(f"{CLAIM}approve/", decisions.approve_claim, "claim_approve", "funds.decide", POST),
    _vendor(f"{CLAIM}reject/", decisions.reject_claim, "claim_reject", "funds.decide", POST),
    _vendor(f"{CLAIM}decline/", decisions.decline_claim, "claim_decline", "funds.decide", POST),
    _vendor(f"{CLAIM}instalments/", decisions.split, "claim_split", "funds.settle", POST),
    _vendor(f"{CLAIM}pay/", decisions.pay, "claim_pay", "funds.settle", POST),
    _vendor("funds/approvers/", vendor.approvers, "approvers", "funds.limit", BOTH),
    _portal("funds/requests/", portal.list_requests, "requests", methods=BOTH),
    _portal("funds/requests/new/", portal.new_request, "new_request", "funds.request", BOTH),
    _portal(REQUEST, portal.request_page, "request"),
    _portal(f"{REQUEST}change/", portal.change_request, "request_change", "funds.request", POST),
    _portal(f"{REQUEST}activities/", portal.add_activity, "request_activity", "funds.request", POST),
    _portal(f"{REQUEST}activities/<uuid:activity_id>/remove/", portal.remove_activity, "request_activity_remove", "funds.request", POST),
    _portal(f"{REQUEST}submit/", portal.submit_request, "request_submit", "funds.request", POST),
    _portal(f"{REQUEST}withdraw/", portal.withdraw_request, "request_withdraw", "funds.request", POST),
    _portal(f"{ACTIVITY}claim/", portal.new_claim, "claim_new", "funds.request", BOTH),
    _portal(f"{ACTIVITY}release/", decisions.release, "activity_release", "funds.request", POST),
    _portal("funds/claims/", portal.list_claims, "claims", methods=BOTH),
    _portal(CLAIM, portal.claim_page, "claim"),
    _portal(f"{CLAIM}withdraw/", portal.withdraw_claim, "claim_withdraw", "funds.request", POST),
    _portal(FUND, portal.allocation, "allocation"),
)
NAV = (
    NavItem(
        label=_("Funds"), url_name="funds:budgets", icon="wallet", workspace="vendor", group=_("Pay"), order=420, permission="funds.view",
        count=queries.waiting_count, hot=True,
    ),
    NavItem(
        label=_("Funds"), url_name="funds:portal_wallet", icon="wallet", workspace="partner", group=_("Pay"), order=42, permission="funds.view",
        count=queries.waiting_count, hot=True,
    ),
)  # fmt: skip
HOME_PANELS = (
    HomePanel(key="funds.kpi", workspace="vendor", slot="kpi", template="ui/kpis.html", context=panels.vendor_kpi, order=45, permission="funds.view"),
)
OBJECT_PANELS = (
    ObjectPanel(
        key="funds.days_to_cash", target="promises", workspace="vendor", template="funds/panels/days_to_cash.html", context=panels.cash_on_promises,
        permission="promises.view",
    ),
    ObjectPanel(
        key="funds.portal_days_to_cash", target="promises", workspace="partner", template="funds/panels/days_to_cash.html",
        context=panels.cash_on_promises, permission="promises.view",
    ),
)  # fmt: skip
