"""Files become staged rows: read once, copied into the database, nothing of the domains touched."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from openprm.integrations import policies
from openprm.integrations.imports import reading
from openprm.integrations.imports.mapping import FileMapping, ImportMapping, by_headings, checked
from openprm.integrations.imports.reading import Row, Table
from openprm.integrations.models import Import, ImportFile, ImportRow
from openprm.integrations.services.importers import importer_of
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, refuse_if


@transaction.atomic
def stage_file(
    *,
    actor: Actor,
    path: Path,
    name: str = "",
    entity: str = "",
    mapping: ImportMapping | None = None,
    encoding: str = "",
    delimiter: str = "",
    skip_bad_rows: bool = False,
    doubt: str = "",
) -> UUID:
    """Read one CSV or XLSX file; without a mapping its headings are matched with the fields of `entity`. `doubt` is what
    a person has to confirm before the file is tried.

    Raises Invalid (UnsureEncoding) with file, row and column, NotAllowed.
    """
    name = (name or path.name)[:200]
    mapping = _for_one(mapping, name) if mapping else None
    entity = entity or (mapping.files[0].entity if mapping else "")
    importer = importer_of(entity)
    refuse_if(policies.why_not_import(actor, importer))
    known = mapping or ImportMapping(name="", files=())
    table = reading.open_table(path, name=name, encoding=encoding or known.encoding, delimiter=delimiter or known.delimiter)
    used = mapping or by_headings(importer, table.columns)
    staged = Import(name=name, source=used.source, mapping=used.as_json(), skip_bad_rows=skip_bad_rows, message=doubt, started_by_id=actor.user_id)
    staged.save()
    _stage(staged, table, entity, 0)
    return staged.pk


@transaction.atomic
def stage_folder(*, actor: Actor, folder: Path, mapping: ImportMapping, skip_bad_rows: bool = False) -> UUID:
    """Read the files of a folder that the mapping names. Raises Invalid with file, row and column, NotAllowed."""
    staged = Import(name=folder.name[:200], source=mapping.source, mapping=mapping.as_json(), skip_bad_rows=skip_bad_rows, started_by_id=actor.user_id)
    staged.save()
    for position, (one, path) in enumerate(_files(folder, mapping)):
        importer = importer_of(one.entity)
        refuse_if(policies.why_not_import(actor, importer))
        table = reading.open_table(path, encoding=mapping.encoding, delimiter=mapping.delimiter)
        checked(one, importer, table.columns, path.name)
        _stage(staged, table, one.entity, position)
    return staged.pk


def _for_one(mapping: ImportMapping, name: str) -> ImportMapping:
    """Of a mapping for a folder the part for this file, by its name."""
    if len(mapping.files) == 1:
        return mapping
    own = tuple(one for one in mapping.files if one.file.casefold() == name.casefold())
    if not own:
        values = {"mapping": mapping.name, "files": ", ".join(one.file for one in mapping.files), "file": name}
        raise Invalid(_("The mapping %(mapping)s knows %(files)s, but not %(file)s.") % values, field="mapping")
    return replace(mapping, files=own)


def _files(folder: Path, mapping: ImportMapping) -> Iterator[tuple[FileMapping, Path]]:
    present = {path.name.casefold(): path for path in folder.iterdir() if path.is_file()}
    missing = [one.file for one in mapping.files if one.required and one.file.casefold() not in present]
    if missing:
        values = {"folder": folder.name, "files": ", ".join(missing), "has": ", ".join(sorted(path.name for path in present.values()))[:300]}
        raise Invalid(_("%(folder)s lacks %(files)s, which the mapping needs. It holds: %(has)s.") % values, field="path", code="file_missing")
    for one in mapping.files:
        if one.file.casefold() in present:
            yield one, present[one.file.casefold()]


def _stage(staged: Import, table: Table, entity: str, position: int) -> None:
    file = ImportFile(
        of=staged,
        position=position,
        name=table.name,
        entity=entity,
        format=table.format,
        encoding=table.encoding,
        delimiter=table.delimiter,
        columns=list(table.columns),
    )
    file.save()
    file.row_count = _copy(file.pk, table.rows)
    file.save(update_fields=["row_count", "updated_at"])


def _copy(file_id: UUID, rows: Iterable[Row]) -> int:
    """COPY the rows into a table of this transaction, then into the guarded one: COPY itself knows no row-level security."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("create temporary table if not exists import_staging (number int, cells jsonb, problem text) on commit drop")
        cursor.execute("truncate import_staging")
        with cursor.copy("copy import_staging (number, cells, problem) from stdin") as copy:
            for row in rows:
                copy.write_row((row.number, json.dumps(row.cells), row.problem))
                count += 1
        insert = "insert into integrations_importrow (file_id, number, cells, problem) select %s, number, cells, problem from import_staging"
        cursor.execute(insert, [file_id])
        cursor.execute("drop table import_staging")
    return count


def staged_rows(file: ImportFile) -> Iterator[Row]:
    """The staged rows in the order of the file, in chunks by their number."""
    last = 0
    while True:
        chunk: list[Any] = list(ImportRow.objects.filter(file=file, number__gt=last).order_by("number")[:1000])
        if not chunk:
            return
        for row in chunk:
            yield Row(row.number, tuple(row.cells), row.problem)
        last = chunk[-1].number
