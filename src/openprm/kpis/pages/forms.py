"""What people type: targets, costs, reasons, and the terms of a public label."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.numbers import NumberFormatError, parse_decimal
from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.kernel.money import Money, currencies, parse_amount
from openprm.kpis import queries, wording

COMMON = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY")
TYPED = {"inputmode": "decimal", "autocomplete": "off"}
VERSION = 2**31 - 1
LARGEST = Decimal(10) ** 15


class TargetForm(forms.Form):
    kpi = forms.ChoiceField(label=_("Number"))
    period = forms.ChoiceField(label=_("For"), choices=tuple(wording.TARGET_PERIODS.items()))
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("Of the month, quarter or year."))
    value = forms.CharField(
        label=_("Should be"),
        max_length=30,
        widget=forms.TextInput(attrs=TYPED),
        help_text=_("Money in whole units of the reporting currency; shares in percent."),
    )
    version = forms.IntegerField(required=False, min_value=0, max_value=VERSION, widget=forms.HiddenInput)

    def __init__(self, *args: Any, known: tuple[queries.Definition, ...], locale: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.locale = locale
        self.fields["kpi"].choices = [(one.name, one.label) for one in known]

    def clean_value(self) -> Decimal:
        return number(self.cleaned_data["value"], self.locale)


class NewValueForm(forms.Form):
    """A target that stands gets another value; what it is of stays."""

    value = forms.CharField(label=_("Should be"), max_length=30, widget=forms.TextInput(attrs=TYPED))
    version = forms.IntegerField(min_value=0, max_value=VERSION, widget=forms.HiddenInput)

    def __init__(self, *args: Any, locale: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.locale = locale

    def clean_value(self) -> Decimal:
        return number(self.cleaned_data["value"], self.locale)


class CostForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=tuple(wording.COST_KINDS.items()))
    month = forms.CharField(label=_("Month"), max_length=10, widget=forms.TextInput(attrs={"type": "month"}))
    amount = forms.CharField(label=_("Amount"), max_length=24, widget=forms.TextInput(attrs=TYPED))
    currency = forms.ChoiceField(label=_("Currency"))
    partner = forms.ChoiceField(label=_("Of one partner"), required=False, help_text=_("Left empty it is a cost of the whole program."))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    version = forms.IntegerField(required=False, min_value=1, max_value=VERSION, widget=forms.HiddenInput)

    def __init__(self, *args: Any, partners: tuple[tuple[str, str], ...], first: str, locale: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.locale = locale
        self.fields["partner"].choices = [("", "–"), *partners]
        self.fields["currency"].choices = [(code, code) for code in dict.fromkeys((first, *COMMON, *sorted(currencies() - {first, *COMMON})))]

    def clean_month(self) -> date:
        text = self.cleaned_data["month"].strip()
        try:
            return date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
        except ValueError:
            raise forms.ValidationError(_("Write the month as 2026-03.")) from None

    def values(self) -> dict[str, Any]:
        """As the service takes them. Raises Invalid for an amount that cannot be read."""
        typed = self.cleaned_data
        amount: Money = parse_amount(typed["amount"], typed["currency"], self.locale)
        partner = UUID(typed["partner"]) if typed["partner"] else None
        named = {name: typed[name] for name in ("month", "kind", "currency", "note")}
        return {**named, "amount_minor": amount.minor, "partner_id": partner}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), min_length=3, max_length=300)
    version = forms.IntegerField(required=False, min_value=0, max_value=VERSION, widget=forms.HiddenInput)


class LabelForm(forms.Form):
    least_cases = forms.IntegerField(label=_("Told from this many cases on"), min_value=10, max_value=1000)
    version = forms.IntegerField(required=False, min_value=0, max_value=VERSION, widget=forms.HiddenInput)


def number(text: str, locale: str) -> Decimal:
    """A number as people of that language type it, with or without the sign of percent."""
    try:
        found = parse_decimal(text.strip().removesuffix("%").strip(), locale=locale.replace("-", "_"), strict=True)
    except (NumberFormatError, ValueError):
        raise forms.ValidationError(_("Write a number, for example 1250.5.")) from None
    if not found.is_finite() or abs(found) > LARGEST:
        raise forms.ValidationError(_("Give a number of a sensible size."))
    return found
