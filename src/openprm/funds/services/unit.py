"""What every use case of funds shares: load it, save it, write it down, tell it; and clean input."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.funds.models.fields import LARGEST
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, Refusal, Stale, violated_constraint
from openprm.kernel.money import Money
from openprm.kernel.scope import scope
from openprm.ledger import services as ledger

MOST_DAYS = 20 * 366


def as_system(actor: Actor) -> AbstractContextManager[Any]:
    """Writes that a partner's database role may not do itself. All or nothing."""
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


def record(
    actor: Actor,
    verb: str,
    subject: Any,
    *,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    shared: bool = True,
    note: str = "",
    data: dict[str, Any] | None = None,
    refs: Iterable[UUID | None] = (),
) -> None:
    """One audit event on the timelines of the subject, its partner and `refs`; `shared` lets the partner read it."""
    partner_id = subject.partner_id
    audit.record(
        actor,
        verb,
        subject,
        before=before,
        after=after,
        refs=tuple(dict.fromkeys(filter(None, (subject.pk, partner_id, *refs)))),
        visible_to=(partner_id,) if shared and partner_id else (),
        note=note,
        data=data,
        at=at,
    )


@contextmanager
def refusing(refusals: Mapping[str, Callable[[], Refusal]]) -> Iterator[None]:
    """Run writes in a savepoint; the violation of a named constraint becomes its refusal, any other error rises."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        made = refusals.get(violated_constraint(error) or "")
        if made is None:
            raise
        raise made() from None


def text(field: str, value: Any, *, longest: int, required: bool = True, lines: bool = False) -> str:
    """Text without control signs, trimmed and capped. Raises Invalid naming the field."""
    kept = "".join(sign if unicodedata.category(sign)[0] != "C" or (lines and sign in "\n\t") else " " for sign in str(value or ""))
    clean = kept.strip() if lines else " ".join(kept.split())
    if required and not clean:
        raise Invalid(_("This cannot be empty."), field=field, code="required")
    if len(clean) > longest:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": longest}, field=field)
    return clean


def choice(field: str, value: Any, allowed: Iterable[str]) -> str:
    known = [str(one) for one in allowed]
    if value not in known:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(known)}, field=field)
    return str(value)


def amount(field: str, minor: Any, *, least: int = 1) -> int:
    """Minor units in the range that the books hold. Raises Invalid."""
    if not isinstance(minor, int) or isinstance(minor, bool) or not least <= minor <= LARGEST:
        raise Invalid(_("Write an amount above zero that is not larger than a budget can be.") if least else _("Write an amount of zero or more."), field=field)
    return minor


def near(field: str, day: date, today: date) -> date:
    """A day that people can mean: within twenty years of today. Raises Invalid."""
    if abs((day - today).days) > MOST_DAYS:
        raise Invalid(_("Choose a day within twenty years of today."), field=field)
    return day


def in_base(money: Money, at: datetime) -> Money:
    """The amount in the reporting currency, by which rules and limits judge. Raises NoRate."""
    return ledger.convert(money, to=deals.base_currency(), on=at.date()).money
