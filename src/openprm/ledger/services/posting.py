"""Posting: the only way into the books. One statement for the entries and one for their legs, however many there are."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from openprm.kernel import db
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import violated_constraint
from openprm.kernel.ids import new_id
from openprm.kernel.memory import Remembered
from openprm.kernel.scope import current_actor, scope
from openprm.ledger.models import FLOOR, ONE_REVERSAL, OPEN_PERIOD, Account, Entry, Period
from openprm.ledger.queries.kinds import kinds, title_of
from openprm.ledger.queries.months import last_closed, open_value_date
from openprm.ledger.rules.entries import EntryDraft, FxUsed, Leg, digest
from openprm.ledger.rules.periods import month_of
from openprm.ledger.services.drafts import check
from openprm.ledger.services.refusals import AlreadyReversed, BelowFloor, KeyUsed, PeriodClosed

MONTHS = Remembered("ledger.months")  # months begin and stay; whether one is open is asked of the database
_ENTRIES = """
insert into ledger_entry (id, created_at, updated_at, kind, key, value_date, memo, partner_id, about, reverses_id, digest,
  fx_currency, fx_to, fx_rate, fx_date, fx_source, posted_at, by_id, by_name)
select d.id, %(at)s, %(at)s, d.kind, d.key, d.value_date, d.memo, d.partner_id, d.about, d.reverses, d.digest,
  d.fx_currency, d.fx_to, d.fx_rate, d.fx_date, d.fx_source, %(at)s, %(by)s, %(name)s
from unnest(%(id)s::uuid[], %(kind)s::text[], %(key)s::text[], %(value_date)s::date[], %(memo)s::text[], %(partner_id)s::uuid[], %(about)s::uuid[],
  %(reverses)s::uuid[], %(digest)s::text[], %(fx_currency)s::text[], %(fx_to)s::text[], %(fx_rate)s::numeric[], %(fx_date)s::date[], %(fx_source)s::text[])
  with ordinality as d(id, kind, key, value_date, memo, partner_id, about, reverses, digest, fx_currency, fx_to, fx_rate, fx_date, fx_source, place)
order by d.place
on conflict (key) do nothing returning id, key, number
"""
_LEGS = """
insert into ledger_leg (entry_id, account_id, partner_id, currency, amount_minor, value_date)
select l.entry_id, l.account_id, l.partner_id, l.currency, l.amount, l.value_date
from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::bigint[], %s::date[])
  with ordinality as l(entry_id, account_id, partner_id, currency, amount, value_date, place)
