"""Reading what people type about the books."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from openprm.kernel.errors import Conflict, Invalid
from openprm.kernel.ids import new_id
from openprm.kernel.money import parse_amount
from openprm.ledger import queries
from openprm.ledger.rules.periods import month_of, months_back
from openprm.ui.fields import add_problems

DATE = forms.DateInput(attrs={"type": "date"})
FORMATS = (
    ("general", _("General ledger (CSV)")), ("datev", _("DATEV, batch of bookings (EXTF)")), ("xero", _("Xero, manual journals")),
    ("quickbooks", _("QuickBooks Online, journal entries")),
)  # fmt: skip
MONTHS = (
    (1, _("January")), (2, _("February")), (3, _("March")), (4, _("April")), (5, _("May")), (6, _("June")), (7, _("July")), (8, _("August")),
    (9, _("September")), (10, _("October")), (11, _("November")), (12, _("December")),
)  # fmt: skip


class SpanForm(forms.Form):
    """Two days; what is missing or wrong is the month of `today`, with as many before it as `months` says."""

    since = forms.DateField(label=_("From"), widget=DATE)
    until = forms.DateField(label=_("To"), widget=DATE)

    def span(self, today: date, *, months: int = 1) -> tuple[date, date]:
        if not self.is_valid() or self.cleaned_data["until"] < self.cleaned_data["since"]:
            return months_back(month_of(today), months - 1), today
        return self.cleaned_data["since"], self.cleaned_data["until"]


class ExportForm(SpanForm):
    format = forms.ChoiceField(label=_("Format"), choices=FORMATS)
    field_order = ("format", "since", "until")


class ByHandForm(forms.Form):
    debit = forms.ChoiceField(label=_("Debit"))
    credit = forms.ChoiceField(label=_("Credit"))
    amount = forms.CharField(label=_("Amount"), max_length=40)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    value_date = forms.DateField(label=_("Date"), widget=DATE)
    memo = forms.CharField(label=_("Why"), max_length=300, help_text=_("An auditor reads this sentence."))
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args: Any, today: date, locale: str = "en", **kwargs: Any):
        kwargs["initial"] = {"value_date": today, "currency": settings.OPENPRM_CURRENCY, "key": str(new_id())}
        super().__init__(*args, **kwargs)
        self.locale = locale
        choices = [(code, str(kind.title)) for code, kind in queries.kinds().items() if kind.by_hand]
        self.fields["debit"].choices = self.fields["credit"].choices = choices

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "amount" in values and "currency" in values:
            try:
                values["money"] = parse_amount(values["amount"], values["currency"].upper(), self.locale)
            except Invalid as refusal:
                add_problems(self, refusal)
        return values


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("An auditor reads this sentence."))


class CloseForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Needed when something is not posted yet.")
    )


class CodesForm(forms.Form):
    general = forms.CharField(label=_("Account code"), max_length=40, required=False, help_text=_("For every format that has none of its own."))
    datev = forms.CharField(label=_("DATEV"), max_length=9, required=False, help_text=_("3 to 9 digits."))
    xero = forms.CharField(label=_("Xero"), max_length=40, required=False)
    quickbooks = forms.CharField(label=_("QuickBooks"), max_length=40, required=False, help_text=_("QuickBooks Online reads the account's name."))


class ExportSettingsForm(forms.Form):
    datev_consultant = forms.IntegerField(label=_("DATEV consultant number"), min_value=1001, max_value=9_999_999)
    datev_client = forms.IntegerField(label=_("DATEV client number"), min_value=1, max_value=99_999)
    datev_account_length = forms.IntegerField(label=_("Digits of a DATEV account"), min_value=4, max_value=8)
    fiscal_year_start = forms.TypedChoiceField(label=_("The fiscal year begins in"), choices=MONTHS, coerce=int)
    xero_tax_rate = forms.CharField(label=_("Tax rate in Xero"), max_length=50, help_text=_("As Xero shows its name, for example Tax Exempt."))


def attempt(form: forms.Form, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Run `act` when the form is well-formed; a refusal goes beside its field. Gives (done, result)."""
    if not form.is_valid():
        return False, None
    try:
        return True, act()
    except (Invalid, Conflict) as refusal:
        add_problems(form, refusal)
        return False, None
