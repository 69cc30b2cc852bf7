"""What must hold before a table may be saved. Every problem names its row and column and says how to fix it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ..ports import Fact, Row, RuleKind, Table
from .cells import BadCell, Condition, read_answer, read_condition, show_value
from .jdm import MAX_ROWS, compile_problem, engine_cell
from .language import gettext as _
from .regions import covers

CLAUSE = re.compile(r"^[A-Za-z][A-Za-z0-9.-]{0,11}$")
MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class TableProblem:
    """`row` counts from 0; row None is about the table. `column` is a fact, an outcome, 'id', 'note' or ''."""

    row: int | None
    clause: str
    column: str
    message: str

    @property
    def field(self) -> str:
        place = "rows" if self.row is None else f"rows[{self.row}]"
        return f"{place}.{self.column}" if self.column else place


def check(table: Table, kind: RuleKind) -> tuple[TableProblem, ...]:
    """All problems, in the order of the rows; none means the table may be saved."""
    shape = [*_column_problems(table, kind), *_size_problems(table, kind)]
    if shape:
        return tuple(shape)
    cells = [problem for index, row in enumerate(table.rows) for problem in _row_problems(index, row, table, kind)]
    if cells:
        return tuple(cells)
    return (*_order_problems(table, kind), *_own_problems(table, kind))


def _column_problems(table: Table, kind: RuleKind):
    for name in table.inputs:
        if kind.fact(name) is None:
            yield _of_table(
                name,
                _("%(kind)s knows no fact “%(name)s”. It asks: %(known)s.")
                % {"kind": kind.title, "name": name[:60], "known": ", ".join(fact.name for fact in kind.facts)},
            )
    for name in table.outputs:
        if kind.outcome(name) is None:
            yield _of_table(
                name,
                _("%(kind)s has no answer “%(name)s”. It answers: %(known)s.")
                % {"kind": kind.title, "name": name[:60], "known": ", ".join(outcome.name for outcome in kind.outcomes)},
            )
    for name, times in Counter([*table.inputs, *table.outputs]).items():
        if times > 1:
            yield _of_table(name, _("The column “%(name)s” appears twice; keep one.") % {"name": name[:60]})


def _size_problems(table: Table, kind: RuleKind):
    if table.hit != kind.hit:
        yield _of_table("", _("%(kind)s uses the hit policy “%(hit)s”.") % {"kind": kind.title, "hit": kind.hit})
    if not table.outputs:
        yield _of_table("", _("A table needs at least one answer column."))
    if not 1 <= len(table.rows) <= MAX_ROWS:
        yield _of_table("", _("A table has between 1 and %(most)s rows.") % {"most": MAX_ROWS})


def _row_problems(index: int, row: Row, table: Table, kind: RuleKind):
    yield from _name_problems(index, row, table)
    for name in [*row.when, *row.then]:
        if name not in table.inputs and name not in table.outputs:
            yield TableProblem(index, row.id, name[:60], _("There is no column “%(name)s”; add it or clear the cell.") % {"name": name[:60]})
    for name in table.inputs:
        if message := _condition_problem(row.cell(name), kind.fact(name), kind):
            yield TableProblem(index, row.id, name, message)
    for name in table.outputs:
        if message := _answer_problem(row.then.get(name, ""), kind.outcome(name)):
            yield TableProblem(index, row.id, name, message)
    if not any(row.then.get(name, "").strip() for name in table.outputs):
        yield TableProblem(index, row.id, table.outputs[0], _("This row answers nothing; fill in at least one answer."))


def _name_problems(index: int, row: Row, table: Table):
    if not CLAUSE.match(row.id):
        yield TableProblem(index, row.id[:12], "id", _("Name the clause with a letter and up to 11 letters, digits, dots or dashes, for example R1."))
    twin = next((at for at, other in enumerate(table.rows[:index]) if other.id == row.id), None)
    if twin is not None:
        yield TableProblem(
            index, row.id, "id", _("Clause %(clause)s is already the name of row %(row)s; give each row its own.") % {"clause": row.id, "row": twin + 1}
        )
    if not is_plain_text(row.note):
        yield TableProblem(index, row.id, "note", _("The remark holds signs that are not text; type it anew."))
    if len(row.note) > MAX_NOTE:
        yield TableProblem(index, row.id, "note", _("Keep the remark under %(limit)s characters.") % {"limit": MAX_NOTE})


def is_plain_text(text: str) -> bool:
    """No control signs but line breaks, nothing that cannot be stored."""
    return all(letter in "\n\r\t" or (letter >= " " and not "\ud800" <= letter <= "\udfff") for letter in text)


def _condition_problem(text: str, fact: Fact, kind: RuleKind) -> str | None:
    try:
        condition = read_condition(text, fact)
    except BadCell as problem:
        return str(problem)
    return _reference_problem(condition, fact, kind) or (text and _engine_problem(engine_cell(condition), condition=True)) or None


def _reference_problem(condition: Condition, fact: Fact, kind: RuleKind) -> str | None:
    for name in condition.refs:
        other = kind.fact(name)
        if other is None:
            return _unknown_name(name, fact, kind)
        if other.name == fact.name:
            return _("A fact cannot be compared with itself.")
        if other.type != fact.type or other.unit != fact.unit:
            return _("%(fact)s and %(other)s are not of one type, so they cannot be compared.") % {"fact": fact.label, "other": other.label}
    return None


def _unknown_name(name: str, fact: Fact, kind: RuleKind) -> str:
    if fact.type in ("text", "choice"):
        return _('%(name)s without quotation marks would be the name of a fact, and there is none. Write "%(name)s".') % {"name": name[:60]}
    known = ", ".join(other.name for other in kind.facts if other.type == fact.type and other.name != fact.name)
    return _("There is no fact “%(name)s”. Use a value, or one of: %(known)s.") % {"name": name[:60], "known": known or "-"}


def _answer_problem(text: str, outcome) -> str | None:
    try:
        value = read_answer(text, outcome)
    except BadCell as problem:
        return str(problem)
    return None if value is None else _engine_problem(show_value(value), condition=False)


def _engine_problem(cell: str, *, condition: bool) -> str | None:
    said = compile_problem(cell, condition=condition)
    return _("The engine refuses this cell: %(reason)s") % {"reason": said} if said else None


def _order_problems(table: Table, kind: RuleKind):
    conditions = [{name: read_condition(row.cell(name), kind.fact(name)) for name in table.inputs} for row in table.rows]
    for index, row in enumerate(table.rows):
        above = next((at for at in range(index) if _hides(at, index, table, conditions, kind)), None)
        if above is not None:
            yield TableProblem(index, row.id, "", _shadow_words(row, table.rows[above], table))
    if table.hit == "first" and any(condition.op != "any" for condition in conditions[-1].values()):
        last = len(table.rows) - 1
        yield TableProblem(
            last, table.rows[last].id, "", _("The last row must apply to every other case: add a row at the end with all conditions left at “anything”.")
        )


def _own_problems(table: Table, kind: RuleKind):
    """What the domain of the kind asks beyond what every table must keep."""
    for row, column, message in kind.check(table) if kind.check else ():
        yield TableProblem(row, table.rows[row].id if row is not None else "", column, message)


def _hides(above: int, below: int, table: Table, conditions: list[dict[str, Condition]], kind: RuleKind) -> bool:
    if table.hit == "collect":
        return conditions[above] == conditions[below] and table.rows[above].then == table.rows[below].then
    return all(covers(conditions[above][name], conditions[below][name], kind.fact(name)) for name in table.inputs)


def _shadow_words(row: Row, above: Row, table: Table) -> str:
    if table.hit == "collect":
        return _("%(row)s repeats %(above)s; remove one of them.") % {"row": row.id, "above": above.id}
    return _("%(row)s can never apply: %(above)s above it already covers all of it. Move it up or remove it.") % {"row": row.id, "above": above.id}


def _of_table(column: str, message: str) -> TableProblem:
    return TableProblem(None, "", column[:60], message)
