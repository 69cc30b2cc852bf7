"""Input about agreements: trimmed, capped, known, or refused with the field's name."""

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from openprm.agreements.models import Document
from openprm.agreements.rules import calendar, canonical, states
from openprm.kernel.errors import Invalid, Problem
from openprm.partners import rules as partner_rules


def line(field: str, value: Any, *, longest: int, required: bool = False) -> str:
    """One line of text. Raises Invalid naming the field."""
    clean = canonical.clean_line(str(value or ""))
    if required and not clean:
        raise Invalid(_("This cannot be empty."), field=field, code="required")
    if len(clean) > longest:
        raise Invalid(_("This is too long: at most %(longest)d characters.") % {"longest": longest}, field=field)
    return clean


def paragraph(field: str, value: Any, *, longest: int, required: bool = False) -> str:
    """Several lines of text. Raises Invalid naming the field."""
    clean = canonical.clean(str(value or ""))
    if required and not clean:
        raise Invalid(_("This cannot be empty."), field=field, code="required")
    if len(clean) > longest:
        message = _("This has %(length)d characters, and %(longest)d are the most. Shorten it.")
        raise Invalid(message % {"length": len(clean), "longest": longest}, field=field)
    return clean


def whole(field: str, value: Any, *, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise Invalid(_("Give a whole number of days from 0 to %(most)d.") % {"most": most}, field=field)
    return value


def code(field: str, value: Any) -> str:
    text = str(value or "").strip().lower()
    if not partner_rules.is_code(text):
        raise Invalid(_("A code is lower-case letters, digits and hyphens, at most 39, for example partner-charter."), field=field)
    return text


def some_of(field: str, values: Iterable[str], allowed: Collection[str], *, required: bool = False) -> list[str]:
    """The chosen values in the order of `allowed`, each once."""
    chosen = set(values)
    if unknown := chosen - set(allowed):
        raise Invalid(_("Choose among: %(choices)s.") % {"choices": ", ".join(allowed)}, field=field, code=f"unknown_{sorted(unknown)[0][:20]}")
    if required and not chosen:
        raise Invalid(_("Choose at least one."), field=field, code="required")
    return [one for one in allowed if one in chosen]


def settings_of(values: dict[str, Any]) -> dict[str, Any]:
    """The checked settings of a document, as far as they are given. Raises one Invalid with all problems."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for field, value in values.items():
        try:
            found[field] = _READERS[field](field, value)
        except KeyError:
            problems.append(Problem(field, _("This field cannot be changed here.")))
        except Invalid as invalid:
            problems += invalid.problems
    if problems:
        raise Invalid(problems=problems)
    return found


def _kind(field: str, value: Any) -> str:
    if value not in Document.Kind.values:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(Document.Kind.values)}, field=field)
    return str(value)


_READERS = {
    "title": lambda field, value: line(field, value, longest=160, required=True),
    "kind": _kind,
    "own_kind": lambda field, value: line(field, value, longest=60),
    "notice_days": lambda field, value: whole(field, value, most=calendar.LONGEST_NOTICE),
    "needs_signature": lambda field, value: bool(value),
    "needs_countersignature": lambda field, value: bool(value),
    "is_public": lambda field, value: bool(value),
    "signer_roles": lambda field, value: some_of(field, value, states.SIGNER_ROLES, required=True),
}
