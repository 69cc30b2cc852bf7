"""Input about accounts and contacts: trimmed, capped, known, or refused with the field's name."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from openprm.accounts import rules
from openprm.kernel.errors import Invalid
from openprm.kernel.money import LARGEST_MINOR
from openprm.partners.services.checks import as_given, choice, collect, currency, flag, text

MOTIONS = ("direct", "channel", "shared")
EMPLOYEES_MOST = 100_000_000
PHONE = re.compile(r"[0-9+(). /x-]{3,40}", re.IGNORECASE)


def domain(field: str, value: Any) -> str:
    """The registrable domain of what was typed. Raises Invalid for a free-mail provider and for a word without an ending."""
    written = str(value or "").strip()
    found = rules.normal_domain(written)
    if written and not found:
        if rules.is_free_mail(written):
            raise Invalid(_("%(domain)s is a mail provider that anybody can use. Write the company's own web address.") % {"domain": written[:80]}, field=field)
        raise Invalid(_("Write the web address without a path. Add the ending, for example kallio.fi."), field=field)
    return found


def country(field: str, value: Any) -> str:
    code = str(value or "").strip().upper()
    if code and not re.fullmatch(r"[A-Z]{2}", code):
        raise Invalid(_("Write the country as two letters, for example FI."), field=field)
    return code


def whole(most: int) -> Callable[[str, Any], int | None]:
    """A whole number from 0 to `most`, or nothing."""

    def read(field: str, value: Any) -> int | None:
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise Invalid(_("Write a whole number from 0 to %(most)d.") % {"most": most}, field=field)
        return value

    return read


def currency_or_none(field: str, value: Any) -> str:
    return currency(field, value) if value else ""


def email(field: str, value: Any) -> str:
    address = str(value or "").strip().casefold()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid(_("Write a full e-mail address, for example anna@kallio.fi."), field=field) from None
    if len(address) > 254:
        raise Invalid(_("This is too long: at most %(longest)d characters.") % {"longest": 254}, field=field)
    return address


def phone(field: str, value: Any) -> str:
    number = str(value or "").strip()
    if number and not PHONE.fullmatch(number):
        raise Invalid(_("Write a telephone number, for example +358 40 123 4567."), field=field)
    return number


ACCOUNT: Mapping[str, Callable[[str, Any], Any]] = {
    "name": text(200, required=True),
    "legal_name": text(200),
    "domain": domain,
    "country": country,
    "region": text(80),
    "city": text(80),
    "industry": text(80),
    "employees": whole(EMPLOYEES_MOST),
    "founded_year": whole(2200),
    "annual_revenue_minor": whole(LARGEST_MINOR),
    "currency": currency_or_none,
    "parent_id": as_given,
    "owner_id": as_given,
    "motion": lambda field, value: choice(field, value, MOTIONS),
    "is_customer": flag,
    "external_source": text(60),
    "external_id": text(200),
}
CONTACT: Mapping[str, Callable[[str, Any], Any]] = {
    "name": text(120, required=True),
    "email": email,
    "phone": phone,
    "title": text(120),
    "external_source": text(60),
    "external_id": text(200),
}


def account(values: Mapping[str, Any], *, present_currency: str = "") -> dict[str, Any]:
    """The fields of an account, checked. Raises one Invalid with every problem."""
    found = collect(values, ACCOUNT)
    if found.get("annual_revenue_minor") is not None and not found.get("currency", present_currency):
        raise Invalid(_("Say in which currency the revenue is, for example EUR."), field="currency")
    return found


def contact(values: Mapping[str, Any]) -> dict[str, Any]:
    return collect(values, CONTACT)
