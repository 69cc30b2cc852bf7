"""Reading what callers send into clean values, with a sentence for what cannot be used."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from openprm.activities.rules.kinds import When, why_not_then
from openprm.kernel.errors import Invalid


def line(field: str, value: Any, most: int) -> str:
    """One line of text. Raises Invalid."""
    return _capped(field, " ".join("".join(sign if sign.isprintable() else " " for sign in str(value or "")).split()), most)


def text(field: str, value: Any, most: int, *, required: bool = False) -> str:
    """Text of several lines. Raises Invalid."""
    found = "".join(sign for sign in str(value or "").replace("\r\n", "\n") if sign.isprintable() or sign in "\n\t").strip()
    if required and not found:
        raise Invalid(_("Say in a sentence what happened."), field=field, code="required")
    return _capped(field, found, most)


def _capped(field: str, found: str, most: int) -> str:
    if len(found) > most:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": most}, field=field)
    return found


def choice(field: str, value: Any, choices: type) -> str:
    known = [one.value for one in choices]
    if str(value) not in known:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(known)}, field=field)
    return str(value)


def email(field: str, value: Any) -> str:
    found = line(field, value, 254).casefold()
    try:
        if found:
            validate_email(found)
    except ValidationError:
        raise Invalid(_("“%(text)s” is no e-mail address.") % {"text": found[:60]}, field=field) from None
    return found


def moment(field: str, value: datetime, at: datetime) -> datetime:
    """When it happened, never in the future. Raises Invalid."""
    found = value if value.tzinfo else value.replace(tzinfo=UTC)
    match why_not_then(found, at):
        case When.FUTURE:
            raise Invalid(_("This lies in the future. Log what has happened; plan the rest as a task."), field=field, code="future")
        case When.TOO_OLD:
            raise Invalid(_("This is before the year 2000. Check the date."), field=field, code="too_old")
    return min(found, at)
