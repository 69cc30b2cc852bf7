"""The same comparison on Spark: rows are read, looked up and scored wherever Spark puts them, by the very functions that one machine uses.

The driver keeps the words with their frequencies, which rows a proof has joined, and the pairs that were found. Nulls are made "" before
anything is sent, and no name is compared by Spark itself: its text functions score differently from ours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openprm.mapping.engine.candidates import Misspelt, keys_of_one, misspelt
from openprm.mapping.engine.companies import COLUMNS, IDENTIFIERS, Companies, read_companies, without_names
from openprm.mapping.engine.exact import MOST_OF_A_DOMAIN, PROOFS, SHORTEST_NAME, ExactPairs, proven_by
from openprm.mapping.engine.features import sides
from openprm.mapping.engine.frequencies import Frequencies
from openprm.mapping.engine.matching import THRESHOLD, Matches, Scored, Standards, Tell, choose, look, merged, proven, unproven
from openprm.mapping.engine.matching import Mapping as Whole
from openprm.mapping.engine.names import NONE, Names
from openprm.mapping.engine.reach import reach

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Columns = Mapping[str, pa.Array]
Batches = Iterator[pa.RecordBatch]
_WORD, _NAME = len(PROOFS), len(PROOFS) + 1  # kinds of facts beside the proofs
_WEAK, _STRONG, _PROVEN, _NAMED = 0, 1, 2, 3
_FACTS = "kind int, row long, text string, code long, country string"
_KEYS = "code long, row long, strong boolean"
_SCORES = "a long, b long, way int, score double, why int"


@dataclass(frozen=True)
class _Reading:
    """How rows that arrive somewhere become companies."""

    redirects: Mapping[str, str] | None

    def companies(self, table: pa.RecordBatch | pa.Table, begin: str = "") -> Companies:
        columns = {name: table.column(f"{begin}{name}") for name in COLUMNS if f"{begin}{name}" in table.schema.names}
        return read_companies(
            {name: column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column for name, column in columns.items()}, self.redirects
        )


@dataclass(frozen=True)
class Compared:
    """What `compare` makes of two lists, but for the lists themselves."""

    standards: Standards
    open_rows: tuple[np.ndarray, np.ndarray]
    exact: ExactPairs
    exact_scores: np.ndarray
    exact_reasons: np.ndarray
    scored: Scored

    def matches(self, *, threshold: float = THRESHOLD, one_only: bool = False) -> Matches:
        return choose(self.exact, self.exact_scores, self.exact_reasons, self.scored, threshold=threshold, one_only=one_only)


def matches_on(
    session: SparkSession,
    left: Columns,
    right: Columns,
    *,
    threshold: float = THRESHOLD,
    one_only: bool = False,
    redirects: Mapping[str, str] | None = None,
    tell: Tell = lambda _said: None,
) -> Matches:
    """What `compare(...).matches(...)` finds in two lists, found by a Spark session. Columns are those of `read_companies`."""
    return compared_on(session, left, right, only_open=one_only, redirects=redirects, tell=tell).matches(threshold=threshold, one_only=one_only)


def mapping_on(session: SparkSession, left: Companies, right: Companies, columns: tuple[Columns, Columns], *, tell: Tell = lambda _said: None) -> Whole:
    """What `compare(left, right)` makes of two lists, made by a Spark session out of the columns they were read from."""
    found = compared_on(session, *columns, tell=tell)
    return Whole(left, right, False, found.standards, found.open_rows, found.exact, found.exact_scores, found.exact_reasons, found.scored)


def compared_on(
    session: SparkSession,
    left: Columns,
    right: Columns,
    *,
    only_open: bool = False,
    redirects: Mapping[str, str] | None = None,
    tell: Tell = lambda _said: None,
) -> Compared:
    """What `compare` makes of two lists; with `only_open` it looks no further for rows that are joined already."""
    _lend_our_code(session)
    reading, counts = _Reading(redirects), (len(left["id"]), len(right["id"]))
    rows = _sent(session, left), _sent(session, right)
    facts = tuple(side.mapInArrow(partial(_facts, reading), _FACTS).cache() for side in rows)
    try:
        exact = _exact(facts)
        tell(f"{len(exact.left):,} pairs by domain or identifier")
        known, vocabularies = _words(facts, sum(counts))
        opened = unproven(counts[0], exact.left), unproven(counts[1], exact.right)
        named = _same_names(facts, opened) if only_open else (np.zeros(0, np.int64), np.zeros(0, np.int64))
    finally:
        for side in facts:
            side.unpersist()
    opened[0][named[0]], opened[1][named[1]] = False, False
    nearly = misspelt(*vocabularies, known)
    keys = [
        side.mapInArrow(partial(_keys, reading, known, words, mask if only_open else None), _KEYS)
        for side, words, mask in zip(rows, nearly, opened, strict=True)
    ]
    common = _common(*keys, known)
    asked = _candidates(*keys, common).unionByName(_asked(session, exact, named))
    scored = _joined(asked, rows).mapInArrow(partial(_scores, reading, known, opened), _SCORES).toArrow()
    tell(f"{scored.num_rows:,} pairs compared")
    return Compared(Standards(known, _crowded(common)), opened, *_told(scored, exact))


def _lend_our_code(session: SparkSession) -> None:
    """Workers on this machine run our Python with our packages; those of a cluster have OpenPRM installed."""
    context = session.sparkContext
    if context.master.startswith("local"):
        context.pythonExec = sys.executable
        context.environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)


def _sent(session: SparkSession, columns: Columns) -> DataFrame:
    count = len(columns["id"])
    texts = {name: pc.fill_null(columns[name].cast(pa.string()), "") for name in COLUMNS if name in columns}
    table = session.createDataFrame(pa.table({"row": pa.array(np.arange(count)), **texts}))
    return table.repartition(session.sparkContext.defaultParallelism * 2)


def _facts(reading: _Reading, batches: Batches) -> Batches:
    """Of every row its proofs and its whole name; of all rows of a batch how many have each word."""
    for batch in batches:
        companies, rows = reading.companies(batch), batch.column("row").to_numpy(zero_copy_only=False)
        columns = [companies.domains, *(companies.identifiers.get(kind) for kind in IDENTIFIERS)]
        for kind, column in enumerate(columns):
            if column is not None:
                yield _batch(_FACTS, kind, rows, column, 0, "", keep=pc.greater(column, ""))
        names = companies.names
        yield _batch(_FACTS, _NAME, rows, names.glued, 0, companies.countries)
        counts = np.bincount(names.words[names.words != NONE], minlength=len(names.codes))
        yield _batch(_FACTS, _WORD, counts, pa.array(names.vocabulary, pa.string()), names.codes.view(np.int64), "", keep=pa.array(counts > 0))


def _exact(facts: tuple[DataFrame, DataFrame]) -> ExactPairs:
    """Equal proofs, but for those that too many rows share."""
    from pyspark.sql import functions as f

    left, right = (side.where(f.col("kind") < _WORD).select("kind", "text", "row") for side in facts)
    by = ["kind", "text"]
    many = (
        left.groupBy(by)
        .agg(f.count("*").alias("n"))
        .join(right.groupBy(by).agg(f.count("*").alias("m")), by)
        .where(f.col("n") * f.col("m") <= MOST_OF_A_DOMAIN)
    )
    pairs = left.withColumnRenamed("row", "a").join(many, by).join(right.withColumnRenamed("row", "b"), by).select("kind", "a", "b").toArrow()
    kind, a, b = (_numbers(pairs, name) for name in ("kind", "a", "b"))
    return proven_by([(a[kind == place], b[kind == place], place) for place in range(len(PROOFS))])


def _words(facts: tuple[DataFrame, DataFrame], rows: int) -> tuple[Frequencies, tuple[Names, Names]]:
    """How many rows of either list have each word, and the words of either list."""
    from pyspark.sql import functions as f

    counted = [side.where(f.col("kind") == _WORD).groupBy("code", "text").agg(f.sum("row").alias("n")).toArrow() for side in facts]
    codes = [_numbers(table, "code").view(np.uint64) for table in counted]
    every = np.union1d(*codes)
    counts = [np.zeros(len(every), np.int32) for _side in codes]
    for count, mine, table in zip(counts, codes, counted, strict=True):
        count[np.searchsorted(every, mine)] = _numbers(table, "n")
    return Frequencies(every, *counts, rows), tuple(map(_vocabulary, counted, codes))  # type: ignore[return-value]


def _vocabulary(table: pa.Table, codes: np.ndarray) -> Names:
    """The words as if each were a name."""
    empty, none = pa.array([], pa.string()), np.zeros(0, np.int16)
    texts = table.column("text").combine_chunks().to_numpy(zero_copy_only=False)
    return Names(texts, codes, none, np.arange(len(codes), dtype=np.int32)[:, None], none, (), *[empty] * 4)


def _same_names(facts: tuple[DataFrame, DataFrame], opened: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Open rows whose whole name either list has once, unless their countries differ."""
    from pyspark.sql import functions as f

    def once(side: DataFrame, row: str, country: str) -> DataFrame:
        named = side.where((f.col("kind") == _NAME) & (f.length("text") >= SHORTEST_NAME)).groupBy("text")
        return named.agg(f.count("*").alias("n"), f.min("row").alias(row), f.min("country").alias(country)).where("n = 1").drop("n")

    pairs = once(facts[0], "a", "x").join(once(facts[1], "b", "y"), "text").where("x = y or x = '' or y = ''").select("a", "b").toArrow()
    a, b = _numbers(pairs, "a"), _numbers(pairs, "b")
    kept = opened[0][a] & opened[1][b]
    return a[kept], b[kept]


