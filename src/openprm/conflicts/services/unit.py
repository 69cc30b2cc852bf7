"""What every use case shares: load it, save it, write it down for each reader, tell it; and clean input."""

import unicodedata
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.conflicts import policies
from openprm.conflicts.models import ConflictCase, Party
from openprm.conflicts.rules import lifecycle
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, Stale
from openprm.kernel.events import publish
from openprm.kernel.models import Model
from openprm.kernel.scope import scope


class ForbiddenMove(Conflict):
    """A case does not go from that state to this one."""


def as_system(actor: Actor) -> AbstractContextManager[Any]:
    """Writes that a partner's role never does itself. All or nothing."""
    return transaction.atomic() if actor.sees_all_partners else scope(SYSTEM)


def visible(actor: Actor, case_id: UUID) -> ConflictCase:
    """The case if this actor may know of it. Raises NotFound."""
    return policies.reach(actor).one(case_id)


def locked(case_id: UUID, version: int | None = None) -> ConflictCase:
    """The case under lock, in the system's scope. Raises Stale when it is not the version the person saw."""
    case = ConflictCase.objects.locked().one(case_id)
    if version is not None and version != case.version:
        raise Stale()
    return case


def save(case: ConflictCase, *fields: str) -> None:
    case.version += 1
    case.save(update_fields=[*fields, "version", "updated_at"])


def move(case: ConflictCase, state: str, *fields: str) -> None:
    """Take a case to its next state. Raises ForbiddenMove."""
    if not lifecycle.may_follow(case.state, state):
        raise ForbiddenMove(_("%(number)s cannot go from “%(now)s” to “%(then)s”.") % {"number": case.number, "now": case.state, "then": state})
    case.state = state
    save(case, "state", *fields)


def sides(case: ConflictCase) -> dict[str, Party]:
    return {row.side: row for row in Party.objects.filter(case=case)}


def record(
    actor: Actor,
    verb: str,
    case: ConflictCase,
    *,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    subject: Model | None = None,
    note: str = "",
    data: dict[str, Any] | None = None,
    shared: bool = True,
) -> None:
    """One audit event. What a partner did is told to the other side as done by the other side, without a name or a word of it."""
    refs = (case.pk, *filter(None, (case.registration_id, case.account_id)))
    if not (actor.is_partner and shared):
        seen_by = case.party_ids if shared else ()
        audit.record(actor, verb, subject or case, before=before, after=after, refs=refs, visible_to=seen_by, note=note, data=data, at=at)
        return
    mine = tuple(one for one in case.party_ids if one in actor.partner_ids)
    audit.record(actor, verb, subject or case, before=before, after=after, refs=refs, visible_to=mine, note=note, data=data, at=at)
    if others := tuple(one for one in case.party_ids if one not in mine):
        audit.record(SYSTEM, f"{verb}_by_the_other_side", case, after={}, refs=(case.pk,), visible_to=others, at=at)


def announce(event: type, case: ConflictCase, actor: Actor, at: datetime, **values: Any) -> None:
    publish(
        event(
            case_id=case.pk, number=case.number, partner_id=case.partner_id, other_partner_id=case.other_partner_id, actor_id=actor.user_id, at=at, **values
        )
    )  # fmt: skip


def words(field: str, value: Any, *, most: int, required: bool = True) -> str:
    """Text of several lines without control signs, trimmed and capped. Raises Invalid naming the field."""
    kept = "".join(sign if unicodedata.category(sign)[0] != "C" or sign in "\n\t" else " " for sign in str(value or "")).strip()
    if required and not kept:
        raise Invalid(_("Write something first."), field=field, code="required")
    if len(kept) > most:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": most}, field=field)
    return kept


def choice(field: str, value: Any, allowed: Any) -> str:
    if value not in [str(one) for one in allowed]:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(map(str, allowed))}, field=field)
    return str(value)
