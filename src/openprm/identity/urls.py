"""The sign-in pages that exist, all under /auth/. Sign-up, change of address and code pages of the library are left out."""

from allauth.account import views as account
from django.urls import include, path, re_path
from django.views.generic import RedirectView

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("by-invitation/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", account.password_reset_from_key, name="account_reset_password_from_key"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("2fa/", include("allauth.mfa.urls")),
    path("address/", RedirectView.as_view(url="/"), name="account_email"),
    path("address/verify/", RedirectView.as_view(url="/"), name="account_email_verification_sent"),
    re_path(r"^address/verify/(?P<key>[-:\w]+)/$", RedirectView.as_view(url="/"), name="account_confirm_email"),
]
