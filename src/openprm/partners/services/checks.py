"""Input about partners and programs: trimmed, capped, known, or refused with the field's name."""

import unicodedata
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid, Problem
from openprm.kernel.money import currencies
from openprm.partners import rules

LONGEST = {"region": 80, "team": 120, "website": 253, "external_source": 60, "external_id": 120, "name": 120, "about": 2000}
RANK_HIGHEST = 99


def line(field: str, value: Any, *, longest: int, required: bool = False) -> str:
    """One line of text without control characters. Raises Invalid naming the field."""
    clean = " ".join("".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in str(value or "")).split())
    if required and not clean:
        raise Invalid(_("This cannot be empty."), field=field)
    if len(clean) > longest:
        raise Invalid(_("This is too long: at most %(longest)d characters.") % {"longest": longest}, field=field)
    return clean


def choice(field: str, value: Any, allowed: Collection[str]) -> str:
    if value not in allowed:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(allowed)}, field=field)
    return str(value)


def currency(field: str, value: Any) -> str:
    code = str(value or "").strip().upper()
    if code not in currencies():
        raise Invalid(_("“%(code)s” is not a currency code. Use three letters, for example EUR.") % {"code": code[:10]}, field=field)
    return code


def code(field: str, value: Any) -> str:
    text = str(value or "").strip().lower()
    if not rules.is_code(text):
        raise Invalid(_("A code is lower-case letters, digits and hyphens, at most 39, for example gold."), field=field)
    return text


def rank(field: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= RANK_HIGHEST:
        raise Invalid(_("The rank is a whole number from 0 to %(highest)d; the highest tier has the highest.") % {"highest": RANK_HIGHEST}, field=field)
    return value


def months(field: str, value: Any) -> int | None:
    if value in (None, ""):
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= rules.TERM_MONTHS_MOST:
        raise Invalid(_("A term is 1 to %(most)d months; empty means that memberships do not end.") % {"most": rules.TERM_MONTHS_MOST}, field=field)
    return value


def benefits(field: str, value: Any) -> dict[str, Any]:
    """The benefits a tier gives; each must be in the library and have a value it can take."""
    if not isinstance(value, Mapping):
        raise Invalid(_("Benefits are pairs of a code and a value."), field=field)
    wrong = [
        Problem(f"{field}.{name}"[:80], _("This benefit cannot have that value.")) for name, given in value.items() if not rules.is_benefit_value(name, given)
    ]
    if wrong:
        raise Invalid(problems=wrong)
    return dict(value)


def flag(field: str, value: Any) -> bool:
    return bool(value)


def collect(values: Mapping[str, Any], readers: Mapping[str, Callable[[str, Any], Any]]) -> dict[str, Any]:
    """Every value read by its reader. Raises one Invalid with all problems, also for fields that nobody reads."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for field, value in values.items():
        if field not in readers:
            problems.append(Problem(field, _("This field cannot be changed here.")))
            continue
        try:
            found[field] = readers[field](field, value)
        except Invalid as invalid:
            problems += invalid.problems
    if problems:
        raise Invalid(problems=problems)
    return found


def text(longest: int, *, required: bool = False) -> Callable[[str, Any], str]:
    return lambda field, value: line(field, value, longest=longest, required=required)


def one_of(allowed: Collection[str]) -> Callable[[str, Any], str]:
    return lambda field, value: choice(field, value, allowed)


def as_given(field: str, value: Any) -> Any:
    return value


PARTNER: Mapping[str, Callable[[str, Any], Any]] = {
    "type": one_of(rules.TYPES),
    "motion": one_of(rules.MOTIONS),
    "region": text(80),
    "team": text(120),
    "website": text(253),
    "manager_id": as_given,
    "parent_id": as_given,
    "external_source": text(60),
    "external_id": text(120),
}
PROGRAM: Mapping[str, Callable[[str, Any], Any]] = {
    "code": code,
    "name": text(120, required=True),
    "about": text(2000),
    "motion": one_of(rules.MOTIONS),
    "currency": currency,
    "term_months": months,
    "is_active": flag,
}
TIER: Mapping[str, Callable[[str, Any], Any]] = {"code": code, "name": text(80, required=True), "rank": rank, "benefits": benefits}
