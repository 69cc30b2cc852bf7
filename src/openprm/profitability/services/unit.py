"""What every change of the books begins and ends with."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Stale, refuse_if
from openprm.profitability import policies
from openprm.profitability.models import Book, Change

FIRST_MONTH = date(2000, 1, 1)


def book_of(actor: Actor) -> Book:
    """The book to write in, locked. Raises NotAllowed, Conflict when it has not been opened."""
    refuse_if(policies.why_not_keep(actor))
    book = policies.reach(actor, Book).locked().first()
    if book is None:
        raise Conflict(_("Open your books first: say in which currency you count."), code="books_not_opened")
    return book


def note(actor: Actor, what: str, about: str = "") -> None:
    """Keep who did what, beside the books and nowhere else."""
    Change(partner_id=actor.partner_id, person=actor.name[:120], what=what, about=about[:300]).save(force_insert=True)


def refuse_stale(row: Any, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Stale(_("Somebody changed this meanwhile. Look at it again, then save."))


def line(field: str, value: Any, most: int) -> str:
    """One line of text. Raises Invalid."""
    found = " ".join("".join(sign if sign.isprintable() else " " for sign in str(value or "")).split())
    if len(found) > most:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": most}, field=field)
    return found


def month_of(field: str, value: date, at: datetime) -> date:
    """The first day of the month of `value`. Raises Invalid for a month that has not begun, or before the year 2000."""
    month = value.replace(day=1)
    if month > at.date().replace(day=1):
        raise Invalid(_("This month has not begun. Enter what has happened."), field=field, code="future")
    if month < FIRST_MONTH:
        raise Invalid(_("This is before the year 2000. Check the month."), field=field, code="too_old")
    return month


def within(field: str, minor: int, most: int) -> int:
    """A positive amount. Raises Invalid."""
    if not 0 < minor <= most:
        raise Invalid(_("Enter an amount above zero."), field=field, code="out_of_range")
    return minor
