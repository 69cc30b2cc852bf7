"""What strangers type, read question by question: trimmed, capped, known, or refused beside its field."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum import get_cc_module

from openprm.applications import rules
from openprm.applications.rules import Field
from openprm.kernel.countries import country_codes
from openprm.kernel.domains import normal_domain
from openprm.kernel.errors import Invalid, Problem
from openprm.kernel.money import format_money, parse_amount

Answers = dict[str, Any]
COUNTRIES = country_codes()
EUROPEAN_PREFIX = {"EL": "gr", "XI": "gb"}


def read(fields: Iterable[Field], given: Mapping[str, Any], *, only: Iterable[str] | None = None, lenient: bool = False) -> Answers:
    """The answers to these questions; `lenient` lets required ones wait (saving for later). Raises one Invalid with every problem."""
    wanted = None if only is None else set(only)
    answers: Answers = {}
    problems: list[Problem] = []
    for field in fields:
        if wanted is not None and field.code not in wanted:
            continue
        try:
            value = read_one(field, given.get(field.code), lenient=lenient)
        except Invalid as refusal:
            problems += refusal.problems
            continue
        if value not in (None, "", []):
            answers[field.code] = value
    if problems:
        raise Invalid(problems=problems)
    return answers


def read_one(field: Field, raw: Any, *, lenient: bool = False) -> Any:
    """One answer, or None when nothing was said. Raises Invalid naming the field."""
    if field.kind == "choices":
        return _several(field, raw, lenient)
    if field.kind == "consent":
        return _consent(field, raw, lenient)
    text = rules.plain_text(str(raw if raw is not None else "")) if field.kind == "long_text" else rules.one_line(str(raw if raw is not None else ""))
    if not text:
        _refuse_missing(field, lenient)
        return None
    _refuse_long(field, text)
    if rules.has_markup(text):
        _refuse(field, _("Write plain text here: this looks like program code, and nothing of it was kept."))
    return READERS.get(field.kind, _text)(field, text)


def _several(field: Field, raw: Any, lenient: bool) -> list[str] | None:
    given = [str(item) for item in (raw if isinstance(raw, list | tuple) else [raw] if raw else [])]
    chosen = list(dict.fromkeys(given))
    allowed = {choice.value for choice in field.choices}
    if any(item not in allowed for item in chosen):
        _refuse(field, _("Choose from the list."))
    if not chosen:
        _refuse_missing(field, lenient)
    return chosen or None


def _consent(field: Field, raw: Any, lenient: bool) -> bool | None:
    is_given = raw in (True, "on", "true", "1", "yes")
    if not is_given and field.required and not lenient:
        _refuse(field, _("We need your consent to go on. Tick the box, or leave without sending."))
    return True if is_given else None


def _text(field: Field, text: str) -> str:
    return text


def _choice(field: Field, text: str) -> str:
    if text not in {choice.value for choice in field.choices}:
        _refuse(field, _("Choose from the list."))
    return text


def _number(field: Field, text: str) -> int:
    try:
        number = Decimal(text.replace(" ", "").replace("\u00a0", "").replace(",", ""))
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or number != number.to_integral_value():
        _refuse(field, _("“%(text)s” is not a whole number. Write digits, for example 120.") % {"text": text[:40]})
    least, most = field.least if field.least is not None else 0, field.most if field.most is not None else 10**12
    if not least <= number <= most:
        _refuse(field, _("Write a number from %(least)s to %(most)s.") % {"least": least, "most": most})
    return int(number)


def _money(field: Field, text: str) -> dict[str, Any]:
    money = parse_amount(text, field.currency, field=field.code)
    if money.minor < 0:
        _refuse(field, _("An amount is not below zero."))
    return {"minor": money.minor, "currency": money.currency, "text": format_money(money)}


def _country(field: Field, text: str) -> str:
    code = text.upper()
    if code not in COUNTRIES:
        _refuse(field, _("Choose a country from the list."))
    return code


def _url(field: Field, text: str) -> str:
    domain = normal_domain(text)
    bare = text.lower().removeprefix("https://").removeprefix("http://").rstrip("/")
    if not domain or " " in text or "@" in text:
        _refuse(field, _("Write a web address with its ending, for example kallio.fi."))
    return bare


def _email(field: Field, text: str) -> str:
    address = text.lower()
    try:
        validate_email(address)
    except ValidationError:
        _refuse(field, _("Write a full e-mail address, for example anna@kallio.fi."))
    return address


def _vat(field: Field, text: str) -> str:
    """A number with its country in front, checked with that country's own check digits."""
    compact = "".join(letter for letter in text.upper() if letter.isalnum())
    module = _numbers_of(compact[:2])
    if module is None:
        _refuse(field, _("Begin with the two letters of the country, for example FI20774740."))
    if not (module.is_valid(compact) or module.is_valid(compact[2:])):
        _refuse(field, _("“%(text)s” is not a valid number of %(country)s: a digit may be wrong or missing.") % {"text": text[:32], "country": compact[:2]})
    return compact


def _numbers_of(prefix: str) -> Any:
    code = EUROPEAN_PREFIX.get(prefix, prefix.lower())
    return get_cc_module(code, "vat") if len(prefix) == 2 and prefix.isalpha() else None


def _refuse_missing(field: Field, lenient: bool) -> None:
    if field.required and not lenient:
        _refuse(field, _("This cannot be empty."), "required")


def _refuse_long(field: Field, text: str) -> None:
    if len(text) > field.limit:
        _refuse(
            field,
            _("This has %(given)d characters; at most %(longest)d fit. Shorten it.") % {"given": len(text), "longest": field.limit},
            "too_long",
        )


def _refuse(field: Field, message: str, code: str = "invalid") -> None:
    raise Invalid(problems=[Problem(field.code, message, code)])


READERS: Mapping[str, Callable[[Field, str], Any]] = {
    "choice": _choice,
    "number": _number,
    "money": _money,
    "country": _country,
    "url": _url,
    "email": _email,
    "vat": _vat,
}
