"""Input about an offboarding: trimmed, capped, known, or refused with the field's name."""

import unicodedata
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid
from openprm.kernel.ids import parse_id


def text(field: str, value: Any, *, longest: int, required: bool = False) -> str:
    """Text without control characters; line breaks stay. Raises Invalid naming the field."""
    clean = "".join(letter for letter in str(value or "") if letter == "\n" or unicodedata.category(letter)[0] != "C").strip()
    if required and not clean:
        raise Invalid(_("This cannot be empty."), field=field)
    if len(clean) > longest:
        raise Invalid(_("This is too long: at most %(longest)d characters.") % {"longest": longest}, field=field)
    return clean


def choice(field: str, value: Any, allowed: Collection[str]) -> str:
    if value not in allowed:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(allowed)}, field=field)
    return str(value)


def days(field: str, value: Any, *, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Invalid(_("A whole number of days from %(least)d to %(most)d.") % {"least": least, "most": most}, field=field)
    return value


def row_id(field: str, value: Any) -> UUID:
    found = value if isinstance(value, UUID) else parse_id(str(value or ""))
    if found is None:
        raise Invalid(_("Choose one from the list."), field=field)
    return found
