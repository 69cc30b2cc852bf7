"""What people write about a partner, made clean or refused with a sentence for each field."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from openprm.directory import words
from openprm.directory.models import Place
from openprm.directory.rules.geo import is_on_earth
from openprm.directory.rules.profile import key_of
from openprm.kernel.countries import country_codes
from openprm.kernel.errors import Invalid, Problem

Check = Callable[[Any], Any]
_HOST = re.compile(r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$")
_MARKUP = re.compile(r"<\s*/?\s*(script|iframe|object|embed|style|svg|img|link|meta|form)\b|javascript:|\bon\w+\s*=\s*[\"']", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class _Wrong(Exception):
    """The sentence about one value."""


def line(longest: int, *, required: bool = False) -> Check:
    """One line of plain text."""

    def check(value: Any) -> str:
        return _plain(" ".join(str(value or "").split()), longest, required)

    return check


def text(longest: int, *, required: bool = False) -> Check:
    """Paragraphs of plain text."""

    def check(value: Any) -> str:
        lines = [row.rstrip() for row in str(value or "").replace("\r\n", "\n").strip().split("\n")]
        return _plain(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)), longest, required)

    return check


def _plain(value: str, longest: int, required: bool) -> str:
    value = _CONTROL.sub("", value)
    if required and not value:
        raise _Wrong(_("Write something here."))
    if len(value) > longest:
        raise _Wrong(_("This is %(length)d characters long; at most %(longest)d fit. Shorten it.") % {"length": len(value), "longest": longest})
    if _MARKUP.search(value):
        raise _Wrong(_("This holds HTML or script. Write plain text; it is shown exactly as you write it."))
    return value


def chosen(vocabulary: Callable[[], Mapping[str, Any]], most: int) -> Check:
    """Codes out of a vocabulary, in its order."""

    def check(values: Any) -> list[str]:
        asked, known = _many(values), vocabulary()
        if unknown := [code for code in asked if code not in known]:
            raise _Wrong(_("“%(value)s” is not one of the choices.") % {"value": unknown[0][:60]})
        if len(set(asked)) > most:
            raise _Wrong(_("Choose at most %(most)d, so that the choice says something.") % {"most": most})
        return [code for code in known if code in asked]

    return check


def tags(longest: int, most: int) -> Check:
    """Short texts of one's own, each once."""
    one = line(longest)

    def check(values: Any) -> list[str]:
        found = {key_of(value): value for value in map(one, _many(values)) if value}
        if len(found) > most:
            raise _Wrong(_("At most %(most)d fit here.") % {"most": most})
        return list(found.values())

    return check


def _many(values: Any) -> list[str]:
    if isinstance(values, str):
        values = re.split(r"[\n,;]", values)
    return [str(value).strip() for value in list(values or ())[:200] if str(value).strip()]


def website(value: Any) -> str:
    """An address of the web; without a scheme it gets https."""
    address = " ".join(str(value or "").split())
    if not address:
        return ""
    if "://" not in address:
        address = f"https://{address}"
    if not _is_web_address(address):
        raise _Wrong(_("This is no web address. Write it like https://www.example.com."))
    return _plain(address, 200, False)


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        return False
    return parts.scheme in ("http", "https") and bool(_HOST.match(host)) and not parts.username and not parts.password


def email(value: Any) -> str:
    address = str(value or "").strip().lower()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        raise _Wrong(_("This is no e-mail address. Write it like name@company.com.")) from None
    if len(address) > 254:
        raise _Wrong(_("This e-mail address is too long."))
    return address


def country(value: Any) -> str:
    code = str(value or "").strip().upper()
    if code and code not in country_codes():
        raise _Wrong(_("Choose a country."))
    return code


def past_date(today: date) -> Check:
    def check(value: Any) -> date | None:
        if value in (None, ""):
            return None
        try:
            day = value if isinstance(value, date) and not isinstance(value, datetime) else date.fromisoformat(str(value)[:10])
        except ValueError:
            raise _Wrong(_("Write the date like 2026-11-30.")) from None
        if day > today or day.year < 1990:
            raise _Wrong(_("The consent was given on a day that is not in the future."))
        return day

    return check


def flag(value: Any) -> bool:
    return value in (True, "true", "True", "on", "1", 1)


