"""A columnar session over what one actor may read: from the copy for those who may read every row, else through the scoped connection."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection
from ibis.backends.sql import SQLBackend

from openprm.analytics import copies
from openprm.analytics.copies import Manifest
from openprm.analytics.datasets import ARROW, Dataset, get_dataset, whole_datasets
from openprm.analytics.spark import spark_configured, spark_session
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.ids import new_id
from openprm.kernel.scope import NoScope, current_actor

ROWS_AT_ONCE = 50_000
MEMORY = "1GB"
THREADS = 2


@dataclass(frozen=True, slots=True)
class Session:
    """Tables of the asked data sets. Ask by Ibis expression, which any engine answers, or by SQL (DuckDB's).

    The rows are those of `as_of`. `state` is the same for as long as no row of a copy changed, and empty where rows were read just now;
    `content` is the same wherever the rows are the same, and empty where nobody looked.
    """

    backend: SQLBackend
    duck: duckdb.DuckDBPyConnection
    as_of: datetime
    state: str = ""
    content: str = ""

    def table(self, dataset: str) -> ibis.Table:
        return self.backend.table(dataset.replace(".", "_"))

    def rows(self, expression: ibis.Table) -> list[dict[str, Any]]:
        """The answer to an Ibis expression as plain rows."""
        return plain_rows(expression)

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The answer to a query; values go in as parameters, never into the text."""
        return self.duck.sql(query, params=list(parameters)).to_arrow_table().to_pylist()


def plain_rows(expression: ibis.Table) -> list[dict[str, Any]]:
    """The answer to an expression on any engine. Moments are in UTC, and say so where the engine does not."""
    found = expression.to_pyarrow()
    fields = [pa.field(one.name, ARROW["moment"] if pa.types.is_timestamp(one.type) else one.type) for one in found.schema]
    return found.cast(pa.schema(fields)).to_pylist()


@contextmanager
def session(*, actor: Actor, datasets: Sequence[str | Dataset], memory: str = MEMORY, threads: int = THREADS) -> Iterator[Session]:
    """The data sets as `actor` may read them, for as long as the block runs.

    Who may read every row gets the copy where there is one (`refreshing`); everybody else, and everybody without a copy, gets the rows of
    now, read through the scoped connection into memory. A data set is named, or given as a value (a contributed one with other
    parameters, say), which is always read now.

    Must run inside `scope(actor)`. Raises NoScope, UnknownDataset.
    """
    if current_actor() != actor:
        raise NoScope("an analytics session reads as the actor of the running scope")
    asked = [one if isinstance(one, Dataset) else get_dataset(one) for one in datasets]
    copy = copies.served(actor) if all(isinstance(one, str) for one in datasets) and all(one.is_whole for one in asked) else None
    duck = engine_over(copy).cursor() if copy else duckdb.connect(":memory:", config={"memory_limit": memory, "threads": threads})
    try:
        found = Session(ibis.duckdb.from_connection(duck), duck, copy.as_of, copy.state, copy.state) if copy else _of_now(duck, asked, actor)
        with on_spark(found, asked, copy) if spark_configured() else nullcontext(found) as opened:
            yield opened
    finally:
        duck.close()


@contextmanager
def on_spark(found: Session, asked: Sequence[Dataset], copy: Manifest | None) -> Iterator[Session]:
    """The same tables for expressions on Spark, from the files of the copy or from files of this session alone; SQL stays with the engine here."""
    copies.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="session-", suffix=".tmp", dir=copies.folder()) as own:
        spark = spark_session().newSession()
        for dataset in asked:
            files = copies.files(copy.sets[dataset.name]) if copy else []
            if not files:
                files = [f"{own}/{dataset.table}.parquet"]
                pq.write_table(found.duck.sql(f'from "{dataset.table}"').to_arrow_table().cast(dataset.schema), files[0])
            spark.read.parquet(*files).createOrReplaceTempView(dataset.table)
        yield replace(found, backend=ibis.pyspark.connect(spark), content=found.state)


def _of_now(duck: duckdb.DuckDBPyConnection, asked: Sequence[Dataset], actor: Actor) -> Session:
    at, seen = now(), hashlib.blake2b()
    for dataset in asked:
        loaded(duck, dataset, actor, seen)
    backend = ibis.duckdb.from_connection(duck)
    _shut(duck)
    return Session(backend, duck, at, content=seen.hexdigest())


_engines: dict[str, duckdb.DuckDBPyConnection] = {}
_opening = threading.Lock()


def engine_over(copy: Manifest) -> duckdb.DuckDBPyConnection:
    """One engine of this process over the newest copy; it reads the files of copies and nothing else. One in use stays until its readers are done."""
    with _opening:
        if copy.state not in _engines:
            made = duckdb.connect(":memory:", config={"memory_limit": MEMORY, "threads": THREADS})
            for dataset in whole_datasets():
                made.execute(f'create view "{dataset.table}" as {copies.scan(dataset, copy.sets[dataset.name])}')
            made.execute("set parquet_metadata_cache = true")
            made.execute("set allowed_directories = ['" + str(copies.folder()).replace("'", "''") + "']")
            made.execute("set enable_external_access = false")
            _engines.clear()
            _engines[copy.state] = made
        return _engines[copy.state]


def loaded(duck: duckdb.DuckDBPyConnection, dataset: Dataset, actor: Actor, seen: Any = None) -> None:
    """A table of the rows that the running scope may read; `seen` is a hash that is told all of them.

    Batch by batch in this thread: the engine's own threads would open connections of their own, outside the scope.
    """
    _put(duck, f'create table "{dataset.table}" as from incoming', dataset.schema.empty_table())
    _tell(seen, dataset.name, str(dataset.schema))
    for batch in _batches(dataset, actor):
        _tell(seen, *(buffer for column in batch.columns for buffer in column.buffers()))
        _put(duck, f'insert into "{dataset.table}" from incoming', pa.Table.from_batches([batch]))


def _tell(seen: Any, *parts: Any) -> None:
    """Each part with its length, so that no two lists of parts tell the same."""
    for part in parts if seen else ():
        told = part.encode() if isinstance(part, str) else b"" if part is None else memoryview(part)
        seen.update(b"%d " % (-1 if part is None else len(told)))
        seen.update(told)


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
        cursor.execute(dataset.sql, dict(dataset.parameters) | ({"parts": None} if dataset.parts else {}))
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
