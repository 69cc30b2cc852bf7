"""The editor's form: rows of widgets, read from a table or from what was posted, with problems beside their cells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from ..ports import Choice, Fact, Outcome, Row, RuleKind, Table
from ..rules.cells import BadCell
from ..rules.checks import MAX_NOTE, TableProblem
from ..rules.jdm import MAX_ROWS
from . import cells


@dataclass(frozen=True, slots=True)
class Column:
    """A condition column or an answer column, as the head of the table shows it."""

    name: str
    label: str
    type: str
    unit: str
    help: str
    operators: tuple[tuple[str, str], ...]
    choices: tuple[Choice, ...]

    @property
    def control(self) -> str:
        return {"money": "number", "number": "number", "date": "date", "choice": "choice", "bool": "bool"}.get(self.type, "text")


@dataclass(frozen=True, slots=True)
class ConditionCell:
    column: Column
    prefix: str
    widget: cells.Widget
    error: str = ""

    @property
    def label(self) -> str:
        return self.column.label


@dataclass(frozen=True, slots=True)
class AnswerCell:
    column: Column
    prefix: str
    value: str
    error: str = ""

    @property
    def label(self) -> str:
        return self.column.label


@dataclass(frozen=True, slots=True)
class EditorRow:
    """One clause being edited."""

    index: int
    id: str
    note: str
    conditions: tuple[ConditionCell, ...]
    answers: tuple[AnswerCell, ...]
    id_error: str = ""
    note_error: str = ""
    error: str = ""

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def key(self) -> str:
        """The row as form names spell it, never with a thousands separator."""
        return str(self.index)

    @property
    def has_problem(self) -> bool:
        return bool(self.error or self.id_error or self.note_error or any(cell.error for cell in (*self.conditions, *self.answers)))


@dataclass(frozen=True, slots=True)
class Editor:
    """The whole form. `spare` are the facts that have no column yet."""

    conditions: tuple[Column, ...]
    answers: tuple[Column, ...]
    rows: tuple[EditorRow, ...]
    spare: tuple[tuple[str, str], ...]
    collects: bool
    problems: tuple[TableProblem, ...] = ()

    @property
    def names(self) -> str:
        return ",".join(column.name for column in self.conditions)


@dataclass
class Posted:
    """A posted form as a table, with the cells that could not be read."""

    table: Table
    widgets: dict[tuple[int, str], cells.Widget]
    typed: dict[tuple[int, str], str]
    problems: list[TableProblem] = field(default_factory=list)


def draw(table: Table, kind: RuleKind, *, posted: Posted | None = None, problems: Iterable[TableProblem] = ()) -> Editor:
    """The form for a table; with `posted`, every control holds what the person put there."""
    found = tuple(problems)
    conditions = tuple(_column(kind.fact(name)) for name in table.inputs)
    answers = tuple(_column(kind.outcome(name)) for name in table.outputs)
    rows = tuple(_row(index, row, kind, conditions, answers, posted, found) for index, row in enumerate(table.rows))
    spare = tuple((fact.name, str(fact.label)) for fact in kind.facts if fact.name not in table.inputs)
    return Editor(conditions, answers, rows, spare, table.hit == "collect", found)


def read(post: Mapping, kind: RuleKind) -> Posted:
    """The posted form as a table; unreadable cells are kept as typed and named in `problems`."""
    inputs = tuple(dict.fromkeys(name for name in post.get("columns", "").split(",") if kind.fact(name)))
    outputs = tuple(outcome.name for outcome in kind.outcomes)
    posted = Posted(Table(inputs, outputs, (), kind.hit), {}, {})
    rows = tuple(_posted_row(index, post, kind, posted) for index in range(_row_count(post)))
    posted.table = replace(posted.table, rows=rows)
    return posted


def rearranged(table: Table, action: str, kind: RuleKind, chosen: str = "") -> Table:
    """The table after a structural button: add, copy:1, up:1, down:1, remove:1, column-add, column-remove:amount."""
    verb, _colon, place = action.partition(":")
    if verb == "column-add" and kind.fact(chosen) and chosen not in table.inputs:
        return replace(table, inputs=(*table.inputs, chosen))
    if verb == "column-remove" and place in table.inputs:
        rows = tuple(replace(row, when={name: cell for name, cell in row.when.items() if name != place}) for row in table.rows)
        return replace(table, inputs=tuple(name for name in table.inputs if name != place), rows=rows)
    return replace(table, rows=_moved(list(table.rows), verb, place))


def next_clause(rows: Iterable[Row]) -> str:
    """'R5' when R4 is the highest; the letter is that of the rows there are."""
    ids = [row.id for row in rows]
    letter = next((clause[0] for clause in ids if clause[:1].isalpha()), "R")
    numbers = [int(clause[1:]) for clause in ids if clause[:1] == letter and clause[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1}"


def _moved(rows: list[Row], verb: str, place: str) -> tuple[Row, ...]:
    at = int(place) if place.isdecimal() and int(place) < len(rows) else None
    if verb == "add" and len(rows) < MAX_ROWS:
        rows.insert(max(len(rows) - 1, 0), Row(next_clause(rows)))
    elif at is None:
        return tuple(rows)
    elif verb == "copy" and len(rows) < MAX_ROWS:
        rows.insert(at, replace(rows[at], id=next_clause(rows)))
    elif verb == "remove" and len(rows) > 1:
        del rows[at]
    elif verb == "up" and at > 0:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    elif verb == "down" and at + 1 < len(rows):
        rows[at + 1], rows[at] = rows[at], rows[at + 1]
    return tuple(rows)


def _row_count(post: Mapping) -> int:
    count = post.get("rows", "0")
    return min(int(count), MAX_ROWS) if count.isdecimal() and len(count) < 6 else 0


def _posted_row(index: int, post: Mapping, kind: RuleKind, posted: Posted) -> Row:
    clause = post.get(f"r{index}-id", "").strip()[:20]
    when = {name: _posted_condition(index, clause, kind.fact(name), post, posted) for name in posted.table.inputs}
    then = {name: _posted_answer(index, clause, kind.outcome(name), post, posted) for name in posted.table.outputs}
    note = post.get(f"r{index}-note", "").strip()[: MAX_NOTE + 1]
    return Row(clause, {name: cell for name, cell in when.items() if cell}, {name: cell for name, cell in then.items() if cell}, note)


def _posted_condition(index: int, clause: str, fact: Fact, post: Mapping, posted: Posted) -> str:
    widget = posted.widgets[index, fact.name] = cells.posted_widget(f"r{index}-w-{fact.name}", post)
    try:
        return cells.cell_of(widget, fact)
    except BadCell as problem:
        posted.problems.append(TableProblem(index, clause, fact.name, str(problem)))
        return widget.first


def _posted_answer(index: int, clause: str, outcome: Outcome, post: Mapping, posted: Posted) -> str:
    typed = posted.typed[index, outcome.name] = post.get(f"r{index}-t-{outcome.name}", "").strip()[: cells.LONGEST]
    try:
        return cells.answer_of(typed, outcome)
    except BadCell as problem:
        posted.problems.append(TableProblem(index, clause, outcome.name, str(problem)))
        return typed


def _column(about: Fact | Outcome) -> Column:
    operators = tuple(cells.operators(about)) if isinstance(about, Fact) else ()
    return Column(about.name, str(about.label), about.type, _unit(about), str(about.help), operators, cells.choices_of(about))


def _unit(about: Fact | Outcome) -> str:
    return str(about.unit) or ("EUR" if about.type == "money" else "")


def _row(index: int, row: Row, kind: RuleKind, conditions, answers, posted: Posted | None, problems: tuple[TableProblem, ...]) -> EditorRow:
    said = {problem.column: problem.message for problem in reversed(problems) if problem.row == index}
    return EditorRow(
        index=index, id=row.id, note=row.note,
        conditions=tuple(_condition(index, row, column, kind, posted, said) for column in conditions),
        answers=tuple(_answer(index, row, column, kind, posted, said) for column in answers),
        id_error=said.get("id", ""), note_error=said.get("note", ""), error=said.get("", ""),
    )  # fmt: skip


def _condition(index: int, row: Row, column: Column, kind: RuleKind, posted: Posted | None, said: Mapping[str, str]) -> ConditionCell:
    widget = posted.widgets.get((index, column.name)) if posted else None
    return ConditionCell(
        column, f"r{index}-w-{column.name}", widget or cells.widget_of(row.cell(column.name), kind.fact(column.name)), said.get(column.name, "")
    )


def _answer(index: int, row: Row, column: Column, kind: RuleKind, posted: Posted | None, said: Mapping[str, str]) -> AnswerCell:
    typed = posted.typed.get((index, column.name)) if posted else None
    value = cells.answer_shown(row.then.get(column.name, ""), kind.outcome(column.name)) if typed is None else typed
    return AnswerCell(column, f"r{index}-t-{column.name}", value, said.get(column.name, ""))


def place_words(problem: TableProblem, kind: RuleKind) -> str:
    """'R2, Amount' for the summary above the table."""
    names = {"id": _("name"), "note": _("remark"), "": ""}
    about = kind.fact(problem.column) or kind.outcome(problem.column)
    column = str(about.label) if about else names.get(problem.column, problem.column)
    clause = problem.clause or (_("row %(row)s") % {"row": problem.row + 1} if problem.row is not None else "")
    return ", ".join(part for part in (clause, column) if part)
