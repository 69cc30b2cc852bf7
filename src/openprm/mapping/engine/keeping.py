"""A comparison as bytes, and back: enough of it for `refresh` to compare the changed rows alone, by the standards of then, in any process."""

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zlib import crc32

import numpy as np
import pyarrow as pa

from openprm.mapping.engine.companies import Companies
from openprm.mapping.engine.frequencies import Frequencies
from openprm.mapping.engine.matching import Mapping, Scored, Standards

VERSION = 1
LARGEST = 512 * 1024 * 1024
_PARTS = ("left", "right")


@dataclass(frozen=True)
class KeptSide:
    """What is remembered of a list: its ids, and the prints by which a changed row is known."""

    ids: pa.Array
    prints: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Kept:
    """What `refresh` asks of an older mapping."""

    left: KeptSide
    right: KeptSide
    only_open: bool
    standards: Standards
    open_rows: tuple[np.ndarray, np.ndarray]
    scored: Scored


def packed(mapping: Mapping) -> bytes:
    """The mapping as bytes; empty when it is too large to be kept."""
    known, scored = mapping.standards.known, mapping.scored
    arrays = {"crowded": mapping.standards.crowded, "codes": known.codes, "known_left": known.left, "known_right": known.right}
    arrays |= {f"scored_{name}": getattr(scored, name) for name in Scored.__dataclass_fields__}
    for place, name in enumerate(_PARTS):
        side = getattr(mapping, name)
        arrays |= {f"ids_{name}": _written(side.ids), f"prints_{name}": side.prints, f"open_{name}": np.packbits(mapping.open_rows[place])}
    arrays["head"] = np.array([VERSION, _engine(), known.rows, mapping.only_open, len(mapping.left), len(mapping.right)], np.int64)
    if sum(array.nbytes for array in arrays.values()) > LARGEST:
        return b""
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **arrays)
    raw = out.getvalue()
    return len(raw).to_bytes(8, "big") + pa.compress(raw, codec="zstd", asbytes=True)


def unpacked(data: bytes) -> Kept | None:
    """What was kept; None where another engine wrote it: with other weights or words its scores mean something else."""
    if len(data) < 8:
        return None
    raw = pa.decompress(data[8:], decompressed_size=int.from_bytes(data[:8], "big"), codec="zstd", asbytes=True)
    with np.load(io.BytesIO(raw), allow_pickle=False) as file:
        version, engine, rows, only_open, *counts = file["head"].tolist()
        if (version, engine) != (VERSION, _engine()):
            return None
        standards = Standards(Frequencies(file["codes"], file["known_left"], file["known_right"], rows=rows), file["crowded"])
        sides = [KeptSide(_read(file[f"ids_{name}"]), file[f"prints_{name}"]) for name in _PARTS]
        opened = [np.unpackbits(file[f"open_{name}"], count=count).astype(bool) for name, count in zip(_PARTS, counts, strict=True)]
        scored = Scored(**{name: file[f"scored_{name}"] for name in Scored.__dataclass_fields__})
    return Kept(*sides, bool(only_open), standards, (opened[0], opened[1]), scored)


def same_rows(kept: Kept, left: Companies, right: Companies) -> bool:
    """Whether nothing has changed in either list."""
    sides = ((kept.left, left), (kept.right, right))
    return all(len(a) == len(b) and np.array_equal(a.prints, b.prints) and a.ids.equals(b.ids) for a, b in sides)


def _written(ids: pa.Array) -> np.ndarray:
    return np.frombuffer("\n".join(ids.to_pylist()).encode(), np.uint8)


def _read(written: np.ndarray) -> pa.Array:
    text = written.tobytes().decode()
    return pa.array(text.split("\n") if text else [], pa.string())


@cache
def _engine() -> int:
    """Another number when the weights or the words of the engine are others."""
    found = 0
    for name in ("weights.toml", "words.toml", "common.csv"):
        found = crc32(files(__package__).joinpath(name).read_bytes(), found)
    return found
