"""Changes to identity. Import this module: `from openprm.identity import services as identity`."""

from openprm.identity.services.departure import Closed, Forgotten, close_ways_in, forget_people, reopen_ways_in
from openprm.identity.services.invitations import (
    AlreadyInvited,
    AlreadyOnTheTeam,
    InvitationClosed,
    accept_invitation,
    find_invitation,
    invite_person,
    resend_invitation,
    revoke_invitation,
    user_to_sign_in,
)
from openprm.identity.services.letters import send_invitation, send_password_reset, send_security_notice, send_sign_in_link
from openprm.identity.services.links import (
    LinkUsedUp,
    OtherBrowser,
    find_link,
    forget_old_links,
    request_sign_in_link,
    sign_in_link,
    use_link,
)
from openprm.identity.services.organizations import (
    LOGO_LARGEST_BYTES,
    VendorAlreadyThere,
    create_organization,
    set_organization_status,
    update_branding,
    update_organization,
)
from openprm.identity.services.people import LastAdministrator, add_person, change_role, disable_person, enable_person, update_profile
from openprm.identity.services.portal_view import end_views_that_ran_out, start_view_as, stop_view_as
from openprm.identity.services.saved_views import delete_view, save_view
from openprm.identity.services.sessions import end_sessions_of, forget_ended_sessions, revoke_other_sessions, revoke_session
from openprm.identity.services.tokens import NewToken, TooManyTokens, actor_for_token, create_api_token, revoke_api_token, touch_token

__all__ = [
    "LOGO_LARGEST_BYTES",
    "AlreadyInvited",
    "AlreadyOnTheTeam",
    "Closed",
    "Forgotten",
    "InvitationClosed",
    "LastAdministrator",
    "LinkUsedUp",
    "NewToken",
    "OtherBrowser",
    "TooManyTokens",
    "VendorAlreadyThere",
    "accept_invitation",
    "actor_for_token",
    "add_person",
    "change_role",
    "close_ways_in",
    "create_api_token",
    "create_organization",
    "delete_view",
    "disable_person",
    "enable_person",
    "end_sessions_of",
    "end_views_that_ran_out",
    "find_invitation",
    "find_link",
    "forget_ended_sessions",
    "forget_old_links",
    "forget_people",
    "invite_person",
    "reopen_ways_in",
    "request_sign_in_link",
    "resend_invitation",
    "revoke_api_token",
    "revoke_invitation",
    "revoke_other_sessions",
    "revoke_session",
    "save_view",
    "send_invitation",
    "send_password_reset",
    "send_security_notice",
    "send_sign_in_link",
    "set_organization_status",
    "sign_in_link",
    "start_view_as",
    "stop_view_as",
    "touch_token",
    "update_branding",
    "update_organization",
    "update_profile",
    "use_link",
    "user_to_sign_in",
]
