"""Who gets which answer at every door of intake, referrals and the fairness report; `access.py` joins the tables."""

from datetime import UTC, datetime

from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import scope, system_scope
from openprm.leads import services
from openprm.leads.rules.consent import ConsentGiven, Ground
from openprm.leads.services import FormContent, FormSettings, Sender, links
from openprm.leads.testing import make_draft, make_lead

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
EVERYBODY = {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 200}
HOOK = {"vendor": 400, "partner": 400, "other_partner": 400, "stranger": 400}
READ = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
MAY_CREATE = {"vendor_admin": 200, "partner_manager": 200, "marketing_manager": 200, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
MAY_MANAGE = {"vendor_admin": 200, "marketing_manager": 200, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
MAY_ROUTE = {**MAY_CREATE, "vendor_admin": 303, "partner_manager": 303, "marketing_manager": 303}
MAY_DECLINE = {**MAY_CREATE, "vendor_admin": 422, "partner_manager": 422, "marketing_manager": 422}
REFERS = {"partner_admin": 200, "partner_rep": 200, "partner_marketer": 200, "partner": 403, "other_partner": 200, "vendor": 404, "stranger": 302}
OWN_REFERRAL = {**REFERS, "other_partner": 404}
WORKS = {"partner_admin": 200, "partner_rep": 200, "partner": 403, "other_partner": 200, "vendor": 404, "stranger": 302}
_WRITES = {200, 201, 412, 422, 428}
API_CREATE = {
    "vendor_admin": _WRITES,
    "partner_manager": _WRITES,
    "marketing_manager": _WRITES,
    "vendor": 403,
    "partner": 403,
    "other_partner": 403,
    "stranger": 401,
}
API_MANAGE = {"vendor_admin": _WRITES, "marketing_manager": _WRITES, "vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401}
API_READ = {"vendor": 200, "partner_collaborator": 403, "partner": 200, "other_partner": 200, "stranger": 401}
API_OWN = {**API_READ, "other_partner": 404}
API_REFER = {"vendor": {403, 422}, "partner_collaborator": 403, "partner": {201, 403, 422}, "other_partner": {201, 422}, "stranger": 401}

ACCESS = {
    "leads:lead_form": EVERYBODY,
    "leads:form_thanks": EVERYBODY,
    "leads:confirm_submission": EVERYBODY,
    "leads:withdraw_consent": EVERYBODY,
    "leads:receive_event": HOOK,
    "leads:new_lead": MAY_CREATE,
    "leads:forms": READ,
    "leads:new_form": MAY_MANAGE,
    "leads:form": READ,
    "leads:sources": READ,
    "leads:source": READ,
    "leads:referrals": READ,
    "leads:referral": READ,
    "leads:take_up_referral": MAY_ROUTE,
    "leads:decline_referral": MAY_DECLINE,
    "leads:fairness": READ,
    "leads:portal_referrals": REFERS,
    "leads:portal_refer": REFERS,
    "leads:portal_referral": OWN_REFERRAL,
    "leads:portal_fairness": WORKS,
    "POST /api/v1/leads": API_CREATE,
    "POST /api/v1/leads/bulk": API_CREATE,
    "GET /api/v1/lead-forms": API_MANAGE,
    "POST /api/v1/lead-forms": API_MANAGE,
    "GET /api/v1/lead-forms/{uuid:form_id}": API_MANAGE,
    "PUT /api/v1/lead-forms/{uuid:form_id}": API_MANAGE,
    "GET /api/v1/lead-sources": API_MANAGE,
    "POST /api/v1/lead-sources": API_MANAGE,
    "GET /api/v1/lead-referrals": API_READ,
    "POST /api/v1/lead-referrals": API_REFER,
    "GET /api/v1/lead-referrals/{uuid:referral_id}": API_OWN,
    "POST /api/v1/lead-referrals/{uuid:referral_id}/take-up": API_CREATE,
    "POST /api/v1/lead-referrals/{uuid:referral_id}/decline": API_CREATE,
    "GET /api/v1/routing-fairness": API_READ,
}


def _form(cast):
    content = FormContent(title="Talk to us", consent_text="You may call me.")
    with system_scope():
        return services.create_form(actor=SYSTEM, code="talk-to-us", settings=FormSettings(name="Contact"), content=content, at=AT)


def _code(cast):
    _form(cast)
    return {"code": "talk-to-us"}


def _source(cast):
    with system_scope():
        return {"source_id": services.create_source(actor=SYSTEM, code="salesforce", name="Salesforce", at=AT)}


def _source_code(cast):
    _source(cast)
    return {"code": "salesforce"}


def _referral(cast):
    consent = ConsentGiven(ground=Ground.INTEREST, source="Balance of interests")
    with scope(cast.partner_rep):
        return {"referral_id": services.refer_lead(actor=cast.partner_rep, draft=make_draft(), consent=consent, at=AT).referral_id}


def _submission(cast):
    _form(cast)
    given = {"company_name": "K", "contact_name": "A", "contact_email": "a@k.example", "country": "FI", "consent": "on"}
    made = services.submit(code="talk-to-us", given=given, sender=Sender(own_origin="https://prm.example"), at=datetime.now(UTC))
    return {"token": links.token_of(made.pk, links.CONFIRM)}


ARGS = {
    "leads:lead_form": _code,
    "leads:form_thanks": _code,
    "leads:confirm_submission": _submission,
    "leads:withdraw_consent": lambda cast: {"token": links.token_of(make_lead(at=AT, route=False).lead_id, links.WITHDRAW)},
    "leads:receive_event": _source_code,
    "leads:form": lambda cast: {"form_id": _form(cast)},
    "leads:source": _source,
    "leads:referral": _referral,
    "leads:take_up_referral": _referral,
    "leads:decline_referral": _referral,
    "leads:portal_referral": _referral,
    "GET /api/v1/lead-forms/{uuid:form_id}": lambda cast: {"form_id": _form(cast)},
    "PUT /api/v1/lead-forms/{uuid:form_id}": lambda cast: {"form_id": _form(cast)},
    "GET /api/v1/lead-referrals/{uuid:referral_id}": _referral,
    "POST /api/v1/lead-referrals/{uuid:referral_id}/take-up": _referral,
    "POST /api/v1/lead-referrals/{uuid:referral_id}/decline": _referral,
}
