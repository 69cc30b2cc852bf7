"""A form of Django's for the questions of a program: it draws them and keeps what was typed; the service judges the answers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _

from openprm.applications import rules
from openprm.applications.rules import Field
from openprm.kernel.countries import country_choices
from openprm.kernel.errors import Invalid
from openprm.ui.fields import add_problems

HONEYPOT = "fax"
OPENED = "openprm.applications.opened"
FEW_CHOICES = 5
AUTOCOMPLETE = {"company_name": "organization", "contact_name": "name", "email": "email", "website": "url", "country": "country"}


class Questions(forms.Form):
    """The questions of one page. Nothing is refused here: `cleaned_data` is what was typed."""

    def __init__(self, fields: Iterable[Field], data: Any = None, *, values: Mapping[str, Any] | None = None):
        listed = list(fields)
        super().__init__(data, initial={field.code: as_typed(field, (values or {}).get(field.code)) for field in listed})
        for field in listed:
            self.fields[field.code] = _drawn(field)

    def refuse(self, refusal: Any) -> "Questions":
        """The same form with the problems beside their fields."""
        self.is_valid()
        add_problems(self, refusal)
        return self

    @property
    def given(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


def as_typed(field: Field, value: Any) -> Any:
    """An answer as its writer would type it again."""
    return value.get("text", "") if isinstance(value, Mapping) else value


def _drawn(field: Field) -> forms.Field:
    made = _MAKERS.get(field.kind, _line)(field)
    made.label, made.help_text, made.required = field.label, field.help, field.required
    made.clean = lambda value: value  # type: ignore[method-assign]
    return made


def _line(field: Field) -> forms.Field:
    kinds = {"number": "numeric", "money": "decimal", "url": "url", "email": "email"}
    attrs = {"inputmode": kinds.get(field.kind), "autocomplete": AUTOCOMPLETE.get(field.code)}
    return forms.CharField(widget=forms.TextInput(attrs={name: value for name, value in attrs.items() if value}))


def _text(field: Field) -> forms.Field:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 5}))


def _choice(field: Field) -> forms.Field:
    options = [(choice.value, choice.label) for choice in field.choices]
    if len(options) <= FEW_CHOICES:
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect)
    return forms.ChoiceField(choices=[("", _("Choose one")), *options])


def _choices(field: Field) -> forms.Field:
    return forms.MultipleChoiceField(choices=[(choice.value, choice.label) for choice in field.choices], widget=forms.CheckboxSelectMultiple)


def _country(field: Field) -> forms.Field:
    return forms.ChoiceField(choices=country_choices(blank=_("Choose a country")), widget=forms.Select(attrs={"autocomplete": "country"}))


def _consent(field: Field) -> forms.Field:
    return forms.BooleanField(widget=forms.CheckboxInput)


_MAKERS = {"long_text": _text, "choice": _choice, "choices": _choices, "country": _country, "consent": _consent}


def opened_stamp(at: datetime) -> str:
    """A signed note of when the form was opened."""
    return signing.dumps(at.isoformat(), salt=OPENED)


def refuse_machine(data: Mapping[str, Any], at: datetime) -> bool:
    """Whether a machine filled in the field that people do not see; it gets no answer that it could learn from.

    Raises Invalid when the form came back sooner than a person types, or after a day.
    """
    if data.get(HONEYPOT):
        return True
    try:
        opened_at = datetime.fromisoformat(signing.loads(str(data.get("opened", ""))[:300], salt=OPENED))
    except (signing.BadSignature, ValueError):
        raise Invalid(_("This page was open for too long. Send it again.")) from None
    if at - opened_at > rules.OPENED_FOR:
        raise Invalid(_("This page was open for too long. Send it again."))
    if rules.typed_too_fast(opened_at=opened_at, at=at):
        raise Invalid(_("That was very quick. Look at your answers once more and send them again."))
    return False
