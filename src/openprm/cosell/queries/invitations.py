"""Invitations as their ends see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from openprm.cosell import policies
from openprm.cosell.models import Invitation, Sight
from openprm.cosell.queries.pieces import names_of
from openprm.cosell.queries.results import InvitationView
from openprm.cosell.rules.words import Invited
from openprm.cosell.wording import INVITED, INVOLVEMENT, PAYLOAD, ROLE, VIEW, roles_in_words, tone_of
from openprm.kernel.actor import Actor
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"sent": "sent_at", "expires": "expires_at", "title": "title", "customer": "customer_name", "state": "state"}


def invitation(actor: Actor, invitation_id: UUID, at: datetime) -> InvitationView:
    """One invitation. Raises NotFound for everybody whom it does not concern."""
    return views(actor, [policies.reach_invitations(actor).one(invitation_id)], at)[0]


def invitations(actor: Actor, page: PageRequest, at: datetime, *, text: str = "", states: tuple[str, ...] = (), side: str = "") -> Slice[InvitationView]:
    """A page of those sent and received, the newest first. Three queries."""
    found = slice_of(invited(actor, text=text, states=states, side=side), page, order_by=SORTS)
    shown = iter(views(actor, found.rows, at))
    return found.map(lambda _row: next(shown))


def invited(actor: Actor, *, text: str = "", states: tuple[str, ...] = (), side: str = "") -> QuerySet:
    rows = policies.reach_invitations(actor)
    parties = policies.parties_of(actor)
    if side in ("sender", "receiver"):
        rows = rows.filter(**{f"{side}_id__in": parties})
    if states:
        rows = rows.filter(state__in=states)
    if text := text.strip()[:100]:
        rows = rows.filter(Q(title__icontains=text) | Q(customer_name__icontains=text) | Q(number__icontains=text))
    return rows


def of_engagement(actor: Actor, engagement_id: UUID, at: datetime) -> tuple[InvitationView, ...]:
    rows = policies.reach_invitations(actor).filter(engagement_id=engagement_id).order_by("-sent_at", "-id")[:60]
    return tuple(views(actor, rows, at))


def views(actor: Actor, rows: Iterable[Invitation], at: datetime) -> list[InvitationView]:
    rows = list(rows)
    names = names_of({row.sender_id for row in rows} | {row.receiver_id for row in rows})
    parties = policies.parties_of(actor)
    inside = set(Sight.objects.filter(viewer_id__in=parties, engagement_id__in=[row.engagement_id for row in rows]).values_list("engagement_id", flat=True))
    return [_view(actor, row, names, inside, at) for row in rows]


def _view(actor: Actor, row: Invitation, names: dict[UUID, str], inside: set[UUID], at: datetime) -> InvitationView:
    label, tone = tone_of(INVITED, row.state)
    parties = policies.parties_of(actor)
    pending = row.state == Invited.PENDING
    return InvitationView(
        id=row.pk,
        engagement_id=row.engagement_id,
        side=_side(row, parties),
        state_label=label,
        state_tone=tone,
        payload_label=str(PAYLOAD.get(row.payload, row.payload)),
        sender=names.get(row.sender_id, ""),
        receiver=names.get(row.receiver_id, ""),
        role_label=str(ROLE.get(row.role, row.role)),
        responsibilities=roles_in_words(row.responsibilities),
        involvement_label=str(INVOLVEMENT.get(row.involvement, "")),
        visibility_label=str(VIEW.get(row.visibility, "")),
        overdue=pending and row.expires_at < at,
        is_member=row.engagement_id in inside,
        may_decide=pending and row.receiver_id in parties and policies.why_not_decide(actor, row) is None,
        may_cancel=pending and row.receiver_id not in parties and _may_cancel(actor, row, parties),
        **{name: getattr(row, name) for name in _COPIED},
    )


_COPIED: tuple[str, ...] = (
    "number",
    "state",
    "payload",
    "title",
    "customer_name",
    "customer_country",
    "expected_close_date",
    "sender_id",
    "receiver_id",
    "role",
    "involvement",
    "visibility",
    "hidden",
    "message",
    "sent_at",
    "expires_at",
    "opened_at",
    "decided_at",
    "reason",
    "version",
)


def _side(row: Any, parties: tuple[UUID, ...]) -> str:
    if row.receiver_id in parties:
        return "receiver"
    return "sender" if row.sender_id in parties else "host"


def _may_cancel(actor: Actor, row: Invitation, parties: tuple[UUID, ...]) -> bool:
    return actor.can("cosell.act") and (row.sender_id in parties or row.host_id in parties)
