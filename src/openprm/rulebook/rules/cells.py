"""One cell of a table: text in the engine's syntax, read into a condition that can be shown, matched and explained."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..ports import Fact, Outcome
from .language import gettext as _

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>-?\d+(?:\.\d+)?)(?!\w)
    |(?P<day>d\(\s*(?:"[^"]*"|'[^']*')\s*\))
    |(?P<string>"[^"\x00-\x1f]*"|'[^'\x00-\x1f]*')
    |(?P<op><=|>=|==|!=|<|>)
    |(?P<mark>\.\.|[\[\](),])
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*))""",
    re.VERBOSE,
)
_ORDERED = ("number", "money", "date")
_KEYWORDS = {"true", "false", "null", "not", "in", "and", "or"}
MAX_CELL = 400
MAX_DIGITS = 24


class BadCell(ValueError):
    """The cell does not mean anything; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Another fact, compared with."""

    name: str


Value = Decimal | str | bool | date | Ref


@dataclass(frozen=True, slots=True)
class Condition:
    """op: any, null, known, <=, <, >=, >, in, not in, range. A range keeps its brackets in `ends`."""

    op: str
    values: tuple[Value, ...] = ()
    ends: str = "[]"

    @property
    def refs(self) -> tuple[str, ...]:
        return tuple(value.name for value in self.values if isinstance(value, Ref))


ANYTHING = Condition("any")


def read_condition(text: str, fact: Fact) -> Condition:
    """Read a cell. Raises BadCell in words that say how to fix it."""
    tokens = _tokens(text)
    if not tokens:
        return ANYTHING
    condition = _read(tokens, fact)
    _check_fit(condition, fact)
    return condition


def read_answer(text: str, outcome: Outcome) -> Value | None:
    """Read an outcome cell: a literal of the outcome's type, or None when empty."""
    tokens = _tokens(text)
    if not tokens:
        return None
    value, rest = _value(tokens, outcome)
    if rest:
        raise BadCell(_("An answer is one value; remove what follows it."))
    if isinstance(value, Ref):
        raise BadCell(_unquoted(value.name, outcome))
    return value


def show_condition(condition: Condition) -> str:
    """The cell in its one canonical spelling."""
    values = [show_value(value) for value in condition.values]
    match condition.op:
        case "any":
            return ""
        case "null":
            return "null"
        case "known":
            return "!= null"
        case "in":
            return ", ".join(values)
        case "not in":
            return f"!= {values[0]}" if len(values) == 1 else f"not in [{', '.join(values)}]"
        case "range":
            return f"{condition.ends[0]}{values[0]}..{values[1]}{condition.ends[1]}"
    return f"{condition.op} {values[0]}"


def show_value(value: Value) -> str:
    if isinstance(value, Ref):
        return value.name
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, date):
        return f'd("{value.isoformat()}")'
    return _quoted(value)


def plain_number(number: Decimal) -> str:
    """Exact digits, no exponent, no idle zeros: '50000', '0.1'."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def one_of(*values: str) -> str:
    return ", ".join(_quoted(value) for value in values)


def at_most(number: Decimal | int) -> str:
    return f"<= {number}"


def at_least(number: Decimal | int) -> str:
    return f">= {number}"


def between(low: Decimal | int, high: Decimal | int) -> str:
    return f"[{low}..{high}]"


def matches(condition: Condition, value: Value | None, facts: Mapping[str, Value | None]) -> bool:
    """Whether the value fits, by the same meaning as the engine's (a property test pins the two together)."""
    if condition.op == "any":
        return True
    if condition.op == "null" or value is None:
        return condition.op == "null" and value is None
    if condition.op == "known":
        return True
    sides = [facts.get(side.name) if isinstance(side, Ref) else side for side in condition.values]
    return all(side is not None for side in sides) and _holds(condition, value, sides)


def _holds(condition: Condition, value, sides: list) -> bool:
    match condition.op:
        case "in":
            return value in sides
        case "not in":
            return value not in sides
        case "range":
            low, high = sides
            above = value >= low if condition.ends[0] == "[" else value > low
            return above and (value <= high if condition.ends[1] == "]" else value < high)
        case "<=":
            return value <= sides[0]
        case "<":
            return value < sides[0]
        case ">=":
            return value >= sides[0]
    return value > sides[0]


Tokens = list[tuple[str, str]]


def _tokens(text: str) -> Tokens:
    if len(text) > MAX_CELL:
        raise BadCell(_("This cell is too long; keep it under %(limit)s characters.") % {"limit": MAX_CELL})
    found, at = [], 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if token is None:
            raise BadCell(_('“%(text)s” cannot be read. Write for example <= 50000, [10..20] or "gold".') % {"text": text[at:].strip()[:40]})
        found.append((token.lastgroup or "", token.group(token.lastgroup or 0)))
        at = token.end()
    return found


def _read(tokens: Tokens, fact: Fact) -> Condition:
    kind, text = tokens[0]
    if tokens == [("word", "null")]:
        return Condition("null")
    if tokens == [("op", "!="), ("word", "null")]:
        return Condition("known")
    if tokens[:2] == [("word", "not"), ("word", "in")]:
        return Condition("not in", _bracketed(tokens[2:], fact))
    if kind == "op":
        return _comparison(text, tokens[1:], fact)
    if kind == "mark" and text in "[(":
        return _range(tokens, fact)
    return Condition("in", _listed(tokens, fact))


