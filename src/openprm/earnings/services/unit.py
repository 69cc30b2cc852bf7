"""What every use case of an earning shares: the scope of writes, the books, the log, the news."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.earnings import policies
from openprm.earnings.models import Earning
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, Stale
from openprm.kernel.models import Model
from openprm.kernel.money import LARGEST_MINOR, Money
from openprm.kernel.scope import scope
from openprm.ledger import services as ledger

LEGS = {
    "earnings.accrued": ("earnings.expense", "earnings.accrued"),
    "earnings.brought_in": ("opening", "earnings.accrued"),
    "earnings.approved": ("earnings.accrued", "partner.payable"),
    "earnings.declined": ("earnings.accrued", "earnings.expense"),
    "earnings.taken_back": ("earnings.accrued", "earnings.expense"),
    "earnings.forfeited": ("partner.payable", "forfeited.income"),
}
"""Kind of an entry -> the account that is debited by the amount of the line, and the one that is credited."""
OF_THE_HOUSE = frozenset({"earnings.expense", "forfeited.income", "opening"})


def as_system(actor: Actor) -> AbstractContextManager[Any]:
    """Every write: a partner's role reads here and never writes. All or nothing."""
    return transaction.atomic() if actor.sees_all_partners else scope(SYSTEM)


def lock(*keys: str) -> None:
    """Hold these names until the transaction ends, in one order."""
    with connection.cursor() as cursor:
        for key in sorted(set(keys)):
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 11))", [key])


def load(actor: Actor, earning_id: UUID, *, version: int | None = None) -> Earning:
    """The line, locked. Raises NotFound, and Stale when it is not the version the person saw."""
    row: Earning = policies.reach(actor).locked().one(earning_id)
    if version is not None and version != row.version:
        raise Stale()
    return row


def save(row: Any, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version", "updated_at"])


def for_rules(minor: int, currency: str, on: date) -> Money | None:
    """An amount as published rules ask for it, in our own currency; None, not known, when the day has no rate."""
    base = deals.base_currency()
    if currency == base:
        return Money(minor, base)
    try:
        return ledger.convert(Money(minor, currency), to=base, on=on).money
    except ledger.NoRate:
        return None


def save_all(rows: Sequence[Earning], *fields: str) -> None:
    """The same columns of many lines: one statement for all that say the same."""
    alike: dict[tuple[Any, ...], list[Earning]] = {}
    for row in rows:
        alike.setdefault(tuple(getattr(row, Earning._meta.get_field(name).attname) for name in fields), []).append(row)
    for values, found in alike.items():
        columns = {Earning._meta.get_field(name).attname: value for name, value in zip(fields, values, strict=True)}
        Earning.objects.filter(pk__in=[row.pk for row in found]).update(**columns, version=F("version") + 1)
        for row in found:
            row.version += 1


def book(actor: Actor, kind: str, rows: Iterable[Earning], day: date, at: datetime) -> None:
    """One entry for each line, in one insert, on the first open day from `day` on. A line without money (points) books nothing."""
    debit, credit = LEGS[kind]
    when = ledger.open_value_date(day)
    drafts = [
        ledger.EntryDraft(
            kind=kind, key=f"{kind}:{row.pk}", legs=(_leg(debit, row, row.amount_minor), _leg(credit, row, -row.amount_minor)), value_date=when,
            memo=row.label[:300], partner_id=row.partner_id, about=row.pk,
        )
        for row in rows if row.amount_minor
    ]  # fmt: skip
    ledger.post_many(actor=actor, entries=drafts, at=at)


def _leg(account: str, row: Earning, minor: int) -> ledger.Leg:
    return ledger.Leg(account=account, owner_id=None if account in OF_THE_HOUSE else row.partner_id, amount_minor=minor, currency=row.currency)


def record(
    actor: Actor, verb: str, row: Model, at: datetime, *, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None, note: str = "",
    shared: bool = True, refs: Sequence[UUID] = (), data: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """One audit event about a row with a partner, readable by it unless it is the vendor's own."""
    partner_id = row.partner_id  # type: ignore[attr-defined]
    audit.record(
        actor, verb, row, before=before, after=after, note=note, data=data, refs=(row.pk, partner_id, *refs), visible_to=(partner_id,) if shared else (), at=at
    )


def record_lines(actor: Actor, verb: str, rows: Iterable[tuple[Earning, Mapping[str, Any] | None]], at: datetime, *, note: str = "") -> None:
    """The same happening of many lines, in one statement."""
    entries = [
        audit.Entry(
            row, before=before, note=note, refs=(row.pk, row.partner_id, *((row.event.source_id,) if row.event_id else ())), visible_to=(row.partner_id,)
        )
        for row, before in rows
    ]
    audit.record_many(actor, verb, entries, at=at)


def required(text: str, field: str = "reason", most: int = 1000) -> str:
    """A reason that the other side reads. Raises Invalid when it is missing or too long."""
    text = clean(text, field, most)
    if not text:
        raise Invalid(_("Say why. The partner reads it."), field=field, code="required")
    return text


def clean(text: str, field: str, most: int) -> str:
    """Text without control signs, trimmed. Raises Invalid when it is too long."""
    text = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()
    if len(text) > most:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": most}, field=field)
    return text


def real_amount(minor: int, field: str = "amount_minor") -> int:
    """An amount that is not zero and not beyond what is stored. Raises Invalid."""
    if not minor or abs(minor) > LARGEST_MINOR:
        raise Invalid(_("The amount is not zero and has a sensible number of digits."), field=field)
    return minor
