"""Shares of amounts on arrays, halves to even, never a cent off."""

from __future__ import annotations

import numpy as np

from ..rules.bands import MILLION

PLAIN = 10**15
"""Below, a product has no more digits than a double holds, and its quotient lies nearer to its own half than to any other: rounding is exact."""
SMALL = 9 * 10**12


def share_of(minor: np.ndarray, parts: np.ndarray | int, *, largest: int | None = None) -> np.ndarray:
    """`minor` × `parts` / 1,000,000, halves to even. `largest` bounds the amounts, where it is known already."""
    if not len(minor):
        return minor
    largest = max(int(minor.max()), -int(minor.min())) if largest is None else largest
    most = int(parts.max()) if isinstance(parts, np.ndarray) else parts
    if largest * most < PLAIN:
        found = np.multiply(minor, parts, dtype=np.float64)
        found /= MILLION
        return np.rint(found, out=found) if minor.dtype == np.float64 else np.rint(found, out=found).astype(np.int64)
    return _exact(minor, parts)


def _exact(minor: np.ndarray, parts: np.ndarray | int) -> np.ndarray:
    """The same in whole numbers, without leaving 64 bits."""
    size = np.abs(minor.astype(np.int64))
    if int(size.max()) <= SMALL:
        whole, rest = _divided(size * parts)
    else:
        high, low = _divided(size)
        whole, rest = _divided(low * parts)
        whole += high * parts
    twice = rest * 2
    whole += (twice > MILLION) | ((twice == MILLION) & (whole & 1 == 1))
    return np.where(minor < 0, -whole, whole)


def _divided(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    whole = numbers // MILLION
    return whole, numbers - whole * MILLION
