"""What a new table changes, clause by clause, in words."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from ..ports import Row, RuleKind, Table
from .words import clause_in_words

Change = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause that differs; `before` and `after` are its sentences, empty where it did not exist."""

    change: Change
    clause: str
    before: str = ""
    after: str = ""
    note_before: str = ""
    note_after: str = ""


def differences(old: Table, new: Table, kind: RuleKind) -> tuple[ClauseChange, ...]:
    """Added, changed and moved clauses in the new order, then the removed ones."""
    moved = _moved(old, new)
    found = [_of_row(row, old, new, kind, moved) for row in new.rows]
    gone = [_gone(row, old, kind) for row in old.rows if new.row(row.id) is None]
    return tuple(change for change in [*found, *gone] if change)


def _of_row(row: Row, old: Table, new: Table, kind: RuleKind, moved: set[str]) -> ClauseChange | None:
    after, before_row = clause_in_words(row, new, kind), old.row(row.id)
    if before_row is None:
        return ClauseChange("added", row.id, after=after.text, note_after=after.note)
    before = clause_in_words(before_row, old, kind)
    if before == after and row.id not in moved:
        return None
    return ClauseChange("moved" if before == after else "changed", row.id, before.text, after.text, before.note, after.note)


def _gone(row: Row, old: Table, kind: RuleKind) -> ClauseChange:
    before = clause_in_words(row, old, kind)
    return ClauseChange("removed", row.id, before=before.text, note_before=before.note)


def _moved(old: Table, new: Table) -> set[str]:
    """The fewest clauses whose place must change to get from one order to the other."""
    before = [row.id for row in old.rows if new.row(row.id)]
    after = [row.id for row in new.rows if old.row(row.id)]
    kept = {after[at] for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks() for at in range(block.b, block.b + block.size)}
    return set(after) - kept
