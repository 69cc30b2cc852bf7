"""Target accounts of both sides: `mapping.targets(actor, at, partner_id)` is the port for joint plans."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.mapping.models import Entry, Target
from openprm.mapping.queries.results import TargetView


def newest_targets(actor: Actor, at: datetime, partner_id: UUID | None = None, *, with_ended: bool = False) -> QuerySet:
    """For pages of the API; `target_views` makes views. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    rows = policies.reach_targets(actor, at)
    rows = rows.filter(partner=partner_id) if partner_id else rows
    return (rows if with_ended else rows.filter(ended_at=None)).order_by("-created_at", "-id")


def targets(actor: Actor, at: datetime, partner_id: UUID | None = None, *, with_ended: bool = False, limit: int = 500) -> tuple[TargetView, ...]:
    """The companies chosen together, newest first. Raises NotAllowed. Four queries."""
    return target_views(actor, newest_targets(actor, at, partner_id, with_ended=with_ended)[:limit])


def target_views(actor: Actor, rows: Iterable[Target]) -> tuple[TargetView, ...]:
    found, home = list(rows), policies.refuse_outsider(actor)
    with system_scope():
        names = identity.organization_names({pk for row in found for pk in (row.left_owner_id, row.right_owner_id)})
    own = policies.own(actor, Entry).filter(pk__in=[row.left_id for row in found if row.left_id]) if actor.is_vendor else Entry.objects.none()
    keys = dict(own.values_list("pk", "key"))
    return tuple(_view(row, home, names, keys.get(row.left_id, "")) for row in found)


def _view(row: Target, home: UUID, names: dict[UUID, str], key: str) -> TargetView:
    other = row.right_owner_id if row.left_owner_id == home else row.left_owner_id
    return TargetView(
        id=row.pk,
        partner_id=row.partner_id,
        other=names.get(other, ""),
        name=row.name,
        domain=row.domain,
        country=row.country,
        city=row.city,
        kind=row.kind,
        note=row.note,
        person=row.person,
        is_ours=row.chooser_id == home,
        chosen_at=row.chosen_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        account_id=_uuid(key),
        created_at=row.created_at,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
