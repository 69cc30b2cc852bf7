"""Files that show that a step is done."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from openprm.actionplans import policies
from openprm.actionplans.models import Evidence
from openprm.actionplans.services.bytes import drop
from openprm.actionplans.services.steps import working
from openprm.actionplans.services.unit import record_step
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed
from openprm.kernel.files import MAX_BYTES, safe_name, sniff
from openprm.kernel.ids import new_id

MAX_PER_STEP = 10


def add_evidence(*, actor: Actor, step_id: UUID, name: str, content: bytes, at: datetime) -> UUID:
    """Keep a file with an open step; its content decides what it is. The same file twice is one. Raises NotFound, NotAllowed, Invalid, Conflict."""
    content_type, extension = _kind_of(content)
    sha256 = hashlib.sha256(content).hexdigest()
    with working(actor, step_id, policies.why_not_change) as step:
        mine = Evidence.objects.filter(step=step)
        if same := mine.filter(sha256=sha256).values_list("pk", flat=True).first():
            return same
        if mine.count() >= MAX_PER_STEP:
            raise Conflict(_("A step holds at most %(most)d files. Remove one first.") % {"most": MAX_PER_STEP}, field="file")
        row = Evidence(
            id=new_id(),
            step=step,
            partner_id=step.partner_id,
            visibility=step.visibility,
            author_id=actor.user_id,
            author_name=actor.name[:120],
            author_side=str(actor.side),
            name=safe_name(name, extension),
            content_type=content_type,
            size=len(content),
            sha256=sha256,
        )
        row.storage_key = f"actionplans/{row.pk}"
        row.save(force_insert=True)
        default_storage.save(row.storage_key, ContentFile(content))
        record_step(actor, "file_added", step, subject=row, after={}, note=row.name, data={"sha256": sha256, "size": row.size}, at=at)
        return row.pk


def _kind_of(content: bytes) -> tuple[str, str]:
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}, field="file")
    kind = sniff(content)
    if kind is None:
        raise Invalid(_("Only PDF, PNG, JPEG, Word, Excel, PowerPoint and plain text files can be added."), field="file")
    return kind


def remove_evidence(*, actor: Actor, evidence_id: UUID, at: datetime) -> None:
    """Take a file off an open step: whoever added it can. Raises NotFound, NotAllowed."""
    row = policies.reach_evidence(actor).one(evidence_id)
    with working(actor, row.step_id, policies.why_not_change) as step:
        if row.author_id != actor.user_id:
            raise NotAllowed(_("Only the person who added this file can remove it."))
        record_step(actor, "file_removed", step, subject=row, after={}, note=row.name, data={"sha256": row.sha256}, at=at)
        Evidence.objects.filter(pk=row.pk).delete()
        drop(row.storage_key)
