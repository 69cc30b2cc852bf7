"""Reading what people type about payees, papers and runs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.kernel.countries import country_choices
from openprm.payouts.wording import KIND

CURRENCIES = tuple((code, code) for code in ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "JPY"))
FILE_HELP = _("PDF, PNG, JPEG, Word, Excel, PowerPoint or text, up to 20 MB.")


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _countries() -> list[tuple[str, Any]]:
    return [("", "—"), *((code, label) for code, label in country_choices() if code)]


class PayeeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Who is paid"), choices=KIND.items())
    legal_name = forms.CharField(label=_("Legal name"), max_length=140)
    street = forms.CharField(label=_("Street and number"), max_length=140, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=16, required=False)
    city = forms.CharField(label=_("Town"), max_length=70, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=_countries)
    method = forms.ChoiceField(label=_("Paid by"), choices=(("bank", _("Bank transfer")), ("provider", _("Payment provider"))))
    provider_account = forms.CharField(
        label=_("Account at the provider"), max_length=80, required=False, help_text=_("Only when the provider pays. It begins with “acct_”.")
    )


class AccountForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=(("iban", _("IBAN")), ("us", _("US account"))))
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)
    holder = forms.CharField(label=_("Account holder"), max_length=140)
    iban = forms.CharField(label=_("IBAN"), max_length=42, required=False)
    bic = forms.CharField(label=_("BIC"), max_length=11, required=False, help_text=_("Inside of SEPA it may be left empty."))
    routing = forms.CharField(label=_("Routing number"), max_length=12, required=False, help_text=_("For a US account: 9 digits."))
    account = forms.CharField(label=_("Account number"), max_length=24, required=False, help_text=_("For a US account."))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the deposit"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})
    )


class TaxFormForm(forms.Form):
    kind = forms.ChoiceField(label=_("Form"), choices=(("vat", _("VAT id")), ("w9", _("W-9")), ("w8bene", _("W-8BEN-E"))))
    name = forms.CharField(label=_("Name on the form"), max_length=140)
    number = forms.CharField(
        label=_("Number"), max_length=40, help_text=_("The VAT id with its country, the EIN, or the number under which you pay taxes at home.")
    )
    country = forms.ChoiceField(label=_("Country"), choices=_countries, required=False)
    signed_on = forms.DateField(label=_("Signed on"), widget=day(), required=False)
    file = forms.FileField(label=_("Signed form"), required=False, help_text=FILE_HELP)


class InvoiceForm(forms.Form):
    number = forms.CharField(label=_("Invoice number"), max_length=60)
    issued_on = forms.DateField(label=_("Date"), widget=day())
    amount = forms.CharField(label=_("Amount"), max_length=30)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)
    file = forms.FileField(label=_("Invoice"), help_text=FILE_HELP)


class PrepareForm(forms.Form):
    pay_on = forms.DateField(label=_("Payday"), widget=day())
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    convert_from = forms.ChoiceField(label=_("Convert"), required=False, choices=(("", _("Nothing")), *CURRENCIES))
    convert_to = forms.ChoiceField(
        label=_("Into"), required=False, choices=(("", "—"), *CURRENCIES), help_text=_("At the rate of today, for payees without an account of that currency.")
    )

    def conversions(self) -> dict[str, str]:
        source, target = self.cleaned_data["convert_from"], self.cleaned_data["convert_to"]
        return {source: target} if source and target else {}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class EvidenceForm(forms.Form):
    evidence = forms.CharField(
        label=_("Evidence"), max_length=2000, widget=area(), help_text=_("Whom you called on which known number, or which letter of the bank you saw.")
    )
    file = forms.FileField(label=_("File"), required=False, help_text=FILE_HELP)


class RejectForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=area(2), help_text=_("The partner reads it."))


class FormCheckForm(forms.Form):
    accepted = forms.ChoiceField(label=_("Decision"), choices=(("yes", _("Accept")), ("no", _("Reject"))))
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=area(2), help_text=_("The partner reads it."))


class StatementForm(forms.Form):
    file = forms.FileField(label=_("Statement"), help_text=_("CSV with date, amount, currency and reference, or camt.053."))


class PayingForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=(("sepa", _("SEPA")), ("ach", _("ACH")), ("csv", _("CSV file")), ("stripe", _("Stripe Connect"))))
    name = forms.CharField(label=_("Our name on the account"), max_length=140)
    iban = forms.CharField(label=_("IBAN"), max_length=42, required=False, help_text=_("SEPA"))
    bic = forms.CharField(label=_("BIC"), max_length=11, required=False, help_text=_("SEPA"))
    routing = forms.CharField(label=_("Routing number of our bank"), max_length=12, required=False, help_text=_("ACH"))
    bank_name = forms.CharField(label=_("Name of our bank"), max_length=23, required=False, help_text=_("ACH"))
    company_id = forms.CharField(label=_("Company id"), max_length=10, required=False, help_text=_("ACH, from your bank"))
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False, help_text=_("CSV; empty for all currencies"))
    api_key = forms.CharField(label=_("Secret key"), max_length=250, required=False, widget=forms.PasswordInput, help_text=_("Stripe"))
    webhook_secret = forms.CharField(label=_("Webhook secret"), max_length=250, required=False, widget=forms.PasswordInput, help_text=_("Stripe"))
