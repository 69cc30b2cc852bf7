"""What a partner takes along on the day it leaves, and what of its people is forgotten."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from openprm.agreements import queries, services
from openprm.kernel.actor import Actor
from openprm.partners.ports import Erasure, ExportFile, ExportPart

COLUMNS = ("document", "version", "sha256", "fingerprint", "signed_at", "signed_name", "countersigned_at")


def _rows(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.signed_of_partner(actor):
        yield {
            "document": row.document,
            "version": row.number,
            "sha256": row.sha256,
            "fingerprint": row.fingerprint,
            "signed_at": row.signed_at,
            "signed_name": row.signed_name,
            "countersigned_at": row.countersigned_at,
        }


def _files(actor: Actor) -> Iterator[ExportFile]:
    """The certificate of every signature."""
    for row in queries.signed_of_partner(actor):
        yield ExportFile(name=f"{row.code}-v{row.number}-certificate.pdf", open=_opener(actor, row.id))


def _opener(actor: Actor, acceptance_id: Any) -> Any:
    def opened() -> BinaryIO:
        return BytesIO(queries.certificate(actor, acceptance_id).content)

    return opened


EXPORT = (
    ExportPart(
        code="agreements",
        label=_("Signed agreements"),
        about=_("What your company signed, with a certificate of each."),
        columns=COLUMNS,
        rows=_rows,
        files=_files,
    ),
)
ERASURE = (Erasure(code="agreements", label=_("Who could sign, and who declined; signatures stay as evidence"), erase=services.forget_people),)
