"""Who gets which answer at each door of earnings. Every line is Kallio's; the rep has a share of it. The other partner: 404 wherever a thing is named."""

from datetime import date
from typing import Any

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.earnings import services
from openprm.earnings.models import Alert, Statement
from openprm.earnings.services import Proof
from openprm.earnings.testing import SOME_DAY, earn, make_event
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.scope import scope

FINANCE = ("vendor_admin", "finance_manager")
SENDERS = ("partner_admin", "partner_rep", "partner_marketer", "partner_technical")
COMPANY = ("partner_admin", "partner_reader")
OTHERS = {"marketing_manager": 403}
ALONE = {"partner_collaborator": 403}


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


def _vendor(status: Any = 200) -> dict[str, Any]:
    return _row(status, 404, 404, 302, **OTHERS)


def _finance(status: Any) -> dict[str, Any]:
    return _row(403, 404, 404, 302, **_only(FINANCE, status))


def _own(partner: Any, other: Any, **named: Any) -> dict[str, Any]:
    """A page of the portal that shows the company's line to those who handle its money."""
    return _row(404, partner, other, 302, **ALONE, **named)


PAGES = {
    **{f"earnings:{name}": _vendor() for name in ("earnings", "statements", "statement", "bounties", "bounty", "bounty_proof", "earning", "proof")},
    **{f"earnings:{name}": _finance(200) for name in ("alerts", "adjustments", "adjustment_new", "adjustment")},
    **{
        f"earnings:{name}": _finance(422)
        for name in ("alert_resolve", "adjustment_decide", "bounty_reject", "earning_decline", "earning_hold", "earning_clawback")
    },
    **{f"earnings:{name}": _finance(200) for name in ("deal_tell", "earning_tell")},
    **{f"earnings:{name}": _finance(303) for name in ("bulk", "bounty_accept", "earning_approve")},
    "earnings:adjustment_withdraw": _row(403, 404, 404, 302, vendor_admin=303),
    "earnings:earning_release": _vendor(403),
    **{f"earnings:portal_{name}": _own(200, 200) for name in ("earnings", "bounties")},
    "earnings:portal_statements": _row(404, 403, 403, 302, **_only(COMPANY, 200), other_partner_admin=200),
    "earnings:portal_statement": _row(404, 403, 403, 302, **_only(COMPANY, 200), other_partner_admin=404),
    **{f"earnings:portal_{name}": _own(404, 404, **_only(COMPANY, 200)) for name in ("earning", "proof")},
    **{f"earnings:portal_{name}": _own(404, 404, **_only((*COMPANY, "partner_rep"), 200)) for name in ("bounty", "bounty_proof")},
    "earnings:portal_bounty_new": _row(404, 403, 200, 302, **_only(SENDERS, 200)),
    "earnings:portal_bounty_withdraw": _row(404, 403, 404, 302, partner_admin=303, partner_rep=303, partner_marketer=404, partner_technical=404),
}
ONE = "/api/v1/earnings/{uuid:earning_id}"
ALERT, STATEMENT = "/api/v1/earning-alerts/{uuid:alert_id}", "/api/v1/earning-statements/{uuid:statement_id}"
ADJUSTMENT, BOUNTY = "/api/v1/earning-adjustments/{uuid:adjustment_id}", "/api/v1/bounties/{uuid:bounty_id}"


def _read(partner: Any, other: Any, **named: Any) -> dict[str, Any]:
    return _row(200, partner, other, 401, **OTHERS, **ALONE, **named)


def _decide(status: Any) -> dict[str, Any]:
    return _row(403, 403, 403, 401, **_only(FINANCE, status))


OPERATIONS = {
    "GET /api/v1/earnings": _read(200, 200),
    "GET /api/v1/earnings/summary": _read(200, 200),
    "POST /api/v1/earnings/decide": _decide(200),
    f"GET {ONE}": _read(404, 404, **_only(COMPANY, 200)),
    f"GET {ONE}/proof": _read(404, 404, **_only(COMPANY, 200)),
    f"POST {ONE}/approve": _decide(200),
    f"POST {ONE}/decline": _decide(200),
    f"POST {ONE}/hold": _decide(200),
    f"POST {ONE}/release": _decide(403),
    f"POST {ONE}/claw-back": _decide(200),
    f"POST {ONE}/facts": _decide(200),
    "POST /api/v1/earnings/deals/{uuid:registration_id}/facts": _decide(200),
    "GET /api/v1/earning-alerts": _decide(200),
    f"POST {ALERT}/resolve": _decide(200),
    "GET /api/v1/earning-statements": _row(200, 403, 403, 401, **OTHERS, **_only(COMPANY, 200), other_partner_admin=200),
    f"GET {STATEMENT}": _row(200, 403, 403, 401, **OTHERS, **_only(COMPANY, 200), other_partner_admin=404),
    "GET /api/v1/earning-adjustments": _decide(200),
    "POST /api/v1/earning-adjustments": _decide(201),
    f"GET {ADJUSTMENT}": _decide(200),
    f"POST {ADJUSTMENT}/decide": _row(403, 403, 403, 401, finance_manager=200, vendor_admin=403),
    f"POST {ADJUSTMENT}/withdraw": _row(403, 403, 403, 401, vendor_admin=200),
    "GET /api/v1/bounties": _read(200, 200),
    "POST /api/v1/bounties": _row(403, 403, 201, 401, **_only(SENDERS, 201)),
    f"GET {BOUNTY}": _read(404, 404, **_only((*COMPANY, "partner_rep"), 200)),
    f"POST {BOUNTY}/accept": _decide(200),
    f"POST {BOUNTY}/reject": _decide(200),
    f"POST {BOUNTY}/withdraw": _row(403, 403, 404, 401, partner_admin=200, partner_rep=200, partner_marketer=404, partner_technical=404),
}
ACCESS = {**PAGES, **OPERATIONS}
ANY_VERSION = {"If-Match": "*"}


