"""Who gets which answer at each door of the action plans.

A stranger to a plan (`other_partner`) gets the 404 of a missing one, also where the role would allow the verb.
"""

from datetime import date
from typing import Any

from openprm.actionplans import services
from openprm.actionplans.testing import SOME_DAY, make_deal, make_plan, make_step, template_id
from openprm.kernel.scope import scope

MANAGERS = ("vendor_admin", "partner_manager")
WORKERS = ("partner_admin", "partner_rep", "partner_technical")
SIGNERS = ("partner_admin", "partner_rep")
HIDDEN = {"partner_collaborator": 404}
"""A collaborator that does not work on this deal: its role would allow the work, but there is no such plan for it."""


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


def _read(name: str, **portal: Any) -> dict[str, Any]:
    return {f"actionplans:{name}": _row(200, 404, 404, 302), f"actionplans:portal_{name}": _row(404, 200, 404, 302, **HIDDEN, **portal)}


def _work(name: str, status: Any, portal: Any = None) -> dict[str, Any]:
    """Open to those who work on plans, on either side."""
    return {
        f"actionplans:{name}": _row(403, 404, 404, 302, **_only(MANAGERS, status)),
        f"actionplans:portal_{name}": _row(404, 403, 404, 302, **_only(WORKERS, portal or status), **HIDDEN),
    }


def _sign(name: str, status: Any) -> dict[str, Any]:
    return {
        f"actionplans:{name}": _row(403, 404, 404, 302, **_only(MANAGERS, status)),
        f"actionplans:portal_{name}": _row(404, 403, 404, 302, **_only(SIGNERS, status)),
    }


def _configure(name: str, status: Any) -> dict[str, Any]:
    return {f"actionplans:{name}": _row(403, 404, 404, 302, vendor_admin=status)}


PAGES = {
    "actionplans:plans": _row(200, 404, 404, 302),
    "actionplans:portal_plans": _row(404, 200, 200, 302),
    **_read("plan"),
    **_read("step"),
    **_read("file"),
    **_work("start", 404),  # no deal is named
    **_work("plan_shift", 200),
    **_work("step_new", 200),
    **_work("step_edit", 200),
    **_work("step_done", 403, 303),  # a step of the partner
    **_work("step_skip", 422),
    **_work("step_reopen", 403),
    **_work("step_share", 403),
    **_work("step_remove", 403),
    **_work("step_file", 422),
    **_work("file_remove", {303, 403}),
    **_sign("plan_sign", 303),
    **_sign("plan_end", 422),
    "actionplans:templates": _row(200, 404, 404, 302),
    "actionplans:template": _row(200, 404, 404, 302),
    **_configure("template_new", 200),
    **_configure("template_settings", 200),
    **_configure("draft_begin", 303),
    **_configure("draft_discard", 303),
    **_configure("draft_publish", 303),
    **_configure("template_step_new", 200),
    **_configure("template_step", 200),
    **_configure("template_step_remove", 303),
}

ONE, STEP = "/api/v1/action-plans/{uuid:plan_id}", "/api/v1/action-plans/steps/{uuid:step_id}"
TEMPLATE = "/api/v1/action-plan-templates/{uuid:template_id}"


def _api_read() -> dict[str, Any]:
    return _row(200, 200, 404, 401, **HIDDEN)


def _api_work(status: Any, vendor: Any = None) -> dict[str, Any]:
    return _row(403, 403, 404, 401, **_only(MANAGERS, vendor or status), **_only(WORKERS, status), **HIDDEN)


def _api_sign(status: Any) -> dict[str, Any]:
    return _row(403, 403, 404, 401, **_only((*MANAGERS, *SIGNERS), status))


def _api_configure(status: Any) -> dict[str, Any]:
    return _row(403, 403, 403, 401, vendor_admin=status)


OPERATIONS = {
    "GET /api/v1/action-plans": _row(200, 200, 200, 401),
    "POST /api/v1/action-plans": _api_work(201),
    f"GET {ONE}": _api_read(),
    f"POST {ONE}/agree": _api_sign(200),
    f"GET {ONE}/close-date": {**_api_read(), "vendor": {200, 422}, "partner": {200, 422}, "other_partner": {404, 422}, "partner_collaborator": {404, 422}},
    f"POST {ONE}/close-date": _api_work(200),
    f"POST {ONE}/end": _api_sign(200),
    f"POST {ONE}/steps": _api_work(201),
    f"GET {STEP}": _api_read(),
    f"PATCH {STEP}": _api_work(200),
    f"POST {STEP}/done": _api_work(200, 403),
    f"POST {STEP}/skip": _api_work(200, 403),
    f"POST {STEP}/reopen": _api_work(403),
    f"POST {STEP}/share": _api_work(403),
    f"DELETE {STEP}": _api_work(403),
    f"POST {STEP}/files": _row(403, 403, 415, 401, **_only((*MANAGERS, *WORKERS, "partner_collaborator"), 415)),
    "GET /api/v1/action-plans/files/{uuid:evidence_id}": _api_read(),
    "DELETE /api/v1/action-plans/files/{uuid:evidence_id}": _api_work({204, 403}),
    "GET /api/v1/action-plan-templates/choices": _row(200, 200, 200, 401),
    "GET /api/v1/action-plan-templates": _api_configure(200),
    "POST /api/v1/action-plan-templates": _api_configure(201),
    f"GET {TEMPLATE}": _api_configure(200),
    f"PATCH {TEMPLATE}": _api_configure(200),
    f"PUT {TEMPLATE}/draft": _api_configure(200),
    f"DELETE {TEMPLATE}/draft": _api_configure(204),
    f"POST {TEMPLATE}/publish": _api_configure(200),
}
ACCESS = {**PAGES, **OPERATIONS}

