"""The forms of identity's pages: shape only, the services check what may be."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from openprm.identity import roles, rules


def _zones() -> tuple[tuple[str, str], ...]:
    """Every zone that is a place, by continent, and UTC."""
    places = [name for name in sorted(available_timezones()) if "/" in name and not name.startswith(("Etc/", "posix", "right"))]
    return tuple((name, name.replace("_", " ")) for name in ["UTC", *places])


ZONES = _zones()
DAYS = ((7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("1 year")))
THEMES = (("system", _("Same as the device")), ("light", _("Light")), ("dark", _("Dark")))


class AskLinkForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=rules.EMAIL_LONGEST, widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class AcceptForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        help_text=_("At least 10 characters. Leave it empty to sign in with links by e-mail instead."),
    )


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, help_text=_("Every time on your pages and in your mails is in this zone."))
    locale = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    theme = forms.ChoiceField(label=_("Appearance"), choices=THEMES, widget=forms.RadioSelect)


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What is it for?"), max_length=80, help_text=_("A name by which you know it again, for example “CRM sync”."))
    days = forms.TypedChoiceField(label=_("Works for"), choices=DAYS, coerce=int, initial=90)
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what your own role can do. “change” does not include “see”."),
    )

    def __init__(self, *args, scopes: tuple[str, ...], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope, _scope_in_words(scope)) for scope in scopes]


def _scope_in_words(scope: str) -> str:
    area, _colon, verb = scope.partition(":")
    words = _("%(area)s: see (%(scope)s)") if verb == "read" else _("%(area)s: change (%(scope)s)")
    return words % {"area": area.capitalize(), "scope": scope}


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("Work e-mail"), max_length=rules.EMAIL_LONGEST, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Name"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles.label_choices(rules.roles_of(kind))
        self.fields["role"].help_text = roles.in_words(rules.roles_of(kind))
        self.fields["role"].initial = rules.admin_role(kind) if kwargs.get("initial", {}).get("first") else rules.default_role(kind)


class OrganizationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    domain = forms.CharField(label=_("Web address"), max_length=253, required=False, help_text=_("For example kallio.fi."))
    country = forms.CharField(label=_("Country"), max_length=2, required=False, help_text=_("Two letters, for example FI."))
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, help_text=_("New people of the team start with it."))


class BrandingForm(forms.Form):
    logo_light = forms.FileField(label=_("Logo on light"), required=False, help_text=_("PNG, JPEG or WebP up to 1 MB. It is shown at most 20 pixels high."))
    logo_dark = forms.FileField(label=_("Logo on dark"), required=False, help_text=_("Without one, the logo above is used on dark too."))
    remove = forms.MultipleChoiceField(
        label=_("Take away"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(("logo_light", _("The logo on light")), ("logo_dark", _("The logo on dark"))),
    )


class VendorBrandingForm(BrandingForm):
    color = forms.CharField(
        label=_("Brand colour"),
        max_length=7,
        required=False,
        help_text=_("A hash and six digits, for example #0b6b57. Shades that people can read are worked out from it."),
    )
    radius = forms.IntegerField(label=_("Corner radius"), min_value=0, max_value=12, help_text=_("0 is square, 12 is very round."))
    field_order = ("color", "radius", "logo_light", "logo_dark", "remove")


class ViewAsForm(forms.Form):
    reason = forms.CharField(label=_("Why?"), max_length=200, required=False, help_text=_("The partner can read this in its history."))
