"""Who gets which answer at each door of the onboarding room.

A stranger to a plan (`other_partner`) gets the 404 of a missing one, also where the role would allow the verb.
"""

from typing import Any

from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import scope
from openprm.onboarding import services
from openprm.onboarding.models import PlanLevel, PlanTask, TemplateVersion
from openprm.onboarding.testing import SOME_DAY, make_kit, make_pilot, make_plan, template_id

MANAGERS = ("vendor_admin", "partner_manager")
WORKERS = ("vendor_admin", "partner_manager", "marketing_manager", "finance_manager")
PARTNER_WORKERS = ("partner_admin", "partner_rep", "partner_marketer", "partner_technical")


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


# -- pages of the vendor ---------------------------------------------------------------------------
def _vendor_page(**named: Any) -> dict[str, Any]:
    return _row(200, 404, 404, 302, **named)


def _vendor_act(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return _row(403, 404, 404, 302, **_only(people, status))


PAGES_OF_VENDOR = {
    **{
        f"onboarding:{name}": _vendor_page()
        for name in ("home", "plans", "plan", "first_deals", "task", "file", "templates", "template", "kits", "pilots", "pilot")
    },
    "onboarding:start": _vendor_act(MANAGERS, 200),
    "onboarding:plan_move": _vendor_act(MANAGERS, 409),
    "onboarding:plan_end": _vendor_act(MANAGERS, 422),
    "onboarding:level_skip": _vendor_act(MANAGERS, 422),
    "onboarding:help": _vendor_act(MANAGERS, 200),
    "onboarding:task_done": _vendor_act(WORKERS, {303, 403}),
    "onboarding:task_reopen": _vendor_act(WORKERS, 403),
    "onboarding:task_comment": _vendor_act(WORKERS, 422),
    "onboarding:task_file": _vendor_act(WORKERS, 422),
    "onboarding:task_assign": _vendor_act(WORKERS, {303, 403}),
    "onboarding:file_remove": _vendor_act(WORKERS, {303, 403}),
    "onboarding:task_waive": _vendor_act(MANAGERS, 422),
    "onboarding:task_extend": _vendor_act(MANAGERS, 422),
    "onboarding:template_new": _vendor_act(("vendor_admin",), 200),
    "onboarding:template_settings": _vendor_act(("vendor_admin",), 200),
    "onboarding:draft_begin": _vendor_act(("vendor_admin",), 303),
    "onboarding:draft_discard": _vendor_act(("vendor_admin",), 303),
    "onboarding:draft_ways": _vendor_act(("vendor_admin",), 422),
    "onboarding:draft_publish": _vendor_act(("vendor_admin",), 303),
    "onboarding:level_new": _vendor_act(("vendor_admin",), 200),
    "onboarding:level_edit": _vendor_act(("vendor_admin",), 200),
    "onboarding:task_new": _vendor_act(("vendor_admin",), 200),
    "onboarding:task_edit": _vendor_act(("vendor_admin",), 200),
    "onboarding:draft_shift": _vendor_act(("vendor_admin",), 303),
    "onboarding:draft_remove": _vendor_act(("vendor_admin",), 303),
    "onboarding:kit": _vendor_act(("vendor_admin",), 200),
    "onboarding:kit_send": _vendor_act(MANAGERS, 404),
    "onboarding:pilot_new": _vendor_act(MANAGERS, 200),
    "onboarding:pilot_edit": _vendor_act(MANAGERS, 200),
    "onboarding:pilot_invite": _vendor_act(MANAGERS, 303),
    "onboarding:pilot_start": _vendor_act(MANAGERS, 303),
    "onboarding:pilot_goal": _vendor_act(MANAGERS, 422),
    "onboarding:pilot_measure": _vendor_act(MANAGERS, 422),
    "onboarding:pilot_close": _vendor_act(MANAGERS, 422),
}


# -- pages of the partner --------------------------------------------------------------------------
def _portal_page(other: int = 404) -> dict[str, Any]:
    return _row(404, 200, other, 302)


def _portal_act(people: tuple[str, ...], status: Any, other: Any = 404) -> dict[str, Any]:
    return _row(404, 403, other, 302, **_only(people, status))


PAGES_OF_PARTNER = {
    "onboarding:portal_home": _portal_page(other=200),
    "onboarding:portal_welcome": _portal_page(other=200),
    "onboarding:portal_pilots": _portal_page(other=200),
    "onboarding:portal_plan": _portal_page(),
    "onboarding:portal_task": _portal_page(),
    "onboarding:portal_file": _portal_page(),
    "onboarding:portal_help": _portal_page(),
    "onboarding:portal_pilot": _portal_page(),
    "onboarding:portal_ask": _portal_act(PARTNER_WORKERS, 422, other=422),
    "onboarding:portal_task_done": _portal_act(PARTNER_WORKERS, 303),
    "onboarding:portal_task_reopen": _portal_act(PARTNER_WORKERS, 403),
    "onboarding:portal_task_comment": _row(404, 403, {404, 422}, 302, **_only(PARTNER_WORKERS, 422)),
    "onboarding:portal_task_file": _row(404, 403, {404, 422}, 302, **_only(PARTNER_WORKERS, 422)),
    "onboarding:portal_task_assign": _portal_act(PARTNER_WORKERS, {303, 403}),
    "onboarding:portal_file_remove": _portal_act(PARTNER_WORKERS, {303, 403}),
    "onboarding:portal_pilot_answer": _row(404, 403, 403, 302, partner_admin=303, other_partner_admin=404),
}

# -- API -------------------------------------------------------------------------------------------
BASE = "/api/v1/onboarding"


def _read(partner: Any = 200, other: Any = 200) -> dict[str, Any]:
    return _row(200, partner, other, 401)


def _act(people: tuple[str, ...], status: Any, partner: Any = 403, other: Any = 403) -> dict[str, Any]:
    return _row(403, partner, other, 401, **_only(people, status))


def _work(status: Any) -> dict[str, Any]:
    return _row(403, 403, {404, 422}, 401, **_only((*WORKERS, *PARTNER_WORKERS), status))


API = {
    f"GET {BASE}/plans": _read(),
    f"GET {BASE}/plans/{{uuid:plan_id}}": _read(other=404),
    f"POST {BASE}/plans": _act(MANAGERS, 409),
    f"POST {BASE}/plans/{{uuid:plan_id}}/move": _act(MANAGERS, 428),
    f"POST {BASE}/plans/{{uuid:plan_id}}/end": _act(MANAGERS, 428),
    f"POST {BASE}/levels/{{uuid:level_id}}/skip": _act(MANAGERS, 204),
    f"GET {BASE}/tasks/{{uuid:task_id}}": _read(other=404),
    f"POST {BASE}/tasks/{{uuid:task_id}}/done": _work({200, 403}),
    f"POST {BASE}/tasks/{{uuid:task_id}}/reopen": _work(403),
    f"POST {BASE}/tasks/{{uuid:task_id}}/waive": _act(MANAGERS, 428),
    f"POST {BASE}/tasks/{{uuid:task_id}}/extend": _act(MANAGERS, 428),
    f"PUT {BASE}/tasks/{{uuid:task_id}}/owner": _work({200, 403}),
    f"POST {BASE}/tasks/{{uuid:task_id}}/comments": _work(201),
    f"POST {BASE}/tasks/{{uuid:task_id}}/files": _row(403, 403, 415, 401, **_only((*WORKERS, *PARTNER_WORKERS), 415)),
    f"GET {BASE}/files/{{uuid:evidence_id}}": _read(other=404),
    f"DELETE {BASE}/files/{{uuid:evidence_id}}": _work({204, 403}),
    f"GET {BASE}/milestones": _read(),
    f"POST {BASE}/milestones": _act(MANAGERS, 200),
    f"GET {BASE}/overview": _act(MANAGERS, 200),
    f"GET {BASE}/templates": _act(MANAGERS, 200),
    f"GET {BASE}/templates/{{uuid:template_id}}": _act(MANAGERS, 200),
    f"POST {BASE}/templates": _act(("vendor_admin",), 201),
    f"PUT {BASE}/templates/{{uuid:template_id}}": _act(("vendor_admin",), 428),
    f"POST {BASE}/templates/{{uuid:template_id}}/draft": _act(("vendor_admin",), 200),
    f"DELETE {BASE}/templates/{{uuid:template_id}}/draft": _act(("vendor_admin",), 204),
    f"PUT {BASE}/templates/{{uuid:template_id}}/draft/ways": _act(("vendor_admin",), 200),
    f"PUT {BASE}/templates/{{uuid:template_id}}/draft/levels": _act(("vendor_admin",), 200),
    f"PUT {BASE}/templates/{{uuid:template_id}}/draft/tasks": _act(("vendor_admin",), 200),
    f"POST {BASE}/templates/{{uuid:template_id}}/draft/parts/{{key}}/move": _act(("vendor_admin",), 204),
    f"DELETE {BASE}/templates/{{uuid:template_id}}/draft/parts/{{key}}": _act(("vendor_admin",), 204),
    f"POST {BASE}/templates/{{uuid:template_id}}/draft/publish": _act(("vendor_admin",), 200),
    f"GET {BASE}/kits": _act(MANAGERS, 200),
    f"PUT {BASE}/kits/{{uuid:program_id}}": _act(("vendor_admin",), 200),
    f"POST {BASE}/kits/{{uuid:program_id}}/deliveries": _act(MANAGERS, 201),
    f"GET {BASE}/welcome": _read(),
    f"GET {BASE}/first-deals": _act(MANAGERS, 200),
    f"GET {BASE}/questions": _read(),
    f"GET {BASE}/questions/{{uuid:help_id}}": _read(other=404),
    f"POST {BASE}/questions": _row(403, 403, 201, 401, **_only(PARTNER_WORKERS, 201)),
    f"POST {BASE}/questions/{{uuid:help_id}}/answer": _act(MANAGERS, 200),
    f"GET {BASE}/pilots": _act(MANAGERS, 200),
    f"GET {BASE}/pilots/{{uuid:pilot_id}}": _act(MANAGERS, 200),
    f"POST {BASE}/pilots": _act(MANAGERS, 201),
    f"PUT {BASE}/pilots/{{uuid:pilot_id}}": _act(MANAGERS, 428),
    f"POST {BASE}/pilots/{{uuid:pilot_id}}/partners": _act(MANAGERS, 200),
    f"POST {BASE}/pilots/{{uuid:pilot_id}}/start": _act(MANAGERS, 200),
    f"POST {BASE}/pilots/{{uuid:pilot_id}}/goals": _act(MANAGERS, 201),
    f"PUT {BASE}/pilots/{{uuid:pilot_id}}/goals/{{uuid:goal_id}}": _act(MANAGERS, 200),
    f"POST {BASE}/pilots/{{uuid:pilot_id}}/close": _act(MANAGERS, 200),
    f"GET {BASE}/invitations": _read(),
    f"PUT {BASE}/invitations/{{uuid:pilot_id}}": _row(403, 403, 403, 401, partner_admin=200, other_partner_admin=404),
}

ACCESS = PAGES_OF_VENDOR | PAGES_OF_PARTNER | API


# -- what stands behind the doors ------------------------------------------------------------------
def _plan_id(cast: Any) -> Any:
    return make_plan(cast.partner_id, program_id=cast.program.pk)


def _plan(cast: Any) -> dict[str, Any]:
    return {"plan_id": _plan_id(cast)}


def _task(cast: Any, key: str = "rules") -> dict[str, Any]:
    return {"task_id": PlanTask.objects.get(plan=_plan_id(cast), key=key).pk}


def _level(cast: Any) -> dict[str, Any]:
    return {"level_id": PlanLevel.objects.get(plan=_plan_id(cast), key="arrive").pk}


def _plan_level(cast: Any) -> dict[str, Any]:
    level = PlanLevel.objects.get(plan=_plan_id(cast), key="arrive")
    return {"plan_id": level.plan_id, "level_id": level.pk}


def _file(cast: Any) -> dict[str, Any]:
    with scope(cast.partner_admin):
        found = services.add_evidence(actor=cast.partner_admin, task_id=_task(cast)["task_id"], name="a.pdf", content=b"%PDF-1.7 a", at=SOME_DAY)
    return {"evidence_id": found}


def _help(cast: Any) -> dict[str, Any]:
    with scope(cast.partner_rep):
        return {"help_id": services.ask_for_help(actor=cast.partner_rep, question="Who joins the call?", at=SOME_DAY)}


def _template(cast: Any) -> dict[str, Any]:
    return {"template_id": template_id()}


def _draft(cast: Any, **more: Any) -> dict[str, Any]:
    services.begin_draft(actor=SYSTEM, template_id=template_id(), at=SOME_DAY)
    assert TemplateVersion.objects.filter(state="draft").exists()
    return {"template_id": template_id(), **more}


def _program(cast: Any, **more: Any) -> dict[str, Any]:
    make_kit(cast.vendor_admin, cast.program.pk)
    return {"program_id": cast.program.pk, **more}


def _pilot(cast: Any, *, start: bool = False, **more: Any) -> dict[str, Any]:
    return {"pilot_id": make_pilot(cast.vendor_admin, (cast.partner_id,), start=start), **more}


def _goal(cast: Any, **more: Any) -> dict[str, Any]:
    from openprm.onboarding.models import PilotGoal

    found = _pilot(cast, start=True)
    return {**found, "goal_id": PilotGoal.objects.get(pilot=found["pilot_id"]).pk, **more}


def _with(make: Any, body: Any) -> Any:
    return lambda cast: {**make(cast), "body": body(cast) if callable(body) else body}


REASON = {"reason": "Because"}
PILOT = {"name": "Try", "about": "Why", "kind": "feature", "starts_date": "2026-11-23", "ends_date": "2026-12-23"}
KIT = {"title": "Hi", "message": "Hello"}
LEVEL, TASK = "arrive", "rules"

ARGS = {
    **dict.fromkeys(("onboarding:plan", "onboarding:portal_plan", "onboarding:plan_move", "onboarding:plan_end"), _plan),
    "onboarding:level_skip": _plan_level,
    **dict.fromkeys(
        [f"onboarding:{side}{name}" for side in ("", "portal_") for name in ("task", "task_done", "task_reopen", "task_comment", "task_file", "task_assign")],
        _task,
    ),
    **dict.fromkeys(("onboarding:task_waive", "onboarding:task_extend"), _task),
    **dict.fromkeys([f"onboarding:{side}{name}" for side in ("", "portal_") for name in ("file", "file_remove")], _file),
    **dict.fromkeys(("onboarding:help", "onboarding:portal_help"), _help),
    **dict.fromkeys(("onboarding:template", "onboarding:template_settings", "onboarding:draft_begin"), _template),
    **dict.fromkeys(("onboarding:draft_discard", "onboarding:draft_ways", "onboarding:draft_publish", "onboarding:level_new"), _draft),
    "onboarding:level_edit": lambda cast: _draft(cast, key=LEVEL),
    "onboarding:task_new": lambda cast: _draft(cast, level_key=LEVEL),
    "onboarding:task_edit": lambda cast: _draft(cast, level_key=LEVEL, key=TASK),
    **dict.fromkeys(("onboarding:draft_shift", "onboarding:draft_remove"), lambda cast: _draft(cast, key=TASK)),
    **dict.fromkeys(("onboarding:kit", "onboarding:kit_send"), _program),
    **dict.fromkeys(
        [f"onboarding:{name}" for name in ("pilot", "pilot_edit", "pilot_invite", "pilot_start", "pilot_goal", "pilot_close")],
        _pilot,
    ),
    "onboarding:pilot_measure": _goal,
    **dict.fromkeys(("onboarding:portal_pilot", "onboarding:portal_pilot_answer"), lambda cast: _pilot(cast, start=True)),
    f"GET {BASE}/plans/{{uuid:plan_id}}": _plan,
    f"POST {BASE}/plans": lambda cast: (
        _plan(cast) | {"body": {"partner_id": str(cast.partner_id), "template_id": str(template_id()), "program_id": str(cast.program.pk)}}
    ),
    f"POST {BASE}/plans/{{uuid:plan_id}}/move": _plan,
    f"POST {BASE}/plans/{{uuid:plan_id}}/end": _with(_plan, REASON),
    f"POST {BASE}/levels/{{uuid:level_id}}/skip": _with(_level, REASON),
    f"GET {BASE}/tasks/{{uuid:task_id}}": _task,
    f"POST {BASE}/tasks/{{uuid:task_id}}/done": _task,
    f"POST {BASE}/tasks/{{uuid:task_id}}/reopen": _task,
    f"POST {BASE}/tasks/{{uuid:task_id}}/waive": _with(_task, REASON),
    f"POST {BASE}/tasks/{{uuid:task_id}}/extend": _with(_task, REASON | {"until": "2027-01-20"}),
    f"PUT {BASE}/tasks/{{uuid:task_id}}/owner": _task,
    f"POST {BASE}/tasks/{{uuid:task_id}}/comments": _with(_task, {"body": "Thank you"}),
    f"POST {BASE}/tasks/{{uuid:task_id}}/files": _task,
    f"GET {BASE}/files/{{uuid:evidence_id}}": _file,
    f"DELETE {BASE}/files/{{uuid:evidence_id}}": _file,
    f"POST {BASE}/milestones": lambda cast: {"body": {"partner_id": str(cast.partner_id), "code": "deals.first_won"}},
    f"GET {BASE}/templates/{{uuid:template_id}}": _template,
    f"POST {BASE}/templates": lambda cast: {"body": {"name": "Another"}},
    f"PUT {BASE}/templates/{{uuid:template_id}}": _with(_template, {"name": "Another"}),
    f"POST {BASE}/templates/{{uuid:template_id}}/draft": _template,
    f"DELETE {BASE}/templates/{{uuid:template_id}}/draft": _draft,
    f"PUT {BASE}/templates/{{uuid:template_id}}/draft/ways": _draft,
    f"PUT {BASE}/templates/{{uuid:template_id}}/draft/levels": _with(_draft, {"name": "Grow"}),
    f"PUT {BASE}/templates/{{uuid:template_id}}/draft/tasks": _with(_draft, {"title": "Visit", "level_key": LEVEL}),
    f"POST {BASE}/templates/{{uuid:template_id}}/draft/parts/{{key}}/move": lambda cast: _draft(cast, key=TASK, body={"way": "up"}),
    f"DELETE {BASE}/templates/{{uuid:template_id}}/draft/parts/{{key}}": lambda cast: _draft(cast, key=TASK),
    f"POST {BASE}/templates/{{uuid:template_id}}/draft/publish": _draft,
    f"PUT {BASE}/kits/{{uuid:program_id}}": _with(_program, KIT),
    f"POST {BASE}/kits/{{uuid:program_id}}/deliveries": _with(_program, lambda cast: {"partner_id": str(cast.partner_id)}),
    f"GET {BASE}/questions/{{uuid:help_id}}": _help,
    f"POST {BASE}/questions": lambda cast: {"body": {"question": "Who joins?"}},
    f"POST {BASE}/questions/{{uuid:help_id}}/answer": _with(_help, {"answer": "I do."}),
    f"GET {BASE}/pilots/{{uuid:pilot_id}}": _pilot,
    f"POST {BASE}/pilots": lambda cast: {"body": PILOT},
    f"PUT {BASE}/pilots/{{uuid:pilot_id}}": _with(_pilot, PILOT),
    f"POST {BASE}/pilots/{{uuid:pilot_id}}/partners": _with(_pilot, lambda cast: {"partner_ids": [str(cast.other_partner_id)]}),
    f"POST {BASE}/pilots/{{uuid:pilot_id}}/start": _pilot,
    f"POST {BASE}/pilots/{{uuid:pilot_id}}/goals": _with(_pilot, {"name": "Days", "target": "5"}),
    f"PUT {BASE}/pilots/{{uuid:pilot_id}}/goals/{{uuid:goal_id}}": _with(_goal, {"measured": "7"}),
    f"POST {BASE}/pilots/{{uuid:pilot_id}}/close": _with(lambda cast: _pilot(cast, start=True), {"result": "Well", "roll_out": True}),
    f"PUT {BASE}/invitations/{{uuid:pilot_id}}": _with(lambda cast: _pilot(cast, start=True), {"accept": True}),
}