# -- the things behind the doors -------------------------------------------------------------------
ANY_VERSION = {"If-Match": "*"}


def _plan(cast: Any) -> dict[str, Any]:
    plan_id = make_plan(cast)
    make_step(cast.partner_rep, plan_id, "Demo")
    return {"plan_id": plan_id}


def _step(cast: Any) -> dict[str, Any]:
    return {"step_id": make_step(cast.partner_rep, make_plan(cast), "Demo")}


def _file(cast: Any) -> dict[str, Any]:
    step_id = _step(cast)["step_id"]
    with scope(cast.partner_rep):
        return {"evidence_id": services.add_evidence(actor=cast.partner_rep, step_id=step_id, name="a.pdf", content=b"%PDF-1.7\nx", at=SOME_DAY)}


def _template(cast: Any) -> dict[str, Any]:
    return {"template_id": template_id()}


def _draft(cast: Any) -> dict[str, Any]:
    with scope(cast.vendor_admin):
        services.begin_draft(actor=cast.vendor_admin, template_id=template_id(), at=SOME_DAY)
    return _template(cast)


def _with(make: Any, **more: Any) -> Any:
    return lambda cast: {**make(cast), **more}


def _both(name: str, make: Any) -> dict[str, Any]:
    return {f"actionplans:{name}": make, f"actionplans:portal_{name}": make}


STEP_BODY = {"title": "Demo", "side": "customer", "customer_contact": "Petra Malá", "due_date": "2026-12-15"}
CLOSE_BODY = {"close_date": date(2027, 4, 7).isoformat()}
KEYED = _with(_draft, key="demo")
ARGS = {
    **{door: make for name in ("plan", "plan_shift", "step_new", "plan_sign", "plan_end") for door, make in _both(name, _plan).items()},
    **{
        door: make
        for name in ("step", "step_edit", "step_done", "step_skip", "step_reopen", "step_share", "step_remove", "step_file")
        for door, make in _both(name, _step).items()
    },
    **_both("file", _file),
    **_both("file_remove", _file),
    **{f"actionplans:{name}": _template for name in ("template", "template_settings", "draft_begin")},
    **{f"actionplans:{name}": _draft for name in ("draft_discard", "draft_publish", "template_step_new")},
    "actionplans:template_step": KEYED,
    "actionplans:template_step_remove": KEYED,
    "POST /api/v1/action-plans": lambda cast: {"body": {"subject_id": str(make_deal(cast))}},
    f"GET {ONE}": _plan,
    f"GET {ONE}/close-date": _plan,
    f"POST {ONE}/agree": _plan,
    f"POST {ONE}/close-date": _with(_plan, body=CLOSE_BODY, headers=ANY_VERSION),
    f"POST {ONE}/end": _with(_plan, body={"reason": "Done"}, headers=ANY_VERSION),
    f"POST {ONE}/steps": _with(_plan, body=STEP_BODY),
    f"GET {STEP}": _step,
    f"PATCH {STEP}": _with(_step, body={"title": "Demo on site"}, headers=ANY_VERSION),
    f"POST {STEP}/done": _step,
    f"POST {STEP}/skip": _with(_step, body={"reason": "Seen at the fair"}),
    f"POST {STEP}/reopen": _step,
    f"POST {STEP}/share": _step,
    f"DELETE {STEP}": _step,
    f"POST {STEP}/files": _step,
    "GET /api/v1/action-plans/files/{uuid:evidence_id}": _file,
    "DELETE /api/v1/action-plans/files/{uuid:evidence_id}": _file,
    "POST /api/v1/action-plan-templates": lambda cast: {"body": {"name": "Short plan"}},
    f"GET {TEMPLATE}": _template,
    f"PATCH {TEMPLATE}": _with(_template, body={"about": "For all"}, headers=ANY_VERSION),
    f"PUT {TEMPLATE}/draft": _with(_template, body={"steps": [{"key": "demo", "title": "Demo", "side": "partner", "days_before": 5}]}),
    f"DELETE {TEMPLATE}/draft": _draft,
    f"POST {TEMPLATE}/publish": _draft,
}