def _keys(reading: _Reading, known: Frequencies, nearly: Misspelt, rows: np.ndarray | None, batches: Batches) -> Batches:
    """The keys of every row; of the rows of the mask alone, where there is one."""
    for batch in batches:
        companies, numbers = reading.companies(batch), batch.column("row").to_numpy(zero_copy_only=False)
        keys = keys_of_one(companies if rows is None else without_names(companies, rows[numbers]), known, nearly)
        yield _batch(_KEYS, keys.codes.view(np.int64), numbers[keys.rows], keys.strong)


def _common(left: DataFrame, right: DataFrame, known: Frequencies) -> DataFrame:
    """The keys that both lists have, and whether too many rows have them."""
    from pyspark.sql import functions as f

    far = reach(known.rows)
    here = left.groupBy("code").agg(f.count("*").alias("n"), f.max("strong").alias("any"))
    there = right.groupBy("code").agg(f.count("*").alias("m"))
    most = f.when(f.col("any"), far.key_pairs).otherwise(far.word_pairs)
    return here.join(there, "code").select("code", (f.col("n") * f.col("m") > most).alias("crowded"))


def _crowded(common: DataFrame) -> np.ndarray:
    return np.sort(_numbers(common.where("crowded").select("code").toArrow(), "code").view(np.uint64))


