"""Run a table: the engine decides, the reading explains."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import zen

from ..ports import RuleKind, Table, choices_read_once
from .explain import alternatives, in_words
from .facts import Facts, engine_text, plain_facts, settle_facts
from .jdm import to_jdm
from .language import gettext as _
from .reading import ReadTable
from .words import clause_in_words, value_in_words

_engine = zen.ZenEngine()


@dataclass(frozen=True, slots=True)
class MatchedCell:
    """One condition of the clause that applied, beside what the fact was."""

    fact: str
    label: str
    cell: str
    value: str


@dataclass(frozen=True, slots=True)
class Match:
    clause: str
    text: str
    outcome: dict
    cells: tuple[MatchedCell, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision that can be explained: what, by which clause of which version, on which facts, and what else could have been.

    `outcome` and `cells` are those of the first clause that applied; a collecting table has all in `matches`.
    `inputs` is plain JSON. `version_id` is None for a draft.
    """

    kind: str
    outcome: dict | None
    clause: str
    clause_text: str
    inputs: dict
    would_change: tuple[str, ...]
    cells: tuple[MatchedCell, ...] = ()
    matches: tuple[Match, ...] = field(default=())
    missing: tuple[str, ...] = ()
    version_id: UUID | None = None
    version: int | None = None
    decision_id: UUID | None = None


@dataclass(frozen=True)
class Compiled:
    """A checked table made ready once and asked many times. Safe to share between threads."""

    table: Table
    kind: RuleKind

    @cached_property
    def read(self) -> ReadTable:
        return ReadTable(self.table, self.kind)

    @cached_property
    def decision(self) -> zen.ZenDecision:
        return _engine.create_decision(json.dumps(to_jdm(self.table, self.kind)))

    def clauses(self, facts: Facts) -> tuple[str, ...]:
        """The ids of the clauses that the engine says apply."""
        trace = self.decision.evaluate(engine_text(facts), {"trace": True})["trace"]["table"]["traceData"]
        rules = trace if isinstance(trace, list) else [trace] if trace else []
        return tuple(hit["rule"]["_id"] for hit in rules)

    def outcomes(self, facts: Facts) -> tuple[dict, ...]:
        return tuple(self.read.outcomes[clause] for clause in self.clauses(facts))


def evaluate(table: Table | Compiled, inputs: Mapping[str, object], kind: RuleKind | None = None) -> Verdict:
    """Answer from the table. Raises BadFact when an input is not one of the kind's facts or has the wrong type."""
    with choices_read_once():
        return _evaluate(table if isinstance(table, Compiled) else Compiled(table, kind), inputs)


def bare(compiled: Compiled, inputs: Mapping[str, object]) -> tuple[tuple[dict, ...], tuple[str, ...]]:
    """What the table answers by which clauses, without a word of explanation. Raises BadFact as `evaluate` does."""
    with choices_read_once():
        clauses = compiled.clauses(settle_facts(compiled.kind, inputs))
    return tuple(dict(compiled.read.outcomes[clause]) for clause in clauses), clauses


def _evaluate(compiled: Compiled, inputs: Mapping[str, object]) -> Verdict:
    facts = settle_facts(compiled.kind, inputs)
    matches = tuple(_match(clause, compiled, facts) for clause in compiled.clauses(facts))
    others = alternatives(compiled.read, facts)
    return Verdict(
        kind=compiled.kind.code,
        outcome=matches[0].outcome if matches else None,
        clause=", ".join(match.clause for match in matches),
        clause_text=" ".join(match.text for match in matches) or _("No clause applies."),
        inputs=plain_facts(facts),
        would_change=tuple(in_words(other, compiled.read) for other in others),
        cells=matches[0].cells if matches else (),
        matches=matches,
        missing=tuple(name for name in compiled.read.asked if facts[name] is None),
    )


def _match(clause: str, compiled: Compiled, facts: Facts) -> Match:
    row = compiled.table.row(clause)
    return Match(
        clause=clause,
        text=clause_in_words(row, compiled.table, compiled.kind).text,
        outcome=dict(compiled.read.outcomes[clause]),
        cells=tuple(_cell(name, row.cell(name), compiled.kind, facts) for name in compiled.table.inputs if row.cell(name)),
    )


def _cell(name: str, cell: str, kind: RuleKind, facts: Facts) -> MatchedCell:
    fact = kind.fact(name)
    return MatchedCell(name, str(fact.label), cell, value_in_words(facts[name], fact))
