"""Facts written by hand: tables in memory with the columns of the real data sets, so that a number can be checked with a pencil."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from openprm.analytics.datasets import all_datasets
from openprm.kpis.definitions.facts import Facts, Segment
from openprm.kpis.rules.configuration import Configuration
from openprm.kpis.rules.windows import Window

YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))


def day(text: str) -> datetime:
    """Noon of "06-30" of 2026, or of a whole date."""
    return datetime.fromisoformat(text if len(text) > 5 else f"2026-{text}").replace(hour=12, tzinfo=UTC)


def make_facts(
    rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None, *, window: Window = YEAR, segment: Segment | None = None, **configured: Any
) -> Facts:
    """Facts with these rows by data set; columns that a row leaves out are null, data sets that are left out are empty."""
    given = rows or {}
    datasets = {dataset.name: dataset for dataset in all_datasets()}
    duck = duckdb.connect()
    backend, there = ibis.duckdb.from_connection(duck), set()

    def table(name: str) -> ibis.Table:
        if (made := datasets[name].table) not in there:
            there.add(made)
            lines = [{column: row.get(column) for column in datasets[name].columns} for row in given.get(name, ())]
            duck.register("incoming", pa.Table.from_pylist(lines, schema=datasets[name].schema))
            duck.execute(f'create table "{made}" as from incoming')
            duck.unregister("incoming")
        return backend.table(made)

    return Facts(table, window=window, configuration=Configuration(**configured), segment=segment)
