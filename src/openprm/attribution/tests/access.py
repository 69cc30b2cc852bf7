"""Who gets which answer at every door of attribution."""

from datetime import UTC, date, datetime, timedelta

from openprm.accounts.testing import make_account
from openprm.attribution import services
from openprm.attribution.testing import make_claim, make_run, make_touch, make_win
from openprm.kernel.scope import scope

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
OUTSIDE = {"partner": 404, "other_partner": 404, "stranger": 302}
READ = {"vendor": 200, **OUTSIDE}
MANAGERS = ("vendor_admin", "partner_manager")
FINANCE = ("vendor_admin", "finance_manager")
SPEAKERS = ("partner_admin", "partner_rep", "partner_marketer", "partner_technical")


def _for(people, answer, **rest):
    return {**dict.fromkeys(people, answer), **rest}


def _write(people, answer):
    return {"vendor": 403, **OUTSIDE, **_for(people, answer)}


PORTAL = {"vendor": 404, "partner": 200, "other_partner": 404, "partner_collaborator": 403, "stranger": 302}
PORTAL_LIST = {**PORTAL, "other_partner": 200}


def _portal_write(people, answer, other=404):
    return {"vendor": 404, "partner": 403, "other_partner": other, "stranger": 302, **_for(people, answer)}


def _api(people, answer, **rest):
    """A write over the API: the vendor's others and the partner's others are refused, a stranger is not known."""
    return {"vendor": 403, "partner": 403, "other_partner": 404, "stranger": 401, **_for(people, answer), **rest}


