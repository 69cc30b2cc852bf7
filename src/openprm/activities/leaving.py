"""What a partner takes along of its activities when it leaves, and what is forgotten of its people."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.activities import queries, services
from openprm.kernel.actor import Actor
from openprm.partners.ports import Erasure, ExportFile, ExportPart

COLUMNS = (
    *("id", "account", "kind", "direction", "occurred_at", "person", "person_email", "summary", "outcome", "author"),
    *("is_verified", "struck_reason", "proof", "created_at"),
)


def _rows(actor: Actor) -> Iterator[Mapping[str, Any]]:
    return ({name: getattr(row, name) for name in COLUMNS} for row in queries.export(actor, queries.Filters()))


def _files(actor: Actor) -> Iterator[ExportFile]:
    return (
        ExportFile(name=f"{str(row.id)[-6:]}-{row.proof}", open=partial(_opened, actor, row.id))
        for row in queries.export(actor, queries.Filters())
        if row.proof
    )


def _opened(actor: Actor, activity_id: UUID) -> BinaryIO:
    return queries.open_proof(actor, activity_id).file


EXPORT = (ExportPart(code="activities", label=_("Activities"), about=_("What your people logged at customers."), columns=COLUMNS, rows=_rows, files=_files),)
ERASURE = (Erasure(code="activities.authors", label=_("Names of authors of activities"), erase=services.forget_authors),)
