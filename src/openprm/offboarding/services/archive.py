"""Writing a partner's export: a ZIP whose tables are written row by row, each once as CSV and once as JSON, with a checksummed manifest."""

import csv
import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.offboarding.rules import csv_cell
from openprm.partners.ports import ExportFile, ExportPart

CHUNK = 1024 * 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of the archive, as the manifest lists it."""

    name: str
    sha256: str
    size: int
    rows: int | None = None


class _Counted(io.RawIOBase):
    """Passes bytes on and keeps their count and checksum."""

    def __init__(self, to: Any):
        self.to, self.size, self.digest = to, 0, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.to.write(data)
        self.size += len(data)
        self.digest.update(data)
        return len(data)


def write_archive(out: BinaryIO, *, parts: Iterable[ExportPart], actor: Actor, partner: str, vendor: str, at: datetime) -> list[dict[str, Any]]:
    """Write everything that `parts` give this actor, and return a line for each part. Holds one row in memory at a time."""
    members: list[Member] = []
    told: list[dict[str, Any]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for part in parts:
            table = _write_table(archive, part, actor)
            files = [_write_file(archive, part, file) for file in (part.files(actor) if part.files else ())]
            members += [*table, *files]
            told.append({"code": part.code, "label": str(part.label), "rows": table[0].rows, "files": len(files)})
        _write_text(archive, "README.txt", _read_me(partner, vendor, told, at))
        _write_text(archive, "manifest.json", _manifest(partner, vendor, members, at))
    return told


def _write_table(archive: zipfile.ZipFile, part: ExportPart, actor: Actor) -> list[Member]:
    """The rows as CSV straight into the archive, and beside it as JSON on disk, which follows."""
    rows = 0
    with tempfile.TemporaryFile() as beside:
        notes = _Counted(beside)
        notes.write(b"[")
        with _member(archive, f"{part.code}.csv") as table:
            text = io.TextIOWrapper(table, encoding="utf-8-sig", newline="", write_through=True)
            writer = csv.writer(text)
            writer.writerow(part.columns)
            for row in part.rows(actor):
                writer.writerow([csv_cell(_flat(row.get(name))) for name in part.columns])
                notes.write((b",\n" if rows else b"\n") + _json({name: row.get(name) for name in part.columns}))
                rows += 1
            text.flush()
            text.detach()
        notes.write(b"\n]\n")
        beside.seek(0)
        with _member(archive, f"{part.code}.json") as copy:
            shutil.copyfileobj(beside, copy, CHUNK)
    return [_told(f"{part.code}.csv", table, rows), _told(f"{part.code}.json", copy, rows)]


def _write_file(archive: zipfile.ZipFile, part: ExportPart, file: ExportFile) -> Member:
    name = f"files/{part.code}/{_safe(file.name)}"
    with _member(archive, name) as member, file.open() as source:
        shutil.copyfileobj(source, member, CHUNK)
    return _told(name, member)


def _write_text(archive: zipfile.ZipFile, name: str, text: str) -> None:
    with _member(archive, name) as member:
        member.write(text.encode())


@contextmanager
def _member(archive: zipfile.ZipFile, name: str) -> Iterator[_Counted]:
    with archive.open(name, "w", force_zip64=True) as raw:
        yield _Counted(raw)


def _told(name: str, member: _Counted, rows: int | None = None) -> Member:
    return Member(name=name, sha256=member.digest.hexdigest(), size=member.size, rows=rows)


def _json(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, cls=_Encoder, ensure_ascii=False).encode()


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def _flat(value: Any) -> Any:
    """What a cell can hold: moments as ISO text, lists and objects as JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    return _json(value).decode() if isinstance(value, dict | list | tuple) else value


def _safe(name: str) -> str:
    """A file name that stays inside its folder."""
    return "".join(letter if letter.isprintable() and letter not in '/\\:*?"<>|' else "_" for letter in name).lstrip(".")[:200] or "file"


def _manifest(partner: str, vendor: str, members: list[Member], at: datetime) -> str:
    files = [{"name": one.name, "sha256": one.sha256, "size": one.size} | ({"rows": one.rows} if one.rows is not None else {}) for one in members]
    return json.dumps(
        {"kind": "openprm-partner-export", "version": 1, "partner": partner, "vendor": vendor, "made_at": at.isoformat(), "files": files}, indent=1
    )


def _read_me(partner: str, vendor: str, told: list[dict[str, Any]], at: datetime) -> str:
    lines = [
        _("Everything that %(partner)s could read at %(vendor)s, as of %(at)s.")
        % {"partner": partner, "vendor": vendor, "at": at.isoformat(timespec="minutes")},
        "",
        _("Each table is there twice: as CSV (UTF-8, for spreadsheets) and as JSON (for programs). Times are UTC, amounts are in minor units."),
        _("manifest.json lists every file with its SHA-256 checksum, so that you can prove that nothing was left out or changed."),
        "",
        *(f"{one['code']}: {one['label']}, {one['rows']}" + (f" (+{one['files']})" if one["files"] else "") for one in told),
        "",
    ]
    return "\n".join(lines)
