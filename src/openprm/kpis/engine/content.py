"""What a pack says, as plain values: every text as it is printed, every number also as it is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Raw = str | int | Decimal | date | None
Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text to read and the value under it, for a sheet that goes on computing."""

    text: str
    raw: Raw = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One number of the program with all that belongs to it. Without a number `reason` says why."""

    name: str
    label: str
    value: Cell
    unit: str
    reason: str
    n: Cell
    interval: str
    low: Raw
    high: Raw
    before: Cell
    change: Cell
    tone: Literal["", "ok", "bad"]
    target: Cell
    target_by: str
    formula: str
    edge_cases: tuple[str, ...]
    notes: tuple[str, ...]
    configuration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the parts that make the whole."""

    label: str
    amount: Cell
    share: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    title: str
    lead: str
    parts: tuple[Part, ...]
    whole: Part
    check: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOf:
    """A table with a heading; `bar` names the column whose raw number is drawn as a bar."""

    key: str
    title: str
    lead: str
    head: tuple[str, ...]
    align: tuple[Align, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """After `days` this share still waits, with its band; all between 0 and 1."""

    days: int
    waiting: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    title: str
    lead: str
    points: tuple[Point, ...]
    until: int
    axis: str
    table: TableOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    vendor: str
    color: str
    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    contents_title: str
    summary: Summary
    sections: tuple[Section, ...]
    heads: Mapping[str, str]
    tables: tuple[TableOf, ...]
    curve: Curve
    missing: TableOf
    definitions_title: str
    definitions_lead: str
    check_title: str
    checks: tuple[str, ...]
    rows: TableOf
    page_word: str
    foot: str

    @property
    def fingerprint(self) -> str:
        """One hash over everything that is said, the same on paper and in the sheet."""
        text = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
