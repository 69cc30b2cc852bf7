"""Who gets which answer at every door of this domain."""

from openprm.recruitment.testing import make_company, make_profile, make_prospect, make_signal

READ = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
MANAGE = {"vendor_admin": 200, "partner_manager": 200, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
DONE = {303, 404, 409, 422}
ACT = {"vendor_admin": DONE, "partner_manager": DONE, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
CONFIGURE = {"vendor_admin": {200, 303, 422}, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
REFER = {"partner_admin": 200, "partner_rep": 200, "partner_marketer": 200, "partner_technical": 200, "partner_reader": 200, "partner": 403}
API_READ = {"vendor": 200, "partner": 403, "other_partner": 403, "stranger": 401}
ANSWERS = {200, 201, 404, 409, 422, 428}
API_MANAGE = {"vendor_admin": ANSWERS, "partner_manager": ANSWERS, "vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401}
API_CONFIGURE = {"vendor_admin": ANSWERS, "vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401}
API_REFER = {
    "partner_admin": ANSWERS,
    "partner_rep": ANSWERS,
    "partner_marketer": ANSWERS,
    "partner": 403,
    "other_partner": ANSWERS,
    "vendor": 403,
    "stranger": 401,
}

ACCESS = {
    **{f"recruitment:{name}": READ for name in ("board", "prospects", "discovered", "company", "signals", "whitespace", "profiles", "profile", "referrals")},
    "recruitment:prospect": {**READ, "vendor": 303},
    "recruitment:whitespace_cell": {**READ, "vendor": 404},
    **{f"recruitment:{name}": MANAGE for name in ("new_prospect", "convert", "new_company", "edit_facts", "write")},
    **{
        f"recruitment:{name}": ACT
        for name in (
            "prospect_stage", "prospect_edit", "mark_many", "mark", "take_up", "add_contact", "remove_contact", "add_note", "decide_signals", "accept_signal",
            "dismiss_signal", "referral_take_up", "referral_decline",
        )
    },
    "recruitment:profile_preview": CONFIGURE,
    "recruitment:referral_terms": CONFIGURE,
    "recruitment:portal_referrals": {**REFER, "other_partner": 200, "vendor": 404, "stranger": 302},
    "GET /api/v1/prospects": API_READ,
    "POST /api/v1/prospects": API_MANAGE,
    "GET /api/v1/prospects/{uuid:prospect_id}": API_READ,
    "PATCH /api/v1/prospects/{uuid:prospect_id}": API_MANAGE,
    "POST /api/v1/prospects/{uuid:prospect_id}/stage": API_MANAGE,
    "POST /api/v1/prospects/{uuid:prospect_id}/convert": API_MANAGE,
    "GET /api/v1/companies": API_READ,
    "POST /api/v1/companies": API_MANAGE,
    "GET /api/v1/companies/{uuid:company_id}": API_READ,
    "PUT /api/v1/companies/{uuid:company_id}/facts": API_MANAGE,
    "POST /api/v1/companies/{uuid:company_id}/mark": API_MANAGE,
    "POST /api/v1/companies/{uuid:company_id}/take-up": API_MANAGE,
    "POST /api/v1/companies/{uuid:company_id}/letters": API_MANAGE,
    "GET /api/v1/signals": API_READ,
    "POST /api/v1/signals": API_MANAGE,
    "POST /api/v1/signals/{uuid:signal_id}/accept": API_MANAGE,
    "POST /api/v1/signals/{uuid:signal_id}/dismiss": API_MANAGE,
    "GET /api/v1/ideal-profiles": API_READ,
    "POST /api/v1/ideal-profiles": API_CONFIGURE,
    "POST /api/v1/ideal-profiles/score": {**API_READ, "vendor": 200},
    "GET /api/v1/whitespace": API_READ,
    "GET /api/v1/referrals": {"vendor": 200, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 401},
    "POST /api/v1/referrals": API_REFER,
    "POST /api/v1/referrals/{uuid:referral_id}/decline": API_MANAGE,
}  # fmt: skip


def _company(cast):
    return {"company_id": make_company()}


def _prospect(cast):
    return {"prospect_id": make_prospect()}


def _contact(cast):
    return {**_company(cast), "contact_id": make_signal(domain="elsewhere.example", company="Elsewhere")}


def _signal(cast):
    make_company()
    return {"signal_id": make_signal()}


def _program(cast):
    make_profile(cast.program.pk)
    return {"program_id": cast.program.pk}


def _referral(cast):
    return {"referral_id": make_company()}


def _score(cast):
    make_profile(cast.program.pk)
    return {"body": {"program_id": str(cast.program.pk), "facts": {"employees": 120}}}


ARGS = {
    **{f"recruitment:{name}": _company for name in ("company", "edit_facts", "mark", "take_up", "add_contact", "add_note", "write")},
    "recruitment:remove_contact": _contact,
    **{f"recruitment:{name}": _prospect for name in ("prospect", "prospect_stage", "prospect_edit", "convert")},
    **{f"recruitment:{name}": _signal for name in ("accept_signal", "dismiss_signal")},
    **{f"recruitment:{name}": _program for name in ("profile", "profile_preview", "referral_terms")},
    **{f"recruitment:{name}": _referral for name in ("referral_take_up", "referral_decline")},
    **{f"{method} /api/v1/prospects/{{uuid:prospect_id}}": _prospect for method in ("GET", "PATCH")},
    "POST /api/v1/prospects/{uuid:prospect_id}/stage": _prospect,
    "POST /api/v1/prospects/{uuid:prospect_id}/convert": _prospect,
    "GET /api/v1/companies/{uuid:company_id}": _company,
    "PUT /api/v1/companies/{uuid:company_id}/facts": _company,
    "POST /api/v1/companies/{uuid:company_id}/mark": _company,
    "POST /api/v1/companies/{uuid:company_id}/take-up": _company,
    "POST /api/v1/companies/{uuid:company_id}/letters": _company,
    "POST /api/v1/signals/{uuid:signal_id}/accept": _signal,
    "POST /api/v1/signals/{uuid:signal_id}/dismiss": _signal,
    "POST /api/v1/ideal-profiles/score": _score,
    "POST /api/v1/referrals/{uuid:referral_id}/decline": _referral,
}