order by l.place
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What stands in the books: `is_new` is False for a key that was booked before."""

    entry_id: UUID
    number: str
    is_new: bool


def post(
    *, actor: Actor, kind: str, key: str, legs: Iterable[Leg], value_date: date, memo: str = "", partner_id: UUID | None = None,
    about: UUID | None = None, fx: FxUsed | None = None, at: datetime,
) -> Posted:  # fmt: skip
    """Book one entry, once for each key.

    Raises Invalid (what is wrong with it), PeriodClosed, BelowFloor, KeyUsed (the key booked other legs). The caller has decided
    that it may happen: the ledger asks no permission.
    """
    draft = EntryDraft(kind=kind, key=key, legs=tuple(legs), value_date=value_date, memo=memo, partner_id=partner_id, about=about, fx=fx)
    return post_many(actor=actor, entries=(draft,), at=at)[0]


def post_many(*, actor: Actor, entries: Sequence[EntryDraft], at: datetime) -> tuple[Posted, ...]:
    """Book many entries, all of them or none, in their order. Raises what `post` raises."""
    check(entries)
    if not entries:
        return ()
    with _as_house():
        return _post(tuple(entries), actor, at)


def reverse(*, actor: Actor, entry_id: UUID, reason: str, key: str, at: datetime, value_date: date | None = None) -> Posted:
    """Book the opposite of an entry, into the first open month from its own (or `value_date`) on.

    Raises NotFound, Invalid, PeriodClosed, BelowFloor, AlreadyReversed, KeyUsed.
    """
    with _as_house():
        entry = Entry.objects.one(entry_id)
        legs = tuple(
            Leg(account=leg.account.kind, owner_id=leg.partner_id, subject_id=leg.account.subject_id, amount_minor=-leg.amount_minor, currency=leg.currency)
            for leg in entry.legs.select_related("account").order_by("id")
        )
        draft = EntryDraft(
            kind=entry.kind, key=key, legs=legs, value_date=value_date or open_value_date(max(entry.value_date, at.date())), memo=reason,
            partner_id=entry.partner_id, about=entry.about, fx=_rate_of(entry), reverses=entry.pk,
        )  # fmt: skip
    return post_many(actor=actor, entries=(draft,), at=at)[0]


def _rate_of(entry: Entry) -> FxUsed | None:
    if entry.fx_rate is None:
        return None
    return FxUsed(currency=entry.fx_currency, to=entry.fx_to, rate=entry.fx_rate, rate_date=entry.fx_date, source=entry.fx_source)


def _as_house() -> AbstractContextManager[Any]:
    """The books are written by the vendor's role: a partner's act posts through the system."""
    current = current_actor()
    return nullcontext() if current is not None and current.sees_all_partners else scope(SYSTEM)


def _post(drafts: tuple[EntryDraft, ...], actor: Actor, at: datetime) -> tuple[Posted, ...]:
    accounts = _accounts(drafts)
    _begin_months({month_of(draft.value_date) for draft in drafts})
    try:
        return _write(drafts, accounts, actor, at)
    except DatabaseError as error:
        raise _refusal(error, drafts) from None


def _write(drafts: tuple[EntryDraft, ...], accounts: dict[str, UUID], actor: Actor, at: datetime) -> tuple[Posted, ...]:
    with transaction.atomic():
        fresh = {row["key"]: row for row in db.rows(_ENTRIES, _columns(drafts, actor, at))}
        _write_legs([draft for draft in _first_of_key(drafts) if draft.key in fresh], fresh, accounts)
    known = _booked_before([draft for draft in drafts if draft.key not in fresh])
    told: set[str] = set()
    return tuple(_posted(draft, fresh, known, told) for draft in drafts)


def _posted(draft: EntryDraft, fresh: dict[str, Any], known: dict[str, Posted], told: set[str]) -> Posted:
    if draft.key not in fresh:
        return known[draft.key]
    row, is_new = fresh[draft.key], draft.key not in told
    told.add(draft.key)
    return Posted(entry_id=row["id"], number=Entry(number=row["number"]).label, is_new=is_new)


def _first_of_key(drafts: tuple[EntryDraft, ...]) -> list[EntryDraft]:
    """One draft for each key; two of one key that differ are refused."""
    first: dict[str, EntryDraft] = {}
    for draft in drafts:
        kept = first.setdefault(draft.key, draft)
        if kept is not draft and digest(kept.kind, kept.legs) != digest(draft.kind, draft.legs):
            raise _key_used(draft.key)
    return list(first.values())


def _columns(drafts: tuple[EntryDraft, ...], actor: Actor, at: datetime) -> dict[str, Any]:
    rates = [draft.fx for draft in drafts]
    return {
        "at": at, "by": actor.user_id, "name": actor.name[:200],
        "id": [new_id() for _draft in drafts], "kind": [draft.kind for draft in drafts], "key": [draft.key for draft in drafts],
        "value_date": [draft.value_date for draft in drafts], "memo": [draft.memo for draft in drafts],
        "partner_id": [draft.owner_id for draft in drafts], "about": [draft.about for draft in drafts],
        "reverses": [draft.reverses for draft in drafts], "digest": [digest(draft.kind, draft.legs) for draft in drafts],
        "fx_currency": [rate.currency if rate else "" for rate in rates], "fx_to": [rate.to if rate else "" for rate in rates],
        "fx_rate": [rate.rate if rate else None for rate in rates], "fx_date": [rate.rate_date if rate else None for rate in rates],
        "fx_source": [rate.source[:60] if rate else "" for rate in rates],
    }  # fmt: skip


def _write_legs(drafts: list[EntryDraft], fresh: dict[str, Any], accounts: dict[str, UUID]) -> None:
    lines = [(fresh[draft.key]["id"], leg, draft.value_date) for draft in drafts for leg in draft.legs]
    if not lines:
        return
    columns = [
        [entry for entry, _leg, _day in lines], [accounts[_place(leg)] for _entry, leg, _day in lines], [leg.owner_id for _entry, leg, _day in lines],
        [leg.currency for _entry, leg, _day in lines], [leg.amount_minor for _entry, leg, _day in lines], [day for _entry, _leg, day in lines],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LEGS, columns)


def _booked_before(drafts: list[EntryDraft]) -> dict[str, Posted]:
    if not drafts:
        return {}
    known = {row.key: row for row in Entry.objects.filter(key__in=[draft.key for draft in drafts])}
    for draft in drafts:
        if known[draft.key].digest != digest(draft.kind, draft.legs):
            raise _key_used(draft.key)
    return {key: Posted(entry_id=row.pk, number=row.label, is_new=False) for key, row in known.items()}


def _place(leg: Leg) -> str:
    return "|".join((leg.account, str(leg.owner_id or ""), str(leg.subject_id or ""), leg.currency))


def _accounts(drafts: tuple[EntryDraft, ...]) -> dict[str, UUID]:
    """Place -> account; those that are new begin at zero."""
    wanted = {_place(leg): leg for draft in drafts for leg in draft.legs}
    found = _accounts_at(wanted)
    missing = [wanted[place] for place in sorted(wanted.keys() - found.keys())]
    if missing:
        Account.objects.bulk_create([_new_account(leg) for leg in missing], ignore_conflicts=True)
        found |= _accounts_at({_place(leg) for leg in missing})
    return found


def _accounts_at(places: Iterable[str]) -> dict[str, UUID]:
    return dict(Account.objects.filter(place__in=list(places)).values_list("place", "id"))


def _new_account(leg: Leg) -> Account:
    kind = kinds()[leg.account]
    return Account(
        place=_place(leg), kind=leg.account, partner_id=leg.owner_id, subject_id=leg.subject_id, currency=leg.currency, normal=kind.sign, floor_minor=kind.floor
    )


def _begin_months(months: set[date]) -> None:
    """Open the months that nothing was booked in yet. One before a closed month is left to the database, which refuses its entries."""
    missing = months - MONTHS.get(find=lambda: frozenset(Period.objects.values_list("month", flat=True)))
    closed = last_closed() if missing else None
    if fresh := sorted(month for month in missing if closed is None or month > closed):
        Period.objects.bulk_create([Period(month=month) for month in fresh], ignore_conflicts=True)
        MONTHS.forget()


def _refusal(error: DatabaseError, drafts: tuple[EntryDraft, ...]) -> Exception:
    """The refusal for what the database would not take; the error itself when it is none."""
    name = violated_constraint(error)
    if name == FLOOR:
        return _below_floor(drafts)
    if name == ONE_REVERSAL:
        return AlreadyReversed(_("This entry is reversed already."))
    if name == OPEN_PERIOD:
        return _closed(min(month_of(draft.value_date) for draft in drafts))
    return error


def _closed(month: date) -> PeriodClosed:
    return PeriodClosed(
        _("The books of %(month)s are closed and stay as they are. Book it on %(day)s or later.")
        % {"month": f"{month:%Y-%m}", "day": open_value_date(month).isoformat()},
        field="value_date",
    )


def _key_used(key: str) -> KeyUsed:
    return KeyUsed(_("“%(key)s” is booked already, with other legs. Use a key of its own.") % {"key": key[:80]}, field="key")


def _below_floor(drafts: tuple[EntryDraft, ...]) -> BelowFloor:
    floors = [leg.account for draft in drafts for leg in draft.legs if kinds()[leg.account].floor is not None]
    names = ", ".join(dict.fromkeys(title_of(code) for code in floors))
    return BelowFloor(_("There is not enough on the account for this: %(accounts)s. Lower the amount.") % {"accounts": names}, field="legs")
