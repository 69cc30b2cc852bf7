"""What an import repaired, could not match, left empty or refused: counted, with the rows, so that nothing goes silently."""

from dataclasses import dataclass, field
from typing import Any

from openprm.integrations.imports.limits import SHOWN_ROWS

KINDS = ("refused", "unmatched", "ambiguous", "repaired", "assumed", "kept", "empty", "unmapped")


@dataclass
class Finding:
    """One kind of thing found: the same text in the same column counts as one, with its rows."""

    kind: str
    file: str
    column: str
    text: str
    became: str = ""
    count: int = 0
    rows: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "file": self.file, "column": self.column, "text": self.text, "became": self.became, "count": self.count, "rows": self.rows}


class Findings:
    """Collects findings while rows go by."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, str, str], Finding] = {}

    def add(self, kind: str, *, file: str, column: str, text: str = "", became: str = "", row: int | None = None) -> None:
        key = (kind, file, column, text[:120], became[:120])
        finding = self._found.setdefault(key, Finding(*key))
        finding.count += 1
        if row is not None and len(finding.rows) < SHOWN_ROWS:
            finding.rows.append(row)

    def as_json(self) -> list[dict[str, Any]]:
        """The findings, what is worst first, then in the order of files and columns."""
        ordered = sorted(self._found.values(), key=lambda one: (KINDS.index(one.kind), one.file, one.column, -one.count, one.text))
        return [one.as_json() for one in ordered]
