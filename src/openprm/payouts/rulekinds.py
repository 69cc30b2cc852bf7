"""The published rules of paying: which papers a country needs, from which amount on, and who approves."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from openprm.kernel.countries import country_choices
from openprm.payouts.wording import KIND, TAX_KIND
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

PAPERS, MINIMUM, APPROVAL = "payouts.papers", "payouts.minimum", "payouts.approval"
CURRENCY = getattr(settings, "OPENPRM_CURRENCY", "EUR")
EU = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "ES",
    "SE",
]


def _countries() -> tuple[tuple[str, str], ...]:
    return tuple((code, str(label)) for code, label in country_choices() if code)


_COUNTRY = Fact("country", _("Country"), "choice", choices=_countries, phrase=_("the country of the payee"))
_KIND = Fact(
    "kind", _("Payee"), "choice",
    choices=(Choice("company", KIND["company"], _("the payee is a company")), Choice("person", KIND["person"], _("the payee is a person"))),
)  # fmt: skip
_FORM = Outcome("tax_form", _("Tax form"), "choice", choices=tuple(Choice(code, label, _("tax form: %s") % label) for code, label in TAX_KIND.items()))
_INVOICE = Outcome(
    "invoice", _("Invoice"), "bool",
    choices=(Choice("true", _("Yes"), _("the payee sends an invoice")), Choice("false", _("No"), _("no invoice is needed"))),
)  # fmt: skip
_COOLING = Outcome(
    "cooling_days", _("Wait after a change"), "number", unit=_("days"), decimals=0, phrase=_("a changed bank account is paid to after %(value)s")
)  # fmt: skip


def _papers(form: str, *, invoice: bool = False, days: int = 5) -> dict[str, str]:
    return {"tax_form": f'"{form}"', "invoice": "true" if invoice else "false", "cooling_days": str(days)}


PAPERS_KIND = RuleKind(
    code=PAPERS,
    title=_("Papers before a payout"),
    about=_("Which tax form and invoice a payee of a country hands in, and how long a changed bank account waits."),
    inputs=(_COUNTRY, _KIND),
    outcomes=(_FORM, _INVOICE, _COOLING),
    default_table=Table(
        inputs=("country", "kind"),
        outputs=("tax_form", "invoice", "cooling_days"),
        rows=(
            Row("P1", {"country": '"US"'}, _papers("w9"), "Payees in the United States."),
            Row("P2", {"country": ", ".join(f'"{code}"' for code in EU), "kind": '"company"'}, _papers("vat"), "Companies in the European Union."),
            Row("P3", {"country": '"BR", "IN"', "kind": '"company"'}, _papers("w8bene", invoice=True), "Where the bank asks for an invoice."),
            Row("P4", {"kind": '"company"'}, _papers("w8bene"), "Other companies."),
            Row("P5", {}, _papers("none"), "Everybody else."),
        ),
    ),
)
MINIMUM_KIND = RuleKind(
    code=MINIMUM,
    title=_("Smallest payout"),
    about=_("A balance below this is carried forward to the next run. Nothing is lost."),
    inputs=(Fact("currency", _("Currency"), "text", phrase=_("the currency")),),
    outcomes=(Outcome("minimum", _("Smallest payout"), "number", phrase=_("paid from %(value)s on")),),
    default_table=Table(
        inputs=("currency",),
        outputs=("minimum",),
        rows=(
            Row("M1", {"currency": '"EUR", "USD", "GBP", "CHF"'}, {"minimum": "25"}),
            Row("M2", {"currency": '"JPY"'}, {"minimum": "3000"}),
            Row("M3", {}, {"minimum": "0"}, "Every other currency is paid from the first unit on."),
        ),
    ),
)
APPROVAL_KIND = RuleKind(
    code=APPROVAL,
    title=_("Who approves a payout run"),
    about=_("The limit up to which the finance team approves. Nobody approves a run that they prepared."),
    inputs=(Fact("total", _("Total of the run"), "money", unit=CURRENCY, phrase=_("the total of the run")),),
    outcomes=(
        Outcome(
            "approver", _("Who approves"), "choice",
            choices=(
                Choice("finance_manager", _("Finance"), _("the finance team approves")),
                Choice("vendor_admin", _("Administrator"), _("an administrator approves")),
            ),
        ),
    ),
    default_table=Table(
        inputs=("total",),
        outputs=("approver",),
        rows=(Row("A1", {"total": "<= 50000"}, {"approver": '"finance_manager"'}), Row("A2", {}, {"approver": '"vendor_admin"'})),
    ),
)  # fmt: skip
RULE_KINDS = (PAPERS_KIND, MINIMUM_KIND, APPROVAL_KIND)
