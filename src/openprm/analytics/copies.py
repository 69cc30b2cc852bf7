"""The copy of what the rooms lend: Parquet files in the data folder that one manifest names, for those who may read every row.

A reader sees whole states only: files are never changed, the manifest is replaced by a rename, and what it names no more stays a while
for who still reads it. A copy is of one database, of one set of definitions, and is not served when nobody looked after it for a while.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from openprm.analytics.datasets import COLUMNAR, Dataset, whole_datasets
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now

PROMISE = timedelta(minutes=15)
"""How long ago somebody must have compared a copy with the database for it to be served."""
FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    marker: str
    file: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """One data set: what its tables had counted when it was read, and its parts."""

    changes: str
    parts: Mapping[str, Part] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The rows as they were at `as_of`, when they were last compared with the database; `state` changes whenever a row may have."""

    database: str
    definitions: str
    state: str
    as_of: datetime
    sets: Mapping[str, Copied]

    def written(self) -> str:
        return json.dumps(asdict(self) | {"form": FORM}, default=str, separators=(",", ":"))


def folder() -> Path:
    return Path(settings.OPENPRM_DATA) / "analytics"


def manifest() -> Manifest | None:
    """The copy as it stands; None where there is none, or none that this program can read."""
    try:
        told = json.loads((folder() / "manifest.json").read_text())
        return _read(told) if told.pop("form") == FORM else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _read(told: dict[str, Any]) -> Manifest:
    sets = {
        name: Copied(changes=one["changes"], parts={part: Part(**values) for part, values in one["parts"].items()}) for name, one in told.pop("sets").items()
    }
    return Manifest(**told | {"as_of": datetime.fromisoformat(told["as_of"])}, sets=sets)


def served(actor: Actor) -> Manifest | None:
    """The copy, where this actor may read every row and the copy is of this database, of these definitions, looked after, and all of its files are there."""
    if not actor.sees_all_partners:
        return None
    found = manifest()
    fresh = found is not None and now() - found.as_of <= PROMISE and found.definitions == definitions()
    return found if fresh and found.database == database() and all(map(is_there, found.sets.values())) else None


def database() -> str:
    """Which database this is: another one has another number, also under the same name."""
    with connection.cursor() as cursor:
        cursor.execute("select oid || ' ' || datname from pg_database where datname = current_database()")
        return cursor.fetchone()[0]


def definitions() -> str:
    """A hash of everything that decides what the rows of a copy are."""
    told = [(one.name, list(one.columns.items()), one.sql, one.parts, sorted(map(str, one.parameters.items()))) for one in whole_datasets()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def is_there(copied: Copied) -> bool:
    """Whether nobody took a file of it away."""
    return all(map(os.path.exists, files(copied)))


def files(copied: Copied) -> list[str]:
    return [str(folder() / part.file) for part in copied.parts.values()]


def scan(dataset: Dataset, copied: Copied) -> str:
    """SQL that reads a data set from its files; without files, its columns without rows."""
    if copied.parts:
        names = ", ".join("'" + name.replace("'", "''") + "'" for name in files(copied))
        return f"select * from read_parquet([{names}])"  # noqa: S608  files of our own
    return "select " + ", ".join(f'null::{COLUMNAR[kind]} as "{name}"' for name, kind in dataset.columns.items()) + " where false"
