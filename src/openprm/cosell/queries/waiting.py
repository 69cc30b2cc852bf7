"""What waits for a person: invitations to answer, asks to answer, steps to take or reject."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import UUID

from openprm.cosell import policies
from openprm.cosell.models import Task
from openprm.cosell.queries.pieces import names_of
from openprm.cosell.rules.words import Invited, NeedState, TaskState
from openprm.cosell.wording import NEED, ROLE
from openprm.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """`kind` is invitation, need or task; `id` that of the thing, `engagement_id` where it stands."""

    kind: str
    id: UUID
    engagement_id: UUID
    number: str
    title: str
    who: str
    what: str
    since: datetime
    due_at: datetime | None


def waiting(actor: Actor, limit: int = 50) -> tuple[Waiting, ...]:
    """The soonest first. Nothing for those whose role cannot answer."""
    if not actor.can("cosell.act"):
        return ()
    found = [*_invitations(actor, limit), *_needs(actor, limit), *_tasks(actor, limit)]
    return tuple(sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.since))[:limit])


def _invitations(actor: Actor, limit: int) -> list[Waiting]:
    rows = list(policies.reach_received(actor).filter(state=Invited.PENDING).order_by("expires_at")[:limit])
    names = names_of({row.sender_id for row in rows})
    return [
        Waiting(
            kind="invitation",
            id=row.pk,
            engagement_id=row.engagement_id,
            number=row.number,
            title=row.title,
            who=names.get(row.sender_id, ""),
            what=str(ROLE.get(row.role, row.role)),
            since=row.sent_at,
            due_at=row.expires_at,
        )
        for row in rows
    ]


def _needs(actor: Actor, limit: int) -> list[Waiting]:
    rows = policies.reach_needs(actor).filter(state=NeedState.OPEN, asked_id__in=policies.parties_of(actor)).select_related("engagement")
    rows = list(rows.order_by("due_at")[:limit])
    names = names_of({row.party_id for row in rows})
    return [
        Waiting(
            kind="need",
            id=row.pk,
            engagement_id=row.engagement_id,
            number=row.engagement.number,
            title=row.engagement.title,
            who=names.get(row.party_id, ""),
            what=str(NEED.get(row.need, row.need)),
            since=row.asked_at,
            due_at=row.due_at,
        )
        for row in rows
    ]


def _tasks(actor: Actor, limit: int) -> list[Waiting]:
    rows = policies.reach_work(actor, Task).filter(state=TaskState.PROPOSED, owner_id__in=policies.parties_of(actor)).select_related("engagement")
    rows = list(rows.order_by("created_at")[:limit])
    names = names_of({row.party_id for row in rows})
    return [
        Waiting(
            kind="task",
            id=row.pk,
            engagement_id=row.engagement_id,
            number=row.engagement.number,
            title=row.engagement.title,
            who=names.get(row.party_id, ""),
            what=row.title,
            since=row.created_at,
            due_at=datetime.combine(row.due_date, time(17), UTC) if row.due_date else None,
        )
        for row in rows
    ]


def pending_count(actor: Actor) -> int | None:
    """How many invitations wait for this person's answer: one indexed query."""
    if not actor.can("cosell.act"):
        return None
    return policies.reach_received(actor).filter(state=Invited.PENDING).count() or None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTask:
    id: UUID
    engagement_id: UUID
    number: str
    title: str
    due_date: object


def tasks_due(actor: Actor, since: datetime, until: datetime) -> tuple[OwnTask, ...]:
    """The dated steps of this actor's side between two moments, for calendars."""
    rows = policies.reach_work(actor, Task).filter(owner_id__in=policies.parties_of(actor), state__in=(TaskState.PROPOSED, TaskState.ACCEPTED))
    rows = rows.filter(due_date__gte=since.date(), due_date__lte=until.date()).select_related("engagement").order_by("due_date")[:300]
    return tuple(OwnTask(id=row.pk, engagement_id=row.engagement_id, number=row.engagement.number, title=row.title, due_date=row.due_date) for row in rows)