def _line(cast: Any, **doubts: Any) -> dict[str, Any]:
    make_plan()
    made = earn(make_event(cast.partner_id), doubts=doubts)
    return {"earning_id": made.earning_ids[0]}


def _alert(cast: Any) -> dict[str, Any]:
    found = _line(cast, same_email=True)
    return {"alert_id": Alert.objects.get(earning_id=found["earning_id"]).pk}


def _statement(cast: Any) -> dict[str, Any]:
    _line(cast)
    services.seal_month(month=date(2026, 11, 1), at=SOME_DAY.replace(month=12, day=1))
    return {"statement_id": Statement.objects.get(partner=cast.partner).pk}


def _won(cast: Any) -> dict[str, Any]:
    made = make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue())
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=made, at=SOME_DAY)
    services.accrue_won(registration_ids=[made], at=SOME_DAY)
    return {"registration_id": made}


def _adjustment(cast: Any) -> dict[str, Any]:
    actor = cast.vendor_admin
    with scope(actor):
        made = services.propose_adjustment(actor=actor, partner_id=cast.partner_id, amount_minor=100, currency="EUR", reason="Goodwill", at=SOME_DAY)
    return {"adjustment_id": made}


def _bounty_plan(cast: Any) -> Any:
    return make_plan("case-study", kind="bounty", terms=terms([RateDraft(fixed="500")], event="bounty"))


def _bounty(cast: Any) -> dict[str, Any]:
    plan_id, actor = _bounty_plan(cast), cast.partner_rep
    with scope(actor):
        made = services.submit_bounty(
            actor=actor, plan_id=plan_id, title="Case study", happened_on=date(2026, 11, 20), proof=Proof(name="case.txt", content=b"A case"), at=SOME_DAY
        )
    _keep_the_file(made)
    return {"bounty_id": made}


def _keep_the_file(bounty_id: Any) -> None:
    """What is stored after the commit, which the sweep never reaches."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    if not default_storage.exists(f"earnings/bounties/{bounty_id}"):
        default_storage.save(f"earnings/bounties/{bounty_id}", ContentFile(b"A case"))


def _api(make: Any, body: Any = None) -> Any:
    def args(cast: Any) -> dict[str, Any]:
        return {**make(cast), "body": body(cast) if callable(body) else body or {}, "headers": ANY_VERSION}

    return args


def _of_nothing(cast: Any) -> dict[str, Any]:
    return {}


def _new_adjustment(cast: Any) -> dict[str, Any]:
    return {"partner_id": str(cast.partner_id), "amount_minor": 100, "currency": "EUR", "reason": "Goodwill"}


def _new_bounty(cast: Any) -> dict[str, Any]:
    return {"plan_id": str(_bounty_plan(cast)), "title": "Case study", "happened_on": "2026-11-20", "link": "https://kallio.example/case"}


REASON = {"reason": "As agreed."}
TOLD = {"margin_minor": 1_000_00, "currency": "EUR", "channel": "marketplace", "reason": "From the invoice."}
ARGS = {
    **{
        f"earnings:{name}": _line
        for name in ("earning", "proof", "earning_approve", "earning_decline", "earning_hold", "earning_release", "earning_clawback", "earning_tell")
    },
    "earnings:deal_tell": _won,
    "POST /api/v1/earnings/deals/{uuid:registration_id}/facts": _api(_won, TOLD),
    **{f"earnings:portal_{name}": _line for name in ("earning", "proof")},
    "earnings:alert_resolve": _alert,
    **{f"earnings:{name}": _statement for name in ("statement", "portal_statement")},
    **{f"earnings:{name}": _adjustment for name in ("adjustment", "adjustment_decide", "adjustment_withdraw")},
    **{f"earnings:{name}": _bounty for name in ("bounty", "bounty_proof", "bounty_accept", "bounty_reject")},
    **{f"earnings:portal_{name}": _bounty for name in ("bounty", "bounty_proof", "bounty_withdraw")},
    "POST /api/v1/earnings/decide": _api(_of_nothing, lambda cast: {"ids": [str(_line(cast)["earning_id"])], "action": "approve"}),
    **{operation: _api(_line) for operation in OPERATIONS if ONE in operation},
    f"POST {ONE}/decline": _api(_line, REASON),
    f"POST {ONE}/hold": _api(_line, REASON),
    f"POST {ONE}/claw-back": _api(_line, REASON),
    f"POST {ONE}/facts": _api(_line, TOLD),
    f"POST {ALERT}/resolve": _api(_alert, {"outcome": "dismissed", "resolution": "Known."}),
    f"GET {STATEMENT}": _statement,
    "POST /api/v1/earning-adjustments": _api(_of_nothing, _new_adjustment),
    **{operation: _api(_adjustment) for operation in OPERATIONS if ADJUSTMENT in operation},
    f"POST {ADJUSTMENT}/decide": _api(_adjustment, {"approve": True}),
    "POST /api/v1/bounties": _api(_of_nothing, _new_bounty),
    **{operation: _api(_bounty) for operation in OPERATIONS if BOUNTY in operation},
    f"POST {BOUNTY}/reject": _api(_bounty, {"code": "criteria", "reason": "Not named."}),
}
