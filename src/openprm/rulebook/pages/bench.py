"""The test bench beside the editor: facts typed in, the verdict of the table as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid

from .. import services
from ..ports import Choice, Fact, RuleKind, Table
from ..rules.cells import BadCell, plain_number
from ..rules.evaluation import Verdict
from ..rules.words import answer_in_words
from . import cells


@dataclass(frozen=True, slots=True)
class BenchField:
    name: str
    label: str
    type: str
    unit: str
    value: str
    choices: tuple[Choice, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """`answer` is the verdict in words; empty before the first try."""

    fields: tuple[BenchField, ...]
    verdict: Verdict | None = None
    answer: str = ""
    refusal: str = ""


def draw(table: Table, kind: RuleKind, post: Mapping | None = None, errors: Mapping[str, str] | None = None) -> tuple[BenchField, ...]:
    """One field per fact that the table may ask."""
    asked = [fact for fact in kind.facts if fact.name in _asked(table, kind)]
    return tuple(_field(fact, (post or {}).get(f"f-{fact.name}", ""), (errors or {}).get(fact.name, "")) for fact in asked)


def run(actor: Actor, table: Table, kind: RuleKind, post: Mapping) -> Bench:
    """Ask the table about the typed facts; what cannot be read is named beside its field."""
    inputs, errors = _typed(table, kind, post)
    if errors:
        return Bench(draw(table, kind, post, errors))
    try:
        verdict = services.try_table(actor=actor, kind=kind.code, table=table, inputs=inputs)
    except services.TableHasProblems:
        raise
    except Invalid as refusal:
        return Bench(draw(table, kind, post, {problem.field.removeprefix("inputs."): problem.message for problem in refusal.problems}))
    rows = [table.row(match.clause) for match in verdict.matches]
    return Bench(draw(table, kind, post), verdict, "; ".join(answer_in_words(row, table, kind) for row in rows))


def _asked(table: Table, kind: RuleKind) -> set[str]:
    """Columns, and the facts that written-out cells compare with."""
    words = {word for row in table.rows for cell in row.when.values() for word in cell.replace("[", " ").replace(",", " ").split()}
    return {*table.inputs, *(fact.name for fact in kind.facts if fact.name in words)}


def _field(fact: Fact, value: str, error: str) -> BenchField:
    unit = str(fact.unit) or ("EUR" if fact.type == "money" else "")
    return BenchField(fact.name, str(fact.label), fact.type, unit, value[: cells.LONGEST], cells.choices_of(fact), error)


def _typed(table: Table, kind: RuleKind, post: Mapping) -> tuple[dict[str, str], dict[str, str]]:
    inputs: dict[str, str] = {}
    errors: dict[str, str] = {}
    for one in draw(table, kind, post):
        try:
            inputs[one.name] = _read(one)
        except BadCell as problem:
            errors[one.name] = str(problem)
    return {name: value for name, value in inputs.items() if value}, errors


def _read(one: BenchField) -> str:
    typed = one.value.strip()
    return plain_number(cells.read_number(typed)) if typed and one.type in ("number", "money") else typed
