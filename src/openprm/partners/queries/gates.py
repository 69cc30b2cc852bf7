"""What is closed to a partner, why, and what opens it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from openprm.partners.models import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class GateView:
    """One closed action. `label` names the action in words; `is_ahead` is one that closes later, at `since`."""

    action: str
    label: str
    source: str
    key: str
    reason: str
    cure: str
    cure_url: str
    since: datetime
    until: datetime | None
    is_ahead: bool = False


def gates(partner_id: UUID, at: datetime, action: str | None = None) -> tuple[GateView, ...]:
    """What is closed to the partner at that moment, the oldest first. One query, in the caller's scope."""
    rows = _standing(partner_id, at).filter(since__lte=at)
    return _views(rows.filter(action=action) if action else rows, at)


def gates_with_ahead(partner_id: UUID, at: datetime) -> tuple[GateView, ...]:
    """What is closed, and what will close by itself unless it is cured before."""
    return _views(_standing(partner_id, at), at)


def why_closed(partner_id: UUID, action: str, at: datetime) -> str | None:
    """A reason why the partner may not take the action now, with what opens it; None when it may. One query."""
    found = gates(partner_id, at, action)
    return _("%(reason)s %(cure)s") % {"reason": found[0].reason, "cure": found[0].cure} if found else None


def _standing(partner_id: UUID, at: datetime) -> QuerySet[Gate]:
    return Gate.objects.filter(partner_id=partner_id).filter(Q(until=None) | Q(until__gt=at)).order_by("since", "id")


def _views(rows: QuerySet[Gate], at: datetime) -> tuple[GateView, ...]:
    return tuple(_view(row, at) for row in rows)


def _view(row: Any, at: datetime) -> GateView:
    return GateView(
        action=row.action,
        label=row.get_action_display(),
        source=row.source,
        key=row.key,
        reason=row.reason,
        cure=row.cure,
        cure_url=row.cure_url,
        since=row.since,
        until=row.until,
        is_ahead=row.since > at,
    )
