"""The only place that reads the clock. Call it at the edge (pages, API, jobs, commands) and pass `at` down."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
