"""Who gets which answer at every door of this domain."""

from openprm.accounts.testing import make_account, make_contact
from openprm.kernel.actor import SYSTEM

MANAGERS = ("vendor_admin", "partner_manager")


def _managers(status, **others):
    return {**dict.fromkeys(MANAGERS, status), **others}


READ = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
MANAGE = _managers(200, vendor=403, partner=404, other_partner=404, stranger=302)
ACT = _managers({303, 404, 422}, vendor=403, partner=404, other_partner=404, stranger=302)
PORTAL = {"vendor": 404, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 302}
SELLERS = {"partner_admin": {303, 422}, "partner_rep": {303, 422}, "vendor": 404, "partner": 403, "other_partner": 404, "stranger": 302}
API_READ = {"vendor": 200, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 401}
API_ACT = _managers({200, 201, 204, 409, 422, 428}, vendor=403, partner=403, other_partner=403, stranger=401)
API_CONTACT = _managers(
    {200, 201, 204, 422, 428}, vendor=403, partner_admin={200, 204, 422, 428}, partner_rep={200, 204, 422, 428}, partner=403, other_partner=404, stranger=401
)

ACCESS = {
    "accounts:accounts": READ,
    "accounts:account": READ,
    "accounts:new_account": MANAGE,
    "accounts:edit_account": MANAGE,
    "accounts:add_contact": ACT,
    "accounts:decide_twin": ACT,
    "accounts:share": ACT,
    "accounts:remove_contact": ACT,
    "accounts:undo_merge": ACT,
    "accounts:portal_accounts": PORTAL,
    "accounts:portal_account": {**PORTAL, "other_partner": 404},
    "accounts:portal_add_contact": {**SELLERS, "other_partner": {404, 422}},
    "accounts:portal_remove_contact": SELLERS,
    "GET /api/v1/accounts": API_READ,
    "GET /api/v1/accounts/candidates": {**API_ACT},
    "GET /api/v1/accounts/{uuid:account_id}": {**API_READ, "other_partner": 404},
    "POST /api/v1/accounts": API_ACT,
    "PATCH /api/v1/accounts/{uuid:account_id}": API_ACT,
    "POST /api/v1/accounts/{uuid:account_id}/merge": API_ACT,
    "POST /api/v1/accounts/merges/{uuid:merge_id}/undo": API_ACT,
    "POST /api/v1/accounts/{uuid:account_id}/apart": API_ACT,
    "GET /api/v1/contacts": API_READ,
    "GET /api/v1/contacts/{uuid:contact_id}": {**API_READ, "other_partner": 404},
    "POST /api/v1/contacts": {**API_CONTACT, "other_partner": 422},
    "PATCH /api/v1/contacts/{uuid:contact_id}": {**API_CONTACT, "other_partner": {404, 422}},
    "DELETE /api/v1/contacts/{uuid:contact_id}": API_CONTACT,
}


def _account(cast):
    return {"account_id": make_account(partner_id=cast.partner_id)}


def _contact(cast):
    return {"contact_id": make_contact(account_id=make_account(partner_id=cast.partner_id), partner_id=cast.partner_id)}


def _merge(cast):
    from openprm.accounts import services
    from openprm.accounts.testing import SOME_DAY
    from openprm.kernel.scope import system_scope

    kept, merged = make_account(name="Kept"), make_account(name="Merged")
    with system_scope():
        return {"merge_id": services.merge_accounts(actor=SYSTEM, kept_id=kept, merged_id=merged, at=SOME_DAY)}


ARGS = {
    **{f"accounts:{name}": _account for name in ("account", "edit_account", "add_contact", "decide_twin", "share", "portal_account", "portal_add_contact")},
    **{f"accounts:{name}": _contact for name in ("remove_contact", "portal_remove_contact")},
    "accounts:undo_merge": _merge,
    "GET /api/v1/accounts/{uuid:account_id}": _account,
    "PATCH /api/v1/accounts/{uuid:account_id}": _account,
    "POST /api/v1/accounts/{uuid:account_id}/merge": _account,
    "POST /api/v1/accounts/{uuid:account_id}/apart": _account,
    "POST /api/v1/accounts/merges/{uuid:merge_id}/undo": _merge,
    "GET /api/v1/contacts/{uuid:contact_id}": _contact,
    "PATCH /api/v1/contacts/{uuid:contact_id}": _contact,
    "DELETE /api/v1/contacts/{uuid:contact_id}": _contact,
}
