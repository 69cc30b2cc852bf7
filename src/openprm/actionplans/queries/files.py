"""Evidence for download."""

from collections.abc import Iterator
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from openprm.actionplans import policies
from openprm.actionplans.queries.results import OpenedFile
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound


def open_evidence(actor: Actor, evidence_id: UUID) -> OpenedFile:
    """The file for download. Raises NotFound, also when its bytes are gone from storage."""
    row = policies.reach_evidence(actor).one(evidence_id)
    try:
        content = default_storage.open(row.storage_key, "rb")
    except FileNotFoundError:
        raise NotFound(_("The file is missing from storage. Ask for it again.")) from None
    return OpenedFile(name=row.name, content_type=row.content_type, file=content)


def evidence_names(actor: Actor) -> Iterator[tuple[UUID, str]]:
    """Every file on a step that this actor can open, named by its step."""
    for row in policies.reach_evidence(actor).select_related("step").order_by("created_at", "pk"):
        yield row.pk, f"{row.step.title[:60]} - {row.name}".replace("/", "-")
