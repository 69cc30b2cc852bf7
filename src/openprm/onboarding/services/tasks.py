"""Tasks: done, undone, waived, postponed, handed over, talked about, proved."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.files import MAX_BYTES, safe_name, sniff
from openprm.kernel.ids import new_id
from openprm.onboarding import policies
from openprm.onboarding.events import TasksAssigned, TaskSpokenAbout
from openprm.onboarding.models import Comment, Evidence, Plan, PlanTask
from openprm.onboarding.rules.content import Kind
from openprm.onboarding.rules.schedule import due_at
from openprm.onboarding.services import hours
from openprm.onboarding.services.owners import Owners
from openprm.onboarding.services.settling import settle, touch
from openprm.onboarding.services.unit import as_system, check_version, line, record, text

LONGEST_EXTENSION = 365
MAX_PER_TASK = 10


class EvidenceMissing(Conflict):
    """The task asks for a file that nobody has added yet."""


@contextmanager
def _working(actor: Actor, task_id: UUID, why_not: Any, version: int | None = None) -> Iterator[PlanTask]:
    """The task, allowed for this actor, with its plan locked: two people who finish two tasks wait for each other."""
    task = _load(policies.reach_tasks(actor), task_id)
    with as_system(actor):
        Plan.objects.locked().one(task.plan_id)
        task = _load(PlanTask.objects.all(), task_id)
        refuse_if(why_not(actor, task))
        check_version(task, version)
        yield task


def _load(rows: Any, task_id: UUID) -> PlanTask:
    return rows.select_related("plan", "level").one(task_id)


def complete_task(*, actor: Actor, task_id: UUID, answer: str = "", version: int | None = None, at: datetime) -> None:
    """Tick a task off. What is filled in is kept with it. Raises NotFound, NotAllowed, Invalid, EvidenceMissing, Stale."""
    with _working(actor, task_id, policies.why_not_work, version) as task:
        task.answer = text("answer", answer, longest=4000, required=task.kind == Kind.FILL) or task.answer
        if (task.needs_evidence or task.kind == Kind.UPLOAD) and not Evidence.objects.filter(task=task).exists():
            raise EvidenceMissing(_("Add the file that shows it first; then tick the task off."), field="file")
        finish(task, actor, at)


def finish(task: PlanTask, actor: Actor, at: datetime, *, note: str = "") -> None:
    """Mark a task done and let its plan settle. Runs in the system's scope with the plan locked."""
    task.state, task.done_at = PlanTask.State.DONE, at
    task.done_by_id, task.done_by_name = actor.user_id, actor.name[:120]
    _save(task)
    said = f"{task.title} ({note})" if note else task.title
    record(actor, "onboarding.task_done", task, partner_id=task.partner_id, after={}, refs=(task.plan_id,), note=said, at=at)
    _go_on(task, actor, at)


def _go_on(task: PlanTask, actor: Actor, at: datetime) -> None:
    plan = Plan.objects.select_related("template_version").get(pk=task.plan_id)
    touch(plan, actor, at)
    settle(plan, actor, at)


def _save(task: PlanTask) -> None:
    task.version += 1
    task.save()


def reopen_task(*, actor: Actor, task_id: UUID, at: datetime) -> None:
    """Take back a tick or a waiver while the level is not closed. Raises NotFound, NotAllowed."""
    with _working(actor, task_id, policies.why_not_reopen) as task:
        before = task.snapshot()
        task.state, task.done_at, task.done_by_id, task.done_by_name, task.reason = PlanTask.State.OPEN, None, None, "", ""
        _save(task)
        record(actor, "onboarding.task_reopened", task, partner_id=task.partner_id, before=before, refs=(task.plan_id,), note=task.title, at=at)
        _go_on(task, actor, at)


