"""Questions for a later deadline, for both sides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openprm.funds import proof_policies as policies
from openprm.funds.models import Extension
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.promises import queries as promises
from openprm.ui.paging import PageRequest, Slice, slice_of

PROMISE = "funds.extension"
TONE = {"open": "warn", "granted": "ok", "refused": "bad", "withdrawn": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionView:
    id: UUID
    partner_id: UUID
    partner: str
    activity_id: UUID | None
    allocation_id: UUID | None
    request_id: UUID | None
    title: str
    money: Money
    ends_on: date
    asked_until: date
    granted_until: date | None
    reason: str
    state: str
    state_label: str
    tone: str
    answer: str
    asked_at: datetime
    decided_at: datetime | None
    due_at: datetime | None
    overdue: bool
    version: int
    created_at: datetime
    may_answer: bool
    may_withdraw: bool


def newest_extensions(actor: Actor, *, state: str = "") -> QuerySet:
    rows = policies.reach_extensions(actor).select_related("activity__request", "allocation")
    return rows.filter(state=state) if state else rows


SORTS = {"asked": "asked_at", "until": "asked_until", "state": "state"}


def listed_extensions(actor: Actor, *, filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice:
    """A page of the list. Five queries, however many rows."""
    found = slice_of(_narrowed(actor, filters), page, order_by=SORTS)
    views = {view.id: view for view in extension_views(actor, found.rows, at)}
    return found.map(lambda row: views[row.pk])


def export_extensions(actor: Actor, *, filters: Mapping[str, Any], at: datetime) -> Iterator[ExtensionView]:
    yield from extension_views(actor, _narrowed(actor, filters).order_by("asked_at", "pk")[:10_000], at)


def _narrowed(actor: Actor, filters: Mapping[str, Any]) -> QuerySet:
    rows = newest_extensions(actor)
    return rows.filter(state__in=filters["state"]) if filters.get("state") else rows


def extensions(actor: Actor, at: datetime, *, state: str = "", most: int = 200) -> tuple[ExtensionView, ...]:
    """What waits first, then the newest."""
    rows = newest_extensions(actor, state=state).order_by("-asked_at")[:most]
    found = extension_views(actor, rows, at)
    return tuple(sorted(found, key=lambda one: one.state != "open"))


def extension(actor: Actor, extension_id: UUID, at: datetime) -> ExtensionView:
    return extension_views(actor, [newest_extensions(actor).one(extension_id)], at)[0]


def open_count(actor: Actor) -> int:
    return policies.reach_extensions(actor).filter(state=Extension.State.OPEN).count()


def extension_views(actor: Actor, rows: Any, at: datetime) -> tuple[ExtensionView, ...]:
    found = list(rows)
    names = identity.organization_names({row.partner_id for row in found})
    clocks = promises.clocks([row.pk for row in found], PROMISE, at)
    return tuple(_view(actor, row, names.get(row.partner_id, ""), clocks.get(row.pk)) for row in found)


def _view(actor: Actor, row: Extension, partner: str, clock: Any) -> ExtensionView:
    about = row.activity or row.allocation
    minor = row.activity.open_minor if row.activity else row.allocation.left_minor
    is_open = row.state == Extension.State.OPEN
    return ExtensionView(
        id=row.pk, partner_id=row.partner_id, partner=partner, activity_id=row.activity_id, allocation_id=row.allocation_id,
        request_id=row.activity.request_id if row.activity else None, title=row.activity.title if row.activity else row.allocation.name,
        money=Money(minor, about.currency), ends_on=row.ends_on, asked_until=row.asked_until, granted_until=row.granted_until, reason=row.reason,
        state=row.state, state_label=str(row.get_state_display()), tone=TONE[row.state], answer=row.answer, asked_at=row.asked_at,
        decided_at=row.decided_at, due_at=clock.due_at if clock and is_open else None, overdue=bool(clock and is_open and clock.overdue),
        version=row.version, created_at=row.created_at, may_answer=policies.why_not_answer(actor, row) is None,
        may_withdraw=is_open and policies.why_not_extend(actor, row.partner_id) is None,
    )  # fmt: skip
