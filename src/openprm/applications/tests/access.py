"""Who gets which answer at every door of this domain."""

from openprm.applications import links
from openprm.applications.testing import make_application, make_draft, make_finished, stored

EVERYBODY = {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 200}
READ = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
DECIDE = {"vendor_admin": {303, 422}, "partner_manager": {303, 422}, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
TAKE_UP = {**DECIDE, "vendor_admin": 409, "partner_manager": 409}
COMMENT = {"vendor": 422, "vendor_reader": 403, "partner": 404, "other_partner": 404, "stranger": 302}
CONFIGURE = {"vendor_admin": 200, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
ANSWER = {"vendor": 409, "partner": 409, "other_partner": 409, "stranger": 409}
ACT = {"vendor": 303, "partner": 303, "other_partner": 303, "stranger": 303}
API_READ = {"vendor": 200, "partner": 403, "other_partner": 403, "stranger": 401}
API_DECIDE = {
    "vendor_admin": {200, 201, 409, 422, 428},
    "partner_manager": {200, 201, 409, 422, 428},
    "vendor": 403,
    "partner": 403,
    "other_partner": 403,
    "stranger": 401,
}
API_COMMENT = {"vendor": {201, 422}, "vendor_reader": 403, "partner": 403, "other_partner": 403, "stranger": 401}
API_CONFIGURE = {"vendor_admin": {200, 201, 409, 422, 428}, "vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401}

ACCESS = {
    "applications:programs_to_join": EVERYBODY,
    "applications:program": EVERYBODY,
    "applications:apply": EVERYBODY,
    "applications:own_application": EVERYBODY,
    "applications:application_page": EVERYBODY,
    "applications:check_application": EVERYBODY,
    "applications:confirm_application": EVERYBODY,
    "applications:answer_application": ANSWER,
    "applications:withdraw_application": ACT,
    "applications:mail_application_link": ACT,
    "applications:applications": READ,
    "applications:funnel": READ,
    "applications:forms": READ,
    "applications:form": READ,
    "applications:form_preview": READ,
    "applications:application": READ,
    "applications:new_form_field": CONFIGURE,
    "applications:form_field": CONFIGURE,
    "applications:program_page": CONFIGURE,
    "applications:approve_application": DECIDE,
    "applications:reject_application": DECIDE,
    "applications:ask_applicant": DECIDE,
    "applications:take_up_application": TAKE_UP,
    "applications:examine_application": DECIDE,
    "applications:note_application": COMMENT,
    "GET /api/v1/applications": API_READ,
    "GET /api/v1/applications/funnel": API_READ,
    "GET /api/v1/applications/{uuid:application_id}": API_READ,
    "POST /api/v1/applications": API_DECIDE,
    "POST /api/v1/applications/{uuid:application_id}/approve": API_DECIDE,
    "POST /api/v1/applications/{uuid:application_id}/reject": API_DECIDE,
    "POST /api/v1/applications/{uuid:application_id}/ask": API_DECIDE,
    "POST /api/v1/applications/{uuid:application_id}/take-up": API_DECIDE,
    "POST /api/v1/applications/{uuid:application_id}/examine": API_DECIDE,
    "POST /api/v1/applications/{uuid:application_id}/notes": API_COMMENT,
    "GET /api/v1/application-forms/{uuid:program_id}": API_READ,
    "PUT /api/v1/application-forms/{uuid:program_id}": API_CONFIGURE,
    "POST /api/v1/application-forms/{uuid:program_id}/publish": API_CONFIGURE,
    "GET /api/v1/application-forms/{uuid:program_id}/page": API_READ,
    "PUT /api/v1/application-forms/{uuid:program_id}/page": API_CONFIGURE,
}


def _code(cast):
    return {"code": cast.program.code}


def _sent(cast):
    return {"application_id": make_application()}


def _program(cast):
    return {"program_id": cast.program.pk}


def _question(cast):
    return {**_program(cast), "code": "employees"}


def _open(cast):
    return {"token": links.open_token(make_draft())}


def _link(cast):
    return {"token": links.open_token(stored(make_application()))}


def _page(cast):
    return {**_open(cast), "number": 2}


def _unconfirmed(cast):
    return {"token": links.open_token(make_finished())}


def _to_confirm(cast):
    return {"token": links.confirm_token(make_finished())}


def _form(cast):
    question = {"code": "employees", "kind": "number", "label": "How many people work for you?"}
    return {**_program(cast), "body": {"questions": [question]}}


def _public(cast):
    return {**_program(cast), "body": {"headline": "Sell with us"}}


def _span(cast):
    return {"body": {}}


def _note(cast):
    return {**_sent(cast), "body": {"body": "Met at the fair."}}


_ONE = "/api/v1/applications/{uuid:application_id}"
_FORM = "/api/v1/application-forms/{uuid:program_id}"
ARGS = {
    "applications:program": _code,
    "applications:apply": _code,
    "applications:own_application": _link,
    "applications:application_page": _page,
    "applications:check_application": _open,
    "applications:confirm_application": _to_confirm,
    "applications:answer_application": _link,
    "applications:withdraw_application": _link,
    "applications:mail_application_link": _link,
    **{f"applications:{name}": _sent for name in ("application", "approve_application", "reject_application", "ask_applicant")},
    **{f"applications:{name}": _sent for name in ("take_up_application", "examine_application", "note_application")},
    **{f"applications:{name}": _program for name in ("form", "form_preview", "new_form_field", "program_page")},
    "applications:form_field": _question,
    f"GET {_ONE}": _sent,
    **{f"POST {_ONE}/{verb}": _sent for verb in ("approve", "reject", "ask", "take-up", "examine")},
    f"POST {_ONE}/notes": _note,
    f"GET {_FORM}": _program,
    f"PUT {_FORM}": _form,
    f"POST {_FORM}/publish": _program,
    f"GET {_FORM}/page": _program,
    f"PUT {_FORM}/page": _public,
}
