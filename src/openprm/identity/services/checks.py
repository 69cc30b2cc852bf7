"""Input that identity takes from outside: trimmed, capped, known, or refused with the field's name."""

import re
import unicodedata
from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from openprm.identity import rules
from openprm.kernel.errors import Invalid, Problem

LONGEST = {"name": 200, "legal_name": 200, "domain": 253, "country": 2, "time_zone": 64, "locale": 16}
DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def email(value: str, *, field: str = "email") -> str:
    address = rules.normal_email(value)
    try:
        if len(address) > rules.EMAIL_LONGEST:
            raise ValidationError("long")
        validate_email(address)
    except ValidationError:
        raise Invalid(_("Write a full e-mail address, for example anna@kallio.fi."), field=field) from None
    return address


def text(field: str, value: str, *, longest: int, required: bool = False) -> str:
    """One line of text without control characters. Raises Invalid naming the field."""
    clean = " ".join("".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in str(value)).split())
    if required and not clean:
        raise Invalid(_("This cannot be empty."), field=field)
    if len(clean) > longest:
        raise Invalid(_("This is too long: at most %(longest)s characters.") % {"longest": longest}, field=field)
    return clean


def choice(field: str, value: str, allowed: Collection[str]) -> str:
    if value not in allowed:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(allowed)}, field=field)
    return value


def time_zone(value: str) -> str:
    if value not in available_timezones():
        raise Invalid(_("Choose a time zone from the list, for example Europe/Oslo."), field="time_zone")
    return ZoneInfo(value).key


def locale(value: str) -> str:
    return choice("locale", value, [code for code, _name in settings.LANGUAGES])


def country(value: str) -> str:
    value = value.strip().upper()
    if value and not re.fullmatch(r"[A-Z]{2}", value):
        raise Invalid(_("Write the country as two letters, for example FI."), field="country")
    return value


def domain(value: str) -> str:
    value = value.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/.")
    if not value:
        return ""
    try:
        value = value.encode("idna").decode()
    except UnicodeError:
        value = ""
    if not DOMAIN.fullmatch(value):
        raise Invalid(_("Write the web address without a path. Add the ending, for example kallio.fi."), field="domain")
    return value


def profile(values: dict[str, Any], *, allowed: Collection[str]) -> dict[str, str]:
    """The profile fields of an organization, checked. Raises one Invalid with every problem."""
    checked: dict[str, str] = {}
    problems: list[Problem] = []
    for field, value in values.items():
        try:
            checked[field] = _profile_field(field, value, allowed)
        except Invalid as invalid:
            problems += invalid.problems
    if problems:
        raise Invalid(problems=problems)
    return checked


def _profile_field(field: str, value: Any, allowed: Collection[str]) -> str:
    if field not in allowed:
        raise Invalid(_("This field cannot be changed here."), field=field)
    special = {"time_zone": time_zone, "locale": locale, "country": country, "domain": domain}
    if field in special:
        return special[field](str(value or ""))
    if field == "status":
        from openprm.identity.models import Organization

        return choice(field, value, Organization.Status.values)
    return text(field, value or "", longest=LONGEST[field], required=field == "name")
