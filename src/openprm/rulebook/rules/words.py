"""A table in words: each row is a sentence that a partner understands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..ports import Fact, Outcome, Row, RuleKind, Table, choices_read_once
from .cells import BadCell, Condition, Ref, Value, read_answer, read_condition
from .language import date_words, money_words, number_words, one_of_words
from .language import gettext as _

DEFAULT_CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """One row for a reader: its clause id, the sentence, the publisher's remark."""

    clause: str
    text: str
    note: str = ""


def table_in_words(table: Table, kind: RuleKind) -> tuple[ClauseWords, ...]:
    with choices_read_once():
        return tuple(clause_in_words(row, table, kind) for row in table.rows)


def clause_in_words(row: Row, table: Table, kind: RuleKind) -> ClauseWords:
    """'If the amount is up to €50,000 and no conflict is found, the registration is approved at once.'"""
    conditions = row_conditions(row, table, kind)
    answer = answer_in_words(row, table, kind)
    if conditions:
        text = _("If %(conditions)s, %(answer)s.") % {"conditions": one_of_words(conditions, _("and")), "answer": answer}
    elif len(table.rows) == 1 or table.hit == "collect":
        text = _("Always: %(answer)s.") % {"answer": answer}
    else:
        text = _("In every other case, %(answer)s.") % {"answer": answer}
    return ClauseWords(row.id, text, row.note)


def row_conditions(row: Row, table: Table, kind: RuleKind) -> list[str]:
    return [cell_in_words(row.cell(name), kind.fact(name), kind) for name in table.inputs if row.cell(name)]


def cell_in_words(text: str, fact: Fact | None, kind: RuleKind) -> str:
    """The cell as a clause; a cell that cannot be read is quoted as it is."""
    if fact is None:
        return text
    try:
        return condition_in_words(read_condition(text, fact), fact, kind)
    except BadCell:
        return _("%(fact)s is “%(cell)s”") % {"fact": spoken(fact), "cell": text}


def answer_in_words(row: Row, table: Table, kind: RuleKind) -> str:
    """'the registration is approved at once and protection lasts 90 days'."""
    said = [outcome_in_words(row.then[name], kind.outcome(name)) for name in table.outputs if row.then.get(name)]
    return one_of_words(said, _("and")) or _("nothing is decided")


def outcome_in_words(text: str, outcome: Outcome | None) -> str:
    if outcome is None:
        return text
    try:
        value = read_answer(text, outcome)
    except BadCell:
        return _("%(label)s is “%(cell)s”") % {"label": spoken(outcome), "cell": text}
    return "" if value is None else answer_value_in_words(value, outcome)


def answer_value_in_words(value: Value, outcome: Outcome) -> str:
    option = outcome.option(_option_key(value))
    if option and option.phrase:
        return str(option.phrase)
    shown = value_in_words(value, outcome)
    if "%(value)s" in str(outcome.phrase):
        return str(outcome.phrase) % {"value": shown}
    return _("%(label)s is %(value)s") % {"label": spoken(outcome), "value": shown}


def condition_in_words(condition: Condition, fact: Fact, kind: RuleKind) -> str:
    name = spoken(fact)
    if condition.op == "null":
        return _("%(fact)s is not known") % {"fact": name}
    if condition.op == "known":
        return _("%(fact)s is known") % {"fact": name}
    phrase = _option_phrase(condition, fact)
    if phrase:
        return phrase
    values = [_side_in_words(value, fact, kind) for value in condition.values]
    if condition.op == "range":
        return _span_in_words(condition, values) % {"fact": name, "low": values[0], "high": values[1]}
    return _comparison_in_words(condition, fact) % {"fact": name, "value": one_of_words(values, _("or"))}


def value_in_words(value: Value | None, field: Fact | Outcome) -> str:
    """'€50,000', '30 days', 'Gold', 'yes', '23 November 2026', or 'not known'."""
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        option = field.option(_option_key(value))
        return (option.label and str(option.label)) or _yes_no(value) if option else _yes_no(value)
    if isinstance(value, date):
        return date_words(value)
    if isinstance(value, Decimal | int):
        return _number_in_words(Decimal(value), field)
    option = field.option(str(value)) if field.type == "choice" else None
    return option.words if option else f"“{value}”"


def spoken(field: Fact | Outcome) -> str:
    """How a sentence speaks of the fact: its phrase, or 'the deal size' from its label."""
    if isinstance(field, Fact) and field.phrase:
        return str(field.phrase)
    label = str(field.label)
    opening = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    return _("the %(label)s") % {"label": opening}


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _side_in_words(value: Value, fact: Fact, kind: RuleKind) -> str:
    if not isinstance(value, Ref):
        return value_in_words(value, fact)
    other = kind.fact(value.name)
    return spoken(other) if other else value.name


def _comparison_in_words(condition: Condition, fact: Fact) -> str:
    if fact.type == "date":
        return {
            "<=": _("%(fact)s is on or before %(value)s"),
            "<": _("%(fact)s is before %(value)s"),
            ">=": _("%(fact)s is on or after %(value)s"),
            ">": _("%(fact)s is after %(value)s"),
            "in": _("%(fact)s is %(value)s"),
            "not in": _("%(fact)s is not %(value)s"),
        }[condition.op]
    return {
        "<=": _("%(fact)s is up to %(value)s"),
        "<": _("%(fact)s is below %(value)s"),
        ">=": _("%(fact)s is at least %(value)s"),
        ">": _("%(fact)s is above %(value)s"),
        "in": _("%(fact)s is exactly %(value)s") if fact.type in ("number", "money") else _("%(fact)s is %(value)s"),
        "not in": _("%(fact)s is not %(value)s"),
    }[condition.op]


def _span_in_words(condition: Condition, values: list[str]) -> str:
    return {
        "[]": _("%(fact)s is from %(low)s to %(high)s"),
        "[)": _("%(fact)s is at least %(low)s and below %(high)s"),
        "(]": _("%(fact)s is above %(low)s and up to %(high)s"),
        "()": _("%(fact)s is above %(low)s and below %(high)s"),
    }[condition.ends]


def _option_phrase(condition: Condition, fact: Fact) -> str:
    """The whole clause that the kind's author wrote for this one answer."""
    if len(condition.values) != 1 or isinstance(condition.values[0], Ref):
        return ""
    value = condition.values[0]
    if condition.op == "not in" and isinstance(value, bool):
        value = not value
    elif condition.op != "in":
        return ""
    option = fact.option(_option_key(value)) if fact.type in ("choice", "bool") else None
    return str(option.phrase) if option else ""


def _option_key(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


def _number_in_words(number: Decimal, field: Fact | Outcome) -> str:
    unit = str(field.unit)
    if field.type == "money":
        return money_words(number, unit or DEFAULT_CURRENCY)
    if unit == "%":
        return f"{number_words(number)}%"
    if unit == "days":
        return (_("%(count)s day") if number == 1 else _("%(count)s days")) % {"count": number_words(number)}
    if unit == "working days":
        return (_("%(count)s working day") if number == 1 else _("%(count)s working days")) % {"count": number_words(number)}
    return f"{number_words(number)} {unit}".strip()
