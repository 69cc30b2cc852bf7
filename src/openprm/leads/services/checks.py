"""Input about forms, referrals and sending systems: trimmed, capped, or refused with the field's name."""

import re
from typing import Any

from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid
from openprm.partners.services.checks import line

__all__ = ["code", "line", "text"]

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def text(field: str, value: Any, *, longest: int, required: bool = False) -> str:
    """Several lines of text without control characters. Raises Invalid naming the field."""
    plain = str(value or "").replace("\r\n", "\n")
    clean = "".join(sign for sign in plain if sign == "\n" or sign.isprintable()).strip()
    if required and not clean:
        raise Invalid(_("This cannot be empty."), field=field)
    if len(clean) > longest:
        raise Invalid(_("This is too long: at most %(longest)d characters.") % {"longest": longest}, field=field)
    return clean


def code(field: str, value: Any) -> str:
    """A word for an address: small letters, digits and hyphens."""
    found = line(field, value, longest=60, required=True).lower()
    if not _CODE.fullmatch(found):
        raise Invalid(_("Use small letters, digits and hyphens, for example contact-us."), field=field)
    return found
