"""What a domain lends to analysis: a named, typed read of its own tables."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

from openprm.kernel.actor import Actor
from openprm.kernel.registry import registry

ColumnType = Literal["text", "uuid", "int", "decimal", "bool", "date", "moment"]
ARROW: Mapping[str, pa.DataType] = {
    "text": pa.string(), "uuid": pa.string(), "int": pa.int64(), "decimal": pa.decimal128(38, 9), "bool": pa.bool_(),
    "date": pa.date32(), "moment": pa.timestamp("us", tz="UTC"),
}  # fmt: skip
COLUMNAR: Mapping[str, str] = {
    "text": "varchar", "uuid": "varchar", "int": "bigint", "decimal": "decimal(38, 9)", "bool": "boolean", "date": "date", "moment": "timestamptz",
}  # fmt: skip


class UnknownDataset(LookupError):
    """No domain contributed a data set of that name: a defect, never a person's mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """`sql` selects exactly the `columns`, in their order, from the domain's tables; row-level security decides the rows.

    Where no query can say it, `rows` gives them for an actor instead, and answers for it that they are what this actor may read;
    `reads` then names the tables that they come from.

    `parts` is a query of (part, marker) for a data set that grows: the copy reads again only the parts whose marker changed. The `sql` of
    such a data set takes the wanted parts as `%(parts)s`, null for all of them.

    The name is "<domain>.<noun>"; in the session its table is called `<domain>_<noun>`.
    """

    name: str
    about: str
    columns: Mapping[str, ColumnType]
    sql: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rows: Callable[[Actor], Iterable[Sequence[Any]]] | None = None
    reads: tuple[str, ...] = ()
    parts: str = ""

    @property
    def table(self) -> str:
        return self.name.replace(".", "_")

    @property
    def is_whole(self) -> bool:
        """Whether it says by itself which rows it has; one that is asked with values of the moment is not copied."""
        return set(re.findall(r"%\((\w+)\)s", self.sql)) <= {*self.parameters, "parts"}

    @property
    def words(self) -> frozenset[str]:
        """What may be names of tables in it: more than its tables, never less."""
        return frozenset((*self.reads, *re.findall(r"\b(?:from|join)\s+([a-z_0-9]+)", f"{self.sql} {self.parts}")))

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([(name, ARROW[kind]) for name, kind in self.columns.items()])


def all_datasets() -> tuple[Dataset, ...]:
    return registry.all("datasets")


def whole_datasets() -> tuple[Dataset, ...]:
    return tuple(one for one in all_datasets() if one.is_whole)


def get_dataset(name: str) -> Dataset:
    """Raises UnknownDataset."""
    found = next((dataset for dataset in all_datasets() if dataset.name == name), None)
    if found is None:
        known = ", ".join(dataset.name for dataset in all_datasets()) or "none"
        raise UnknownDataset(f"there is no data set {name!r}; contributed are: {known}")
    return found
