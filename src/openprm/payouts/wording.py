"""The words of payouts: states with their tones, what is wrong with a number, and why something is held with its cure."""

from typing import Any

from django.utils.translation import gettext_lazy as _

BANK_STATE = {
    "entered": (_("Not verified"), "warn"), "verifying": (_("Being verified"), "info"), "verified": (_("Verified"), "ok"), "failed": (_("Failed"), "bad"),
    "replaced": (_("Replaced"), ""),
}  # fmt: skip
TAX_STATE = {
    "submitted": (_("Being checked"), "info"), "accepted": (_("Accepted"), "ok"), "rejected": (_("Rejected"), "bad"), "expired": (_("Expired"), "bad"),
    "replaced": (_("Replaced"), ""),
}  # fmt: skip
TAX_KIND = {"none": _("None"), "w9": _("W-9"), "w8bene": _("W-8BEN-E"), "vat": _("VAT id")}
PAY_STATE = {
    "pending": (_("Pending"), "warn"), "processing": (_("Processing"), "info"), "processed": (_("Processed"), "info"), "sent": (_("Sent"), "accent"),
    "completed": (_("Completed"), "ok"), "failed": (_("Failed"), "bad"), "canceled": (_("Canceled"), ""),
}  # fmt: skip
RUN_STATE = {
    "prepared": (_("Waits for approval"), "warn"), "approved": (_("Approved"), "info"), "sending": (_("Being sent"), "info"), "sent": (_("Sent"), "accent"),
    "settled": (_("Settled"), "ok"), "canceled": (_("Canceled"), ""),
}  # fmt: skip
DUE_STATE = {"ready": (_("Ready"), "ok"), "held": (_("Held"), "warn"), "carried": (_("Carried forward"), "")}
PAYEE_STATE = {"to_verify": (_("To verify"), "warn"), "verified": (_("Verified"), "ok"), "incomplete": (_("Incomplete"), "")}
METHOD = {"sepa": _("SEPA"), "ach": _("ACH"), "csv": _("CSV file"), "stripe": _("Payment provider")}
HOW = {"deposit": _("by a micro-deposit"), "person": _("by a person, with evidence")}
KIND = {"company": _("Company"), "person": _("Person")}

BAD_NUMBER = {
    "iban": _("This is no IBAN: its check digits do not fit. Copy it from a bank statement."),
    "sepa": _("This country is outside of SEPA. Give an account in a SEPA country or in the United States, or be paid by the provider."),
    "bic": _("This is no BIC. It has 8 or 11 letters and digits, for example NDEAFIHH."),
    "bic_country": _("This BIC belongs to another country than the IBAN. Check both, or leave the BIC empty."),
    "routing": _("This is no US routing number: its check digit does not fit. It has 9 digits."),
    "account": _("A US account number has 4 to 17 digits."),
    "vat": _("This is no VAT id: its check digits do not fit. Give it with the country, for example FI20774740."),
    "tin": _("This is neither an EIN nor a social security number. Write it as on the form, for example 91-1144442."),
    "foreign_tin": _("Give the number under which you pay taxes at home: 4 to 30 letters and digits."),
}

HOLDS: dict[str, tuple[Any, Any]] = {
    "gate": (_("%(why)s"), ""),
    "no_payee": (_("%(partner)s has not said to whom and where we pay."), _("Its administrator fills in the payee profile.")),
    "no_account": (
        _("%(partner)s has no account for %(currency)s."),
        _("Its administrator enters an account for %(currency)s, or the run converts the currency explicitly."),
    ),
    "unverified": (
        _("The bank account •••• %(last4)s of %(partner)s is not verified."),
        _("Verify it by a micro-deposit or with evidence, under “Payees to verify”."),
    ),
    "cooling": (
        _("The bank account •••• %(last4)s of %(partner)s was changed. It is paid to from %(day)s on."),
        _("Wait until then. Ask the partner by phone whether it made the change."),
    ),
    "tax_missing": (_("%(partner)s has not handed in the tax form that its country needs: %(form)s."), _("Its administrator adds it to the payee profile.")),
    "tax_unchecked": (_("The tax form %(form)s of %(partner)s is not checked yet."), _("Check it under “Payees to verify”.")),
    "tax_expired": (_("The tax form %(form)s of %(partner)s has expired."), _("Its administrator adds a new one to the payee profile.")),
    "invoice": (
        _("The rule for its country asks for an invoice, and none over %(amount)s has come from %(partner)s."),
        _("Its administrator adds an invoice over exactly this amount to the payee profile."),
    ),
    "provider": (_("The payment provider does not pay out to %(partner)s yet. %(note)s"), _("Its administrator finishes what the provider asks for.")),
    "no_way": (
        _("We have set up no account to pay %(currency)s to %(partner)s from."),
        _("An administrator adds one under Settings, Paying accounts."),
    ),
    "minimum": (_("%(amount)s is below the minimum of %(minimum)s. It is carried forward."), _("It is paid as soon as the sum reaches the minimum.")),
    "negative": (_("The balance is %(amount)s. It is carried forward against what comes next."), ""),
}
"""Why a payment is held, and what cures it. Said to the vendor and, in the portal, to the partner."""

STATEMENT = {
    "encoding": _("The file is not UTF-8 text. Export it again as CSV in UTF-8, or as camt.053."),
    "column": _("The column “%(name)s” is missing. The file needs date, amount, currency and reference."),
    "line": _("Line %(line)d cannot be read: give a date like 2026-11-30, an amount like -120.50 and a currency like EUR."),
    "xml": _("This is no well-formed XML. Export the statement again."),
    "camt": _("This XML is no camt.053 statement. Choose the format camt.053 at your bank."),
    "entry": _("Entry %(line)d of the statement cannot be read: its date or amount is missing."),
    "too_many": _("The file has more than 20,000 bookings. Split it."),
    "empty": _("The file has no bookings. Choose another period."),
}
