"""Which kind of log a file holds."""

import shutil
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

from openprm.audit.sources import dump, lines
from openprm.audit.sources.log import BadInput, Log

DUMP_IN_BACKUP = "database.dump"


def read(path: Path) -> Log:
    """The log in an export, in a backup of `openprm backup`, or in a dump of PostgreSQL. Raises BadInput."""
    try:
        with path.open("rb") as file:
            start = file.read(1)
    except OSError as error:
        raise BadInput(f"the file cannot be read: {error.strerror}") from None
    if start == b"{":
        return lines.read(path.open("rb"))
    return _backup(path) if start and tarfile.is_tarfile(path) else dump.read(path)


def _backup(path: Path) -> Log:
    """The log in the dump inside a backup. Only that one member is read, whatever else the archive holds."""
    with tempfile.TemporaryDirectory(prefix="openprm-verify-") as folder:
        target = Path(folder) / DUMP_IN_BACKUP
        with suppress(tarfile.TarError, EOFError), tarfile.open(path) as archive:
            member = next((one for one in archive if one.name.removeprefix("./") == DUMP_IN_BACKUP and one.isfile()), None)
            source = archive.extractfile(member) if member else None
            if source:
                with target.open("wb") as out:
                    shutil.copyfileobj(source, out)
        if not target.exists():
            raise BadInput(f"the archive holds no {DUMP_IN_BACKUP}; it is no backup of `openprm backup`")
        return dump.read(target)