def _candidates(left: DataFrame, right: DataFrame, common: DataFrame) -> DataFrame:
    """Every pair that shares a key that is not crowded, once: `way` says whether a strong key found it."""
    from pyspark.sql import functions as f

    free = common.where("not crowded").select("code")
    pairs = left.withColumnRenamed("row", "a").join(free, "code").join(right.select("code", f.col("row").alias("b")), "code")
    return pairs.groupBy("a", "b").agg(f.when(f.max("strong"), _STRONG).otherwise(_WEAK).alias("way")).withColumn("proofs", f.lit(0))


def _asked(session: SparkSession, exact: ExactPairs, named: tuple[np.ndarray, np.ndarray]) -> DataFrame:
    """Pairs that are scored in any case: the proven ones, and those of one whole name."""
    a, b = np.r_[exact.left, named[0]].astype(np.int64), np.r_[exact.right, named[1]].astype(np.int64)
    way = np.repeat(np.array([_PROVEN, _NAMED], np.int32), [len(exact.left), len(named[0])])
    proofs = np.r_[exact.proofs, np.zeros(len(named[0]), np.uint8)].astype(np.int32)
    return session.createDataFrame(pa.table({"a": a, "b": b, "way": way, "proofs": proofs}), "a long, b long, way int, proofs int")


