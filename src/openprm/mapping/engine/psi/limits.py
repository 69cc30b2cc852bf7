"""How much one side lets another ask: sizes, runs in a period, and lists that differ too little from an earlier one."""

import hashlib
import hmac
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from openprm.mapping.engine.psi.errors import Refused

COUNT, REVEAL = "count", "reveal"
LEAST, FEW, MOST = 10, 10, 5_000_000  # what no setting goes beyond
_STEPS = (100, 125, 160, 200, 250, 320, 400, 500, 640, 800)
BUCKETS = tuple(step * 10**power for power in range(6) for step in _STEPS)
_PRINT = 8


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is agreed to with one peer. Both sides keep their own, and the stricter of the two counts."""

    least: int = 100  # domains in a list: a count over few says who is in it
    most: int = 1_000_000
    runs: int = 2  # in `days`
    days: int = 30
    few: int = 20  # two lists that differ in fewer domains are too alike

    def __post_init__(self) -> None:
        if not LEAST <= self.least <= self.most <= MOST:
            raise Refused(f"The least size must be {LEAST} or more, the largest {MOST:,} or less, and the least below the largest.")
        if not (1 <= self.runs <= 100 and 1 <= self.days <= 3660 and FEW <= self.few <= MOST):
            raise Refused(f"Runs go from 1 to 100, days from 1 to 3660, and lists must be told apart by {FEW} domains or more.")


@dataclass(frozen=True, kw_only=True)
class Past:
    """An earlier run with the same peer. `prints` are those of our own list."""

    run: str
    started: datetime
    mode: str
    prints: np.ndarray
    is_open: bool
    leaked: bool  # the other side may have learnt something


def bucket(count: int) -> int:
    """The size to which a list is padded: the next of 100, 125, 160, 200, 250, 320, 400, 500, 640, 800, 1000, ..."""
    return BUCKETS[bisect_left(BUCKETS, count)]


def check_own_size(count: int, limits: Limits) -> None:
    if count < limits.least:
        raise Refused(f"The list has {count:,} domains; at least {limits.least:,} are needed, because a count over few of them says who is in the other list.")
    if count > limits.most:
        raise Refused(f"The list has {count:,} domains; at most {limits.most:,} are agreed with this peer.")


def check_their_size(size: int, limits: Limits) -> None:
    """Of the other list only the padded size is known."""
    if size not in BUCKETS:
        raise Refused(f"The other list has {size:,} points, and no list is padded to that. The message was made by other software.")
    if size < bucket(limits.least):
        raise Refused(f"The other list has {size:,} points; lists of less than {bucket(limits.least):,} are refused.")
    if size > bucket(limits.most):
        raise Refused(f"The other list has {size:,} points; at most {bucket(limits.most):,} are agreed with this peer.")


def check_runs(past: Iterable[Past], limits: Limits, at: datetime) -> None:
    """One run at a time, and so many in a period; a run that was given up counts when the other side may have learnt something."""
    past = list(past)
    if (still := next((run for run in past if run.is_open), None)) is not None:
        raise Refused(f"Run {still.run[:8]} with this peer is still open. Finish it, or give it up, and begin again.")
    recent = sorted(run.started for run in past if run.leaked and run.started > at - timedelta(days=limits.days))
    if len(recent) >= limits.runs:
        free = (recent[-limits.runs] + timedelta(days=limits.days)).date()
        raise Refused(f"{len(recent)} runs with this peer in {limits.days} days; {limits.runs} are agreed. The next can be on {free}.")


def prints(domains: Sequence[str], key: bytes) -> np.ndarray:
    """A sorted fingerprint of each domain under a key that never leaves this side: lists can be compared later without being kept."""
    made = b"".join(hmac.digest(key, domain.encode(), hashlib.sha256)[:_PRINT] for domain in domains)
    return np.sort(np.frombuffer(made, np.uint64))


def check_difference(own: np.ndarray, mode: str, past: Iterable[Past], limits: Limits) -> None:
    """Two counts over lists that differ in few domains say who those few are; the same list again says nothing new."""
    for run in past:
        if not run.leaked or mode == run.mode == REVEAL:
            continue
        differ = len(np.setxor1d(own, run.prints, assume_unique=True))
        if 0 < differ < limits.few:
            raise Refused(
                f"This list differs in {differ} domains from the one of run {run.run[:8]}: the two counts together would say who they are. "
                f"Use the same list again, or one that differs in at least {limits.few}."
            )
