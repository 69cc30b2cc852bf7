"""One task with its comments and files, and what waits for a person."""

from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import system_scope
from openprm.onboarding import policies
from openprm.onboarding.models import Evidence, PlanTask
from openprm.onboarding.queries.results import CommentView, FileView, OpenedFile, TaskPage, TaskView
from openprm.onboarding.queries.shapes import names, task_view
from openprm.partners import queries as partners


def task(actor: Actor, task_id: UUID, at: datetime) -> TaskPage:
    """A task for the one who looks, from either side. Raises NotFound."""
    row = policies.reach_tasks(actor).select_related("plan", "level").one(task_id)
    comments = policies.reach_comments(actor).filter(task=row).order_by("created_at", "pk")
    return TaskPage(
        task=task_view(row, actor, names([row.owner_id]), at),
        plan_id=row.plan_id,
        plan_name=row.plan.name,
        partner_id=row.partner_id,
        partner_name=_partner_name(row.partner_id),
        comments=tuple(CommentView(id=one.pk, author=one.author_name, side=one.author_side, body=one.body, at=one.created_at) for one in comments),
        files=tuple(_file(one, row, actor) for one in policies.reach_evidence(actor).filter(task=row).order_by("created_at", "pk")),
        people=_people(row, actor),
        why_not_work=policies.why_not_work(actor, row),
        why_not_reopen=policies.why_not_reopen(actor, row),
        why_not_comment=policies.why_not_comment(actor, row),
        why_not_assign=policies.why_not_assign(actor, row),
        why_not_steer=policies.why_not_steer(actor, row),
    )


def _partner_name(partner_id: UUID) -> str:
    with system_scope():
        return partners.partner(SYSTEM, partner_id).name


def _file(one: Evidence, row: PlanTask, actor: Actor) -> FileView:
    is_mine = one.author_id == actor.user_id or policies.why_not_manage(actor) is None
    can_remove = is_mine and row.state == PlanTask.State.OPEN and policies.why_not_comment(actor, row) is None
    return FileView(id=one.pk, name=one.name, content_type=one.content_type, size=one.size, author=one.author_name, at=one.created_at, can_remove=can_remove)


def _people(row: PlanTask, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Whom the task can be handed to, when this actor may hand it over."""
    if policies.why_not_assign(actor, row):
        return ()
    home = identity.vendor_organization().id if row.side == "vendor" else row.partner_id
    with system_scope():
        return tuple((str(person.id), person.name) for person in identity.people(SYSTEM, home) if person.is_active)


def open_evidence(actor: Actor, evidence_id: UUID) -> OpenedFile:
    """The file for download. Raises NotFound, also when its bytes are gone from storage."""
    row = policies.reach_evidence(actor).one(evidence_id)
    try:
        content = default_storage.open(row.storage_key, "rb")
    except FileNotFoundError:
        raise NotFound(_("The file is missing from storage. Ask for it again.")) from None
    return OpenedFile(name=row.name, content_type=row.content_type, file=content)


def evidence_names(actor: Actor) -> list[tuple[UUID, str]]:
    """Every file on a task that this actor can open, named by its task."""
    rows = policies.reach_evidence(actor).select_related("task").order_by("created_at", "pk")
    return [(row.pk, f"{row.task.title[:60]} - {row.name}".replace("/", "-")) for row in rows]


def waiting_for(actor: Actor, at: datetime, limit: int = 30) -> list[tuple[TaskView, str]]:
    """The open tasks this person owns in open levels, soonest first, each with the partner's name. Milestones wait for nobody."""
    rows = policies.reach_tasks(actor).filter(owner=actor.user_id, state="open", level__state="open", plan__state="running").exclude(kind="milestone")
    rows = rows.select_related("plan", "level", "partner__organization").order_by("due_at", "pk")[:limit]
    return [(task_view(row, actor, {}, at), row.partner.organization.name) for row in rows]


def own_open_count(actor: Actor) -> int:
    """How many tasks of the partner's side are open now, for its navigation."""
    return policies.reach_tasks(actor).filter(side="partner", state="open", level__state="open", plan__state="running").exclude(kind="milestone").count()
