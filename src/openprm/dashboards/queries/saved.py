"""Saved dashboards and their mailings, as the person who asks may see them."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from openprm.dashboards import policies
from openprm.dashboards.models import Letter, Mailing, Saved
from openprm.dashboards.queries.results import MailingView, RecipientView, SavedView
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.models import ScopedQuerySet

MOST = 200


def saved(actor: Actor, *, dashboard: str = "") -> tuple[SavedView, ...]:
    """One's own and the team's, by name. Five queries."""
    rows = policies.reach(actor).select_related("owner").order_by("name", "pk")
    rows = list((rows.filter(dashboard=dashboard) if dashboard else rows)[:MOST])
    mailings = _mailings(actor, [row.pk for row in rows])
    return tuple(_view(actor, row, mailings.get(row.pk)) for row in rows)


def newest_saved(actor: Actor) -> ScopedQuerySet:
    """For the API's own paging."""
    return policies.reach(actor).select_related("owner")


def views_of(actor: Actor, rows: Iterable[Saved]) -> list[SavedView]:
    found = list(rows)
    mailings = _mailings(actor, [row.pk for row in found])
    return [_view(actor, row, mailings.get(row.pk)) for row in found]


def one_saved(actor: Actor, saved_id: UUID) -> SavedView:
    """Raises NotFound, also for somebody else's that is not shared."""
    row = policies.reach(actor).select_related("owner").filter(pk=saved_id).first()
    if row is None:
        raise NotFound()
    return _view(actor, row, _mailings(actor, [row.pk]).get(row.pk))


def possible_recipients(actor: Actor, dashboard: str) -> tuple[tuple[UUID, str], ...]:
    """People of one's own organization who may see this dashboard."""
    people = identity.holders_of(policies.PERMISSION[dashboard], actor.organization_id)
    return tuple((person.id, person.name) for person in people if person.id)


def may_save(actor: Actor) -> bool:
    return policies.why_not_save(actor) is None


def may_see(actor: Actor, dashboard: str) -> bool:
    return policies.may_see(actor, dashboard)


def _mailings(actor: Actor, ids: list[UUID]) -> dict[UUID, Mailing]:
    rows = policies.reach_mailings(actor).filter(saved__in=ids).prefetch_related("recipients")
    return {row.saved_id: row for row in rows}


def _view(actor: Actor, row: Saved, mailing: Mailing | None) -> SavedView:
    return SavedView(
        id=row.pk, name=row.name, dashboard=row.dashboard, asked=dict(row.asked), is_shared=row.is_shared, owner_name=row.owner.name,
        is_own=row.owner_id == actor.user_id, mailing=_mailing(actor, mailing) if mailing else None, why_not_change=policies.why_not_change(actor, row),
        version=row.version, created_at=row.created_at,
    )  # fmt: skip


def _mailing(actor: Actor, row: Mailing) -> MailingView:
    people = list(row.recipients.all())
    names, last = identity.names_of([one.user_id for one in people]), _last(row)
    views = tuple(
        RecipientView(
            user_id=one.user_id, name=names.get(one.user_id, ""), has_left=one.left_at is not None,
            last_outcome=last[one.user_id].outcome if one.user_id in last else "", last_at=last[one.user_id].due_at if one.user_id in last else None,
        )
        for one in people
    )  # fmt: skip
    gets_it = any(one.user_id == actor.user_id and not one.has_left for one in views)
    return MailingView(
        every=row.every, day=row.day, hour=row.hour, time_zone=row.time_zone, next_at=row.next_at,
        recipients=tuple(sorted(views, key=lambda one: (one.name, one.user_id))), gets_it=gets_it,
    )  # fmt: skip


def _last(row: Mailing) -> Mapping[UUID, Letter]:
    found: dict[UUID, Letter] = {}
    for letter in row.letters.order_by("-due_at")[:MOST]:
        found.setdefault(letter.user_id, letter)
    return found
