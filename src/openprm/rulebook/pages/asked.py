"""What an address asks for."""

from uuid import UUID

from openprm.kernel.errors import NotFound


def program_of(text: str) -> UUID | None:
    """The program an address names, or None for the general rules. Raises NotFound."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None
