"""Account numbers, routing numbers and tax numbers: what their own digits say about them. Published check digits, through python-stdnum."""

from dataclasses import dataclass
from datetime import date

from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban
from stdnum import vatin
from stdnum.exceptions import ValidationError
from stdnum.us import ein, rtn, ssn, tin

SEPA = frozenset({
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR", "HR", "HU", "IE", "IS", "IT",
    "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "SM", "VA",
})  # fmt: skip


class BadNumber(ValueError):
    """The number is none. `code` says which sentence fits."""

    def __init__(self, field: str, code: str):
        self.field, self.code = field, code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Account:
    """A clean account number; `text` is what is sealed."""

    kind: str
    country: str
    text: str
    bic: str = ""
    routing: str = ""

    @property
    def last4(self) -> str:
        return self.text[-4:]


def iban(number: str, bic: str = "") -> Account:
    """Raises BadNumber for a wrong check digit, an unknown country, a BIC of another country or outside of SEPA's reach."""
    try:
        clean = stdnum_iban.validate(number)
    except ValidationError:
        raise BadNumber("iban", "iban") from None
    country = clean[:2]
    if country not in SEPA:
        raise BadNumber("iban", "sepa")
    return Account("iban", country, clean, bic=_bic(bic, country) if bic.strip() else "")


def _bic(text: str, country: str) -> str:
    try:
        clean = str(stdnum_bic.validate(text))
    except ValidationError:
        raise BadNumber("bic", "bic") from None
    if clean[4:6] != country and country not in ("GB", "FR", "ES", "PT"):
        raise BadNumber("bic", "bic_country")
    return clean


def us_account(routing: str, number: str) -> Account:
    """Raises BadNumber for a routing number with a wrong check digit or an account number that is none."""
    try:
        clean_routing = str(rtn.validate(routing))
    except ValidationError:
        raise BadNumber("routing", "routing") from None
    clean = "".join(sign for sign in number if sign not in " -")
    if not (clean.isascii() and clean.isdigit() and 4 <= len(clean) <= 17):
        raise BadNumber("account", "account")
    return Account("us", "US", clean, routing=clean_routing)


def vat_id(text: str) -> tuple[str, str]:
    """(country, VAT id) after the check of its digits. Raises BadNumber."""
    try:
        clean = str(vatin.validate(text))
    except ValidationError:
        raise BadNumber("number", "vat") from None
    return clean[:2].replace("EL", "GR"), clean


def us_tax_number(text: str) -> str:
    """A TIN of a W-9: an EIN or a social security number. Raises BadNumber."""
    clean = text.strip()
    for kind in (ein, ssn, tin):
        try:
            return str(kind.validate(clean))
        except ValidationError:
            continue
    raise BadNumber("number", "tin")


def foreign_tax_number(text: str) -> str:
    """The number under which a foreign company pays taxes at home: 4 to 30 letters and digits. Raises BadNumber."""
    clean = "".join(sign for sign in text.upper() if sign not in " -./")
    if not (clean.isascii() and clean.isalnum() and 4 <= len(clean) <= 30 and any(sign.isdigit() for sign in clean)):
        raise BadNumber("number", "foreign_tin")
    return clean


def form_ends(kind: str, signed_on: date) -> date | None:
    """The last day of a form: a W-8BEN-E holds to the end of the third year after its signature, the others until replaced."""
    return date(signed_on.year + 3, 12, 31) if kind == "w8bene" else None
