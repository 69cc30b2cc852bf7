"""Documents: made, changed, retired and taken up again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.agreements import policies
from openprm.agreements.events import AgreementWithdrawn
from openprm.agreements.models import Acceptance, Document, Version
from openprm.agreements.rules.states import DEFAULT_SIGNERS
from openprm.agreements.services import checks
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Stale, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.partners import queries as partners


class CodeIsTaken(Conflict):
    """Another document has this code."""


class DocumentIsInUse(Conflict):
    """Versions of the document are published, so what they stand on cannot change."""


@transaction.atomic
def create_document(*, actor: Actor, code: str, title: str, kind: str, at: datetime, program_id: UUID | None = None, **values: Any) -> UUID:
    """Begin a document without a text. Raises NotAllowed, NotFound, Invalid, CodeIsTaken."""
    refuse_if(policies.why_not_draft(actor))
    found = checks.settings_of({"title": title, "kind": kind, "signer_roles": DEFAULT_SIGNERS, **values})
    _refuse_nameless(found["kind"], found.get("own_kind", ""))
    document = Document(code=checks.code("code", code), program_id=_program(actor, program_id), **found)
    with refused_by("agreements_one_document_per_code", CodeIsTaken(_("Another document has this code. Choose a different one."), field="code")):
        document.save(force_insert=True)
    audit.record(actor, "agreement.created", document, after={}, at=at)
    return document.pk


@transaction.atomic
def update_document(*, actor: Actor, document_id: UUID, changes: dict[str, Any], at: datetime, version: int | None = None) -> None:
    """Change the settings of a document. What is published and signed keeps what it said. Raises NotFound, NotAllowed, Invalid, Stale, DocumentIsInUse."""
    document = policies.reach_documents(actor).locked().one(document_id)
    refuse_if(policies.why_not_publish(actor) if _is_published(document) else policies.why_not_draft(actor))
    if version is not None and version != document.version:
        raise Stale()
    program_id = _program(actor, changes["program_id"]) if "program_id" in changes else document.program_id
    found = checks.settings_of({name: value for name, value in changes.items() if name != "program_id"})
    _refuse_nameless(found.get("kind", document.kind), found.get("own_kind", document.own_kind))
    if program_id != document.program_id and _is_published(document):
        raise DocumentIsInUse(
            _("Versions of this document are published for its program. Make a document of its own for the other program."), field="program_id"
        )
    _write(actor, document, {**found, "program_id": program_id}, at)


@transaction.atomic
def retire_document(*, actor: Actor, document_id: UUID, at: datetime) -> None:
    """Ask nobody for this document any more; what is signed stays. Raises NotFound, NotAllowed."""
    document = policies.reach_documents(actor).locked().one(document_id)
    refuse_if(policies.why_not_publish(actor))
    if document.retired_at is None:
        _write(actor, document, {"retired_at": at}, at, verb="agreement.retired")
        publish(AgreementWithdrawn(version_id=None, document_id=document.pk, at=at))


@transaction.atomic
def resume_document(*, actor: Actor, document_id: UUID, at: datetime) -> None:
    """Take a retired document up again. Raises NotFound, NotAllowed."""
    document = policies.reach_documents(actor).locked().one(document_id)
    refuse_if(policies.why_not_publish(actor))
    if document.retired_at is not None:
        _write(actor, document, {"retired_at": None}, at, verb="agreement.resumed")
        publish(AgreementWithdrawn(version_id=None, document_id=document.pk, at=at))


def _write(actor: Actor, document: Document, values: dict[str, Any], at: datetime, verb: str = "agreement.changed") -> None:
    before = document.snapshot()
    changed = {name: value for name, value in values.items() if getattr(document, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(document, name, value)
    document.version += 1
    document.save()
    audit.record(actor, verb, document, before=before, at=at)


def _is_published(document: Document) -> bool:
    return Version.objects.filter(document=document).exclude(state=Version.State.DRAFT).exists() or Acceptance.objects.filter(document=document).exists()


def _refuse_nameless(kind: str, own_kind: str) -> None:
    if kind == Document.Kind.OTHER and not own_kind:
        raise Invalid(_("Say what kind of document it is, for example “Price list terms”."), field="own_kind", code="required")


def _program(actor: Actor, program_id: UUID | None) -> UUID | None:
    return partners.program(actor, program_id).id if program_id else None
