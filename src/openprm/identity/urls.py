"""The sign-in pages that exist, all under /auth/. Sign-up, change of address and code pages of the library are left out.

Each library view runs as our own pages do: with the actor on the request and inside its scope.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext as _
from django.views.generic import RedirectView

from openprm.kernel.actor import PUBLIC
from openprm.kernel.clock import now
from openprm.kernel.errors import NotAllowed
from openprm.kernel.http import READING, actor_of, refused
from openprm.kernel.scope import scope


def framed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Run and render a library view in the scope of whoever asks."""

    @wraps(view)
    def framed_view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        request.actor, request.at = actor_of(request) or PUBLIC, now()  # type: ignore[attr-defined]
        if request.actor.read_only and request.method not in READING and view is not account.logout:  # type: ignore[attr-defined]
            return refused(request, NotAllowed(_("Leave the partner's view before you change how you sign in.")))
        with scope(request.actor):  # type: ignore[attr-defined]
            response = view(request, **kwargs)
            return response.render() if hasattr(response, "render") else response

    return framed_view


def _page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    return path(route, framed(view), name=name)


_home = RedirectView.as_view(url="/")

urlpatterns = [
    _page("login/", account.login, "account_login"),
    _page("logout/", account.logout, "account_logout"),
    _page("inactive/", account.account_inactive, "account_inactive"),
    _page("by-invitation/", account.signup, "account_signup"),
    _page("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    _page("password/change/", account.password_change, "account_change_password"),
    _page("password/set/", account.password_set, "account_set_password"),
    _page("password/reset/", account.password_reset, "account_reset_password"),
    _page("password/reset/done/", account.password_reset_done, "account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        framed(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    _page("password/reset/key/done/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
    _page("2fa/", mfa.index, "mfa_index"),
    _page("2fa/authenticate/", mfa.authenticate, "mfa_authenticate"),
    _page("2fa/reauthenticate/", mfa.reauthenticate, "mfa_reauthenticate"),
    _page("2fa/totp/activate/", totp.activate_totp, "mfa_activate_totp"),
    _page("2fa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _page("2fa/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _page("2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _page("2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"),
    _page("2fa/passkeys/", webauthn.list_webauthn, "mfa_list_webauthn"),
    _page("2fa/passkeys/add/", webauthn.add_webauthn, "mfa_add_webauthn"),
    _page("2fa/passkeys/reauthenticate/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _page("2fa/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, "mfa_remove_webauthn"),
    _page("2fa/passkeys/<int:pk>/edit/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
    _page("2fa/passkeys/login/", webauthn.login_webauthn, "mfa_login_webauthn"),
    path("address/", _home, name="account_email"),
    path("address/verify/", _home, name="account_email_verification_sent"),
    re_path(r"^address/verify/(?P<key>[-:\w]+)/$", _home, name="account_confirm_email"),
]
