"""What is allowed, for everybody and for oneself; and ending what is open."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from openprm.audit import services as audit
from openprm.correspondence import policies
from openprm.correspondence.models import ActionLink, CalendarFeed, Choice, ReplyAddress, Ways
from openprm.correspondence.services.common import record
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound, Stale, refuse_if


@transaction.atomic
def set_ways(*, actor: Actor, replies: bool, links: bool, links_past_second_factor: bool, version: int | None = None, at: datetime) -> int:
    """Allow or forbid answering by mail and links that act, for the whole installation; gives the new version. Raises NotAllowed, Stale."""
    refuse_if(policies.why_not_manage(actor))
    Ways.objects.get_or_create(only=True)
    row = Ways.objects.locked().get()
    if version is not None and version != row.version:
        raise Stale()
    before = row.snapshot()
    row.replies, row.links, row.links_past_second_factor = replies, links, links_past_second_factor
    if row.snapshot() == before:
        return row.version
    row.version += 1
    row.save()
    audit.record(actor, "mail.ways_changed", row, before=before, at=at)
    return row.version


@transaction.atomic
def choose(*, actor: Actor, replies: bool, links: bool, at: datetime) -> None:
    """What one wants in one's own mails. What is switched off also ends at once. Raises NotAllowed."""
    refuse_if(policies.why_not_manage_own(actor))
    row, made = Choice.objects.get_or_create(user_id=actor.user_id, defaults={"replies": replies, "links": links})
    before = (True, True) if made else (row.replies, row.links)
    if before == (replies, links):
        return
    row.replies, row.links = replies, links
    row.save()
    if not replies:
        _live(policies.reach(actor, ReplyAddress)).update(revoked_at=at)
    if not links:
        _live(policies.reach(actor, ActionLink)).update(revoked_at=at)
    record(actor, "mail.chosen", row, at, data={"replies": replies, "links": links})


@transaction.atomic
def revoke_address(*, actor: Actor, address_id: UUID, at: datetime) -> None:
    """End one reply address; ending it again changes nothing. Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_manage_own(actor))
    row = policies.reach(actor, ReplyAddress).locked().one(address_id)
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at", "updated_at"])
        record(actor, "mail.address_revoked", row, at)


@transaction.atomic
def revoke_link(*, actor: Actor, link_id: UUID, at: datetime) -> None:
    """End one action link; a used one stays used. Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_manage_own(actor))
    row = policies.reach(actor, ActionLink).locked().one(link_id)
    if row.revoked_at is None and row.used_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at", "updated_at"])
        record(actor, "mail.link_revoked", row, at)


@transaction.atomic
def revoke_own(*, actor: Actor, at: datetime) -> int:
    """End everything of one's own: addresses, links, the feed; gives how many there were. Raises NotAllowed."""
    refuse_if(policies.why_not_manage_own(actor))
    ended = _end_all(*(policies.reach(actor, model) for model in (ReplyAddress, ActionLink, CalendarFeed)), at=at)
    if ended:
        _record_end(actor, actor.user_id, ended, at)
    return ended


@transaction.atomic
def revoke_of(*, actor: Actor, user_id: UUID, at: datetime) -> int:
    """End everything of one person, in every organization. For administrators. Raises NotAllowed, NotFound."""
    refuse_if(policies.why_not_manage(actor))
    if not identity.recipients([user_id]):
        raise NotFound()
    ended = _end_all(*(model.objects.filter(user=user_id) for model in (ReplyAddress, ActionLink, CalendarFeed)), at=at)
    if ended:
        _record_end(actor, user_id, ended, at)
    return ended


@transaction.atomic
def revoke_thread(*, actor: Actor, subject_id: UUID, at: datetime) -> int:
    """End every address and link of one thread, whoever holds it. For administrators. Raises NotAllowed."""
    refuse_if(policies.why_not_manage(actor))
    ended = _end_all(*(model.objects.filter(subject_id=subject_id) for model in (ReplyAddress, ActionLink)), at=at)
    if ended:
        audit.record(actor, "mail.thread_closed", _ways(), after={}, refs=(subject_id,), data={"ended": ended}, at=at)
    return ended


@transaction.atomic
def revoke_everything(*, actor: Actor, at: datetime) -> int:
    """End every address, link and feed of everybody, after a leak for example. Raises NotAllowed."""
    refuse_if(policies.why_not_manage(actor))
    ended = _end_all(ReplyAddress.objects.all(), ActionLink.objects.all(), CalendarFeed.objects.all(), at=at)
    if ended:
        _record_end(actor, None, ended, at)
    return ended


def _end_all(*found: QuerySet, at: datetime) -> int:
    return sum(_end(rows, at) for rows in found)


def _end(rows: QuerySet, at: datetime) -> int:
    """Addresses and links are kept with the moment they ended; a feed holds nothing worth keeping."""
    if rows.model is CalendarFeed:
        count = rows.count()
        rows.delete()
        return count
    return _live(rows).update(revoked_at=at)


def _live(rows: QuerySet) -> QuerySet:
    live = rows.filter(revoked_at=None)
    return live.filter(used_at=None) if rows.model is ActionLink else live


def _ways() -> Ways:
    return Ways.objects.get_or_create(only=True)[0]


def _record_end(actor: Actor, user_id: UUID | None, ended: int, at: datetime) -> None:
    refs = (user_id,) if user_id else ()
    subject = Ways.objects.first() or Ways()
    audit.record(actor, "mail.all_revoked", subject, after={}, refs=refs, visible_to=actor.partner_ids, data={"ended": ended}, at=at)
