"""Opening the books, and saying what people cost."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.money import LARGEST_MINOR, minor_units
from openprm.profitability import policies
from openprm.profitability.models import Book, Entry, Group, Rate
from openprm.profitability.services import unit

MOST_GROUPS = 50


@transaction.atomic
def save_book(*, actor: Actor, currency: str, margin_bp: int | None, training_group_id: UUID | None = None, version: int | None = None, at: datetime) -> int:
    """Open the books, or change their settings; gives the version. The currency stays once something is written in it.

    Raises NotAllowed, Invalid, Stale, Conflict.
    """
    refuse_if(policies.why_not_keep(actor))
    minor_units(currency)
    if margin_bp is not None and not 0 <= margin_bp <= 10_000:
        raise Invalid(_("A margin lies between 0 and 100 percent."), field="margin_bp", code="out_of_range")
    values = {"currency": currency, "margin_bp": margin_bp, "training_group": _group(actor, training_group_id)}
    book = policies.reach(actor, Book).locked().first()
    if book is None:
        book = Book(partner_id=actor.partner_id, **values)
        with refused_by("profitability_book_partner_id_key", Conflict(_("A colleague opened the books this moment. Look at them again."))):
            book.save(force_insert=True)
    else:
        unit.refuse_stale(book, version)
        _change(actor, book, values)
    unit.note(actor, "book", currency)
    return book.version


def _change(actor: Actor, book: Book, values: dict[str, Any]) -> None:
    written = policies.reach(actor, Rate).exists() or policies.reach(actor, Entry).exists()
    if values["currency"] != book.currency and written:
        raise Conflict(
            _("Your entries are in %(currency)s. To count in another currency, download everything, delete the books and begin anew.")
            % {"currency": book.currency},
            field="currency",
            code="currency_is_used",
        )
    for name, value in values.items():
        setattr(book, name, value)
    book.version += 1
    book.save()


def _group(actor: Actor, group_id: UUID | None) -> Group | None:
    return policies.reach(actor, Group).one(group_id) if group_id else None


@transaction.atomic
def add_group(*, actor: Actor, name: str, hourly_minor: int, since: date, at: datetime) -> UUID:
    """Name people who cost the same, with what an hour costs from a month on. Raises NotAllowed, Conflict, Invalid."""
    unit.book_of(actor)
    said = unit.line("name", name, 60)
    if not said:
        raise Invalid(_("Give the group a name, for example Consultants."), field="name", code="required")
    if policies.reach(actor, Group).count() >= MOST_GROUPS:
        raise Conflict(_("You have %(most)d groups. Use one of them.") % {"most": MOST_GROUPS}, code="too_many_groups")
    group = Group(partner_id=actor.partner_id, name=said)
    with refused_by("profit_group_once", Conflict(_("You have a group of this name. Set a new rate for it."), field="name", code="group_exists")):
        group.save(force_insert=True)
    _rate(actor, group, hourly_minor, since, at)
    unit.note(actor, "group", said)
    return group.pk


@transaction.atomic
def set_rate(*, actor: Actor, group_id: UUID, hourly_minor: int, since: date, at: datetime) -> None:
    """What an hour of a group costs from a month on; the same month again replaces it. Raises NotFound, NotAllowed, Conflict, Invalid."""
    unit.book_of(actor)
    group = policies.reach(actor, Group).locked().one(group_id)
    _rate(actor, group, hourly_minor, since, at)
    unit.note(actor, "rate", group.name)


def _rate(actor: Actor, group: Group, hourly_minor: int, since: date, at: datetime) -> None:
    month = unit.month_of("since", since, at)
    values = {"partner_id": actor.partner_id, "hourly_minor": unit.within("hourly_minor", hourly_minor, LARGEST_MINOR // 10_000)}
    Rate.objects.update_or_create(group=group, since=month, defaults=values)
