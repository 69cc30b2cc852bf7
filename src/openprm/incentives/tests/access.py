"""Who gets which answer at every door of incentives."""

from datetime import UTC, date, datetime

from openprm.incentives import services
from openprm.incentives.models import UsageLine
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
READ = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
WRITE = {"vendor_admin": 200, "finance_manager": 200, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
ACT = {"vendor_admin": {303, 409, 422}, "finance_manager": {303, 409, 422}, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
PORTAL = {"vendor": 404, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 302}
API_READ = {"vendor": 200, "partner": 404, "partner_collaborator": 403, "other_partner": 404, "stranger": 401}
API_LIST = {"vendor": 200, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 401}
API_ACT = {
    "vendor_admin": {200, 201, 204, 409, 422, 428}, "finance_manager": {200, 201, 204, 409, 422, 428}, "vendor": 403, "partner": 403, "other_partner": 403,
    "stranger": 401,
}  # fmt: skip

ACCESS = {
    "incentives:plans": READ,
    "incentives:new_plan": WRITE,
    "incentives:plan": READ,
    "incentives:edit_plan": WRITE,
    "incentives:terms": WRITE,
    "incentives:what_if": WRITE,
    "incentives:publish": WRITE,
    "incentives:discard": ACT,
    "incentives:end_plan": ACT,
    "incentives:usage": READ,
    "incentives:book_usage": WRITE,
    "incentives:usage_line": READ,
    "incentives:usage_months": READ,
    "incentives:close_month": ACT,
    "incentives:usage_shares": WRITE,
    "incentives:portal_earn": PORTAL,
    "incentives:portal_usage": PORTAL,
    "GET /api/v1/plans": API_LIST,
    "POST /api/v1/plans": API_ACT,
    "GET /api/v1/plans/open": {"vendor": 404, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 401},
    "GET /api/v1/plans/{uuid:plan_id}": API_READ,
    "PATCH /api/v1/plans/{uuid:plan_id}": API_ACT,
    "PUT /api/v1/plans/{uuid:plan_id}/draft": API_ACT,
    "DELETE /api/v1/plans/{uuid:plan_id}/draft": API_ACT,
    "GET /api/v1/plans/{uuid:plan_id}/what-if": API_ACT,
    "POST /api/v1/plans/{uuid:plan_id}/publish": API_ACT,
    "POST /api/v1/plans/{uuid:plan_id}/end": API_ACT,
    "GET /api/v1/usage": API_LIST,
    "POST /api/v1/usage": API_ACT,
    "GET /api/v1/usage/credits": API_LIST,
    "GET /api/v1/usage/shares": API_LIST,
    "POST /api/v1/usage/shares": API_ACT,
    "GET /api/v1/usage/months": API_LIST,
    "POST /api/v1/usage/months/close": API_ACT,
}


def _plan(cast):
    """A plan in force, with a draft of other terms beside it."""
    plan_id = make_plan("swept")
    with system_scope():
        services.save_terms(actor=SYSTEM, plan_id=plan_id, terms=terms([RateDraft(rate="12")]), at=AT)
    return {"plan_id": plan_id}


def _line(cast):
    report = services.UsageReport(
        source="swept", external_id="1", customer_key="c", customer_name="Borealis", service_month=date(2026, 10, 1), amount_minor=100_00, currency="EUR"
    )
    with system_scope():
        services.report_usage(actor=SYSTEM, reports=(report,), at=AT)
        return {"line_id": UsageLine.objects.get(source="swept").pk}


ARGS = {
    **{f"incentives:{name}": _plan for name in ("plan", "edit_plan", "terms", "what_if", "publish", "discard", "end_plan")},
    "incentives:usage_line": _line,
    **{door: _plan for door in ACCESS if "{uuid:plan_id}" in door},
}
