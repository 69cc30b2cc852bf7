"""Notes, tasks, files and next steps (L4, L7)."""

import hashlib
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.cosell import policies
from openprm.cosell.events import TaskMoved, WorkAdded
from openprm.cosell.models import Document, Engagement, NextStep, Note, Task
from openprm.cosell.rules.words import Audience, Involvement, TaskState
from openprm.cosell.services.unit import acting_party, as_system, clean, known_member, load, one_of, record
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.files import MAX_BYTES, safe_name, sniff
from openprm.kernel.ids import new_id

MOST_FILES = 60


def _open(actor: Actor, engagement_id: UUID, audience: str = Audience.SHARED) -> Engagement:
    engagement = load(actor, engagement_id)
    one_of(audience, Audience, "audience")
    refuse_if(policies.why_not_write(actor, engagement))
    return engagement


def _by(actor: Actor, engagement: Engagement, audience: str) -> dict[str, Any]:
    return {
        "engagement": engagement,
        "party_id": acting_party(actor),
        "author_id": actor.user_id,
        "author_name": actor.name[:120],
        "audience": audience,
    }


def add_note(*, actor: Actor, engagement_id: UUID, body: str, audience: str = Audience.SHARED, by_mail: bool = False, at: datetime) -> UUID:
    """Write a note for everybody who may know of one's company, for those with full view, or for one's own side. Raises NotFound, NotAllowed, Invalid."""
    engagement = _open(actor, engagement_id, audience)
    body = clean(body, "body", 4000)
    with as_system(actor):
        note = Note.objects.create(body=body, **_by(actor, engagement, audience))
        record(
            actor,
            "cosell.noted_by_mail" if by_mail else "cosell.noted",
            engagement,
            party=note.party_id,
            audience=audience,
            subject=note,
            after={},
            note=body,
            at=at,
        )
        _announce(engagement, note, "note", actor, at)
    return note.pk


def _announce(engagement: Engagement, work: Any, kind: str, actor: Actor, at: datetime, audience: str | None = None) -> None:
    publish(
        WorkAdded(
            engagement_id=engagement.pk,
            work_id=work.pk,
            kind=kind,
            party_id=work.party_id,
            audience=str(audience or work.audience),
            actor_id=actor.user_id,
            at=at,
        )
    )


def add_next_step(*, actor: Actor, engagement_id: UUID, text: str, at: datetime) -> UUID:
    """Say what one's side does next. It is kept as it was said; the next one follows it. Raises NotFound, NotAllowed, Invalid."""
    engagement = _open(actor, engagement_id)
    text = clean(text, "text", 255)
    party = acting_party(actor)
    with as_system(actor):
        step = NextStep.objects.create(engagement=engagement, party_id=party, author_id=actor.user_id, author_name=actor.name[:120], text=text, at=at)
        record(actor, "cosell.next_step", engagement, party=party, subject=step, after={}, note=text, at=at)
        _announce(engagement, step, "next_step", actor, at, Audience.SHARED)
    return step.pk


def add_task(
    *,
    actor: Actor,
    engagement_id: UUID,
    title: str,
    owner_id: UUID | None = None,
    assignee_id: UUID | None = None,
    due_date: date | None = None,
    audience: str = Audience.SHARED,
    at: datetime,
) -> UUID:
    """Put a step on one's own side, or propose it to another, which accepts or rejects it. Raises NotFound, NotAllowed, Invalid."""
    engagement = _open(actor, engagement_id, audience)
    party, title = acting_party(actor), clean(title, "title", 200)
    owner = owner_id or party
    _refuse_owner(actor, engagement, party, owner, audience)
    if assignee_id:
        _refuse_assignee(actor, party, owner, assignee_id)
    with as_system(actor):
        mine = owner == party
        task = Task.objects.create(
            title=title,
            owner_id=owner,
            assignee_id=assignee_id,
            due_date=due_date,
            state=TaskState.ACCEPTED if mine else TaskState.PROPOSED,
            decided_at=at if mine else None,
            **_by(actor, engagement, audience),
        )
        _moved(actor, "cosell.task_added", engagement, task, at)
    return task.pk


def _refuse_owner(actor: Actor, engagement: Engagement, party: UUID, owner: UUID, audience: str) -> None:
    if owner == party:
        return
    member = known_member(actor, engagement, owner, "owner_id")
    if member.involvement == Involvement.VISIBILITY:
        raise Invalid(_("This company only looks on. It takes no tasks until it co-sells."), field="owner_id")
    if audience == Audience.PRIVATE or (audience == Audience.FULL and member.visibility != "full" and not member.is_host):
        raise Invalid(_("The company that should do it could not read this task. Choose a wider audience."), field="audience")


def _refuse_assignee(actor: Actor, party: UUID, owner: UUID, assignee_id: UUID) -> None:
    """A person is named by the person's own side alone."""
    if owner != party or assignee_id not in {person.id for person in identity.people(actor, party) if person.is_active}:
        raise Invalid(_("Choose a person of your own company; the other side chooses its own."), field="assignee_id")


