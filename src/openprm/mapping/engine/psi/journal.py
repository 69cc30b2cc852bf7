"""The journal of a folder: one signed line for each thing that was done or refused, each with the hash of the line before."""

import base64
import fcntl
import hashlib
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from openprm.audit.rules.canonical import canonical, clean_text, stamp
from openprm.audit.rules.seals import is_signed_by
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.protocol import Me

NAME = "journal.jsonl"
_FIRST = "0" * 64


def note(root: Path, me: Me, at: datetime, what: str, **facts: str | int) -> None:
    """Append a line; it is on the disk when this returns."""
    with (root / NAME).open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # a server and a command may write at once
        os.chmod(file.name, 0o600)
        lines = _whole_lines(file)
        told = {"at": stamp(at), "what": what, **{key: clean_text(fact) if isinstance(fact, str) else fact for key, fact in facts.items()}}
        body = {**told, "number": len(lines) + 1, "previous": hashlib.sha256(lines[-1]).hexdigest() if lines else _FIRST}
        file.write(canonical({**body, "signature": base64.b64encode(me.key.sign(canonical(body))).decode()}) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _whole_lines(file: BinaryIO) -> list[bytes]:
    """A last line that a crash cut off was never reported as written: it goes."""
    file.seek(0)
    raw = file.read()
    if not raw.endswith(b"\n"):
        file.truncate(raw.rfind(b"\n") + 1)
    return raw[: raw.rfind(b"\n") + 1].splitlines()


def read(root: Path, me: Me) -> list[dict[str, Any]]:
    """All lines, checked one by one. Raises Refused with the first that is wrong."""
    file, found, previous = root / NAME, [], _FIRST
    for number, line in enumerate(file.read_bytes().splitlines() if file.exists() else [], start=1):
        try:
            told = json.loads(line)
            signature = base64.b64decode(told.pop("signature"))
            fits = told["number"] == number and told["previous"] == previous
            fits = fits and is_signed_by(canonical(told), signature, me.key.public_key().public_bytes_raw())
        except (ValueError, KeyError, TypeError, AttributeError):
            fits = False
        if not fits:
            raise Refused(f"{file}, line {number}: was changed, or lines before it are missing.")
        found.append(told)
        previous = hashlib.sha256(line).hexdigest()
    return found
