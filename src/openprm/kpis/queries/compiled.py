"""The SQL of an expression, written once for a process: on a small program, building and compiling one costs far more than asking it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import ibis
import pyarrow as pa
from ibis.backends.duckdb import Backend

from openprm.analytics.session import Session
from openprm.kpis.definitions.measuring import asked_rows

MOST = 4_000


@dataclass(frozen=True, slots=True)
class _Written:
    sql: str
    schema: pa.Schema


class _Memory:
    """The newest ones; the least used is forgotten first."""

    def __init__(self) -> None:
        self._lock, self._kept = Lock(), OrderedDict[Hashable, _Written]()

    def find(self, key: Hashable) -> _Written | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Hashable, written: _Written) -> _Written:
        with self._lock:
            self._kept[key] = written
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return written


_memory = _Memory()


def asked(data: Session, key: Hashable, make: Callable[[], ibis.Table]) -> list[dict[str, Any]]:
    """The rows of an expression as they are now. The key says everything that the expression depends on."""
    if not isinstance(data.backend, Backend):
        return asked_rows(make())
    written = _memory.find(key) or _memory.keep(key, _write(data.backend, make()))
    return data.duck.sql(written.sql).to_arrow_table().rename_columns(written.schema.names).cast(written.schema).to_pylist()


def _write(backend: Backend, expression: ibis.Table) -> _Written:
    return _Written(str(backend.compile(expression)), expression.schema().to_pyarrow())