def _joined(asked: DataFrame, rows: tuple[DataFrame, DataFrame]) -> DataFrame:
    """The pairs with what was written in both rows."""
    for side, begin, key in zip(rows, ("l_", "r_"), ("a", "b"), strict=True):
        named = side.select(*[side[name].alias(key if name == "row" else f"{begin}{name}") for name in side.columns])
        asked = asked.join(named, key)
    return asked


def _scores(reading: _Reading, known: Frequencies, opened: tuple[np.ndarray, np.ndarray], batches: Batches) -> Batches:
    for batch in batches:
        table = pa.Table.from_batches([batch])
        (a, mine), (b, theirs) = ((np.unique(_numbers(table, key), return_index=True)) for key in ("a", "b"))
        left, right = reading.companies(table.take(pa.array(mine)), "l_"), reading.companies(table.take(pa.array(theirs)), "r_")
        both = sides(left, right, known)
        x, y = np.searchsorted(a, _numbers(table, "a")), np.searchsorted(b, _numbers(table, "b"))
        way = _numbers(table, "way")
        sure = np.flatnonzero(way == _PROVEN)
        found = ExactPairs(x[sure], y[sure], _numbers(table, "proofs")[sure].astype(np.uint8))
        yield _batch(_SCORES, a[found.left], b[found.right], _PROVEN, *proven(found, both, left, right))
        rest = np.flatnonzero((way != _PROVEN) & (opened[0][a[x]] | opened[1][b[y]] | (way == _NAMED)))
        seen = look(both, x[rest], y[rest], way[rest] != _WEAK)
        yield _batch(_SCORES, a[seen.left], b[seen.right], _STRONG, seen.logit, seen.reasons)


def _told(scores: pa.Table, exact: ExactPairs) -> tuple[ExactPairs, np.ndarray, np.ndarray, Scored]:
    a, b, way, score, why = (_numbers(scores, name) for name in ("a", "b", "way", "score", "why"))
    sure = np.flatnonzero(way == _PROVEN)
    sure = sure[np.lexsort((b[sure], a[sure]))]
    rest = np.flatnonzero(way != _PROVEN)
    scored = merged(Scored(a[rest].astype(np.int32), b[rest].astype(np.int32), score[rest], why[rest].astype(np.uint8)))
    return exact, score[sure], why[sure].astype(np.uint16), scored


def _numbers(table: pa.Table, name: str) -> np.ndarray:
    return table.column(name).combine_chunks().to_numpy(zero_copy_only=False)


_TYPES: Mapping[str, Callable[[], pa.DataType]] = {"int": pa.int32, "long": pa.int64, "string": pa.string, "double": pa.float64, "boolean": pa.bool_}


def _batch(schema: str, *columns: np.ndarray | pa.Array | int | str, keep: pa.Array | None = None) -> pa.RecordBatch:
    """Columns by the schema; one value stands for a column of it."""
    fields = [field.split() for field in schema.split(", ")]
    count = next(len(column) for column in columns if not isinstance(column, int | str))
    whole = [
        pa.repeat(column, count) if isinstance(column, int | str) else pa.array(column) if isinstance(column, np.ndarray) else column for column in columns
    ]
    made = pa.RecordBatch.from_arrays(
        [column.cast(_TYPES[kind]()) for column, (_name, kind) in zip(whole, fields, strict=True)], [name for name, _kind in fields]
    )
    return made if keep is None else made.filter(keep)
