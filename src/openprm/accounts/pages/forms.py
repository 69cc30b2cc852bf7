"""Reading what people type about accounts and contacts."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.accounts.words import MOTION
from openprm.identity import queries as identity
from openprm.kernel.countries import country_choices
from openprm.kernel.errors import Conflict, Invalid
from openprm.kernel.money import parse_amount
from openprm.ui.fields import add_problems


class AccountForm(forms.Form):
    name = forms.CharField(label=_("Company name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    domain = forms.CharField(label=_("Web domain"), max_length=253, required=False, help_text=_("For example ostravasteel.cz. It finds duplicates best."))
    country = forms.ChoiceField(label=_("Country"), required=False, choices=partial(country_choices, blank="–"))
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    region = forms.CharField(label=_("Region"), max_length=80, required=False)
    industry = forms.CharField(label=_("Industry"), max_length=80, required=False)
    employees = forms.IntegerField(label=_("Employees"), min_value=0, max_value=100_000_000, required=False)
    revenue = forms.CharField(label=_("Annual revenue"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    motion = forms.ChoiceField(
        label=_("Who sells here"),
        choices=MOTION.items,
        initial="shared",
        help_text=_("Where you sell directly, a partner's registration is shown as a conflict."),
    )
    owner_id = forms.TypedChoiceField(label=_("Owner on your side"), coerce=UUID, empty_value=None, required=False)
    is_customer = forms.BooleanField(label=_("Already a customer"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = [(str(person.id), person.name) for person in identity.holders_of("accounts.view")]
        self.fields["owner_id"].choices = [("", _("Nobody")), *people]

    def values(self, locale: str) -> dict[str, Any]:
        """What was typed, as the services take it. Raises Invalid for an amount that is none."""
        values = dict(self.cleaned_data)
        revenue, currency = values.pop("revenue"), values["currency"].strip().upper()
        if revenue and not currency:
            raise Invalid(_("Say in which currency the revenue is, for example EUR."), field="currency")
        minor = parse_amount(revenue, currency, locale, field="revenue").minor if revenue else None
        return {**values, "currency": currency, "annual_revenue_minor": minor}


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)


def attempt(form: forms.Form, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Run `act` when the form is well-formed; a refusal goes beside its field. Gives (done, result)."""
    if not form.is_valid():
        return False, None
    try:
        return True, act()
    except (Invalid, Conflict) as refusal:
        add_problems(form, refusal)
        return False, None
