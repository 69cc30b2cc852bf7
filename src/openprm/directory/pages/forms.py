"""Reading what people type about partners, references and badges."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.directory import words
from openprm.directory.queries import OwnProfile, ReferenceRow
from openprm.kernel.countries import country_choices
from openprm.kernel.errors import Conflict, Invalid, Problem, Stale, TooMany
from openprm.ui.fields import add_problems

MENDABLE = (Invalid, Conflict, Stale, TooMany)
MOST_OFFICES = 30


def _countries() -> list[tuple[str, str]]:
    return country_choices(blank="–")


def _many(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text)


class ProfileForm(forms.Form):
    summary = forms.CharField(
        label=_("In one sentence"), max_length=200, required=False, help_text=_("What you do best, up to 200 characters. It stands in every result.")
    )
    description = forms.CharField(
        label=_("About your company"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Plain text; an empty line makes a paragraph."),
    )
    logo = forms.FileField(label=_("Logo"), required=False, help_text=_("PNG, JPEG or WebP up to 1 MB, about 640 by 240 pixels."))
    remove_logo = forms.BooleanField(label=_("Take the present logo off"), required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    services = _many(_("Services"), words.SERVICES.items)
    products = forms.CharField(label=_("Products you work with"), max_length=1500, required=False, help_text=_("Separated by commas."))
    industries = _many(_("Industries"), words.INDUSTRIES.items)
    languages = forms.MultipleChoiceField(label=_("Languages"), choices=lambda: words.languages().items(), required=False, widget=forms.CheckboxSelectMultiple)
    regions = _many(_("Regions you serve"), words.REGIONS.items)
    certifications = forms.CharField(
        label=_("Certifications to show"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, for example ISO 27001."),
    )
    takes_messages = forms.BooleanField(
        label=_("Visitors may write to us"), required=False, help_text=_("Your addresses are never shown; visitors fill in a form.")
    )
    contact_email = forms.CharField(
        label=_("Where messages go"), max_length=254, required=False, help_text=_("They also reach your administrators and marketers here.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, profile: OwnProfile) -> dict[str, Any]:
        """The form's first values."""
        values = {name: getattr(profile, name) for name in cls.base_fields if hasattr(profile, name) and name != "logo"}
        return values | {"products": ", ".join(profile.products), "certifications": "\n".join(profile.certifications)}

    def changes(self) -> dict[str, Any]:
        left_out = ("logo", "remove_logo", "version")
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class OfficeForm(forms.Form):
    label = forms.CharField(label=_("Name"), max_length=80, required=False)
    street = forms.CharField(label=_("Street"), max_length=160, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=_countries, required=False)
    latitude = forms.CharField(label=_("Latitude"), max_length=20, required=False)
    longitude = forms.CharField(label=_("Longitude"), max_length=20, required=False)

    @property
    def is_empty(self) -> bool:
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in ("label", "street", "postal_code", "city", "latitude", "longitude"))


class ReferenceForm(forms.Form):
    customer = forms.CharField(label=_("Customer"), max_length=160)
    country = forms.ChoiceField(label=_("Country"), choices=_countries, required=False)
    industry = forms.ChoiceField(label=_("Industry"), choices=lambda: [("", "–"), *words.INDUSTRIES.items()], required=False)
    title = forms.CharField(label=_("What was achieved, in one line"), max_length=160)
    story = forms.CharField(label=_("The story"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    quote = forms.CharField(label=_("A sentence of the customer"), max_length=500, required=False)
    quoted = forms.CharField(label=_("Who said it"), max_length=160, required=False)
    consent_by = forms.CharField(
        label=_("Who agreed"), max_length=160, required=False, help_text=_("The person at the customer who agreed to be named in public. Never shown.")
    )
    consent_email = forms.CharField(
        label=_("That person's e-mail"), max_length=254, required=False, help_text=_("Only for questions of the vendor. Never shown.")
    )
    consent_date = forms.DateField(label=_("Agreed on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, reference: ReferenceRow) -> dict[str, Any]:
        return {name: getattr(reference, name) for name in cls.base_fields}

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.CharField(label=_("Your e-mail"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}))
    company = forms.CharField(label=_("Your company"), max_length=160, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    text = forms.CharField(label=_("Your message"), max_length=3000, widget=forms.Textarea(attrs={"rows": 5}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("What should change"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The partner reads this."))


class RevokeForm(forms.Form):
    note = forms.CharField(
        label=_("Why it is taken back"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The partner reads this; the public does not.")
    )


class SettingsForm(forms.Form):
    heading = forms.CharField(label=_("Heading"), max_length=120, required=False, help_text=_("Above the search. Empty: “Find a partner near you”."))
    lead = forms.CharField(label=_("One sentence below it"), max_length=400, required=False)
    reviewed = _many(
        _("Look at changes of these before they are public"),
        words.FIELDS.items,
        _("Everything else goes live the moment a partner saves it. A first profile is always looked at."),
    )
    is_open = forms.BooleanField(label=_("The directory is open to the public"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CertificateForm(forms.Form):
    partner_id = forms.UUIDField(label=_("Partner"), widget=forms.HiddenInput)
    name = forms.CharField(label=_("Badge"), max_length=120, help_text=_("For example “Certified architect”."))
    subtitle = forms.CharField(label=_("Second line"), max_length=120, required=False)
    description = forms.CharField(label=_("What it says about the holder"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    criteria = forms.CharField(label=_("How it is earned"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class CheckForm(forms.Form):
    file = forms.FileField(label=_("The badge's file"), required=False, help_text=_("The .svg, .png, .jwt or .json as you received it, up to 2 MB."))
    text = forms.CharField(
        label=_("Or the credential as text"), required=False, max_length=200_000, widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
    )


def attempt(form: forms.Form, act: Callable[[Mapping[str, Any]], Any]) -> tuple[bool, Any, int]:
    """(done, what `act` gave, status); a refusal goes beside its field."""
    if not form.is_valid():
        return False, None, 422
    try:
        return True, act(form.cleaned_data), 200
    except MENDABLE as refusal:
        add_problems(form, refusal)
        return False, None, refusal.status


def office_forms(data: Any, count: int) -> list[OfficeForm]:
    return [OfficeForm(data, prefix=f"office{place}") for place in range(min(count, MOST_OFFICES))]


def place_problems(refusal: Invalid, form: forms.Form, offices: list[OfficeForm], filled: list[int]) -> None:
    """Each problem beside its field; those of "offices[1].city" in the row of the second office that was filled in."""
    for problem in refusal.problems or (Problem("", refusal.message),):
        head, _dot, name = problem.field.partition("].")
        if name and head.startswith("offices["):
            offices[filled[int(head.removeprefix("offices["))]].add_error(name, problem.message)
        else:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
