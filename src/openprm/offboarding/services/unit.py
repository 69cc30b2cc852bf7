"""What every use case of an offboarding shares: load it, move it, write it down, tell it."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Stale
from openprm.kernel.scope import scope
from openprm.offboarding import policies, rules
from openprm.offboarding.models import Offboarding
from openprm.offboarding.wording import STATUS


class NotNow(Conflict):
    """The offboarding is not in the state that this needs."""


def load(actor: Actor, offboarding_id: UUID, *, version: int | None = None) -> Any:
    """The offboarding, locked: its steps run one after the other. Raises NotFound, Stale."""
    row = policies.reach(actor).locked().one(offboarding_id)
    if version is not None and version != row.version:
        raise Stale()
    return row


def as_system(actor: Actor) -> AbstractContextManager[Any]:
    """Writes that a partner's role may not do itself. All or nothing."""
    return transaction.atomic() if actor.sees_all_partners else scope(SYSTEM)


def need(row: Offboarding, *statuses: str) -> None:
    if row.status not in statuses:
        raise NotNow(_("This offboarding is %(status)s. Reload the page.") % {"status": str(STATUS[row.status][0]).lower()})


def move(row: Offboarding, status: str) -> None:
    if not rules.can_move(row.status, status):
        need(row, *(before for before in rules.STATES if rules.can_move(before, status)))
    row.status = status


def save(row: Offboarding) -> None:
    row.version += 1
    row.save()


def record(
    actor: Actor, verb: str, row: Offboarding, *, at: datetime, before: dict[str, Any] | None = None, note: str = "", data: dict[str, Any] | None = None
) -> None:
    """One audit event on the timelines of the offboarding and the partner, for both sides."""
    refs = (row.partner_id,)
    after = None if before is not None else {}
    audit.record(actor, verb, row, before=before, after=after, refs=refs, visible_to=refs, note=note, data=data, at=at)
