"""What rooms above say about the data they keep of a partner, for the day it leaves (filled by string key, read by offboarding)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from openprm.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that goes into the partner's export as it is. `open` is called when its turn comes."""

    name: str
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPart:
    """One table of a partner's export, for the port "offboarding.export".

    `rows(actor)` is called with an administrator of the partner in a scope of its own: give what your policies let it
    reach, row by row, as plain values under the same names in every row. `files(actor)` gives the files that belong to it.
    """

    code: str
    label: Any
    about: Any = ""
    columns: tuple[str, ...]
    rows: Callable[[Actor], Iterator[Mapping[str, Any]]]
    files: Callable[[Actor], Iterator[ExportFile]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Personal data of a partner's former people that a room keeps, for the port "offboarding.erasure".

    `erase(partner_id=..., people=..., at=...)` takes names and addresses off its rows for ever and gives how many rows it
    changed; `people` are their user ids. Safe to repeat, in the system's scope. Deals, money and the audit log stay.
    """

    code: str
    label: Any
    erase: Callable[..., int]
