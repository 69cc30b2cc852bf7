"""A table as a JDM decision graph, the open format of the engine, and back.

The graph is what is stored, hashed, executed and exported: input -> decision table -> output. Cells are
hardened on the way out, so that a fact that is not known never satisfies a 'not' by accident.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import date

import zen

from ..ports import Fact, Outcome, Row, RuleKind, Table
from .cells import BadCell, Condition, read_answer, read_condition, show_condition, show_value
from .language import gettext as _

ALLOWED_NODES = ("inputNode", "decisionTableNode", "outputNode")
MAX_ROWS = 500
MAX_BYTES = 1_000_000
_GUARDS = re.compile(r"^(?:(?:\$|[a-z]\w*) != null and )+")
_DAY_SPAN = re.compile(r"^d\(\$\) (?P<low>>=?) (?P<from>d\(.+?\)) and d\(\$\) (?P<high><=?) (?P<to>d\(.+?\))$")
_DAY_REF = re.compile(r"^d\(\$\) (?P<op>[<>]=?) d\((?P<name>[a-z]\w*)\)$")
_DAY = re.compile(r"d\((\"[^\"]*\")\)")


class BadGraph(ValueError):
    """The document is not a decision table this rulebook can hold."""


def to_jdm(table: Table, kind: RuleKind) -> dict:
    """The table as a decision graph. Cells that cannot be read are kept as they are written."""
    content = {
        "hitPolicy": table.hit,
        "inputs": [{"id": name, "name": name, "field": name} for name in table.inputs],
        "outputs": [{"id": name, "name": name, "field": name} for name in table.outputs],
        "rules": [_rule(row, table, kind) for row in table.rows],
        "passThrough": False,
        "executionMode": "single",
    }
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "facts", "type": "inputNode", "name": "Facts", "position": {"x": 0, "y": 0}, "content": {"schema": ""}},
            {"id": "table", "type": "decisionTableNode", "name": kind.code, "position": {"x": 320, "y": 0}, "content": content},
            {"id": "answer", "type": "outputNode", "name": "Answer", "position": {"x": 640, "y": 0}},
        ],
        "edges": [
            {"id": "facts-table", "type": "edge", "sourceId": "facts", "targetId": "table"},
            {"id": "table-answer", "type": "edge", "sourceId": "table", "targetId": "answer"},
        ],
    }


def from_jdm(graph: dict, kind: RuleKind) -> Table:
    """Read a decision graph. Raises BadGraph unless it is one decision table between facts and answer."""
    content = _only_table(graph)
    try:
        inputs = tuple(str(column["field"]) for column in content["inputs"])
        outputs = tuple(str(column["field"]) for column in content["outputs"])
        ids = {str(column["field"]): str(column["id"]) for column in [*content["inputs"], *content["outputs"]]}
        rows = tuple(_row(rule, inputs, outputs, ids) for rule in content["rules"])
    except (KeyError, TypeError, AttributeError) as problem:
        raise BadGraph(_("The decision table is incomplete: %(what)s.") % {"what": problem}) from None
    return tidy(Table(inputs, outputs, rows, "collect" if content.get("hitPolicy") == "collect" else "first"), kind)


def tidy(table: Table, kind: RuleKind) -> Table:
    """The same table with every readable cell in its canonical spelling, empty cells left out."""
    return replace(table, rows=tuple(_tidy_row(row, table, kind) for row in table.rows))


def canonical(graph: dict) -> str:
    return json.dumps(graph, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(graph: dict) -> str:
    """SHA-256 of the canonical text: two equal tables have one fingerprint."""
    return hashlib.sha256(canonical(graph).encode()).hexdigest()


def engine_cell(condition: Condition) -> str:
    """The condition in the engine's syntax, guarded against facts that are not known."""
    needs_guard = condition.refs or condition.op == "not in" or _is_day_span(condition)
    if not needs_guard:
        return _listed_days_as_text(show_condition(condition), condition)
    known = "".join(f"{name} != null and " for name in ("$", *condition.refs))
    return known + _guarded(condition)


def plain_cell(text: str) -> str:
    """The engine's cell without its guards, as a person writes it."""
    bare = _GUARDS.sub("", text.strip())
    if span := _DAY_SPAN.match(bare):
        low, high = "[" if span["low"] == ">=" else "(", "]" if span["high"] == "<=" else ")"
        return f"{low}{span['from']}..{span['to']}{high}"
    if ref := _DAY_REF.match(bare):
        return f"{ref['op']} {ref['name']}"
    return bare.removeprefix("$ ")


