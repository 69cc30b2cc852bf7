"""Reads of the inbox: news, choices, and the decisions that wait."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openprm.inbox import policies, rules, unsubscribe
from openprm.inbox.kinds import kinds_for, known_kind
from openprm.inbox.models import Notification
from openprm.inbox.ports import Decision, NotificationKind
from openprm.kernel.actor import Actor
from openprm.kernel.registry import registry
from openprm.ui.paging import PageRequest, Slice, slice_of

FAR = datetime(9999, 1, 1, tzinfo=UTC)
ORDER = {"at": "at"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRow:
    id: UUID
    kind: str
    label: Any
    title: str
    body: str
    url: str
    icon: str
    tone: str
    urgent: bool
    at: datetime
    read_at: datetime | None
    created_at: datetime

    @property
    def is_unread(self) -> bool:
        return self.read_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceRow:
    """One kind with this person's way of taking it."""

    code: str
    label: Any
    group: Any
    in_app: bool
    mail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A decision with how pressing it is for this reader."""

    decision: Decision
    due_tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Where a decision stands in the queue, for "3 of 7" with previous and next."""

    position: int
    total: int
    previous_url: str
    next_url: str


def unread_count(actor: Actor) -> int:
    """How many unread notifications the bell shows. One indexed query."""
    if actor.user_id is None or actor.viewing_as:
        return 0
    return policies.reach(actor).filter(read_at=None).count()


def notifications(actor: Actor, page: PageRequest, *, unread: bool = False, group: str = "") -> Slice[NotificationRow]:
    """One page of a person's news, newest first."""
    return slice_of(notification_rows(actor, unread=unread, group=group), page, order_by=ORDER).map(notification_row)


def notification_rows(actor: Actor, *, unread: bool = False, group: str = "") -> QuerySet[Notification]:
    rows = policies.reach(actor)
    if unread:
        rows = rows.filter(read_at=None)
    if group:
        rows = rows.filter(kind__in=[kind.code for kind in kinds_for(actor) if str(kind.group) == group])
    return rows


def latest(actor: Actor, limit: int = 5) -> list[NotificationRow]:
    return [notification_row(row) for row in policies.reach(actor).order_by("-at", "-id")[:limit]]


def notification(actor: Actor, notification_id: UUID) -> NotificationRow:
    return notification_row(policies.reach(actor).one(notification_id))


def groups(actor: Actor) -> list[str]:
    return list(dict.fromkeys(str(kind.group) for kind in kinds_for(actor) if kind.group))


def preferences(actor: Actor) -> list[PreferenceRow]:
    """Every kind that can reach this person, with the choice in force."""
    chosen = {row.kind: row for row in policies.reach_preferences(actor)}
    return [_preference(kind, chosen.get(kind.code)) for kind in kinds_for(actor)]


def takes_mail(actor: Actor, code: str) -> bool:
    """Whether this person takes mails of a kind at all; for rooms that write their own."""
    return next((one.mail != "off" for one in preferences(actor) if one.code == code), False)


def unsubscribe_url(user_id: UUID, code: str) -> str:
    """The signed address at which one person switches one kind of mail off without a sign-in."""
    return unsubscribe.link(user_id, code)


def decisions(actor: Actor, at: datetime, limit: int | None = None) -> list[Decision]:
    """What waits for this actor from every source, the soonest promise first."""
    found = chain.from_iterable(source.list_decisions(actor, at) for source in _sources())
    ordered = sorted(found, key=lambda decision: (decision.due_at or FAR, decision.key))
    return ordered[:limit] if limit else ordered


def waiting(actor: Actor, at: datetime) -> list[Waiting]:
    return [Waiting(decision=decision, due_tone=_due_tone(decision, actor, at)) for decision in decisions(actor, at)]


def decision_count(actor: Actor, at: datetime) -> int:
    """How many decisions wait. Sources that can count without listing do (`count_decisions(actor)`)."""
    return sum(_count(source, actor, at) for source in _sources())


def neighbours(actor: Actor, key: str, at: datetime) -> Neighbours | None:
    """The decisions before and after `key` in the queue; None when it no longer waits."""
    queue = decisions(actor, at)
    place = next((number for number, decision in enumerate(queue) if decision.key == key), None)
    if place is None:
        return None
    return Neighbours(
        position=place + 1,
        total=len(queue),
        previous_url=queue[place - 1].url if place else "",
        next_url=queue[place + 1].url if place + 1 < len(queue) else "",
    )


def notification_row(row: Notification) -> NotificationRow:
    kind = known_kind(row.kind)
    return NotificationRow(
        id=row.pk,
        kind=row.kind,
        label=kind.label if kind else row.kind,
        title=row.title,
        body=row.body,
        url=row.url,
        icon=kind.icon if kind else "bell",
        tone=kind.tone if kind else "",
        urgent=row.urgent,
        at=row.at,
        read_at=row.read_at,
        created_at=row.created_at,
    )


def _preference(kind: NotificationKind, chosen) -> PreferenceRow:
    return PreferenceRow(
        code=kind.code,
        label=kind.label,
        group=kind.group,
        in_app=chosen.in_app if chosen else kind.in_app,
        mail=chosen.mail if chosen else kind.mail,
    )


def _sources() -> Iterator[Any]:
    return iter(registry.all("decision_sources"))


def _count(source: Any, actor: Actor, at: datetime) -> int:
    count = getattr(source, "count_decisions", None)
    return count(actor) if count else len(source.list_decisions(actor, at))


def _due_tone(decision: Decision, actor: Actor, at: datetime) -> str:
    return rules.due_tone(due_at=decision.due_at, at=at, time_zone=actor.time_zone)
