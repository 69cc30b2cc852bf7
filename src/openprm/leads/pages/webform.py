"""A form of Django's for the fields of a lead form: it draws them and keeps what was typed; the service judges the answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _

from openprm.kernel.countries import country_choices
from openprm.kernel.errors import Invalid
from openprm.leads.intake_wording import ASKED
from openprm.leads.queries import PublicForm
from openprm.leads.rules import webform as rules
from openprm.leads.rules.webform import FormField
from openprm.ui.fields import add_problems

HONEYPOT = "fax"
OPENED = "openprm.leads.opened"
_ATTRS = {
    "company_name": {"autocomplete": "organization"},
    "contact_name": {"autocomplete": "name"},
    "contact_email": {"autocomplete": "email", "inputmode": "email"},
    "contact_title": {"autocomplete": "organization-title"},
    "contact_phone": {"autocomplete": "tel", "inputmode": "tel"},
    "company_domain": {"autocomplete": "url", "inputmode": "url"},
    "city": {"autocomplete": "address-level2"},
    "postal_code": {"autocomplete": "postal-code"},
    "employees": {"inputmode": "numeric"},
    "amount": {"inputmode": "decimal"},
}


class LeadForm(forms.Form):
    """The fields of one form. Nothing is refused here: `given` is what was typed."""

    def __init__(self, shown: PublicForm, data: Any = None):
        super().__init__(data)
        for field in shown.fields:
            self.fields[field.name] = _drawn(field, shown)
        self.fields["consent"] = forms.BooleanField(label=shown.consent_text)
        self.fields["consent"].clean = lambda value: bool(value)  # type: ignore[method-assign]

    @property
    def given(self) -> Mapping[str, Any]:
        self.is_valid()
        return self.cleaned_data

    def refuse(self, refusal: Any) -> "LeadForm":
        """The same form with the problems beside their fields."""
        self.is_valid()
        add_problems(self, refusal)
        return self

    def questions(self) -> list[Any]:
        """Everything but the box of the consent, which stands by itself."""
        return [bound for bound in self if bound.name != "consent"]


def _drawn(field: FormField, shown: PublicForm) -> forms.Field:
    made = _made(field, shown)
    made.label, made.required = field.label or ASKED[field.name], field.required
    made.clean = lambda value: value  # type: ignore[method-assign]
    return made


def _made(field: FormField, shown: PublicForm) -> forms.Field:
    if field.name == "country":
        return forms.ChoiceField(choices=country_choices(blank=_("Choose a country")), widget=forms.Select(attrs={"autocomplete": "country"}))
    if field.name == "product_line_id":
        return forms.ChoiceField(choices=[("", _("Choose one")), *shown.product_lines])
    if field.choices:
        return forms.ChoiceField(choices=[("", _("Choose one")), *((one, one) for one in field.choices)])
    if field.name == "message":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2000}))
    return forms.CharField(widget=forms.TextInput(attrs=_ATTRS.get(field.name, {})))


def opened_stamp(at: datetime) -> str:
    """A signed note of when the form was opened."""
    return signing.dumps(at.isoformat(), salt=OPENED)


def is_machine(data: Mapping[str, Any]) -> bool:
    """Whether the field that people do not see was filled in. Who did that gets no answer to learn from."""
    return bool(data.get(HONEYPOT))


def refuse_stampless(data: Mapping[str, Any], at: datetime) -> None:
    """Raise Invalid when our own form came back sooner than a person types, or after half a day."""
    try:
        opened_at = datetime.fromisoformat(signing.loads(str(data.get("opened", ""))[:300], salt=OPENED))
    except (signing.BadSignature, ValueError):
        raise Invalid(_("This page was open for too long. Send it again.")) from None
    if at - opened_at > rules.OPENED_FOR:
        raise Invalid(_("This page was open for too long. Send it again."))
    if rules.typed_too_fast(opened_at=opened_at, at=at):
        raise Invalid(_("That was very quick. Look at your answers once more and send them again."))
