"""Notes, tasks, files and people on a deal."""

import hashlib
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.events import NoteAdded
from openprm.deals.models import Collaborator, Document, Note, Registration, Task
from openprm.deals.models.work import Visibility
from openprm.deals.services import stalls
from openprm.deals.services.unit import announce, as_system, record
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, refuse_if, refused_by
from openprm.kernel.files import MAX_BYTES, safe_name, sniff
from openprm.kernel.ids import new_id

MAX_PER_REGISTRATION = 30


def add_note(*, actor: Actor, registration_id: UUID, body: str, visibility: str = Visibility.SHARED, by_mail: bool = False, at: datetime) -> UUID:
    """Write on a deal, for both sides or for the vendor alone; the timeline says when it came by mail. Raises NotFound, NotAllowed, Invalid."""
    registration = _open_for(actor, registration_id, visibility)
    note = Note.objects.create(body=_text(body, "body", 4000), **_by(actor, registration, visibility))
    verb = "deal.noted_by_mail" if by_mail else "deal.noted"
    record(actor, verb, registration, subject=note, after={}, shared=visibility == Visibility.SHARED, note=note.body, at=at)
    _end_standstill(actor, registration, at)
    announce(NoteAdded, registration, actor, at, note_id=note.pk, visibility=str(visibility))
    return note.pk


def _end_standstill(actor: Actor, registration: Registration, at: datetime) -> None:
    """Whoever writes on a deal or adds a file to it works on it."""
    with as_system(actor):
        stalls.touch(registration.pk, at)


def _open_for(actor: Actor, registration_id: UUID, visibility: str) -> Registration:
    registration = policies.reach(actor).one(registration_id)
    if visibility not in Visibility.values:
        raise Invalid(_("Choose internal or shared."), field="visibility")
    refuse_if(policies.why_not_comment(actor, registration, visibility))
    return registration


def _by(actor: Actor, registration: Registration, visibility: str) -> dict[str, Any]:
    return {
        "registration": registration,
        "partner_id": registration.partner_id,
        "visibility": visibility,
        "author_id": actor.user_id,
        "author_name": actor.name[:120],
        "author_side": str(actor.side),
    }


def _text(text: str, field: str, most: int) -> str:
    text = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()
    if not text:
        raise Invalid(_("Write something first."), field=field, code="required")
    if len(text) > most:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": most}, field=field)
    return text


def add_task(
    *,
    actor: Actor,
    registration_id: UUID,
    title: str,
    visibility: str = Visibility.INTERNAL,
    assignee_id: UUID | None = None,
    due_date: date | None = None,
    at: datetime,
) -> UUID:
    """Put a thing to do on a deal. Internal ones stay on the vendor's side. Raises NotFound, NotAllowed, Invalid."""
    registration = _open_for(actor, registration_id, visibility)
    if assignee_id:
        _refuse_stranger(actor, registration, assignee_id, visibility)
    task = Task.objects.create(title=_text(title, "title", 200), assignee_id=assignee_id, due_date=due_date, **_by(actor, registration, visibility))
    record(actor, "deal.task_added", registration, subject=task, after={}, shared=visibility == Visibility.SHARED, note=task.title, at=at)
    return task.pk


def _refuse_stranger(actor: Actor, registration: Registration, user_id: UUID, visibility: str) -> None:
    """An assignee belongs to the vendor or, for shared work, to the deal's partner."""
    vendor = identity.vendor_organization()
    sides = [registration.partner_id] if visibility == Visibility.SHARED else []
    sides += [vendor.id] if actor.sees_all_partners and vendor else []
    known = {person.id for side in sides for person in identity.people(actor, side)}
    if user_id not in known:
        raise Invalid(_("Choose a person who works on this deal."), field="assignee_id")


def complete_task(*, actor: Actor, task_id: UUID, at: datetime) -> None:
    """Tick a task off; doing it twice changes nothing. Raises NotFound, NotAllowed."""
    task = policies.reach_work(actor, Task).locked().one(task_id)
    refuse_if(policies.why_not_comment(actor, task.registration, task.visibility))
    if task.done_at:
        return
    task.done_at, task.done_by_id = at, actor.user_id
    task.save(update_fields=["done_at", "done_by", "updated_at"])
    record(actor, "deal.task_done", task.registration, subject=task, after={}, shared=task.visibility == Visibility.SHARED, note=task.title, at=at)


