"""A table with its cells read once, able to say which clauses match and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from ..ports import Fact, RuleKind, Table
from .cells import ANYTHING, Condition, Value, matches, read_answer, read_condition
from .facts import Facts, answer_value
from .regions import ORDERED, Region, fixed_values, ordered_regions

Tell = Callable[[Value], tuple[str, ...]]


@dataclass(frozen=True)
class ReadTable:
    """Raises BadCell when it is first asked and a cell does not read; check the table before."""

    table: Table
    kind: RuleKind

    @cached_property
    def conditions(self) -> tuple[dict[str, Condition], ...]:
        return tuple({name: read_condition(row.cell(name), self.kind.fact(name)) for name in self.table.inputs} for row in self.table.rows)

    @cached_property
    def outcomes(self) -> dict[str, dict]:
        """The answer of each clause, typed, by outcome name."""
        return {row.id: {name: self._answer(row.then.get(name, ""), name) for name in self.table.outputs} for row in self.table.rows}

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Every fact that can make a difference: the columns, and what they compare with."""
        refs = [ref for row in self.conditions for condition in row.values() for ref in condition.refs]
        return tuple(dict.fromkeys([*self.table.inputs, *refs]))

    @cached_property
    def _columns(self) -> dict[str, list[Condition]]:
        return {fact.name: [row.get(fact.name, ANYTHING) for row in self.conditions] for fact in self.kind.facts}

    @cached_property
    def _compared_with(self) -> dict[str, tuple[str, ...]]:
        """For each fact, the columns that compare themselves with it."""
        refs = {name: {ref for condition in self._columns[name] for ref in condition.refs} for name in self.table.inputs}
        return {fact.name: tuple(name for name in self.table.inputs if fact.name in refs[name]) for fact in self.kind.facts}

    @cached_property
    def _own_regions(self) -> dict[str, list[Region]]:
        """The regions of each ordered fact by the fixed values of its own column, kept because most tables need no others."""
        return {fact.name: ordered_regions(fact, self._fixed(fact)) for fact in self.kind.facts if fact.type in ORDERED}

    def regions(self, fact: Fact, facts: Facts) -> list[Region]:
        """The regions of an ordered fact, given what the other facts are."""
        compared = self._compared(fact, facts)
        return ordered_regions(fact, [*self._fixed(fact), *compared]) if compared else self._own_regions[fact.name]

    def boundaries(self, fact: Fact, facts: Facts) -> list[Value]:
        """The values named in the fact's own column, and those that it is compared with."""
        return [*self._fixed(fact), *self._compared(fact, facts)]

    def _fixed(self, fact: Fact) -> list[Value]:
        return [value for condition in self._columns[fact.name] for value in fixed_values(condition)]

    def _compared(self, fact: Fact, facts: Facts) -> list[Value]:
        refs = [ref for condition in self._columns[fact.name] for ref in condition.refs]
        return [facts[name] for name in [*refs, *self._compared_with[fact.name]] if facts.get(name) is not None]

    def matched(self, facts: Facts) -> tuple[str, ...]:
        """The clauses that apply: the first one, or all of them when the table collects."""
        return self._hits(range(len(self.table.rows)), self.table.inputs, facts)

    def tell_apart(self, fact: str, facts: Facts) -> Tell:
        """A function from a value of one fact to the clauses that would apply, all other facts as given."""
        touched = [name for name in self.table.inputs if name == fact or name in self._compared_with[fact]]
        others = [name for name in self.table.inputs if name not in touched]
        possible = [index for index in range(len(self.conditions)) if self._fits(index, others, facts)]
        return lambda value: self._hits(possible, touched, {**facts, fact: value})

    def answers(self, clauses: tuple[str, ...]) -> tuple:
        return tuple(tuple(self.outcomes[clause].items()) for clause in clauses)

    def _hits(self, rows, names, facts: Facts) -> tuple[str, ...]:
        fitting = (self.table.rows[index].id for index in rows if self._fits(index, names, facts))
        if self.table.hit == "collect":
            return tuple(fitting)
        first = next(fitting, None)
        return () if first is None else (first,)

    def _fits(self, index: int, names, facts: Facts) -> bool:
        row = self.conditions[index]
        return all(matches(row[name], facts.get(name), facts) for name in names)

    def _answer(self, text: str, name: str):
        outcome = self.kind.outcome(name)
        return answer_value(read_answer(text, outcome), outcome)
