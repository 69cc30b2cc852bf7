"""Opening a file of a deal, through its policy."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.models import Document
from openprm.deals.queries.results import OpenedDocument
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound


def open_document(actor: Actor, document_id: UUID) -> OpenedDocument:
    """The file for download. Raises NotFound, also when its bytes are gone from storage."""
    document = policies.reach_work(actor, Document).one(document_id)
    try:
        content = default_storage.open(document.storage_key, "rb")
    except FileNotFoundError:
        raise NotFound(_("The file is missing from storage. Ask for it again.")) from None
    return OpenedDocument(name=document.name, content_type=document.content_type, size=document.size, file=content)