def compile_problem(cell: str, *, condition: bool) -> str | None:
    """What the engine itself says against a cell, or None. It must be asked here: later it would skip the row."""
    try:
        zen.compile_unary_expression(cell) if condition else zen.compile_expression(cell)
    except Exception as refusal:  # the engine raises bare RuntimeError and ValueError
        return str(refusal).split("\n\nStack backtrace")[0][:200]
    return None


def _is_day_span(condition: Condition) -> bool:
    return condition.op == "range" and isinstance(condition.values[0], date)


def _listed_days_as_text(shown: str, condition: Condition) -> str:
    """The engine lists days only as the texts they arrive as."""
    return _DAY.sub(r"\1", shown) if condition.op in ("in", "not in") else shown


def _guarded(condition: Condition) -> str:
    if _is_day_span(condition):
        low, high = (show_value(value) for value in condition.values)
        above, below = ">=" if condition.ends[0] == "[" else ">", "<=" if condition.ends[1] == "]" else "<"
        return f"d($) {above} {low} and d($) {below} {high}"
    if condition.op == "in":
        return f"$ == {condition.refs[0]}"
    return f"$ {_listed_days_as_text(show_condition(condition), condition)}"


def _tidy_row(row: Row, table: Table, kind: RuleKind) -> Row:
    when = {name: _tidied(row.cell(name), kind.fact(name), _canonical_condition) for name in table.inputs}
    then = {name: _tidied(row.then.get(name, "").strip(), kind.outcome(name), _canonical_answer) for name in table.outputs}
    return replace(row, when=_filled(when), then=_filled(then))


def _filled(cells: dict[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in cells.items() if cell}


def _tidied(text: str, field, canonical_text) -> str:
    try:
        return text if field is None else canonical_text(text, field)
    except BadCell:
        return text


def _canonical_condition(text: str, fact: Fact) -> str:
    return show_condition(read_condition(text, fact))


def _canonical_answer(text: str, outcome: Outcome) -> str:
    value = read_answer(text, outcome)
    return "" if value is None else show_value(value)


def _rule(row: Row, table: Table, kind: RuleKind) -> dict:
    cells = {name: _engine_text(row.cell(name), kind.fact(name)) for name in table.inputs}
    answers = {name: row.then.get(name, "").strip() for name in table.outputs}
    note = {"_description": row.note} if row.note else {}
    return {"_id": row.id, **note, **cells, **answers}


def _engine_text(text: str, fact: Fact | None) -> str:
    if fact is None:
        return text
    try:
        cell = engine_cell(read_condition(text, fact))
    except BadCell:
        return text
    return _ordered_days(cell) if fact.type == "date" else cell


def _ordered_days(cell: str) -> str:
    return re.sub(r"\$ ([<>]=?) ([a-z]\w*)$", r"d($) \1 d(\2)", cell)


def _row(rule: dict, inputs: tuple[str, ...], outputs: tuple[str, ...], ids: dict[str, str]) -> Row:
    when = {name: plain_cell(str(rule.get(ids[name]) or "")) for name in inputs}
    then = {name: str(rule.get(ids[name]) or "").strip() for name in outputs}
    return Row(
        id=str(rule["_id"]),
        when=_filled(when),
        then=_filled(then),
        note=str(rule.get("_description") or ""),
    )


def _only_table(graph: dict) -> dict:
    nodes = graph.get("nodes") if isinstance(graph, dict) else None
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        raise BadGraph(_("This is not a decision graph: its nodes are missing."))
    _refuse_big(graph)
    for node in nodes:
        if node.get("type") not in ALLOWED_NODES:
            raise BadGraph(_("A rulebook table may not hold a %(type)s. Keep one input, one decision table and one output.") % {"type": node.get("type")})
    if sorted(str(node["type"]) for node in nodes) != sorted(ALLOWED_NODES):
        raise BadGraph(_("Keep exactly one input, one decision table and one output."))
    return next(node["content"] for node in nodes if node["type"] == "decisionTableNode")


def _refuse_big(graph: dict) -> None:
    if len(canonical(graph)) > MAX_BYTES:
        raise BadGraph(_("This table is too large; keep it under %(rows)s rows.") % {"rows": MAX_ROWS})