def collect(values: Mapping[str, Any], checks: Mapping[str, Check], *, prefix: str = "") -> dict[str, Any]:
    """The clean values of the fields that were given. Raises Invalid with every problem at once."""
    clean, problems = {}, []
    for name, check in checks.items():
        if name in values:
            try:
                clean[name] = check(values[name])
            except _Wrong as wrong:
                problems.append(Problem(f"{prefix}{name}", str(wrong)))
    if problems:
        raise Invalid(problems=problems)
    return clean


OFFICE = {"label": line(80), "street": line(160), "postal_code": line(20), "city": line(80, required=True), "country": country, "is_main": flag}
MOST_OFFICES = 30


def office(values: Mapping[str, Any], *, prefix: str = "") -> dict[str, Any]:
    """One office; without coordinates they are those of its town. Raises Invalid."""
    clean = collect({"city": "", "country": "", **values}, OFFICE, prefix=prefix)
    if not clean["country"]:
        raise Invalid(_("Choose the country of the office."), field=f"{prefix}country")
    clean |= _where(values, clean, prefix)
    return {"label": "", "street": "", "postal_code": "", "is_main": False} | clean


def _where(values: Mapping[str, Any], clean: Mapping[str, Any], prefix: str) -> dict[str, float]:
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if latitude in (None, "") and longitude in (None, ""):
        return _of_town(clean, prefix)
    try:
        point = float(latitude), float(longitude)
    except (TypeError, ValueError):
        raise Invalid(_("Write both coordinates as numbers, for example 60.1695 and 24.9354, or leave both empty."), field=f"{prefix}latitude") from None
    if not is_on_earth(*point):
        raise Invalid(_("Latitudes go from -90 to 90 and longitudes from -180 to 180."), field=f"{prefix}latitude")
    return {"latitude": round(point[0], 5), "longitude": round(point[1], 5)}


def _of_town(clean: Mapping[str, Any], prefix: str) -> dict[str, float]:
    town = Place.objects.filter(keys__contains=[key_of(clean["city"])], country=clean["country"]).order_by("-population").first()
    if town is None:
        message = _("We do not know where %(city)s is. Write the latitude and longitude of the office; a map shows them.")
        raise Invalid(message % {"city": clean["city"]}, field=f"{prefix}latitude")
    return {"latitude": town.latitude, "longitude": town.longitude}


def offices(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All offices of a profile; the first is the main one when none is named. Raises Invalid."""
    found = [office(row, prefix=f"offices[{place}].") for place, row in enumerate(rows)]
    if len(found) > MOST_OFFICES:
        raise Invalid(_("At most %(most)d offices fit. Name the ones that customers visit.") % {"most": MOST_OFFICES}, field="offices")
    main = next((place for place, one in enumerate(found) if one["is_main"]), 0)
    return [one | {"is_main": place == main} for place, one in enumerate(found)]


PROFILE: dict[str, Check] = {
    "summary": line(200),
    "description": text(4000),
    "website": website,
    "services": chosen(lambda: words.SERVICES, 10),
    "products": tags(60, 20),
    "industries": chosen(lambda: words.INDUSTRIES, 10),
    "languages": chosen(words.languages, 15),
    "regions": chosen(lambda: words.REGIONS, 12),
    "certifications": tags(120, 20),
    "contact_email": email,
    "takes_messages": flag,
}


def reference(today: date) -> dict[str, Check]:
    return {
        "customer": line(160, required=True),
        "country": country,
        "industry": chosen_one(lambda: words.INDUSTRIES),
        "title": line(160, required=True),
        "story": text(2000, required=True),
        "quote": line(500),
        "quoted": line(160),
        "consent_by": line(160),
        "consent_email": email,
        "consent_date": past_date(today),
    }


def chosen_one(vocabulary: Callable[[], Mapping[str, Any]]) -> Check:
    def check(value: Any) -> str:
        if value and value not in vocabulary():
            raise _Wrong(_("“%(value)s” is not one of the choices.") % {"value": str(value)[:60]})
        return str(value or "")

    return check


MESSAGE: dict[str, Check] = {"name": line(120, required=True), "email": email, "company": line(160), "text": text(3000, required=True)}
