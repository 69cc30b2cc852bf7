"""A decision table asked of a whole column of cases at once. It means what the engine means; a property test pins the two together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from ..ports import Fact, Outcome, RuleKind
from ..rules.cells import Condition, Ref, Value
from ..rules.reading import ReadTable

EXACT = "decimal(38, 9)"
TYPES: Mapping[str, str] = {"number": EXACT, "money": EXACT, "text": "string", "choice": "string", "bool": "boolean", "date": "date"}
ARROW: Mapping[str, pa.DataType] = {
    "number": pa.decimal128(38, 9), "money": pa.decimal128(38, 9), "text": pa.string(), "choice": pa.string(), "bool": pa.bool_(), "date": pa.date32(),
}  # fmt: skip
CLAUSE = "clause"


class NotColumnar(ValueError):
    """A collecting table has several answers to one case; its source must say what they come to."""


def answered(rows: ir.Table, read: ReadTable) -> ir.Table:
    """The rows with the clause that applies to each and its outcomes; empty where none applies."""
    if read.table.hit != "first":
        raise NotColumnar(read.kind.code)
    asked = _complete(rows, read)
    found = asked.mutate(**{CLAUSE: _first_hit(asked, read)})
    answers = {name: _answers(found, read, name) for name in read.table.outputs}
    return found.mutate(**answers)


def clause_holds(rows: ir.Table, conditions: Mapping[str, Condition], kind: RuleKind) -> ir.BooleanValue:
    """Whether all conditions of one row hold, for every case; unknown counts as no."""
    asked = [_holds(rows, name, condition, kind) for name, condition in conditions.items() if condition.op != "any"]
    return reduce(and_, asked, ibis.literal(True)).fill_null(False)


def as_table(rows: list[Mapping[str, Any]], kind: RuleKind) -> pa.Table:
    """Cases as columns of the kind's facts; a fact that a case does not have is unknown."""
    return pa.table({fact.name: pa.array([row.get(fact.name) for row in rows], type=ARROW[fact.type]) for fact in kind.facts})


def _complete(rows: ir.Table, read: ReadTable) -> ir.Table:
    """A fact that the history does not know is unknown in every case."""
    lacking = {name: ibis.null(_type_of(read.kind, name)) for name in read.asked if name not in rows.columns}
    return rows.mutate(**lacking) if lacking else rows


def _first_hit(rows: ir.Table, read: ReadTable) -> ir.StringValue:
    branches = [(clause_holds(rows, conditions, read.kind), ibis.literal(row.id)) for row, conditions in zip(read.table.rows, read.conditions, strict=True)]
    return ibis.cases(*branches, else_=ibis.null("string"))


def _answers(rows: ir.Table, read: ReadTable, name: str) -> ir.Value:
    outcome = read.kind.outcome(name)
    kind = TYPES[outcome.type] if outcome else "string"
    given = [(clause, answers[name]) for clause, answers in read.outcomes.items() if answers[name] is not None]
    if not given:
        return ibis.null(kind)
    return ibis.cases(*((rows[CLAUSE] == clause, _literal(value, outcome)) for clause, value in given), else_=ibis.null(kind))


def _holds(rows: ir.Table, name: str, condition: Condition, kind: RuleKind) -> ir.BooleanValue:
    column, fact = rows[name], kind.fact(name)
    if condition.op == "null":
        return column.isnull()
    if condition.op == "known":
        return column.notnull()
    sides = [rows[side.name] if isinstance(side, Ref) else _literal(side, fact) for side in condition.values]
    return _compared(condition, column, sides)


def _compared(condition: Condition, column: Any, sides: list[Any]) -> ir.BooleanValue:
    match condition.op:
        case "in":
            return reduce(lambda one, other: one | other, [column == side for side in sides])
        case "not in":
            return reduce(and_, [column != side for side in sides])
        case "range":
            low, high = sides
            above = column >= low if condition.ends[0] == "[" else column > low
            return above & (column <= high if condition.ends[1] == "]" else column < high)
        case "<=":
            return column <= sides[0]
        case "<":
            return column < sides[0]
        case ">=":
            return column >= sides[0]
    return column > sides[0]


def _literal(value: Value | int, field: Fact | Outcome | None) -> ir.Scalar:
    kind = TYPES[field.type] if field else "string"
    return ibis.literal(Decimal(value) if kind == EXACT else value, type=kind)


def _type_of(kind: RuleKind, name: str) -> str:
    fact = kind.fact(name)
    return TYPES[fact.type] if fact else "string"
