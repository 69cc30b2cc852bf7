"""Which kind of log a file holds."""

from pathlib import Path

from openprm.audit.sources import dump, lines
from openprm.audit.sources.log import BadInput, Log


def read(path: Path) -> Log:
    """The log in an export made by `openprm export-log` or in a dump of PostgreSQL. Raises BadInput."""
    try:
        with path.open("rb") as file:
            start = file.read(1)
    except OSError as error:
        raise BadInput(f"the file cannot be read: {error.strerror}") from None
    return lines.read(path.open("rb")) if start == b"{" else dump.read(path)
