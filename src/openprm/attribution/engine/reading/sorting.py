"""Rows that came in any order, as journeys in the order of time."""

import numpy as np
import numpy.typing as npt

from openprm.attribution.engine.journeys import Ints

# One touch: the fingerprint of its journey, when, the journey's value, the partner's code, and whether the journey was won.
TOUCH = np.dtype([("journey", "u8"), ("at", "i8"), ("value", "f8"), ("partner", "i4"), ("won", "u1")], align=True)
Touches = npt.NDArray[np.void]


def order_of(touches: Touches, shared_bits: int) -> tuple[npt.NDArray[np.intp], Ints]:
    """The order by journey, then time, then place; and where each journey begins in it, with the end.

    All journeys' fingerprints begin with the same `shared_bits`. Sorting whole numbers that carry their place in their low bits
    is several times faster than sorting places, and stable; fingerprints lose their low bits in it, which is noticed where it matters.
    """
    journey = touches["journey"]
    by_time = _by_time(touches["at"])
    bits = np.uint64(max(len(touches) - 1, 1).bit_length())
    low = (np.uint64(1) << bits) - np.uint64(1)
    mine = journey if by_time is None else journey[by_time]
    keys = ((mine << np.uint64(shared_bits)) & ~low) | np.arange(len(touches), dtype=np.uint64)
    keys.sort()
    place = (keys & low).astype(np.intp)
    order = place if by_time is None else by_time[place]
    begins = _begins(journey[order])
    if len(begins) != len(_begins(keys >> bits)):
        order = np.lexsort((touches["at"], journey))
        begins = _begins(journey[order])
    return order, np.append(begins, len(touches))


def maybe_won(touches: Touches) -> Touches:
    """The touches of every journey that was won, and perhaps of a few that were not: each journey has a place in a table, which some share."""
    size = 8 << max(len(touches) - 1, 1).bit_length()
    place = (touches["journey"] & np.uint64(size - 1)).astype(np.intp)
    won = np.zeros(size, np.bool_)
    won[place[touches["won"] == 1]] = True
    return touches.take(np.flatnonzero(won[place]))


def _by_time(at: Ints) -> npt.NDArray[np.intp] | None:
    """The stable order by time; None where that is the order already."""
    if len(at) < 2 or (at[1:] >= at[:-1]).all():
        return None
    bits, since = int(len(at) - 1).bit_length(), at - at.min()
    if int(since.max()) >= 1 << (63 - bits):
        return np.argsort(at, kind="stable")
    keys = (since << bits) | np.arange(len(at))
    keys.sort()
    return keys & ((1 << bits) - 1)


def _begins(keys: np.ndarray) -> Ints:
    return np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
