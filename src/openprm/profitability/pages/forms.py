"""Reading what people type into their books."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.kernel.errors import Invalid
from openprm.kernel.money import currencies, parse_amount
from openprm.profitability import queries
from openprm.profitability.rules import sheet
from openprm.profitability.services import Draft
from openprm.profitability.wording import CHOICES

COMMON = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY")
_MONTH = forms.TextInput(attrs={"type": "month"})


class MonthField(forms.CharField):
    """A month as browsers send it: 2026-03."""

    widget = _MONTH

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        found = sheet.month(text)
        if found is None:
            raise forms.ValidationError(_("Write the month as 2026-03."))
        return found


class EntryForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is it"), choices=CHOICES)
    month = MonthField(label=_("Month"), max_length=10)
    hours = forms.CharField(label=_("Hours"), max_length=12, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
    group = forms.ChoiceField(label=_("Who worked"), required=False)
    amount = forms.CharField(
        label=_("Or an amount"), max_length=24, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    )
    deal = forms.ChoiceField(label=_("For which deal"), required=False)
    program = forms.ChoiceField(label=_("For which program"), required=False)
    product_line = forms.ChoiceField(label=_("For which product line"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, book: queries.BookView, places: dict[str, list[tuple[str, str]]], locale: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.book, self.locale = book, locale
        self.fields["group"].choices = [("", "–"), *((str(group.id), group.name) for group in book.groups)]
        for name, choices in places.items():
            self.fields[name].choices = [("", "–"), *choices]

    def draft(self, external_id: str = "") -> Draft:
        """What was typed, as the service takes it. Raises Invalid."""
        typed = self.cleaned_data
        amount = parse_amount(typed["amount"], self.book.currency, self.locale).minor if typed["amount"].strip() else None
        return Draft(
            kind=typed["kind"],
            month=typed["month"],
            minutes=_minutes(typed["hours"]),
            group_id=_id(typed["group"]),
            amount_minor=amount,
            deal_id=_id(typed["deal"]),
            program_id=_id(typed["program"]),
            product_line_id=_id(typed["product_line"]),
            note=typed["note"],
            external_id=external_id,
        )


class BookForm(forms.Form):
    currency = forms.ChoiceField(label=_("Currency"), help_text=_("All your entries are in it. Other currencies are converted at the rate of their day."))
    margin = forms.CharField(
        label=_("Usual margin, in percent of the deal"),
        max_length=6,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("Counts for won deals for which you entered no margin. Leave it empty to count only what you enter."),
    )
    training_group = forms.ChoiceField(label=_("Who learns"), required=False, help_text=_("Hours that courses record are priced with this group's rate."))
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, book: queries.BookView | None, first: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rest = sorted(currencies() - {first, *COMMON})
        self.fields["currency"].choices = [(code, code) for code in dict.fromkeys((first, *COMMON, *rest))]
        self.fields["training_group"].choices = [("", "–"), *((str(group.id), group.name) for group in (book.groups if book else ()))]

    def values(self) -> dict[str, Any]:
        """Raises Invalid."""
        typed = self.cleaned_data
        return {
            "currency": typed["currency"],
            "margin_bp": _basis_points(typed["margin"]),
            "training_group_id": _id(typed["training_group"]),
            "version": typed["version"],
        }


class GroupForm(forms.Form):
    name = forms.CharField(label=_("Group of people"), max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    group = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)
    hourly = forms.CharField(label=_("Cost of an hour"), max_length=24, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
    since = MonthField(label=_("From month"), max_length=10)


class FileForm(forms.Form):
    file = forms.FileField(label=_("CSV file"), help_text=_("Columns: month, kind, hours, group, amount, deal, program, product line, note, id. Up to 2 MB."))


def _minutes(text: str) -> int | None:
    if not text.strip():
        return None
    found = sheet.number(text.strip())
    if found is None:
        raise Invalid(_("Write the hours as a number, for example 7.5."), field="hours")
    return int((found * 60).to_integral_value())


def _basis_points(text: str) -> int | None:
    if not text.strip():
        return None
    found = sheet.number(text.strip().rstrip("%").strip())
    if found is None or not 0 <= found <= Decimal(100):
        raise Invalid(_("A margin lies between 0 and 100 percent, for example 18.5."), field="margin")
    return int(found * 100)


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
