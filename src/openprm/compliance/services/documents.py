"""Files: evidence and papers, checked by their content."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.compliance import policies
from openprm.compliance.models import Certificate, Document, Reply, RiskCase, Verification
from openprm.compliance.rules import questions
from openprm.compliance.services.unit import record
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.files import MAX_BYTES, safe_name, sniff
from openprm.kernel.ids import new_id

MAX_PER_OBJECT = 20
ABOUT = {Reply: "reply", Certificate: "certificate", Verification: "verification", RiskCase: "case"}


def keep(actor: Actor, subject: Any, name: str, content: bytes, at: datetime, *, question: str = "", field: str = "file") -> Document:
    """Keep a file about a reply, a certificate, a verification or a case. The same file twice is one. Raises Invalid, Conflict."""
    content_type, extension = _kind_of(content, field)
    sha256, about = hashlib.sha256(content).hexdigest(), {ABOUT[type(subject)]: subject}
    mine = Document.objects.filter(**about)
    if same := mine.filter(sha256=sha256, question=question).first():
        return same
    if mine.count() >= MAX_PER_OBJECT:
        raise Conflict(_("At most %(most)d files can be kept here. Remove one first.") % {"most": MAX_PER_OBJECT}, field=field)
    document = Document(
        id=new_id(),
        partner_id=subject.partner_id,
        question=question,
        name=safe_name(name, extension),
        content_type=content_type,
        size=len(content),
        sha256=sha256,
        author_id=actor.user_id,
        author_name=actor.name[:120],
        added_at=at,
        **about,
    )
    document.storage_key = f"compliance/{document.pk}"
    document.save(force_insert=True)
    default_storage.save(document.storage_key, ContentFile(content))
    data = {"sha256": sha256, "size": document.size}
    record(
        actor, "compliance.document_added", document, after={}, shared=document.case_id is None, note=document.name, data=data, refs=(subject.pk,), at=at
    )  # fmt: skip
    return document


def _kind_of(content: bytes, field: str) -> tuple[str, str]:
    if not content:
        raise Invalid(_("The file is empty. Choose another one."), field=field)
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}, field=field)
    if kind := sniff(content):
        return kind
    raise Invalid(_("Only PDF, PNG, JPEG, Word, Excel, PowerPoint and plain text files can be kept."), field=field)


def attach_to_reply(*, actor: Actor, reply_id: UUID, question: str, name: str, content: bytes, at: datetime) -> UUID:
    """Answer a question with a file. Raises NotFound, NotAllowed, Invalid, Conflict."""
    reply = policies.reach_replies(actor).select_related("questions").one(reply_id)
    refuse_if(policies.why_not_edit_reply(actor, reply))
    if question not in {one.id for one in questions.read(reply.questions.questions) if one.type == "file"}:
        raise Invalid(_("This question takes no file."), field="question")
    return keep(actor, reply, name, content, at, question=question).pk


def attach_to_verification(*, actor: Actor, verification_id: UUID, name: str, content: bytes, at: datetime) -> UUID:
    """Raises NotFound, NotAllowed, Invalid, Conflict."""
    verification = policies.reach_verifications(actor).one(verification_id)
    refuse_if(policies.why_not_edit_verification(actor, verification))
    return keep(actor, verification, name, content, at).pk


def attach_to_case(*, actor: Actor, case_id: UUID, name: str, content: bytes, at: datetime) -> UUID:
    """Keep evidence on a case, for the vendor's eyes only. Raises NotFound, NotAllowed, Invalid, Conflict."""
    case = policies.reach(actor).one(case_id)
    refuse_if(policies.why_not_review(actor))
    return keep(actor, case, name, content, at).pk


def remove_document(*, actor: Actor, document_id: UUID, at: datetime) -> None:
    """Take a file back while the answers or the papers can still be changed. Raises NotFound, NotAllowed."""
    document = policies.reach_documents(actor).select_related("reply", "verification").locked().one(document_id)
    if document.reply:
        refuse_if(policies.why_not_edit_reply(actor, document.reply))
    elif document.verification:
        refuse_if(policies.why_not_edit_verification(actor, document.verification))
    else:
        refuse_if(_("This file is evidence: it stays."))
    record(
        actor, "compliance.document_removed", document, after={}, note=document.name, data={"sha256": document.sha256},
        refs=tuple(filter(None, (document.reply_id, document.verification_id))), at=at,
    )  # fmt: skip
    storage_key = document.storage_key
    document.delete()
    transaction.on_commit(lambda: default_storage.delete(storage_key))
