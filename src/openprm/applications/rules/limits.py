"""How often and how fast a stranger may write, so that machines stay out and people are not held up."""

from datetime import datetime, timedelta

STARTS_PER_ADDRESS = 12
ADDRESS_WINDOW = timedelta(hours=1)
STARTS_PER_EMAIL = 4
EMAIL_WINDOW = timedelta(days=1)
LINKS_PER_DAY = 6
FASTEST = timedelta(seconds=3)
OPENED_FOR = timedelta(hours=24)
DRAFT_LASTS = timedelta(days=30)


def typed_too_fast(*, opened_at: datetime, at: datetime) -> bool:
    """Whether a form came back quicker than a person fills it in."""
    return at - opened_at < FASTEST
