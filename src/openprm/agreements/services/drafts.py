"""Writing a new version: begin, save, throw away."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.agreements import policies
from openprm.agreements.models import ONE_DRAFT, Version
from openprm.agreements.rules import canonical
from openprm.agreements.services import checks
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Stale, refuse_if, refused_by


class DraftExists(Conflict):
    """The document already has a draft; one is enough, so that nobody's work is lost at publication."""


@transaction.atomic
def begin_draft(*, actor: Actor, document_id: UUID, at: datetime) -> UUID:
    """Begin a version as a copy of the newest published one. Raises NotFound, NotAllowed, DraftExists."""
    document = policies.reach_documents(actor).one(document_id)
    refuse_if(policies.why_not_draft(actor))
    newest = Version.objects.filter(document=document, state=Version.State.PUBLISHED).order_by("-number").first()
    copied = {name: getattr(newest, name) for name in ("title", "text", "sha256", "grace_days", "blocks")} if newest else {}
    draft = Version(document=document, drafted_by=actor.user_id, **({"title": document.title, "sha256": canonical.hash_of(document.title, "")} | copied))
    with refused_by(ONE_DRAFT, DraftExists(_("This document already has a draft. Continue it, or discard it first."))):
        draft.save(force_insert=True)
    audit.record(actor, "agreement.drafted", draft, after={}, refs=(document.pk,), at=at)
    return draft.pk


@transaction.atomic
def save_draft(*, actor: Actor, draft_id: UUID, title: str, text: str, revision: int | None = None, at: datetime) -> int:
    """Keep title and text; gives the new revision. Raises NotFound, NotAllowed, Invalid, Stale (somebody saved in between)."""
    draft = _editable(actor, draft_id)
    if revision is not None and revision != draft.revision:
        raise Stale()
    draft.title = checks.line("title", title, longest=160, required=True)
    draft.text = checks.paragraph("text", text, longest=canonical.LONGEST_TEXT)
    draft.sha256 = canonical.hash_of(draft.title, draft.text)
    draft.revision += 1
    draft.save()
    audit.record(actor, "agreement.draft_saved", draft, after={}, refs=(draft.document_id,), at=at)
    return draft.revision


@transaction.atomic
def discard_draft(*, actor: Actor, draft_id: UUID, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    draft = _editable(actor, draft_id)
    audit.record(actor, "agreement.draft_discarded", draft, after={}, refs=(draft.document_id,), at=at)
    draft.delete()


def _editable(actor: Actor, draft_id: UUID) -> Version:
    draft = policies.reach_versions(actor).locked().one(draft_id)
    refuse_if(policies.why_not_draft(actor, draft))
    return draft
