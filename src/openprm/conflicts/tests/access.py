"""Who gets which answer at each door of the conflicts room. Who is no side of a case gets the 404 of a missing one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from openprm.conflicts import services
from openprm.conflicts.models import Evidence, Precedent
from openprm.conflicts.testing import make_alarm, make_case, make_decided, make_rejected, pass_time, speak, take_up
from openprm.deals.testing import make_catalogue
from openprm.kernel.scope import scope, system_scope
from openprm.leads.testing import make_lead, offer_lead

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
REVIEWERS = ("vendor_admin", "partner_manager", "finance_manager")
MANAGERS = ("vendor_admin", "partner_manager")
SELLERS = ("partner_admin", "partner_rep")
DONE = {200, 201, 204, 303, 400, 403, 404, 409, 415, 422, 428}


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


SEEN = _row(200, 404, 404, 302)
LISTED = _row(404, 200, 200, 302, partner_collaborator=403)
OWN = _row(404, 200, 404, 302, partner_collaborator=403)


def _judged(status: Any) -> dict[str, Any]:
    return _row(403, 404, 404, 302, **_only(REVIEWERS, status))


def _spoken(status: Any, other: Any = 404) -> dict[str, Any]:
    return _row(404, 403, other, 302, **_only(SELLERS, status))


PAGES = {
    "conflicts:cases": SEEN,
    "conflicts:case": SEEN,
    "conflicts:precedents": SEEN,
    "conflicts:precedent": SEEN,
    "conflicts:file": {**SEEN, **_only(("marketing_manager", "vendor_reader"), 404)},
    "conflicts:open": _row(403, 404, 404, 302, **_only(MANAGERS, 200)),
    "conflicts:open_lead": _row(403, 404, 404, 302, **_only(MANAGERS, 200)),
    "conflicts:open_engagement": _row(403, 404, 404, 302, **_only(MANAGERS, 200)),
    "conflicts:take_up": _row(403, 404, 404, 302, vendor_admin=303, finance_manager=303, partner_manager=403),
    "conflicts:assign": _row(403, 404, 404, 302, **_only(MANAGERS, 303)),
    "conflicts:speak": _row(422, 404, 404, 302),
    "conflicts:note": _row(422, 404, 404, 302, vendor_reader=403),
    "conflicts:dismiss": _row(403, 404, 404, 302, vendor_admin=422, finance_manager=422, partner_manager=422),
    "conflicts:decide": _row(403, 404, 404, 302, vendor_admin=200, finance_manager=403, partner_manager=403),
    "conflicts:answer_appeal": _row(403, 404, 404, 302, vendor_admin=403, finance_manager=200, partner_manager=403),
    "conflicts:prepare": _judged(303),
    "conflicts:precedent_save": _judged(422),
    "conflicts:precedent_withdraw": _judged({303, 409}),
    "conflicts:portal_cases": LISTED,
    "conflicts:portal_precedents": LISTED,
    "conflicts:portal_precedent": LISTED,
    "conflicts:portal_case": OWN,
    "conflicts:portal_file": OWN,
    "conflicts:portal_open": _spoken(200),
    "conflicts:portal_open_lead": _spoken(200),
    "conflicts:portal_open_engagement": _spoken(200),
    "conflicts:portal_speak": _spoken(422),
    "conflicts:portal_withdraw": _spoken(422),
    "conflicts:portal_appeal": _spoken(422),
}
CASE, PRECEDENT = "/api/v1/conflict-cases/{uuid:case_id}", "/api/v1/precedents/{uuid:precedent_id}"


def _read(vendor: Any = 200, partner: Any = 200, other: Any = 404, **named: Any) -> dict[str, Any]:
    return _row(vendor, partner, other, 401, partner_collaborator=403, **named)


def _review() -> dict[str, Any]:
    return _row(403, 403, 403, 401, **_only(REVIEWERS, DONE))


def _side(vendor: Any) -> dict[str, Any]:
    return _row(vendor, 403, DONE, 401, **_only(SELLERS, DONE))


OPERATIONS = {
    "GET /api/v1/conflict-cases": _read(other=200),
    "POST /api/v1/conflict-cases": _row(403, 403, DONE, 401, **_only((*MANAGERS, *SELLERS), DONE)),
    f"GET {CASE}": _read(),
    f"GET {CASE}/clauses": _row(403, 403, 403, 401, **_only(REVIEWERS, 200)),
    f"POST {CASE}/statements": _side(DONE),
    f"POST {CASE}/evidence": _side(DONE),
    f"POST {CASE}/notes": _row(DONE, 403, 403, 401, vendor_reader=403),
    f"POST {CASE}/take-up": _review(),
    f"POST {CASE}/assign": _row(403, 403, 403, 401, **_only(MANAGERS, DONE)),
    f"POST {CASE}/dismiss": _review(),
    f"POST {CASE}/decide": _review(),
    f"POST {CASE}/withdraw": _row(403, 403, DONE, 401, **_only((*MANAGERS, *SELLERS), DONE)),
    f"POST {CASE}/appeal": _side(DONE),
    f"POST {CASE}/appeal/answer": _review(),
    f"POST {CASE}/precedent": _review(),
    "GET /api/v1/precedents": _read(other=200),
    f"GET {PRECEDENT}": _read(other=200),
    f"PUT {PRECEDENT}": _review(),
    f"POST {PRECEDENT}/publish": _review(),
    f"DELETE {PRECEDENT}": _review(),
    "GET /api/v1/conflict-figures": _read(other=200),
}
ACCESS = {**PAGES, **OPERATIONS}


def _alarm(cast: Any) -> dict[str, Any]:
    return {"case_id": make_alarm(cast, make_catalogue(), AT)[0]}


def _file(cast: Any) -> dict[str, Any]:
    case_id = _alarm(cast)["case_id"]
    with scope(cast.partner_rep):
        services.add_evidence(actor=cast.partner_rep, case_id=case_id, name="a.pdf", content=b"%PDF-1.4 mail", at=AT)
    with system_scope():
        return {"evidence_id": Evidence.objects.get().pk}


def _heard(cast: Any) -> dict[str, Any]:
    """A case that the administrator reviews and may decide."""
    case_id = _alarm(cast)["case_id"]
    speak(cast.marketing_manager, case_id, "I returned a call.", AT)
    speak(cast.partner_rep, case_id, "Nobody asked us.", AT)
    take_up(cast.vendor_admin, case_id, AT)
    return {"case_id": case_id}


def _appealed(cast: Any) -> dict[str, Any]:
    case_id = make_decided(cast, make_catalogue(), AT, finding="unfounded")
    with scope(cast.partner_rep):
        services.appeal(actor=cast.partner_rep, case_id=case_id, text="Nobody asked the buyer.", at=AT + 2 * DAY)
    return {"case_id": case_id}


def _closed(cast: Any) -> dict[str, Any]:
    case_id = make_decided(cast, make_catalogue(), AT)
    pass_time(AT + 20 * DAY)
    return {"case_id": case_id}


def _draft(cast: Any) -> dict[str, Any]:
    case_id = _closed(cast)["case_id"]
    with scope(cast.vendor_admin):
        return {"precedent_id": services.prepare(actor=cast.vendor_admin, case_id=case_id, at=AT + 21 * DAY)}


def _published(cast: Any) -> dict[str, Any]:
    found = _draft(cast)
    with scope(cast.vendor_admin):
        services.publish_precedent(actor=cast.vendor_admin, precedent_id=found["precedent_id"], at=AT + 22 * DAY)
    with system_scope():
        assert Precedent.objects.get().state == "published"
    return found


def _rejected(cast: Any) -> dict[str, Any]:
    return {"registration_id": make_rejected(cast.partner_rep, cast.partner_manager, make_catalogue(), at=AT)}


def _disputed(cast: Any) -> dict[str, Any]:
    return {"case_id": make_case(cast.partner_rep, _rejected(cast)["registration_id"], AT + DAY)}


def _lead(cast: Any) -> dict[str, Any]:
    lead_id = make_lead(at=AT, route=False).lead_id
    offer_lead(lead_id, cast.partner_id, at=AT)
    return {"lead_id": lead_id}


ARGS = {
    **dict.fromkeys(("conflicts:case", "conflicts:take_up", "conflicts:assign", "conflicts:speak", "conflicts:note", "conflicts:dismiss"), _alarm),
    **dict.fromkeys(("conflicts:portal_case", "conflicts:portal_speak"), _alarm),
    "conflicts:decide": _heard,
    "conflicts:answer_appeal": _appealed,
    "conflicts:prepare": _closed,
    "conflicts:file": _file,
    "conflicts:portal_file": _file,
    "conflicts:precedent": _published,
    "conflicts:portal_precedent": _published,
    "conflicts:precedent_save": _draft,
    "conflicts:precedent_withdraw": _published,
    "conflicts:open": _rejected,
    "conflicts:portal_open": _rejected,
    "conflicts:open_lead": _lead,
    "conflicts:portal_open_lead": _lead,
    "conflicts:portal_withdraw": _disputed,
    "conflicts:portal_appeal": _disputed,
    **dict.fromkeys((name for name in OPERATIONS if "case_id" in name), _alarm),
    **dict.fromkeys((name for name in OPERATIONS if "precedent_id" in name), _published),
}