def _moved(actor: Actor, verb: str, engagement: Engagement, task: Task, at: datetime, note: str = "") -> None:
    data = {"title": task.title}
    record(
        actor,
        verb,
        engagement,
        party=task.party_id,
        also=task.owner_id,
        audience=task.audience,
        subject=task,
        after={},
        note=note or task.title,
        data=data,
        at=at,
    )
    publish(
        TaskMoved(
            engagement_id=engagement.pk,
            task_id=task.pk,
            party_id=task.party_id,
            owner_id=task.owner_id,
            state=str(task.state),
            actor_id=actor.user_id,
            at=at,
        )
    )


def decide_task(*, actor: Actor, task_id: UUID, accept: bool, reason: str = "", at: datetime) -> None:
    """Take a proposed step or reject it with the reason; the side that should do it alone. Raises NotFound, NotAllowed, Invalid, Conflict."""
    task, engagement = _task(actor, task_id)
    reason = clean(reason, "reason", 500, required=not accept)
    with as_system(actor):
        task = Task.objects.locked().one(task.pk)
        if task.state != TaskState.PROPOSED:
            raise Conflict(_("This step was answered already."))
        task.state, task.reason, task.decided_at = (TaskState.ACCEPTED if accept else TaskState.REJECTED), reason, at
        _save(task, "state", "reason", "decided_at")
        _moved(actor, "cosell.task_accepted" if accept else "cosell.task_rejected", engagement, task, at, reason)


def finish_task(*, actor: Actor, task_id: UUID, at: datetime) -> None:
    """Tick a step off; twice changes nothing. The side that owns it alone. Raises NotFound, NotAllowed, Conflict."""
    task, engagement = _task(actor, task_id)
    with as_system(actor):
        task = Task.objects.locked().one(task.pk)
        if task.state == TaskState.DONE:
            return
        if task.state != TaskState.ACCEPTED:
            raise Conflict(_("Only a step that was agreed can be finished."))
        task.state, task.done_at = TaskState.DONE, at
        _save(task, "state", "done_at")
        _moved(actor, "cosell.task_done", engagement, task, at)


def _task(actor: Actor, task_id: UUID) -> tuple[Task, Engagement]:
    task: Task = policies.reach_work(actor, Task).one(task_id)
    engagement = load(actor, task.engagement_id)
    refuse_if(policies.why_not_write(actor, engagement))
    if acting_party(actor) != task.owner_id:
        raise NotAllowed(_("Only the company that should do it can answer or finish this step."))
    return task, engagement


def _save(task: Task, *fields: str) -> None:
    task.version += 1
    task.save(update_fields=[*fields, "version", "updated_at"])


def attach_document(*, actor: Actor, engagement_id: UUID, name: str, content: bytes, audience: str = Audience.SHARED, at: datetime) -> UUID:
    """Keep a file; its content decides what it is. The same file twice is one. Raises NotFound, NotAllowed, Invalid, Conflict."""
    engagement = _open(actor, engagement_id, audience)
    content_type, extension = _kind_of(content)
    sha256, party = hashlib.sha256(content).hexdigest(), acting_party(actor)
    with as_system(actor):
        mine = Document.objects.filter(engagement=engagement, party_id=party)
        if same := mine.filter(sha256=sha256, audience=audience).values_list("pk", flat=True).first():
            return same
        if mine.count() >= MOST_FILES:
            raise Conflict(_("Each company keeps at most %(most)d files here. Remove one first.") % {"most": MOST_FILES})
        document = Document(
            id=new_id(), name=safe_name(name, extension), content_type=content_type, size=len(content), sha256=sha256, **_by(actor, engagement, audience)
        )
        document.storage_key = f"cosell/{document.pk}"
        with refused_by("cosell_document_once", Conflict(_("This file is here already."))):
            document.save(force_insert=True)
        default_storage.save(document.storage_key, ContentFile(content))
        kept = {"sha256": sha256, "size": document.size}
        record(actor, "cosell.document_added", engagement, party=party, audience=audience, subject=document, after={}, note=document.name, data=kept, at=at)
        _announce(engagement, document, "document", actor, at)
    return document.pk


def _kind_of(content: bytes) -> tuple[str, str]:
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}, field="file")
    kind = sniff(content)
    if kind is None:
        raise Invalid(_("Only PDF, PNG, JPEG, Word, Excel, PowerPoint and plain text files can be attached."), field="file")
    return kind


def remove_document(*, actor: Actor, document_id: UUID, at: datetime) -> None:
    """Take one's own side's file off. Raises NotFound, NotAllowed."""
    document: Document = policies.reach_work(actor, Document).one(document_id)
    engagement = load(actor, document.engagement_id)
    refuse_if(policies.why_not_write(actor, engagement))
    if document.party_id != acting_party(actor):
        raise NotAllowed(_("Only the company that added this file can remove it."))
    with as_system(actor):
        data = {"sha256": document.sha256}
        record(
            actor,
            "cosell.document_removed",
            engagement,
            party=document.party_id,
            audience=document.audience,
            subject=document,
            after={},
            note=document.name,
            data=data,
            at=at,
        )
        storage_key = document.storage_key
        if not Document.objects.filter(pk=document.pk).delete()[0]:
            raise NotFound()
        transaction.on_commit(lambda: default_storage.delete(storage_key))
