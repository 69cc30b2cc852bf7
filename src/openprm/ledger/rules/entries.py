"""What an entry is made of, and why one may not be posted. Values in, sentences out."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

FEWEST, MOST = 2, 1000
LONGEST_KEY, LONGEST_MEMO, LONGEST_KIND = 200, 300, 60
LARGEST = 10**15
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One side of an entry: `amount_minor` above zero is a debit, below zero a credit.

    The account is of a kind ("partner.payable"), of one partner (`owner_id`) or of the house (None), perhaps for one
    thing (`subject_id`, for example a fund), in one currency.
    """

    account: str
    amount_minor: int
    currency: str
    owner_id: UUID | None = None
    subject_id: UUID | None = None

    @property
    def place(self) -> tuple[str, UUID | None, UUID | None, str]:
        return self.account, self.owner_id, self.subject_id, self.currency


@dataclass(frozen=True, slots=True, kw_only=True)
class FxUsed:
    """The rate an entry was converted with: one unit of `currency` was `rate` units of `to` on `rate_date`."""

    currency: str
    to: str
    rate: Decimal
    rate_date: date
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """An entry before it is posted. `key` says which happening it books: the same key is never booked twice."""

    kind: str
    key: str
    legs: tuple[Leg, ...]
    value_date: date
    memo: str = ""
    partner_id: UUID | None = None
    about: UUID | None = None
    fx: FxUsed | None = None
    reverses: UUID | None = None

    @property
    def owner_id(self) -> UUID | None:
        """The one partner whose money it moves."""
        return self.partner_id or next((leg.owner_id for leg in self.legs if leg.owner_id), None)


def digest(kind: str, legs: Iterable[Leg]) -> str:
    """What makes two drafts of one key the same: the kind and the legs, in any order."""
    lines = sorted([leg.account, str(leg.owner_id or ""), str(leg.subject_id or ""), leg.currency, leg.amount_minor] for leg in legs)
    return hashlib.sha256(json.dumps([kind, lines]).encode()).hexdigest()


def off_balance(legs: Iterable[Leg]) -> dict[str, int]:
    """By currency, what is missing to zero; empty when the legs balance."""
    sums: dict[str, int] = defaultdict(int)
    for leg in legs:
        sums[leg.currency] += leg.amount_minor
    return {currency: total for currency, total in sorted(sums.items()) if total}


def reversed_legs(legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """The legs that undo `legs`."""
    return tuple(
        Leg(account=leg.account, amount_minor=-leg.amount_minor, currency=leg.currency, owner_id=leg.owner_id, subject_id=leg.subject_id) for leg in legs
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a draft cannot be posted: `code` for the sentence, `place` the field, `what` the word in it."""

    code: str
    place: str
    what: str = ""


def faults(draft: EntryDraft, kinds: frozenset[str] | set[str], currencies: frozenset[str]) -> Iterator[Fault]:
    """Everything that is wrong with a draft, in the order of its fields."""
    if not 0 < len(draft.key) <= LONGEST_KEY:
        yield Fault("key", "key")
    if not 0 < len(draft.kind) <= LONGEST_KIND:
        yield Fault("kind", "kind")
    if len(draft.memo) > LONGEST_MEMO:
        yield Fault("memo", "memo")
    if not FIRST_DAY <= draft.value_date <= LAST_DAY:
        yield Fault("date", "value_date", str(draft.value_date))
    if not FEWEST <= len(draft.legs) <= MOST:
        yield Fault("legs", "legs", str(len(draft.legs)))
    for number, leg in enumerate(draft.legs):
        yield from _faults_of_leg(leg, f"legs[{number}]", kinds, currencies)
    if len({leg.owner_id for leg in draft.legs if leg.owner_id} | ({draft.partner_id} - {None})) > 1:
        yield Fault("partners", "legs")
    for currency, missing in off_balance(draft.legs).items():
        yield Fault("balance", "legs", f"{missing:+d} {currency}")


def _faults_of_leg(leg: Leg, place: str, kinds: frozenset[str] | set[str], currencies: frozenset[str]) -> Iterator[Fault]:
    if leg.account not in kinds:
        yield Fault("account", f"{place}.account", leg.account[:60])
    if leg.currency not in currencies:
        yield Fault("currency", f"{place}.currency", leg.currency[:10])
    if isinstance(leg.amount_minor, bool) or not isinstance(leg.amount_minor, int) or not 0 < abs(leg.amount_minor) <= LARGEST:
        yield Fault("amount", f"{place}.amount_minor", str(leg.amount_minor)[:30])
