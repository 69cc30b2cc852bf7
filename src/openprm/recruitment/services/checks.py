"""Input about companies and prospects: trimmed, capped, known, or refused with the field's name."""

import unicodedata
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from openprm.identity.services import checks as identity
from openprm.kernel.domains import is_free_mail, normal_domain
from openprm.kernel.errors import Invalid
from openprm.partners.services.checks import choice, line

__all__ = ["choice", "country", "day", "days", "domain", "email", "line", "share", "text"]

SOONEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


def text(field: str, value: Any, *, longest: int, required: bool = False) -> str:
    """Several lines of text without other control characters. Raises Invalid naming the field."""
    clean = "".join(letter for letter in str(value or "").replace("\r\n", "\n") if letter == "\n" or unicodedata.category(letter)[0] != "C").strip()
    if required and not clean:
        raise Invalid(_("This cannot be empty."), field=field)
    if len(clean) > longest:
        raise Invalid(_("This is too long: at most %(longest)d characters.") % {"longest": longest}, field=field)
    return clean


def domain(field: str, value: Any, *, required: bool = False) -> str:
    """The registrable domain of a company; a mail provider's is refused."""
    written = line(field, value, longest=253, required=required)
    if not written:
        return ""
    if is_free_mail(written):
        raise Invalid(
            _("%(domain)s is a mail provider, not the company's own domain. Write the address of its web site.") % {"domain": written[:80]},
            field=field,
        )
    if not (found := normal_domain(written)):
        raise Invalid(_("This is no web address. Add the ending, for example kallio.fi."), field=field)
    return found


def email(field: str, value: Any, *, required: bool = False) -> str:
    if not value and not required:
        return ""
    return identity.email(str(value or ""), field=field)


def country(field: str, value: Any) -> str:
    code = line(field, value, longest=2).upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Invalid(_("Write the country as two letters, for example FI."), field=field)
    return code


def day(field: str, value: date | None) -> date | None:
    if value is not None and not SOONEST <= value <= LATEST:
        raise Invalid(_("Choose a date between 2000 and 2100."), field=field)
    return value


def share(field: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise Invalid(_("This is a whole number from 0 to 100."), field=field)
    return value


def days(field: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 3650:
        raise Invalid(_("This is a whole number of days from 1 to 3650."), field=field)
    return value
