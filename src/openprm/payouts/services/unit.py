"""What every use case shares: load it, save it, write it down; and clean input."""

import unicodedata
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, Stale
from openprm.kernel.scope import scope
from openprm.payouts.rules import states
from openprm.payouts.rules.numbers import BadNumber
from openprm.payouts.wording import BAD_NUMBER


class ForbiddenMove(Conflict):
    """An account, a form, a payment or a run does not go from that state to this one."""


def as_system(actor: Actor) -> AbstractContextManager[Any]:
    """Writes that a partner's role never does itself. All or nothing."""
    return transaction.atomic() if actor.sees_all_partners else scope(SYSTEM)


def load(rows: Any, row_id: UUID, version: int | None = None) -> Any:
    """The row, locked. Raises NotFound, and Stale when it is not the version the person saw."""
    row = rows.locked().one(row_id)
    if version is not None and version != row.version:
        raise Stale()
    return row


def save(row: Any, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version", "updated_at"])


def move_run(run: Any, state: str, *fields: str) -> None:
    """Raises ForbiddenMove."""
    if not states.can_move_run(run.state, state):
        raise ForbiddenMove(_("A run that is “%(before)s” cannot become “%(after)s”.") % {"before": run.state, "after": state})
    run.state = state
    save(run, "state", *fields)


def move_payout(payout: Any, state: str, *fields: str) -> None:
    """Raises ForbiddenMove."""
    if not states.can_move_payout(payout.state, state):
        raise ForbiddenMove(_("A payment that is “%(before)s” cannot become “%(after)s”.") % {"before": payout.state, "after": state})
    payout.state = state
    save(payout, "state", *fields)


def record(
    actor: Actor,
    verb: str,
    subject: Any,
    *,
    at: datetime,
    partner_id: UUID | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    shared: bool = True,
    note: str = "",
    data: dict[str, Any] | None = None,
    refs: tuple[UUID, ...] = (),
) -> None:
    """One audit event; `shared` lets the partner read it."""
    seen_by = (partner_id,) if partner_id and shared else ()
    named = (subject.pk, *((partner_id,) if partner_id else ()), *refs)
    audit.record(actor, verb, subject, before=before, after=after, refs=named, visible_to=seen_by, note=note, data=data, at=at)


def bad_number(error: BadNumber) -> Invalid:
    return Invalid(str(BAD_NUMBER[error.code]), field=error.field)


def text(field: str, value: Any, *, longest: int, required: bool = True, lines: bool = False) -> str:
    """Text without control signs, trimmed and capped. Raises Invalid naming the field."""
    kept = "".join(sign if unicodedata.category(sign)[0] != "C" or (lines and sign in "\n\t") else " " for sign in str(value or ""))
    clean = kept.strip() if lines else " ".join(kept.split())
    if required and not clean:
        raise Invalid(_("This cannot be empty."), field=field, code="required")
    if len(clean) > longest:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": longest}, field=field)
    return clean


def choice(field: str, value: Any, allowed: Any) -> str:
    if value not in allowed:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(map(str, allowed))}, field=field)
    return str(value)


def country(field: str, value: Any) -> str:
    code = str(value or "").strip().upper()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Invalid(_("A country is two letters, for example FI."), field=field)
    return code


def past_day(field: str, value: Any, at: datetime) -> date:
    """A day up to today. Raises Invalid."""
    if not isinstance(value, date) or value > at.date() or value.year < 2000:
        raise Invalid(_("Give a day that is not ahead, for example 2026-11-23."), field=field)
    return value
