"""Who may open which door of identity."""

from datetime import timedelta

from openprm.identity import services
from openprm.identity.models import Invitation, Membership
from openprm.identity.testing import membership_of
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.scope import scope

BOTH = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
PORTAL = {"vendor": 404, "partner": 200, "other_partner": 200, "stranger": 302}
NOT_COLLABORATOR = {"partner_collaborator": 403}
PUBLIC = {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 200}
NO_SUCH = {"vendor": 404, "partner": 404, "other_partner": 404, "stranger": 404}
# What is posted names nobody, so those who may post get "not found".
POSTS = {"vendor": 404, "partner": 404, "other_partner": 404, "stranger": 302}

ACCESS = {
    "identity:profile": BOTH,
    "identity:portal_profile": PORTAL,
    "identity:switch_organization": BOTH | {"vendor": 303},
    "identity:portal_switch_organization": PORTAL | {"partner": 303, "other_partner": 303},
    "identity:sessions": BOTH,
    "identity:portal_sessions": PORTAL,
    "identity:tokens": BOTH,
    "identity:portal_tokens": PORTAL,
    "identity:revoke_token": POSTS,
    "identity:portal_revoke_token": POSTS,
    "identity:team": BOTH,
    "identity:portal_team": PORTAL | NOT_COLLABORATOR,
    "identity:change_person": POSTS,
    "identity:portal_change_person": POSTS | NOT_COLLABORATOR,
    "identity:change_invitation": POSTS,
    "identity:portal_change_invitation": POSTS | NOT_COLLABORATOR,
    "identity:organization": BOTH,
    "identity:portal_organization": PORTAL,
    "identity:branding": BOTH | {"vendor": 403, "vendor_admin": 200},
    "identity:portal_branding": PORTAL | {"partner": 403, "partner_admin": 200, "other_partner": 403, "other_partner_admin": 200},
    "identity:partner_people": BOTH,
    "identity:partner_team": BOTH,
    "identity:view_as": BOTH | {"vendor": 403, "vendor_admin": 200, "partner_manager": 200},
    "identity:stop_view_as": {"vendor": 303, "partner": 303, "other_partner": 303, "stranger": 404},
    "identity:ask_link": PUBLIC,
    "identity:sign_in_link": PUBLIC,
    "identity:invitation": PUBLIC,
    "identity:brand_css": PUBLIC,
    "identity:logo": NO_SUCH,
    "GET /api/v1/me": {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 401},
    "GET /api/v1/organizations": {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 401},
    "GET /api/v1/organizations/{uuid:organization_id}": {"vendor": 200, "partner": 200, "other_partner": 404, "stranger": 401},
    "PATCH /api/v1/organizations/{uuid:organization_id}": {
        "vendor": 403, "partner_manager": 200, "vendor_admin": 200, "partner": 403, "partner_admin": 200, "other_partner": 403, "other_partner_admin": 404, "stranger": 401,
    },
    "GET /api/v1/people": {"vendor": 200, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 401},
    "GET /api/v1/people/{uuid:person_id}": {"vendor": 200, "partner": 200, "partner_collaborator": 403, "other_partner": 404, "stranger": 401},
    "PATCH /api/v1/people/{uuid:person_id}": {
        "vendor": 403, "partner_manager": 200, "vendor_admin": 200, "partner": 403, "partner_admin": 200, "other_partner": 403, "other_partner_admin": 404, "stranger": 401,
    },
    "GET /api/v1/invitations": {"vendor": 200, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 401},
    "POST /api/v1/invitations": {
        "vendor": 403, "partner_manager": 201, "vendor_admin": 201, "partner": 403, "partner_admin": 201, "other_partner": 403, "other_partner_admin": 404, "stranger": 401,
    },
    "POST /api/v1/invitations/{uuid:invitation_id}/send": {
        "vendor": 403, "partner_manager": 200, "vendor_admin": 200, "partner": 403, "partner_admin": 200, "other_partner": 403, "other_partner_admin": 404, "stranger": 401,
    },
    "DELETE /api/v1/invitations/{uuid:invitation_id}": {
        "vendor": 403, "partner_manager": 204, "vendor_admin": 204, "partner": 403, "partner_admin": 204, "other_partner": 403, "other_partner_admin": 404, "stranger": 401,
    },
    "GET /api/v1/tokens": {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 401},
    "DELETE /api/v1/tokens/{uuid:token_id}": {"vendor": 404, "partner": 404, "other_partner": 404, "stranger": 401},
}  # fmt: skip


def _link(cast) -> dict:
    return {"token": services.sign_in_link(cast.users["partner_rep"], now()).rstrip("/").rpartition("/")[2]}


def _invitation(cast) -> Invitation:
    with scope(SYSTEM):
        made = services.invite_person(
            actor=SYSTEM, organization_id=cast.partner.pk, email="sanna@kallio.example", role="partner_sales", at=now() - timedelta(minutes=1)
        )
        return Invitation.objects.get(pk=made)


def _open_invitation(cast) -> dict:
    from openprm.identity.services.invitations import renew_invitation_link

    _row, raw = renew_invitation_link(invitation_id=_invitation(cast).pk, at=now())
    return {"token": raw}


def _reader(cast) -> Membership:
    return membership_of(cast.users["partner_reader"])


ARGS = {
    "identity:partner_team": lambda cast: {"organization_id": cast.partner.pk},
    "identity:view_as": lambda cast: {"organization_id": cast.partner.pk},
    "identity:sign_in_link": _link,
    "identity:invitation": _open_invitation,
    "identity:brand_css": lambda cast: {"color": "0b6b57", "radius": 8},
    "identity:logo": lambda cast: {"organization_id": cast.partner.pk, "digest": "0" * 20},
    "GET /api/v1/organizations/{uuid:organization_id}": lambda cast: {"organization_id": cast.partner.pk},
    "PATCH /api/v1/organizations/{uuid:organization_id}": lambda cast: {
        "organization_id": cast.partner.pk, "headers": {"If-Match": '"1"'}, "body": {"legal_name": "Kallio Digital Oyj"},
    },
    "GET /api/v1/people/{uuid:person_id}": lambda cast: {"person_id": _reader(cast).pk},
    "PATCH /api/v1/people/{uuid:person_id}": lambda cast: {
        "person_id": _reader(cast).pk, "headers": {"If-Match": '"1"'}, "body": {"role": "partner_sales"},
    },
    "POST /api/v1/invitations": lambda cast: {
        "body": {"organization_id": str(cast.partner.pk), "email": "sanna@kallio.example", "role": "partner_sales"},
    },
    "POST /api/v1/invitations/{uuid:invitation_id}/send": lambda cast: {"invitation_id": _invitation(cast).pk},
    "DELETE /api/v1/invitations/{uuid:invitation_id}": lambda cast: {"invitation_id": _invitation(cast).pk},
}  # fmt: skip
