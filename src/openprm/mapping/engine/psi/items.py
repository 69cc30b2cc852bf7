"""The list as the protocol takes it: each registered domain once, with the ids that have it."""

import json
import secrets
from dataclasses import dataclass

import numpy as np

from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.limits import bucket


@dataclass(frozen=True)
class Items:
    domains: tuple[str, ...]
    ids: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.domains)


def padded(domains: tuple[str, ...], run: str) -> list[str]:
    """What is hidden for a run: the domains, and as many random texts as fill the bucket. No other run has the same texts."""
    fill = (f"!{secrets.token_hex(16)}" for _ in range(bucket(len(domains)) - len(domains)))
    return [f"{run}\x1f{text}" for text in (*domains, *fill)]


def rows_behind(places: np.ndarray, items: Items) -> bytes:
    """Behind each point, a line of JSON: the domain and the ids that have it, or nothing."""
    lines = (json.dumps([items.domains[place], *items.ids[place]] if place >= 0 else []) for place in places.tolist())
    return "\n".join(lines).encode()


def read_rows(raw: bytes) -> list[list[str]]:
    return [json.loads(line) for line in raw.decode().split("\n")]


def of_found(rows: list[list[str]], found: np.ndarray) -> list[list[str]]:
    """The rows that are common. Raises Refused when filling is among them: no other list can have it."""
    common = [rows[place] for place in found.tolist()]
    if not all(common):
        raise Refused("The other side says that filling of our list is in theirs. Its message was made by other software; nothing of it is kept.")
    return common