def _comparison(op: str, tokens: Tokens, fact: Fact) -> Condition:
    value, rest = _value(tokens, fact)
    if rest:
        raise BadCell(_("One comparison takes one value. Write numbers without separators, 50000, and a span as [10..20]."))
    return Condition({"==": "in", "!=": "not in"}.get(op, op), (value,))


def _range(tokens: Tokens, fact: Fact) -> Condition:
    low, rest = _value(tokens[1:], fact)
    if not rest or rest[0] != ("mark", ".."):
        raise BadCell(_("A span is written with two dots: [10..20], or [10..20) to leave the end out."))
    high, rest = _value(rest[1:], fact)
    if len(rest) != 1 or rest[0] not in (("mark", "]"), ("mark", ")")):
        raise BadCell(_("A span is written with two dots: [10..20], or [10..20) to leave the end out."))
    return Condition("range", (low, high), tokens[0][1] + rest[0][1])


def _bracketed(tokens: Tokens, fact: Fact) -> tuple[Value, ...]:
    if len(tokens) < 3 or tokens[0] != ("mark", "[") or tokens[-1] != ("mark", "]"):
        raise BadCell(_('Write the excluded values in brackets: not in ["gold", "silver"].'))
    return _listed(tokens[1:-1], fact)


def _listed(tokens: Tokens, fact: Fact) -> tuple[Value, ...]:
    value, rest = _value(tokens, fact)
    values = [value]
    while rest:
        if rest[0] != ("mark", ","):
            raise BadCell(_('Separate values by commas: "gold", "silver".'))
        value, rest = _value(rest[1:], fact)
        values.append(value)
    return tuple(dict.fromkeys(values))


def _value(tokens: Tokens, field: Fact | Outcome) -> tuple[Value, Tokens]:
    if not tokens:
        raise BadCell(_("A value is missing here."))
    (kind, text), rest = tokens[0], tokens[1:]
    return _literal(kind, text, field), rest


def _literal(kind: str, text: str, field: Fact | Outcome) -> Value:
    if kind == "word" and text not in _KEYWORDS:
        return Ref(text)
    if kind == "number" and field.type in ("number", "money"):
        return _number(text, field)
    if kind == "word" and field.type == "bool" and text in ("true", "false"):
        return text == "true"
    if kind in ("day", "string") and field.type == "date":
        return _day(text)
    if kind == "string" and field.type in ("text", "choice"):
        return _choice(text[1:-1], field)
    raise BadCell(_misfit(text, field))


def _number(text: str, field: Fact | Outcome) -> Decimal:
    if len(text) > MAX_DIGITS:
        raise BadCell(_("This number is too long to be exact."))
    if re.match(r"-?0\d", text):
        raise BadCell(_("Write numbers without separators and leading zeros: 50000."))
    number = Decimal(text)
    if field.step is not None and number % field.step:
        raise BadCell(_("%(label)s counts in steps of %(step)s; round this value.") % {"label": field.label, "step": field.step})
    return number


def _day(text: str) -> date:
    day = text.removeprefix("d(").removesuffix(")").strip().strip("\"'")
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise BadCell(_('“%(text)s” is not a date. Write it as d("2026-12-31").') % {"text": day[:40]}) from None


def _choice(text: str, field: Fact | Outcome) -> str:
    if field.type == "choice" and field.option(text) is None:
        known = ", ".join(f'"{option.value}"' for option in field.options)
        raise BadCell(_("“%(text)s” is not an answer of %(label)s. Use one of: %(known)s.") % {"text": text[:40], "label": field.label, "known": known})
    return text


def _misfit(text: str, field: Fact | Outcome) -> str:
    wanted = {
        "number": _("a number such as 30"),
        "money": _("an amount such as 50000"),
        "bool": _("true or false"),
        "date": _('a date such as d("2026-12-31")'),
        "text": _("text in quotation marks"),
        "choice": _("one of its answers in quotation marks"),
    }[field.type]
    return _("%(label)s needs %(wanted)s, not %(text)s.") % {"label": field.label, "wanted": wanted, "text": text[:40]}


def _unquoted(name: str, field: Fact | Outcome) -> str:
    if field.type in ("text", "choice"):
        return _('%(name)s without quotation marks would be the name of a fact. Write "%(name)s".') % {"name": name}
    return _misfit(name, field)


def _check_fit(condition: Condition, fact: Fact) -> None:
    if condition.op in ("<=", "<", ">=", ">", "range") and fact.type not in _ORDERED:
        raise BadCell(_("%(label)s has no order; list its values instead.") % {"label": fact.label})
    if condition.op == "range" and condition.refs:
        raise BadCell(_("A span needs two fixed values; compare with another fact by <= or >=."))
    if condition.op == "range" and condition.values[0] > condition.values[1]:
        raise BadCell(_("This span is empty: its first value must not be above its second."))
    if condition.op in ("in", "not in") and condition.refs and len(condition.values) > 1:
        raise BadCell(_("A list holds fixed values only. %(hint)s") % {"hint": _unquoted(condition.refs[0], fact)})


def _quoted(text: str) -> str:
    if any(letter < " " for letter in text) or ('"' in text and "'" in text):
        raise BadCell(_("A text may not hold line breaks or both kinds of quotation marks."))
    return f"'{text}'" if '"' in text else f'"{text}"'
