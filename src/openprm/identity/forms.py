"""The sign-in library's forms, in our words."""

from allauth.account.forms import LoginForm as _LoginForm
from allauth.account.forms import ResetPasswordForm as _ResetPasswordForm
from django.utils.translation import gettext_lazy as _


class LoginForm(_LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].help_text = ""
        for name, autocomplete in (("login", "username webauthn"), ("password", "current-password")):
            self.fields[name].widget.attrs.pop("placeholder", None)
            self.fields[name].widget.attrs["autocomplete"] = autocomplete
        self.fields.pop("remember", None)


class ResetPasswordForm(_ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)
