"""A list out of a CSV file, or out of columns, as the protocol takes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from openprm.mapping.engine.domains import read_domains, read_redirects
from openprm.mapping.engine.files import Unreadable, read_list, read_pairs
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.items import Items


@dataclass(frozen=True)
class Told:
    items: Items
    left_out: int  # rows without a domain that names a company
    notes: tuple[str, ...] = ()


def read(file: Path, redirects: Path | None = None) -> Told:
    """The domains of a CSV file with the columns id and domain. Raises Refused with the row that is wrong."""
    try:
        listed = read_list(file, required=("id", "domain"))
        leads = read_redirects(read_pairs(redirects)) if redirects else None
    except Unreadable as wrong:
        raise Refused(str(wrong)) from None
    items, left_out = items_of(listed.columns["id"].to_pylist(), listed.columns["domain"], leads)
    return Told(items, left_out, listed.notes)


def items_of(ids: Iterable[str], texts: pa.Array, redirects: Mapping[str, str] | None = None) -> tuple[Items, int]:
    """Domains as map-accounts compares them, and how many rows have none."""
    by_domain: dict[str, list[str]] = {}
    for key, domain in zip(ids, read_domains(texts, redirects).to_pylist(), strict=True):
        by_domain.setdefault(domain, []).append(key)
    without = by_domain.pop("", [])
    return Items(tuple(by_domain), tuple(map(tuple, by_domain.values()))), len(without)
