"""What a domain says about a decision it wants to take by published rule.

A higher domain contributes `RuleKind`s through its wiring. Everything here is a plain value, so a kind
and its default table can be written, checked and tested without a database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol
from uuid import UUID

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

FactType = Literal["text", "number", "money", "bool", "choice", "date"]
Hit = Literal["first", "collect"]
NAME = re.compile(r"^[a-z][a-z0-9_]{0,59}$")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice. `phrase` is the whole clause in a sentence: 'no conflict is found'."""

    value: str
    label: str = ""
    phrase: str = ""

    @property
    def words(self) -> str:
        return str(self.label) or self.value


Choices = tuple["Choice | tuple[str, str] | str", ...]
_read_once: ContextVar[dict[Callable, tuple[Choice, ...]] | None] = ContextVar("choices_read_once", default=None)


@contextmanager
def choices_read_once() -> Iterator[None]:
    """Inside, choices that are data are read once for each field, however many clauses speak of them."""
    if _read_once.get() is not None:
        yield
        return
    token = _read_once.set({})
    try:
        yield
    finally:
        _read_once.reset(token)


def _as_choice(option: Choice | tuple[str, str] | str) -> Choice:
    if isinstance(option, Choice):
        return option
    if isinstance(option, str):
        return Choice(option)
    return Choice(*option)


@dataclass(frozen=True, slots=True)
class _Field:
    """A named, typed value. `phrase` is how a sentence speaks of it: 'the amount'.

    `choices` may be a callable returning them, for answers that are data (tiers of a program). A bool may
    carry two choices, "true" and "false", for their phrases. `unit` of money is its currency. `decimals=0`
    says that a number is whole.
    """

    name: str
    label: str
    type: FactType = "text"
    choices: Choices | Callable[[], Iterable] = ()
    unit: str = ""
    phrase: str = ""
    decimals: int | None = None
    help: str = ""

    def __post_init__(self) -> None:
        if not NAME.match(self.name):
            raise ValueError(f"{self.name!r} is not a fact name: use small letters, digits and _")

    @property
    def options(self) -> tuple[Choice, ...]:
        if not callable(self.choices):
            return tuple(_as_choice(option) for option in self.choices)
        known = _read_once.get()
        if known is None:
            return tuple(_as_choice(option) for option in self.choices())
        if self.choices not in known:
            known[self.choices] = tuple(_as_choice(option) for option in self.choices())
        return known[self.choices]

    @property
    def is_open(self) -> bool:
        """Its choices are data that may grow and shrink, so an old value is not an error."""
        return callable(self.choices)

    def option(self, value: str) -> Choice | None:
        return next((option for option in self.options if option.value == value), None)

    @property
    def step(self) -> Decimal | None:
        """The distance between two neighbouring values, or None when there is always one in between."""
        if self.type == "date":
            return Decimal(1)
        places = 2 if self.type == "money" and self.decimals is None else self.decimals
        return None if places is None or self.type not in ("money", "number") else Decimal(1).scaleb(-places)


@dataclass(frozen=True, slots=True)
class Fact(_Field):
    """A fact that a table may ask about."""


@dataclass(frozen=True, slots=True)
class Outcome(_Field):
    """A value that a row answers. `phrase` is a whole clause: 'protection lasts %(value)s'."""


@dataclass(frozen=True, slots=True)
class Row:
    """One clause. `when` and `then` hold cell text by fact name; a fact that is not named may be anything.

    `note` is the publisher's own remark, shown under the sentence of the clause.
    """

    id: str
    when: Mapping[str, str] = field(default_factory=dict)
    then: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def cell(self, fact: str) -> str:
        return self.when.get(fact, "").strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table: columns are fact and outcome names, cells are text in the engine's own syntax.

    Conditions: '' (anything), '<= 50000', '[10..20)', '"gold", "silver"', 'not in ["gold"]', 'true',
    '>= d("2026-01-01")', '<= other_fact', 'null' (not known), '!= null'. Answers are literals.
    The helpers in `rulebook.rules.cells` write them: `at_most(50000)`, `one_of("gold", "silver")`.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]
    hit: Hit = "first"

    def row(self, clause: str) -> Row | None:
        return next((row for row in self.rows if row.id == clause), None)


@dataclass(frozen=True, slots=True)
class RuleKind:
    """A decision that is taken by table: what it may ask, what it may answer, and the table to begin with.

    `programs` lists the (id, name) of the programs that may have a table of their own; `more_inputs` gives facts that
    people define while the system runs (they may be added, never taken away); `notice_days` is how long a change
    is announced before it takes effect; `for_partners=False` keeps words and decisions inside; `check` names what else
    must hold before a table is saved, as (row or None, column, sentence). `earliest` says when a draft of one scope may take effect where that
    is not simply the notice away, and `why_not_publish` what keeps a scope from being published at all: both hold for every way in.
    """

    code: str
    title: str
    about: str
    inputs: tuple[Fact, ...]
    outcomes: tuple[Outcome, ...]
    default_table: Table
    hit: Hit = "first"
    notice_days: int = 14
    for_partners: bool = True
    programs: Callable[[], Iterable[tuple[UUID, str]]] | None = None
    more_inputs: Callable[[], Iterable[Fact]] | None = None
    check: Callable[[Table], Iterable[tuple[int | None, str, str]]] | None = None
    earliest: Callable[[UUID | None, datetime], datetime] | None = None
    why_not_publish: Callable[[UUID | None, datetime], str | None] | None = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact that a table of this kind may ask: the fixed ones, then those that are data."""
        return (*self.inputs, *self.more_inputs()) if self.more_inputs else self.inputs

    def fact(self, name: str) -> Fact | None:
        fixed = next((fact for fact in self.inputs if fact.name == name), None)
        return fixed or next((fact for fact in self.facts if fact.name == name), None)

    def outcome(self, name: str) -> Outcome | None:
        return next((outcome for outcome in self.outcomes if outcome.name == name), None)


class WhatIfSource(Protocol):
    """The port "rulebook.what_if": the real history of one kind of rules, for replaying a draft over it.

    `history` gives one row for each subject and moment at which the rules would have been asked: the columns `subject`
    (text), `at` (a date), one column per fact (numbers and amounts as decimal(38, 9), unknown as null), and whatever
    `settle` needs. `settle` gets these rows with the table's outcomes as further columns (and `clause`), and answers
    with exactly `subject`, `at`, `answer` (text), `rank` (a number: more is better for the subject) and `cost_minor`
    (what the answer costs the vendor at that moment, in minor units). Both work on columns; neither sees single rows.
    A source may also have `answer(rows, table, ask)`, for a collecting table or one whose outcome feeds another table:
    it gives the rows with outcome columns, and may `ask(rows, other_table)`.
    """

    kind: str
    subject_label: str
    answer_label: str
    cost_about: str
    currency: str
    months: int
    is_required: bool

    def subjects(self, *, program_id: UUID | None, at: datetime) -> Sequence[tuple[UUID, str]]:
        """Everybody whom a table of this scope concerns, with a name, in a fixed order."""
        ...

    def history(self, *, subject_ids: Sequence[UUID], program_id: UUID | None, months: int, at: datetime) -> pa.Table: ...

    def settle(self, rows: ibis.Table) -> ibis.Table: ...
