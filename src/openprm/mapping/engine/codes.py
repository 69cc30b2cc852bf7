"""Texts as 64-bit numbers that are the same on every machine and in every run, and joins over them."""

from collections.abc import Iterator, Sequence

import numpy as np

_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that it has an inverse modulo 2^64
_UNBASE = np.uint64(pow(int(_BASE), -1, 2**64))
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(31)
_BLOCK = 200_000
LONGEST = 40  # signs of a text that count


def code_of(texts: Sequence[str] | np.ndarray, longest: int = LONGEST) -> np.ndarray:
    """One number for each ASCII text."""
    return mixed(np.concatenate([_terms(block, longest).sum(axis=1, dtype=np.uint64) for block in _blocks(texts)] or [np.zeros(0, np.uint64)]))


def codes_less_one(texts: np.ndarray, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """For each text the code of the text itself and of each text with one letter left out: (place of the text, code)."""
    places, codes = [], []
    for start, block in zip(range(0, len(texts), _BLOCK), _blocks(texts), strict=False):
        terms = _terms(block, longest)
        before = np.cumsum(terms, axis=1, dtype=np.uint64)
        whole = before[:, -1]
        with np.errstate(over="ignore"):
            shorter = (before - terms) + (whole[:, None] - before) * _UNBASE
        there = np.arange(longest) < np.fromiter(map(len, block), np.int64, len(block))[:, None]
        rows, _columns = np.nonzero(there)
        places += [np.arange(len(block)) + start, rows + start]
        codes += [whole, shorter[there]]
    if not codes:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    return np.concatenate(places), mixed(np.concatenate(codes))


def mixed(codes: np.ndarray) -> np.ndarray:
    """The same numbers, spread over all 64 bits."""
    with np.errstate(over="ignore"):
        codes = (codes ^ (codes >> _SHIFT)) * _MIX
    return codes ^ (codes >> _SHIFT)


def spread(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The positions start, start+1 ... of every stretch, one after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) - np.repeat(ends - lengths - starts, lengths)


def within(values: np.ndarray, sorted_codes: np.ndarray) -> np.ndarray:
    """Which values are among the codes."""
    if not len(sorted_codes):
        return np.zeros(len(values), bool)
    order = np.argsort(values)
    place = np.minimum(np.searchsorted(sorted_codes, values[order]), len(sorted_codes) - 1)
    found = np.empty(len(values), bool)
    found[order] = sorted_codes[place] == values[order]
    return found


def _blocks(texts: Sequence[str] | np.ndarray) -> Iterator[Sequence[str] | np.ndarray]:
    return (texts[start : start + _BLOCK] for start in range(0, len(texts), _BLOCK))


def _terms(texts: Sequence[str] | np.ndarray, longest: int) -> np.ndarray:
    """letter x base^place, for each letter of each text."""
    letters = np.array(texts, dtype=f"S{longest}").view(np.uint8).reshape(len(texts), longest)
    with np.errstate(over="ignore"):
        return letters * np.cumprod(np.full(longest, _BASE, np.uint64), dtype=np.uint64)
