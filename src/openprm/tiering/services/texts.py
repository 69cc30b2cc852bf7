"""Texts that people type: trimmed, capped, without control signs."""

import unicodedata

from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid


def line(field: str, value: str, *, longest: int, is_required: bool = False) -> str:
    """One text without control characters. Raises Invalid naming the field."""
    clean = " ".join("".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in str(value or "")).split())
    if is_required and not clean:
        raise Invalid(_("Say why, in a sentence."), field=field)
    if len(clean) > longest:
        raise Invalid(_("This is too long: at most %(longest)d characters.") % {"longest": longest}, field=field)
    return clean