def waive_task(*, actor: Actor, task_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Let a task go, with a reason that both sides read. It no longer counts. Raises NotFound, NotAllowed, Invalid, Stale."""
    with _working(actor, task_id, policies.why_not_steer, version) as task:
        before = task.snapshot()
        task.state, task.done_at, task.reason = PlanTask.State.WAIVED, at, line("reason", reason, longest=500)
        task.done_by_id, task.done_by_name = actor.user_id, actor.name[:120]
        _save(task)
        record(actor, "onboarding.task_waived", task, partner_id=task.partner_id, before=before, refs=(task.plan_id,), note=task.reason, at=at)
        _go_on(task, actor, at)


def extend_task(*, actor: Actor, task_id: UUID, until: date, reason: str, version: int | None = None, at: datetime) -> None:
    """Give a task more time, until the close of business of that day. Raises NotFound, NotAllowed, Invalid, Stale."""
    with _working(actor, task_id, policies.why_not_steer, version) as task:
        reason, before = line("reason", reason, longest=500), task.snapshot()
        calendar = hours.calendar(at)
        days = (until - calendar.local_date(at)).days
        if not 0 <= days <= LONGEST_EXTENSION or until <= calendar.local_date(task.due_at):
            raise Invalid(_("Choose a day after the one it is due now, at most %(days)d days ahead.") % {"days": LONGEST_EXTENSION}, field="until")
        task.due_at = due_at(calendar, at, days)
        task.reminded_at = task.overdue_told_at = None
        _save(task)
        record(actor, "onboarding.task_extended", task, partner_id=task.partner_id, before=before, refs=(task.plan_id,), note=reason, at=at)
        touch(task.plan, actor, at)


def assign_task(*, actor: Actor, task_id: UUID, user_id: UUID | None, version: int | None = None, at: datetime) -> None:
    """Hand a task to a person of the side that owns it, or with None to whoever has the role. Raises NotFound, NotAllowed, Invalid, Stale."""
    with _working(actor, task_id, policies.why_not_assign, version) as task:
        owners = Owners(task.partner_id)
        if user_id and not owners.may_own(task.side, user_id):
            raise Invalid(_("Choose an active person of the side that owns the task."), field="user_id")
        new_owner = user_id or owners.of(task.side, task.role)
        if new_owner == task.owner_id:
            return
        task.owner_id = new_owner
        _save(task)
        record(actor, "onboarding.task_assigned", task, partner_id=task.partner_id, after={}, refs=(task.plan_id,), note=task.title, at=at)
        publish(TasksAssigned(plan_id=task.plan_id, task_ids=(task.pk,), actor_id=actor.user_id, at=at))


def add_comment(*, actor: Actor, task_id: UUID, body: str, at: datetime) -> UUID:
    """Write on a task; both sides read it. Raises NotFound, NotAllowed, Invalid."""
    with _working(actor, task_id, policies.why_not_comment) as task:
        comment = Comment.objects.create(body=text("body", body, longest=4000), **_by(actor, task))
        record(actor, "onboarding.commented", comment, partner_id=task.partner_id, after={}, refs=(task.plan_id, task.pk), note=comment.body[:300], at=at)
        _spoken(task, actor, comment.body, at)
        return comment.pk


def _spoken(task: PlanTask, actor: Actor, said: str, at: datetime) -> None:
    touch(task.plan, actor, at)
    publish(TaskSpokenAbout(task_id=task.pk, actor_id=actor.user_id, text=said[:300], at=at))


def _by(actor: Actor, task: PlanTask) -> dict[str, Any]:
    return {"task": task, "partner_id": task.partner_id, "author_id": actor.user_id, "author_name": actor.name[:120], "author_side": str(actor.side)}


def add_evidence(*, actor: Actor, task_id: UUID, name: str, content: bytes, at: datetime) -> UUID:
    """Keep a file that shows that the task is done; its content decides what it is. The same file twice is one.

    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    content_type, extension = _kind_of(content)
    sha256 = hashlib.sha256(content).hexdigest()
    with _working(actor, task_id, policies.why_not_comment) as task:
        mine = Evidence.objects.filter(task=task)
        if same := mine.filter(sha256=sha256).values_list("pk", flat=True).first():
            return same
        if mine.count() >= MAX_PER_TASK:
            raise Conflict(_("A task holds at most %(most)d files. Remove one first.") % {"most": MAX_PER_TASK}, field="file")
        row = Evidence(
            id=new_id(), name=safe_name(name, extension), content_type=content_type, size=len(content), sha256=sha256, storage_key="", **_by(actor, task)
        )
        row.storage_key = f"onboarding/{row.pk}"
        with refused_by("evidence_once_per_task", Conflict(_("This file is on the task already."), field="file")):
            row.save(force_insert=True)
        default_storage.save(row.storage_key, ContentFile(content))
        kept = {"sha256": sha256, "size": row.size}
        record(actor, "onboarding.evidence_added", row, partner_id=task.partner_id, after={}, refs=(task.plan_id, task.pk), note=row.name, data=kept, at=at)
        _spoken(task, actor, row.name, at)
        return row.pk


def _kind_of(content: bytes) -> tuple[str, str]:
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}, field="file")
    kind = sniff(content)
    if kind is None:
        raise Invalid(_("Only PDF, PNG, JPEG, Word, Excel, PowerPoint and plain text files can be added."), field="file")
    return kind


def remove_evidence(*, actor: Actor, evidence_id: UUID, at: datetime) -> None:
    """Take a file off an open task: whoever added it can, and the vendor's managers. Raises NotFound, NotAllowed."""
    row = policies.reach_evidence(actor).one(evidence_id)
    with _working(actor, row.task_id, policies.why_not_comment) as task:
        if row.author_id != actor.user_id and policies.why_not_manage(actor):
            raise NotAllowed(_("Only the person who added this file can remove it."))
        if task.state != PlanTask.State.OPEN:
            raise NotAllowed(_("The task is over; its evidence stays."))
        note, data = row.name, {"sha256": row.sha256}
        record(actor, "onboarding.evidence_removed", row, partner_id=task.partner_id, after={}, refs=(task.plan_id, task.pk), note=note, data=data, at=at)
        Evidence.objects.filter(pk=row.pk).delete()
        transaction.on_commit(lambda: default_storage.delete(row.storage_key))
