"""The list as the protocol takes it: each registered domain once, with the ids that have it."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from openprm.mapping.engine.domains import read_domains
from openprm.mapping.engine.psi.limits import bucket


@dataclass(frozen=True)
class Items:
    domains: tuple[str, ...]
    ids: tuple[tuple[str, ...], ...]
    left_out: int = 0  # rows without a domain that names a company

    def __len__(self) -> int:
        return len(self.domains)


def items_of(ids: Iterable[str], texts: pa.Array, redirects: dict[str, str] | None = None) -> Items:
    """Domains as map-accounts compares them; rows without one are left out."""
    by_domain: dict[str, list[str]] = {}
    for key, domain in zip(ids, read_domains(texts, redirects).to_pylist(), strict=True):
        by_domain.setdefault(domain, []).append(key)
    without = by_domain.pop("", [])
    return Items(tuple(by_domain), tuple(map(tuple, by_domain.values())), len(without))


def padded(domains: tuple[str, ...], run: str) -> list[str]:
    """What is hidden for a run: the domains, and as many random texts as fill the bucket. No other run has the same texts."""
    fill = (f"!{secrets.token_hex(16)}" for _ in range(bucket(len(domains)) - len(domains)))
    return [f"{run}\x1f{text}" for text in (*domains, *fill)]
