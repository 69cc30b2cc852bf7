"""One cell of the editor: an operator and values that a person picks, and the engine's text that they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import NumberFormatError, parse_decimal
from django.utils.formats import get_language
from django.utils.translation import gettext as _

from ..ports import Choice, Fact, Outcome
from ..rules.cells import BadCell, Condition, Ref, Value, plain_number, read_answer, read_condition, show_condition, show_value
from ..rules.language import number_words

ORDERED = ("number", "money", "date")
LONGEST = 400
COMPARED = {"le": "<=", "lt": "<", "ge": ">=", "gt": ">"}


@dataclass(frozen=True, slots=True)
class Widget:
    """What the form shows for one condition: the chosen operator, its values, the choices ticked."""

    op: str = "any"
    first: str = ""
    second: str = ""
    ticked: tuple[str, ...] = ()


def operators(fact: Fact) -> list[tuple[str, str]]:
    """The operators a column offers, in the words of its type."""
    known = [("null", _("not known")), ("known", _("is known"))]
    written = [("text", _("written out"))]
    if fact.type == "bool":
        return [("any", _("anything")), ("true", _yes_no(fact, "true", _("yes"))), ("false", _yes_no(fact, "false", _("no"))), *known[:1]]
    if fact.type == "date":
        dates = [("le", _("on or before")), ("lt", _("before")), ("ge", _("on or after")), ("gt", _("after")), ("between", _("from … to"))]
        return [("any", _("anything")), *dates, ("in", _("exactly")), *known, *written]
    if fact.type in ORDERED:
        numbers = [("le", _("up to")), ("lt", _("below")), ("ge", _("at least")), ("gt", _("above")), ("between", _("from … to"))]
        return [("any", _("anything")), *numbers, ("in", _("exactly")), ("not", _("not")), *known, *written]
    return [("any", _("anything")), ("in", _("is one of")), ("not", _("is none of")), *known]


def widget_of(text: str, fact: Fact) -> Widget:
    """How a stored cell is shown. A cell that fits no widget is shown as text."""
    try:
        return _widget(read_condition(text, fact), fact)
    except BadCell:
        return Widget("text", text)


def posted_widget(prefix: str, post: Mapping) -> Widget:
    ticked = tuple(value[:LONGEST] for value in post.getlist(f"{prefix}-v")[:100])
    return Widget(post.get(f"{prefix}-op", "any")[:10], post.get(f"{prefix}-a", "")[:LONGEST].strip(), post.get(f"{prefix}-b", "")[:LONGEST].strip(), ticked)


def cell_of(widget: Widget, fact: Fact) -> str:
    """The engine's text that the widget stands for. Raises BadCell."""
    match widget.op:
        case "any":
            return ""
        case "null" | "true" | "false":
            return widget.op
        case "known":
            return "!= null"
        case "text":
            return widget.first
        case "between":
            return f"[{_shown(widget.first, fact)}..{_shown(widget.second, fact)}]"
        case "in" | "not":
            values = _listed(widget, fact)
            return show_condition(Condition("in" if widget.op == "in" else "not in", values))
    if widget.op not in COMPARED:
        raise BadCell(_("Choose how to compare."))
    return f"{COMPARED[widget.op]} {_shown(widget.first, fact)}"


def answer_shown(text: str, outcome: Outcome) -> str:
    """An answer cell as its control holds it: the bare value."""
    try:
        value = read_answer(text, outcome)
    except BadCell:
        return text
    return "" if value is None else _plain(value)


def answer_of(typed: str, outcome: Outcome) -> str:
    """The engine's text of a typed answer. Raises BadCell."""
    return _shown(typed, outcome) if typed else ""


def choices_of(field: Fact | Outcome) -> tuple[Choice, ...]:
    if field.type == "bool":
        return tuple(Choice(value, _yes_no(field, value, label)) for value, label in (("true", _("yes")), ("false", _("no"))))
    return field.options


def _widget(condition: Condition, fact: Fact) -> Widget:
    if condition.refs or (condition.op == "range" and condition.ends != "[]") or (fact.type == "date" and condition.op == "not in"):
        return Widget("text", show_condition(condition))
    values = tuple(_plain(value) for value in condition.values)
    if condition.op == "range":
        return Widget("between", *values)
    if condition.op in COMPARED.values():
        return Widget(next(name for name, op in COMPARED.items() if op == condition.op), values[0])
    if condition.op not in ("in", "not in"):
        return Widget(condition.op)
    if fact.type == "bool":
        return Widget("true" if condition.values[0] is (condition.op == "in") else "false")
    op = "in" if condition.op == "in" else "not"
    if fact.type == "choice":
        return Widget(op, ticked=values)
    return Widget(op, ", ".join(values)) if fact.type == "text" else _single(op, values, condition)


def _single(op: str, values: tuple[str, ...], condition: Condition) -> Widget:
    return Widget(op, values[0]) if len(values) == 1 else Widget("text", show_condition(condition))


def _listed(widget: Widget, fact: Fact) -> tuple[Value, ...]:
    if fact.type == "choice":
        typed = widget.ticked
    else:
        typed = tuple(part.strip() for part in widget.first.split(",") if part.strip()) if fact.type == "text" else (widget.first,)
    if not typed or typed == ("",):
        raise BadCell(_("Choose at least one value, or “anything”."))
    return tuple(_value(text, fact) for text in typed)


def _shown(typed: str, field: Fact | Outcome) -> str:
    return show_value(_value(typed, field))


def _value(typed: str, field: Fact | Outcome) -> Value:
    if not typed:
        raise BadCell(_("A value is missing here."))
    if field.type in ("number", "money"):
        return read_number(typed)
    if field.type == "date":
        return read_answer(f'd("{typed}")', _as_outcome(field))
    return typed if field.type in ("text", "choice") else typed == "true"


def read_number(typed: str) -> Decimal:
    """A number as the person's language writes it, or with bare digits and a point."""
    try:
        return (
            Decimal(typed)
            if typed.replace(".", "", 1).removeprefix("-").isdecimal() and typed.isascii()
            else parse_decimal(typed, locale=_locale(), strict=True)
        )
    except (NumberFormatError, InvalidOperation, ValueError):
        raise BadCell(_("“%(text)s” is not a number. Write digits, for example 50000.") % {"text": typed[:40]}) from None


def _as_outcome(field: Fact | Outcome) -> Outcome:
    return Outcome(field.name, field.label, field.type)


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_words(value) if _reads_back(value) else plain_number(value)
    return value.name if isinstance(value, Ref) else str(value)


def _reads_back(value: Decimal) -> bool:
    try:
        return read_number(number_words(value)) == value
    except BadCell:
        return False


def _yes_no(field: Fact | Outcome, value: str, default: str) -> str:
    option = field.option(value)
    return option.words if option and option.label else default


def _locale() -> str:
    return (get_language() or "en").replace("-", "_")
