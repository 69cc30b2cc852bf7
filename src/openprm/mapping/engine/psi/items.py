"""The list as the protocol takes it: each registered domain once, with the ids that have it."""

import secrets
from dataclasses import dataclass

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
