"""How a partner leaves: the kinds, the states, the order of the steps, the times. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

KINDS = ("mutual", "vendor", "partner", "cause")
STATES = ("requested", "open", "done", "declined", "canceled", "reinstated")
RUNNING = ("requested", "open")
MOVES: Mapping[str, tuple[str, ...]] = {
    "requested": ("open", "declined", "canceled"),
    "open": ("done", "canceled"),
    "done": ("reinstated",),
    "declined": (),
    "canceled": (),
    "reinstated": (),
}
STEP_STATES = ("waiting", "running", "done", "skipped", "failed")
SETTLED = ("done", "skipped")
EXPORT, ACCESS, MEMBERSHIP, RETENTION = "export", "access", "membership", "retention"
"""The steps that every leaving has; rooms add theirs."""

NOTICE_DAYS = 30
NOTICE_DAYS_MOST = 365
EXPORT_LINK = timedelta(days=30)
SURVEY_BEST = 10
RETENTION_DAYS: Mapping[str, int] = {"people": 365, "export": 30}
"""Days after leaving: until people's names and addresses are forgotten, and until the export's link ends."""
RETENTION_LEAST = {"people": 30, "export": 7}
RETENTION_MOST = 3650


def can_move(before: str, after: str) -> bool:
    return after in MOVES[before]


def notice_ends(opened_at: datetime, *, kind: str, notice_days: int) -> datetime:
    """The first moment at which access may end by itself: a partner that leaves for cause has no notice."""
    return opened_at if kind == "cause" else opened_at + timedelta(days=notice_days)


def is_too_early(*, kind: str, ends_at: datetime, opened_at: datetime, notice_days: int) -> bool:
    """Whether a last day cuts the notice short against the partner's will. Both may agree on any day, and a partner may hurry itself."""
    return kind == "vendor" and ends_at < notice_ends(opened_at, kind=kind, notice_days=notice_days)


def is_finished(states: Iterable[str]) -> bool:
    """Whether nothing is left to do: every step is done, or skipped with a reason."""
    return all(state in SETTLED for state in states)


def progress(states: Iterable[str]) -> int:
    """Settled steps in per cent, rounded down."""
    known = list(states)
    return 100 * sum(state in SETTLED for state in known) // len(known) if known else 0


def erased_from(left_at: datetime, days: int) -> datetime:
    return left_at + timedelta(days=days)


def why_not_reinstate(*, status: str, erase_at: datetime | None, erased_at: datetime | None, at: datetime) -> str | None:
    """A code for what stands against taking a partner back: "not_left", "erased", or None."""
    if status != "done":
        return "not_left"
    if erased_at is not None or (erase_at is not None and at >= erase_at):
        return "erased"
    return None


def csv_cell(value: object) -> str:
    """A value as a spreadsheet may read it: text that would start a formula is held by an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text[:1] in "+-" and text[1:].replace(".", "", 1).isdigit()
