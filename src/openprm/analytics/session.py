"""A columnar session over what one actor may read: rows come through the scoped connection, so row-level security holds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

import duckdb
import ibis
import pyarrow as pa
from django.db import connection
from ibis.backends.duckdb import Backend

from openprm.kernel.actor import Actor
from openprm.kernel.ids import new_id
from openprm.kernel.scope import NoScope, current_actor

from .datasets import Dataset, get_dataset

ROWS_AT_ONCE = 50_000
MEMORY = "1GB"
THREADS = 2


@dataclass(frozen=True, slots=True)
class Session:
    """Tables of the asked data sets, in memory. Ask by Ibis expression (portable) or by SQL (DuckDB's)."""

    backend: Backend
    duck: duckdb.DuckDBPyConnection

    def table(self, dataset: str) -> ibis.Table:
        return self.backend.table(dataset.replace(".", "_"))

    def rows(self, expression: ibis.Table) -> list[dict[str, Any]]:
        """The answer to an Ibis expression as plain rows."""
        return expression.to_pyarrow().to_pylist()

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The answer to a query; values go in as parameters, never into the text."""
        return self.duck.sql(query, params=list(parameters)).to_arrow_table().to_pylist()


@contextmanager
def session(*, actor: Actor, datasets: Sequence[str | Dataset], memory: str = MEMORY, threads: int = THREADS) -> Iterator[Session]:
    """Copy what `actor` may read of the data sets into memory and work on it there; nothing is left afterwards.

    A data set is named, or given as a value (a contributed one with other parameters, say).

    Must run inside `scope(actor)`. Raises NoScope, UnknownDataset.
    """
    if current_actor() != actor:
        raise NoScope("an analytics session reads as the actor of the running scope")
    asked = [one if isinstance(one, Dataset) else get_dataset(one) for one in datasets]
    duck = duckdb.connect(":memory:", config={"memory_limit": memory, "threads": threads})
    try:
        for dataset in asked:
            _load(duck, dataset, actor)
        backend = ibis.duckdb.from_connection(duck)
        _shut(duck)
        yield Session(backend, duck)
    finally:
        duck.close()


def _load(duck: duckdb.DuckDBPyConnection, dataset: Dataset, actor: Actor) -> None:
    """Batch by batch in this thread: the engine's own threads would open connections of their own, outside the scope."""
    _put(duck, f'create table "{dataset.table}" as from incoming', dataset.schema.empty_table())
    for batch in _batches(dataset, actor):
        _put(duck, f'insert into "{dataset.table}" from incoming', pa.Table.from_batches([batch]))


def _put(duck: duckdb.DuckDBPyConnection, statement: str, rows: pa.Table) -> None:
    duck.register("incoming", rows)
    duck.execute(statement)
    duck.unregister("incoming")


def _batches(dataset: Dataset, actor: Actor) -> Iterator[pa.RecordBatch]:
    """The rows in pieces, from a server-side cursor, so that a large table never stands in memory twice."""
    if dataset.rows is not None:
        given = iter(dataset.rows(actor))
        while piece := list(islice(given, ROWS_AT_ONCE)):
            yield _batch(dataset, piece)
        return
    connection.ensure_connection()
    with connection.connection.cursor(name=f"analytics_{new_id().hex}") as cursor:
        cursor.execute(dataset.sql, dict(dataset.parameters))
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield _batch(dataset, rows)


def _batch(dataset: Dataset, rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
    columns = [_column(rows, place, kind) for place, kind in enumerate(dataset.columns.values())]
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, dataset.schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=dataset.schema)


def _column(rows: Sequence[Sequence[Any]], place: int, kind: str) -> list[Any]:
    """One column; only ids and decimals need another form, and a text may stand for an id already."""
    plain = _PLAIN.get(kind)
    return [row[place] for row in rows] if plain is None else [plain(row[place]) for row in rows]


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def _rounded(value: Any) -> Decimal | None:
    return round(value, 9) if isinstance(value, Decimal) else value


_PLAIN = {"uuid": _text, "decimal": _rounded}


def _shut(duck: duckdb.DuckDBPyConnection) -> None:
    """From here on the session reads no files and no network, whatever a query says."""
    duck.execute("set enable_external_access = false")
    duck.execute("set lock_configuration = true")
