"""Small lists for tests."""

from pathlib import Path

import pyarrow as pa

from openprm.mapping.engine.companies import COLUMNS, Companies, read_companies
from openprm.mapping.engine.matching import compare


def companies(*rows: dict[str, str] | str) -> Companies:
    """Rows as dictionaries, or as names; ids are 0, 1, 2 ... where none is given."""
    whole = [{"id": str(place), **({"name": row} if isinstance(row, str) else row)} for place, row in enumerate(rows)]
    used = [name for name in COLUMNS if name in ("id", "name") or any(name in row for row in whole)]
    return read_companies({name: pa.array([row.get(name, "") for row in whole], pa.string()) for name in used})


def pairs(left: Companies, right: Companies, **asked) -> list[tuple[str, str, float, str]]:
    """(left id, right id, score to three places, matched on), the surest first."""
    one_only = asked.get("one_only", False)
    found = compare(left, right, only_open=one_only).matches(**asked)
    rows = zip(found.left.tolist(), found.right.tolist(), found.score.tolist(), found.matched_on, strict=True)
    return [(left.ids[a].as_py(), right.ids[b].as_py(), round(score, 3), why) for a, b, score, why in rows]


def write(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file