API_LIST = {"vendor": 200, "partner": 200, "other_partner": 200, "partner_collaborator": 403, "stranger": 401}
API_OWN = {**API_LIST, "other_partner": 404}
API_VENDOR = {"vendor": 200, "partner": 404, "other_partner": 404, "partner_collaborator": 403, "stranger": 401}
API_DECIDE = {"vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401, **_for(MANAGERS, 200)}
ACCESS = {
    "attribution:overview": READ,
    "attribution:deals": READ,
    "attribution:deal": READ,
    "attribution:review": _write(MANAGERS, 422),
    "attribution:reviews": READ,
    "attribution:models": READ,
    "attribution:uplift": READ,
    "attribution:touches": READ,
    "attribution:claims": READ,
    "attribution:new_claim": _write((*MANAGERS, "marketing_manager"), 404),
    "attribution:claim": READ,
    "attribution:confirm": _write(MANAGERS, 303),
    "attribution:decline": _write(MANAGERS, 422),
    "attribution:withdraw": _write((*MANAGERS, "marketing_manager"), 403),
    "attribution:disputes": READ,
    "attribution:dispute": READ,
    "attribution:settle": _write(MANAGERS, 422),
    "attribution:runs": READ,
    "attribution:compute": _write((*MANAGERS, "finance_manager"), 422),
    "attribution:run": READ,
    "attribution:replay": READ,
    "attribution:lock": _write(FINANCE, 303),
    "attribution:configurations": READ,
    "attribution:configure": _write(FINANCE, 200),
    "attribution:what_if": _write(FINANCE, 200),
    "attribution:portal_credits": PORTAL_LIST,
    "attribution:portal_deal": PORTAL,
    "attribution:portal_open_dispute": _portal_write(("partner_admin", "partner_rep"), 422),
    "attribution:portal_touches": PORTAL_LIST,
    "attribution:portal_claims": PORTAL_LIST,
    "attribution:portal_new_claim": _portal_write(SPEAKERS, 404),
    "attribution:portal_claim": PORTAL,
    "attribution:portal_confirm": _portal_write(SPEAKERS, 403),
    "attribution:portal_decline": _portal_write(SPEAKERS, 422),
    "attribution:portal_withdraw": _portal_write(SPEAKERS, 303),
    "attribution:portal_disputes": PORTAL_LIST,
    "attribution:portal_dispute": PORTAL,
    "attribution:portal_withdraw_dispute": _portal_write(("partner_admin", "partner_rep"), 303),
    "GET /api/v1/attribution/outcomes": {"vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401, **_for(MANAGERS, 200)},
    "GET /api/v1/attribution/credit": {"vendor": 200, "partner": 200, "other_partner": 200, "partner_collaborator": 403, "stranger": 401},
    "GET /api/v1/attribution/runs/{uuid:run_id}/replay": {"vendor": 200, "partner": 404, "other_partner": 404, "partner_collaborator": 403, "stranger": 401},
    "POST /api/v1/attribution/claims": {
        "vendor": 403, "partner": 403, "other_partner": 404, "stranger": 401, **_for((*MANAGERS, "marketing_manager"), 422), **_for(SPEAKERS, 201),
    },
    **dict.fromkeys((f"GET /api/v1/attribution/{one}" for one in ("credits", "touches", "claims", "disputes", "configurations")), API_LIST),
    **dict.fromkeys((f"GET /api/v1/attribution/{one}" for one in ("reviews", "runs", "comparison", "with-and-without")), API_DECIDE),
    **dict.fromkeys(
        (
            f"GET /api/v1/attribution/{one}"
            for one in ("runs/{uuid:run_id}", "runs/{uuid:run_id}/results", "runs/{uuid:run_id}/credits", "runs/{uuid:run_id}/correction", "deals/{uuid:deal_id}")
        ),
        API_VENDOR,
    ),
    "GET /api/v1/attribution/claims/{uuid:claim_id}": API_OWN,
    "GET /api/v1/attribution/disputes/{uuid:dispute_id}": API_OWN,
    "POST /api/v1/attribution/claims/{uuid:claim_id}/confirm": _api((*MANAGERS,), 200, **_for(("marketing_manager", *SPEAKERS), 403)),
    "POST /api/v1/attribution/claims/{uuid:claim_id}/decline": _api((*MANAGERS,), 200, **_for(("marketing_manager", *SPEAKERS), 403)),
    "POST /api/v1/attribution/claims/{uuid:claim_id}/withdraw": _api(SPEAKERS, 200),
    "POST /api/v1/attribution/disputes": _api(("partner_admin", "partner_rep"), 201, other_partner=404),
    "POST /api/v1/attribution/disputes/{uuid:dispute_id}/answer": _api(MANAGERS, 200, other_partner=403),
    "POST /api/v1/attribution/disputes/{uuid:dispute_id}/withdraw": _api(("partner_admin", "partner_rep"), 200),
    "POST /api/v1/attribution/reviews/{uuid:deal_id}": _api(MANAGERS, 204, other_partner=403),
    "POST /api/v1/attribution/runs": _api((*MANAGERS, "finance_manager"), 201, other_partner=403),
    "POST /api/v1/attribution/runs/{uuid:run_id}/lock": _api(FINANCE, 200, other_partner=403),
    "POST /api/v1/attribution/configurations": _api(FINANCE, 201, other_partner=403),
    "POST /api/v1/attribution/configurations/what-if": _api(FINANCE, 200, other_partner=403),
}  # fmt: skip


def _deal(cast):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id)
    make_touch(cast.partner_id, account_id, at=AT)
    make_run(at=AT)
    return {"deal_id": deal_id}


def _unattributed(cast):
    deal_id = make_win(make_account())
    make_run(at=AT)
    return {"deal_id": deal_id}


def _run(cast):
    _unattributed(cast)
    return {"run_id": make_run(date(2026, 10, 1), at=AT + timedelta(minutes=1)).run_id}


def _claim(cast):
    return {"claim_id": make_claim(cast.partner_rep, make_account(partner_id=cast.partner_id), at=AT)}


def _dispute(cast):
    deal_id = _deal(cast)["deal_id"]
    with scope(cast.partner_rep) as actor:
        return {"dispute_id": services.open_dispute(actor=actor, deal_id=deal_id, reason="We were there first.", at=AT)}


def _told(cast):
    account_id = make_account(partner_id=cast.partner_id)
    return {"body": {"kind": "introduction", "occurred_on": "2026-10-01", "statement": "We met them.", "account_id": str(account_id)}}


def _answered(make, **body):
    return lambda cast: {**make(cast), "body": body, "headers": {"If-Match": "*"}}


def _dispute_body(cast):
    return {"body": {"deal_id": str(_deal(cast)["deal_id"]), "reason": "We were there first."}}


def _body_of_month(cast):
    _unattributed(cast)
    return {"body": {"month": "2026-10-01", "model": "first"}}


ARGS = {
    "attribution:deal": _deal,
    "attribution:review": _unattributed,
    "attribution:claim": _claim,
    "attribution:confirm": _claim,
    "attribution:decline": _claim,
    "attribution:withdraw": _claim,
    "attribution:dispute": _dispute,
    "attribution:settle": _dispute,
    "attribution:run": _run,
    "attribution:replay": _run,
    "attribution:lock": _run,
    "attribution:portal_deal": _deal,
    "attribution:portal_open_dispute": _deal,
    "attribution:portal_claim": _claim,
    "attribution:portal_confirm": _claim,
    "attribution:portal_decline": _claim,
    "attribution:portal_withdraw": _claim,
    "attribution:portal_dispute": _dispute,
    "attribution:portal_withdraw_dispute": _dispute,
    "GET /api/v1/attribution/runs/{uuid:run_id}/replay": _run,
    "POST /api/v1/attribution/claims": _told,
    "GET /api/v1/attribution/runs/{uuid:run_id}": _run,
    "GET /api/v1/attribution/runs/{uuid:run_id}/results": _run,
    "GET /api/v1/attribution/runs/{uuid:run_id}/credits": _run,
    "GET /api/v1/attribution/runs/{uuid:run_id}/correction": _run,
    "GET /api/v1/attribution/deals/{uuid:deal_id}": _deal,
    "GET /api/v1/attribution/claims/{uuid:claim_id}": _claim,
    "GET /api/v1/attribution/disputes/{uuid:dispute_id}": _dispute,
    "POST /api/v1/attribution/claims/{uuid:claim_id}/confirm": _answered(_claim),
    "POST /api/v1/attribution/claims/{uuid:claim_id}/decline": _answered(_claim, reason="Nobody called."),
    "POST /api/v1/attribution/claims/{uuid:claim_id}/withdraw": _answered(_claim),
    "POST /api/v1/attribution/disputes": _dispute_body,
    "POST /api/v1/attribution/disputes/{uuid:dispute_id}/answer": _answered(_dispute, uphold=False, answer="The rules say so."),
    "POST /api/v1/attribution/disputes/{uuid:dispute_id}/withdraw": _answered(_dispute),
    "POST /api/v1/attribution/reviews/{uuid:deal_id}": _answered(_unattributed, finding="direct"),
    "POST /api/v1/attribution/runs": lambda cast: {"body": {"month": "2026-10-01"}},
    "POST /api/v1/attribution/runs/{uuid:run_id}/lock": _answered(_run),
    "POST /api/v1/attribution/configurations": lambda cast: {"body": {"name": "First", "model": "first"}},
    "POST /api/v1/attribution/configurations/what-if": _body_of_month,
}
