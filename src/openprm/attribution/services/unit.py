"""What every use case shares: writing as the system, and clean input."""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from openprm.attribution.models import Touch
from openprm.attribution.models.touches import ONCE
from openprm.attribution.queries.standing import standing_results
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid, refused_by
from openprm.kernel.scope import scope

Row = TypeVar("Row")
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class KnownTouch(Conflict):
    """The same touch was recorded a moment ago."""


class LockedMonth(Conflict):
    """What is locked stays as it is."""


def as_system() -> AbstractContextManager[Any]:
    """Writes that a partner's role never does itself. All or nothing."""
    return scope(SYSTEM)


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


def past(field: str, value: date | datetime, at: datetime) -> datetime:
    """A moment that has been. A day stands for its first moment in UTC. Raises Invalid."""
    found = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if found > at:
        raise Invalid(_("This lies in the future. Claim what has happened."), field=field, code="future")
    if found < EARLIEST:
        raise Invalid(_("This is before the year 2000. Check the date."), field=field, code="too_old")
    return found


def before_close(field: str, then: datetime, deal_id: UUID | None) -> datetime:
    """A moment at which something could still count for a deal. In the system's scope. Raises Invalid where a run knows that it was decided before."""
    found = standing_results().filter(deal_id=deal_id).first() if deal_id else None
    if found and then > found.closed_at:
        day = found.closed_at.astimezone(UTC).date().isoformat()
        raise Invalid(_("The deal was decided on %(day)s. Only what came before counts.") % {"day": day}, field=field, code="after_close")
    return then


def add_touch(**values: Any) -> Touch:
    """Write one touch. Raises KnownTouch."""
    row = Touch(**values)
    with refused_by(ONCE, KnownTouch(_("This touch is recorded already."))):
        row.save(force_insert=True)
    return row


def one_at_a_time(what: str) -> None:
    """Until the end of the transaction, nobody else does the same."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"attribution.{what}"])


def in_batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in their order, `size` at once."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def ids(values: Any) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(one for one in values if one))
