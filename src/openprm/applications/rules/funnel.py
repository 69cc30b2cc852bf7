"""The funnel: how many looked, began, sent, and were let in, by program and source."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STEPS = ("visited", "started", "submitted", "approved", "rejected")
_SOURCE = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelLine:
    """One program and source. The shares are of the step before; None where nothing came before."""

    program: str
    source: str
    visited: int = 0
    started: int = 0
    submitted: int = 0
    approved: int = 0
    rejected: int = 0

    @property
    def open(self) -> int:
        return max(0, self.submitted - self.approved - self.rejected)

    @property
    def start_rate(self) -> float | None:
        return _share(self.started, self.visited)

    @property
    def submit_rate(self) -> float | None:
        return _share(self.submitted, self.started)

    @property
    def approval_rate(self) -> float | None:
        """Of those that were decided."""
        return _share(self.approved, self.approved + self.rejected)


def funnel(counts: Iterable[tuple[str, str, str, int]]) -> tuple[FunnelLine, ...]:
    """Lines from (program, source, step, count), the most visited first."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for program, source, step, count in counts:
        line = found.setdefault((program, source), {})
        line[step] = line.get(step, 0) + count
    lines = [FunnelLine(program=program, source=source, **steps) for (program, source), steps in found.items()]
    return tuple(sorted(lines, key=lambda line: (line.program, -line.visited, -line.started, line.source)))


def source_of(params: Mapping[str, str], *, referrer_host: str = "", own_host: str = "") -> str:
    """Where a visitor says it comes from: a campaign, a referral, another site, or nothing known ("direct")."""
    named = params.get("utm_source") or params.get("source") or ("referral" if params.get("ref") else "")
    if not named and referrer_host and referrer_host != own_host:
        named = referrer_host.removeprefix("www.")
    return _SOURCE.sub("-", named.strip().lower()).strip("-")[:60] or "direct"


def _share(part: int, whole: int) -> float | None:
    return min(1.0, part / whole) if whole else None
