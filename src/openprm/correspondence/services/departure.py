"""When a person loses its access, or is forgotten."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from openprm.correspondence.models import ActionLink, CalendarFeed, ReceivedMail, ReplyAddress


def close_for(*, user_id: UUID, organization_id: UUID, at: datetime) -> int:
    """End the ways in that a person had in one organization, so that none comes back with the access. In the system's scope."""
    mine = {"user": user_id, "organization": organization_id}
    ended = ReplyAddress.objects.filter(**mine, revoked_at=None).update(revoked_at=at)
    ended += ActionLink.objects.filter(**mine, revoked_at=None, used_at=None).update(revoked_at=at)
    return ended + CalendarFeed.objects.filter(**mine).delete()[0]


def forget(*, partner_id: UUID, people: Iterable[UUID], at: datetime) -> int:
    """Take what is personal of a partner's former people off the log, and throw their ways in away. In the system's scope."""
    log = ReceivedMail.objects.filter(address__organization=partner_id)
    changed = log.update(sender="", envelope_sender="", subject="", detail="", thread_title="", user=None)
    for model in (ReplyAddress, ActionLink, CalendarFeed):
        changed += model.objects.filter(organization=partner_id).delete()[0]
    return changed
