"""What rooms below give to the desk: what they owe, and how they hear what became of it (port "payouts.sources", filled by string key)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from openprm.kernel.money import Money

SOURCES = "payouts.sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayableLine:
    """One approved amount that is owed. Sources below may return any object with these attributes.

    `money` may be negative (a correction that later lines make up for). `payable_from` is the first day on which it may be paid.
    `url` is the vendor's page of the line. `forfeits_on` is the day on which the published rule would forfeit it, after every warning.
    """

    id: UUID
    source: str
    number: str
    partner_id: UUID
    money: Money
    approved_at: datetime
    payable_from: date
    about: str
    url: str = ""
    user_id: UUID | None = None
    forfeits_on: date | None = None


class PayoutSource(Protocol):
    """A room that owes money. Called in the system's scope, inside the transaction of what happens.

    - `due` gives everything that is approved, owed and in no live payout, whatever its day, for these partners or for all.
    - `taken` says that lines went into a run; `released` that they are due again (run cancelled, payment failed);
      `paid` that the money arrived. Each may be called again with the same lines and changes nothing then.
    """

    code: str
    label: Any

    def due(self, *, partner_ids: Sequence[UUID] | None = None, at: datetime) -> Sequence[Any]: ...

    def taken(self, line_ids: Sequence[UUID], run_id: UUID, at: datetime) -> None: ...

    def released(self, line_ids: Sequence[UUID], reason: str, at: datetime) -> None: ...

    def paid(self, line_ids: Sequence[UUID], at: datetime) -> None: ...


PROVIDERS = "payouts.providers"


class ProviderRefusal(Exception):
    """The provider will not do it, now or later; the message is for people."""


class ProviderDown(Exception):
    """The provider could not be asked, or may do it later: try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayOrder:
    """One payment to an account at the provider. `id` is the same in every try: idempotency keys are made of it."""

    id: UUID
    number: str
    account: str
    amount_minor: int
    currency: str
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """Whether the provider pays out to an account, and what it still asks for."""

    is_ready: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderNews:
    """An event of the provider in our words: "paid", "failed", "reversed", "account" or "" for what is of no interest."""

    event_id: str
    kind: str
    what: str
    transfer_ref: str = ""
    payout_ref: str = ""
    account: str = ""
    amount_minor: int | None = None
    currency: str = ""
    state: AccountState | None = None
    reason: str = ""


class PaymentProvider(Protocol):
    """Somebody who pays for us. Built by `connect(config, secret)` of a `ProviderKind`. Raises ProviderRefusal, ProviderDown."""

    def find_transfer(self, order: PayOrder) -> str | None: ...

    def transfer(self, order: PayOrder) -> str: ...

    def find_payout(self, order: PayOrder) -> str | None: ...

    def pay_out(self, order: PayOrder) -> str: ...

    def take_back(self, order: PayOrder, transfer_ref: str) -> None: ...

    def account(self, account: str) -> AccountState: ...

    def read_event(self, *, header: str, body: bytes, at: datetime) -> ProviderNews: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderKind:
    """A provider that can be set up as a paying account, for the port "payouts.providers"."""

    code: str
    label: Any
    signature_header: str
    connect: Any
