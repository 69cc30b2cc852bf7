"""UUIDv7: unique, and sorted by the time it was made, so that indexes stay dense."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()


def parse_id(text: object) -> UUID | None:
    """The UUID that `text` spells, or None: for ids that come from outside."""
    if isinstance(text, UUID):
        return text
    try:
        return UUID(str(text))
    except ValueError:
        return None
