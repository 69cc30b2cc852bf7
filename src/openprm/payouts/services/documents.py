"""Files that prove something, checked by their content."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid
from openprm.kernel.files import MAX_BYTES, safe_name, sniff
from openprm.kernel.ids import new_id
from openprm.payouts.models import Document
from openprm.payouts.services.unit import record


def keep(actor: Actor, subject: Any, file: tuple[str, bytes], at: datetime, *, shared: bool = True, field: str = "file") -> UUID:
    """Keep a file about a row that names its partner. Raises Invalid."""
    name, content = file
    content_type, extension = _kind_of(content, field)
    document = Document(
        id=new_id(), partner_id=subject.partner_id, subject_id=subject.pk, shared=shared, name=safe_name(name, extension), content_type=content_type,
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), author_name=actor.name[:120], added_at=at,
    )  # fmt: skip
    document.storage_key = f"payouts/{document.pk}"
    document.save(force_insert=True)
    default_storage.save(document.storage_key, ContentFile(content))
    record(
        actor, "payout.document_added", document, after={}, partner_id=subject.partner_id, shared=shared, note=document.name,
        data={"sha256": document.sha256, "size": document.size}, refs=(subject.pk,), at=at,
    )  # fmt: skip
    return document.pk


def _kind_of(content: bytes, field: str) -> tuple[str, str]:
    if not content:
        raise Invalid(_("The file is empty. Choose another one."), field=field)
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}, field=field)
    if kind := sniff(content):
        return kind
    raise Invalid(_("Only PDF, PNG, JPEG, Word, Excel, PowerPoint and plain text files can be kept."), field=field)
