"""One list of companies, made ready for comparing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from stdnum import lei, vatin
from stdnum.util import clean

from openprm.mapping.engine.domains import labels, looks, read_domains
from openprm.mapping.engine.names import NONE, Names, read_names
from openprm.mapping.engine.places import read_cities, read_countries

IDENTIFIERS = ("lei", "duns", "vat")
COLUMNS = ("id", "name", "domain", "country", "city", *IDENTIFIERS)


@dataclass(frozen=True)
class Companies:
    """A list of companies as columns of one length; "" stands for what is not known."""

    ids: pa.Array
    names: Names
    domains: pa.Array
    labels: pa.Array
    looks: pa.Array  # the label as a hasty reader sees it
    countries: pa.Array
    cities: pa.Array
    identifiers: Mapping[str, pa.Array]
    prints: np.ndarray  # of everything a row says: another number means that the row says something else

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nameless(self) -> int:
        """How many rows have no name that could be compared."""
        return _how_many(pc.equal(self.names.core, ""))

    @property
    def unknowable(self) -> int:
        """How many rows have neither a name nor a domain nor an identifier."""
        empty = pc.and_(pc.equal(self.names.core, ""), pc.equal(self.domains, ""))
        for column in self.identifiers.values():
            empty = pc.and_(empty, pc.equal(column, ""))
        return _how_many(empty)


def without_names(companies: Companies, rows: np.ndarray) -> Companies:
    """The same list in which the rows outside the mask have no name and no label to be found by."""
    kept, names = pa.array(rows), companies.names
    texts = {field: pc.if_else(kept, getattr(names, field), "") for field in ("core", "glued", "initials", "all_initials")}
    words = np.where(rows[:, None], names.words, NONE).astype(np.int32)
    return replace(companies, names=replace(names, words=words, **texts), labels=pc.if_else(kept, companies.labels, ""))


def _how_many(holds: pa.BooleanArray) -> int:
    return int(pc.sum(holds).as_py() or 0)


def read_companies(columns: Mapping[str, pa.Array], redirects: Mapping[str, str] | None = None) -> Companies:
    """Columns of text as they were written (COLUMNS; all but id may be missing) in the form in which they are compared."""
    count = len(columns["id"])

    def column(name: str) -> pa.Array:
        return columns[name].cast(pa.string()) if name in columns else pa.repeat("", count)

    domains, countries = read_domains(column("domain"), redirects), read_countries(column("country"))
    return Companies(
        ids=column("id"),
        names=read_names(column("name")),
        domains=domains,
        labels=labels(domains),
        looks=looks(domains),
        countries=countries,
        cities=read_cities(column("city")),
        identifiers={kind: _checked(columns[kind].cast(pa.string()), _READERS[kind], countries) for kind in IDENTIFIERS if kind in columns},
        prints=_prints([column(name) for name in COLUMNS if name != "id" and name in columns], count),
    )


def _prints(columns: list[pa.Array], count: int) -> np.ndarray:
    if not columns:
        return np.zeros(count, np.int64)
    rows = pc.binary_join_element_wise(*[pc.fill_null(column, "") for column in columns], "\x1f")
    return np.fromiter((crc32(row.encode()) for row in rows.to_pylist()), np.int64, count)


def _checked(texts: pa.Array, read: Callable[[str, str], str], countries: pa.Array) -> pa.Array:
    return pa.array([read(text, country) if text else "" for text, country in zip(texts.to_pylist(), countries.to_pylist(), strict=True)], pa.string())


def _lei(text: str, _country: str) -> str:
    number = clean(text, " -.").strip().upper()[:40]
    return number if lei.is_valid(number) else ""


def _duns(text: str, _country: str) -> str:
    number = clean(text, " -.").strip()
    return number if len(number) == 9 and number.isascii() and number.isdigit() and number.strip(number[0]) else ""


def _vat(text: str, country: str) -> str:
    """With its country in front; a number whose check digits are wrong identifies nobody."""
    number = clean(text, " -./").strip().upper()[:40]
    for written in (number, country + number):
        if vatin.is_valid(written):
            return written[:2] + vatin.compact(written)[2:]
    return ""


_READERS = {"lei": _lei, "duns": _duns, "vat": _vat}
