"""Journeys as columns: what every model reads.

A journey is the touches that led, or did not lead, to a won deal. Touches of one journey lie beside each other, the earliest
first. One block holds many journeys; a file is a sequence of blocks, each of which fits into memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Block:
    """`starts[i]` is where journey i begins among the touches, and one more entry says where the last one ends.

    `partner` holds codes, places in the source's list of partners. `conversions`, `nulls` and `value` are of journeys: how
    often this path was won, how often it was not, and what was won (nothing where it never was). `at` is in microseconds, None where times are not known;
    `keys` are the names of the journeys and `covariates` what else is known of each, where the caller gave them.
    """

    starts: Ints
    partner: Ints
    conversions: Floats
    nulls: Floats
    value: Floats
    at: Ints | None = None
    keys: tuple[str, ...] | None = None
    covariates: Floats | None = None

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def lengths(self) -> Ints:
        return np.diff(self.starts)

    @cached_property
    def journey(self) -> Ints:
        """The journey of each touch."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @cached_property
    def place(self) -> Ints:
        """The place of each touch in its journey, from 0."""
        return np.arange(len(self.partner)) - self.starts[self.journey]

    @cached_property
    def won(self) -> "Block":
        """Only the journeys that were won: the ones that have something to give."""
        kept = self.conversions > 0
        return self if kept.all() else self.only(kept)

    def only(self, kept: npt.NDArray[np.bool_]) -> "Block":
        touches = np.repeat(kept, self.lengths)
        return Block(
            starts=np.concatenate([[0], np.cumsum(self.lengths[kept])]),
            partner=self.partner[touches],
            conversions=self.conversions[kept],
            nulls=self.nulls[kept],
            value=self.value[kept],
            at=None if self.at is None else self.at[touches],
            keys=None if self.keys is None else tuple(key for key, keep in zip(self.keys, kept, strict=True) if keep),
            covariates=None if self.covariates is None else self.covariates[kept],
        )

    @cached_property
    def members(self) -> "Members":
        """The distinct partners of each journey."""
        width = int(self.partner.max(initial=0)) + 1
        code, seen = np.unique(self.journey * width + self.partner, return_inverse=True)
        return Members(journey=code // width, partner=code % width, of_touch=seen, count=np.bincount(code // width, minlength=len(self)))


@dataclass(frozen=True, eq=False)
class Members:
    """Each (journey, partner) once, in that order; `of_touch` says which of them a touch belongs to, `count` how many a journey has."""

    journey: Ints
    partner: Ints
    of_touch: Ints
    count: Ints


class Source(Protocol):
    """Journeys that can be gone through more than once."""

    @property
    def partners(self) -> tuple[str, ...]: ...

    @property
    def has_times(self) -> bool: ...

    def blocks(self, *, won_only: bool = False) -> Iterator[Block]:
        """Every journey in some block, in the same order each time. `won_only` allows to leave out those that were not won."""
        ...


@dataclass(frozen=True)
class Given:
    """Journeys that stand in memory already."""

    partners: tuple[str, ...]
    block: Block

    @property
    def has_times(self) -> bool:
        return self.block.at is not None

    def blocks(self, *, won_only: bool = False) -> Iterator[Block]:
        yield self.block.won if won_only else self.block