def attach_document(*, actor: Actor, registration_id: UUID, name: str, content: bytes, visibility: str = Visibility.SHARED, at: datetime) -> UUID:
    """Keep a file on a deal; its content decides what it is. The same file twice is one. Raises NotFound, NotAllowed, Invalid, Conflict."""
    registration = _open_for(actor, registration_id, visibility)
    content_type, extension = kind_of_file(content)
    sha256 = hashlib.sha256(content).hexdigest()
    mine = Document.objects.filter(registration=registration)
    if same := mine.filter(sha256=sha256, visibility=visibility).values_list("pk", flat=True).first():
        return same
    if mine.count() >= MAX_PER_REGISTRATION:
        raise Conflict(_("A deal holds at most %(most)d files. Remove one first.") % {"most": MAX_PER_REGISTRATION})
    document = Document(
        id=new_id(), name=safe_name(name, extension), content_type=content_type, size=len(content), sha256=sha256, **_by(actor, registration, visibility)
    )
    document.storage_key = f"deals/{document.pk}"
    with refused_by("document_once_per_registration", Conflict(_("This file is on the deal already."))):
        document.save(force_insert=True)
    default_storage.save(document.storage_key, ContentFile(content))
    kept = {"sha256": document.sha256, "size": document.size}
    record(
        actor, "deal.document_added", registration, subject=document, after={}, shared=visibility == Visibility.SHARED, note=document.name, data=kept, at=at
    )  # fmt: skip
    _end_standstill(actor, registration, at)
    return document.pk


def kind_of_file(content: bytes) -> tuple[str, str]:
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}, field="file")
    kind = sniff(content)
    if kind is None:
        raise Invalid(_("Only PDF, PNG, JPEG, Word, Excel, PowerPoint and plain text files can be attached."), field="file")
    return kind


def remove_document(*, actor: Actor, document_id: UUID, at: datetime) -> None:
    """Take a file off a deal: its author or the vendor's reviewers can. Raises NotFound, NotAllowed."""
    document = policies.reach_work(actor, Document).locked().one(document_id)
    if document.author_id != actor.user_id and not actor.can("deals.review"):
        raise NotAllowed(_("Only the person who added this file can remove it."))
    refuse_if(policies.why_not_comment(actor, document.registration, document.visibility))
    record(
        actor, "deal.document_removed", document.registration, subject=document, after={}, shared=document.visibility == Visibility.SHARED,
        note=document.name, data={"sha256": document.sha256}, at=at,
    )  # fmt: skip
    storage_key = document.storage_key
    document.delete()
    transaction.on_commit(lambda: default_storage.delete(storage_key))


def add_collaborator(*, actor: Actor, registration_id: UUID, user_id: UUID, at: datetime) -> None:
    """Let a person of the partner work on this deal (A3). Raises NotFound, NotAllowed, Invalid."""
    registration = policies.reach(actor).one(registration_id)
    refuse_if(policies.why_not_register(actor))
    if user_id not in {person.id for person in identity.people(actor, registration.partner_id) if person.is_active}:
        raise Invalid(_("Choose a person of the partner's team."), field="user_id")
    _row, made = Collaborator.objects.get_or_create(registration=registration, partner_id=registration.partner_id, user_id=user_id)
    if made:
        record(actor, "deal.collaborator_added", registration, after={}, data={"user_id": user_id}, at=at)


def remove_collaborator(*, actor: Actor, registration_id: UUID, user_id: UUID, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    registration = policies.reach(actor).one(registration_id)
    refuse_if(policies.why_not_register(actor))
    removed, _rows = Collaborator.objects.filter(registration=registration, user_id=user_id).delete()
    if not removed:
        raise NotFound()
    record(actor, "deal.collaborator_removed", registration, after={}, data={"user_id": user_id}, at=at)
