"""Replay past cases on a draft: how many answers change, and which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .evaluation import Compiled
from .facts import BadFact, settle_facts
from .words import answer_in_words

MAX_LISTED = 100


@dataclass(frozen=True, slots=True)
class Case:
    """A recorded decision: which, about whom, on which facts, by which clause, with which answer in words."""

    key: str
    title: str
    inputs: Mapping[str, object]
    clause: str
    answer: str


@dataclass(frozen=True, slots=True)
class ChangedCase:
    case: Case
    clause: str
    answer: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`moves` counts (answer before, answer after); `unreadable` cases lack facts that the kind now asks for in another type."""

    total: int
    changed: int
    unreadable: int
    moves: tuple[tuple[str, str, int], ...]
    listed: tuple[ChangedCase, ...]


def replay(draft: Compiled, before: Compiled | None, cases: Iterable[Case]) -> WhatIf:
    """Compare each case's answer with the draft's. With `before`, both are asked afresh; else the recorded answer counts."""
    changed, unreadable, total = [], 0, 0
    for case in cases:
        total += 1
        try:
            known = {name: value for name, value in case.inputs.items() if draft.kind.fact(name)}
            facts = settle_facts(draft.kind, known)
        except BadFact:
            unreadable += 1
            continue
        clauses = draft.clauses(facts)
        then, now = _answer(before, before.clauses(facts)) if before else case.answer, _answer(draft, clauses)
        if then != now:
            changed.append((then, ChangedCase(case, ", ".join(clauses), now)))
    moves = Counter((then, other.answer) for then, other in changed)
    return WhatIf(
        total, len(changed), unreadable, tuple((*move, count) for move, count in moves.most_common()), tuple(other for _then, other in changed[:MAX_LISTED])
    )


def _answer(compiled: Compiled, clauses: tuple[str, ...]) -> str:
    rows = [compiled.table.row(clause) for clause in clauses]
    return "; ".join(answer_in_words(row, compiled.table, compiled.kind) for row in rows)
