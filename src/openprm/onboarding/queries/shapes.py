"""From rows to results: the pieces that several questions share."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.onboarding import policies, words
from openprm.onboarding.models import PlanLevel, PlanTask
from openprm.onboarding.queries.results import LevelView, TaskView
from openprm.onboarding.rules.schedule import SOON, progress


def names(user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of owners on both sides: a partner may know who of the vendor owes it a task."""
    with system_scope():
        return identity.names_of({user_id for user_id in user_ids if user_id})


def task_view(row: PlanTask, actor: Actor, people: Mapping[UUID, str], at: datetime) -> TaskView:
    is_open = row.state == PlanTask.State.OPEN
    return TaskView(
        id=row.pk,
        plan_id=row.plan_id,
        key=row.key,
        title=row.title,
        about=row.about,
        kind=row.kind,
        kind_label=str(words.KIND[row.kind]),
        icon=words.KIND_ICON[row.kind],
        side=row.side,
        role_label=str(words.ROLE.get(row.role, row.role)),
        owner_id=row.owner_id,
        owner_name=people.get(row.owner_id, "") if row.owner_id else "",
        link=row.link,
        milestone_label=words.milestone(row.milestone) if row.milestone else "",
        needs_evidence=row.needs_evidence,
        is_required=row.is_required,
        due_at=row.due_at,
        is_overdue=is_open and row.due_at < at,
        is_soon=is_open and at <= row.due_at <= at + SOON,
        is_mine=row.owner_id is not None and row.owner_id == actor.user_id,
        can_work=policies.why_not_work(actor, row) is None,
        state=row.state,
        state_label=str(words.TASK_STATE[row.state][0]),
        answer=row.answer,
        done_at=row.done_at,
        done_by_name=row.done_by_name,
        reason=row.reason,
        level_name=row.level.name,
        level_state=row.level.state,
        version=row.version,
    )


def level_view(row: PlanLevel, tasks: tuple[TaskView, ...], *, can_skip: bool = False) -> LevelView:
    far = progress(tasks)
    label, tone = words.LEVEL_STATE[row.state]
    return LevelView(
        id=row.pk,
        key=row.key,
        number=row.position + 1,
        name=row.name,
        about=row.about,
        badge=row.badge,
        benefit=row.benefit,
        state=row.state,
        state_label=str(label),
        tone=tone,
        closed_at=row.closed_at,
        reason=row.reason,
        done=far.done,
        total=far.total,
        percent=far.percent,
        tasks=tasks,
        can_skip=can_skip,
    )
