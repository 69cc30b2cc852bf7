"""Notice, grace and reminders: when a version may take effect, by when a partner signs, when it is reminded. Pure."""

from datetime import datetime, timedelta

LONGEST_NOTICE = 365
LONGEST_GRACE = 180
REMIND_BEFORE = (timedelta(days=7), timedelta(days=1))
REMIND_AFTER = timedelta(days=7)


def earliest_effect(*, at: datetime, notice_days: int, is_first: bool) -> datetime:
    """The first moment at which a version published at `at` may take effect: a first version at once, a change after the notice."""
    return at if is_first else at + timedelta(days=notice_days)


def due(*, asked_at: datetime, effective_at: datetime, grace_days: int) -> datetime:
    """By when a partner signs: the grace days begin when it was asked or when the version takes effect, whichever is later."""
    return max(asked_at, effective_at) + timedelta(days=grace_days)


def due_after(*, before: datetime | None, takes_over_at: datetime, due_at: datetime) -> datetime:
    """The due moment of a version that overtakes one which was never signed: a change does not open a closed door."""
    return due_at if before is None else min(due_at, max(before, takes_over_at))


def should_remind(*, asked_at: datetime, due_at: datetime, reminded_at: datetime | None, at: datetime) -> bool:
    """Whether a reminder is owed: seven days and one day before the due moment, then every seven days. Each is sent once."""
    return reminder_owed_since(due_at, at) > (reminded_at or asked_at)


def reminder_owed_since(due_at: datetime, at: datetime) -> datetime:
    """The latest reminder moment that has passed, or the beginning of time."""
    passed = [due_at - ahead for ahead in REMIND_BEFORE if due_at - ahead <= at]
    if at >= due_at:
        passed.append(due_at + REMIND_AFTER * int((at - due_at) / REMIND_AFTER))
    return max(passed, default=datetime.min.replace(tzinfo=at.tzinfo))
