"""A log as it is read for verification, wherever it comes from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from openprm.audit.rules.canonical import NotCanonical
from openprm.audit.rules.entries import Entry, leaf_of
from openprm.audit.rules.seals import PublicKey, SignedSeal
from openprm.audit.rules.verification import Batch, Report, verify_log

UNREADABLE = b"\x00" * 32


class BadInput(ValueError):
    """The file is not what it should be; the message says where."""


@dataclass(frozen=True, kw_only=True)
class Log:
    """`strays` and `waiting` are read after the last batch."""

    keys: Iterable[PublicKey]
    batches: Iterable[Batch]
    strays: Iterable[str] = ()
    waiting: Callable[[], int] = field(default=lambda: 0)


def verify(log: Log, *, checkpoints: Iterable[SignedSeal] = (), trusted_key: str = "") -> Report:
    report = verify_log(keys=log.keys, batches=log.batches, strays=log.strays, checkpoints=checkpoints, trusted_key=trusted_key)
    return replace(report, waiting=log.waiting())


def leaf_or_unreadable(entry: Entry) -> bytes:
    """The hash of an event as it reads now; an event with a value that no event can hold never matches what was sealed."""
    try:
        return leaf_of(entry)
    except (NotCanonical, RecursionError):
        return UNREADABLE


def moment(text: str) -> datetime:
    """A moment with its zone. Raises BadInput."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadInput(f"“{str(text)[:40]}” is not a moment in time") from None
    if found.tzinfo is None:
        raise BadInput(f"“{text}” has no time zone")
    return found
