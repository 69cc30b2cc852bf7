"""What every use case of an engagement shares: load it, know who may hear of it, write it down, tell it."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.cosell import policies
from openprm.cosell.models import Engagement, Member, Sight
from openprm.cosell.rules.words import Audience
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, NotAllowed, Stale
from openprm.kernel.models import Model
from openprm.kernel.scope import scope


def as_system(actor: Actor) -> AbstractContextManager[Any]:
    """Every write: a partner's role reads here and never writes. All or nothing."""
    return transaction.atomic() if actor.sees_all_partners else scope(SYSTEM)


def load(actor: Actor, engagement_id: UUID, *, version: int | None = None) -> Engagement:
    """The engagement that this actor may see. Raises NotFound, and Stale when it is not the version the person saw."""
    engagement = policies.reach(actor).one(engagement_id)
    if version is not None and version != engagement.version:
        raise Stale()
    return engagement


def locked(engagement: Engagement, *, version: int | None = None) -> Engagement:
    """The row again, locked, in the system's scope. Raises Stale when it moved in between."""
    row: Engagement = Engagement.objects.locked().one(engagement.pk)
    if version is not None and version != row.version:
        raise Stale()
    return row


def acting_party(actor: Actor) -> UUID:
    """The company for which the actor speaks. Raises NotAllowed for the system and for visitors."""
    party = policies.party_of(actor)
    if party is None:
        raise NotAllowed(_("Only a person of a company can do this."))
    return party


def save(engagement: Engagement, *fields: str) -> None:
    engagement.version += 1
    engagement.save(update_fields=[*fields, "version", "updated_at"])


def viewers(engagement: Engagement, party: UUID, *, audience: str = Audience.SHARED, also: UUID | None = None) -> frozenset[UUID]:
    """The companies that may hear of what `party` did, as far as `audience` goes, and who may know of `also`. System scope."""
    if audience == Audience.PRIVATE:
        return frozenset({party})
    rows = Sight.objects.filter(engagement=engagement)
    found = {row.viewer_id for row in rows if row.seen_id == party and (audience == Audience.SHARED or row.is_full)}
    if also is not None:
        found &= {row.viewer_id for row in rows if row.seen_id == also}
    return frozenset(found | {party})


def record(
    actor: Actor,
    verb: str,
    engagement: Engagement,
    *,
    party: UUID,
    at: datetime,
    audience: str = Audience.SHARED,
    also: UUID | None = None,
    subject: Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    only: frozenset[UUID] | None = None,
) -> None:
    """One audit event, readable by those who may know of it, or by `only` these companies. The log of a deal that the vendor is not in, and of what one side
    keeps for itself, says that something happened and not what: the vendor's auditors read every line."""
    silent = not _vendor_may_read(engagement, party, audience)
    told = viewers(engagement, party, audience=audience, also=also) if only is None else only
    audit.record(
        actor,
        verb,
        subject or engagement,
        before=None if silent else before,
        after={} if silent else after,
        note="" if silent else note,
        data=None if silent else data,
        refs=(engagement.pk, *((engagement.registration_id,) if engagement.registration_id and not silent else ())),
        visible_to=told - {identity.vendor_organization().id},
        at=at,
    )


def _vendor_may_read(engagement: Engagement, party: UUID, audience: str) -> bool:
    vendor = identity.vendor_organization().id
    if vendor == party:
        return True
    if audience == Audience.PRIVATE:
        return False
    rows = Sight.objects.filter(engagement=engagement, viewer_id=vendor)
    return (rows.filter(is_full=True) if audience == Audience.FULL else rows).exists()


def member_of(engagement: Engagement, party: UUID) -> Member:
    """A present member. Raises Invalid: the company is none, or nobody that one knows of."""
    found = Member.objects.filter(engagement=engagement, party_id=party, left_at=None).first()
    if found is None:
        raise Invalid(_("Choose a company that takes part."), field="party_id")
    return found


def known_member(actor: Actor, engagement: Engagement, party: UUID, field: str = "party_id") -> Member:
    """A present member whom the actor may know of; any other company is refused in the same words."""
    found = policies.reach_members(actor).filter(engagement=engagement, party_id=party, left_at=None).first()
    if found is None:
        raise Invalid(_("Choose a company that takes part."), field=field)
    return found


def clean(text: str, field: str, most: int, *, required: bool = True) -> str:
    """Text without control signs, trimmed. Raises Invalid when it is missing or too long."""
    text = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()
    if required and not text:
        raise Invalid(_("Write something first."), field=field, code="required")
    if len(text) > most:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": most}, field=field)
    return text


def one_of(value: str, known: Iterable[Any], field: str) -> str:
    """A code of a closed list. Raises Invalid and names the list."""
    codes = [str(code) for code in known]
    if value not in codes:
        raise Invalid(_("Choose one of: %(codes)s.") % {"codes": ", ".join(codes)}, field=field)
    return value
