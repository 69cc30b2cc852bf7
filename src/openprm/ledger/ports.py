"""What the ledger asks of the rooms above it: the kinds of accounts they post to, what they have not posted yet, and where an entry leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKind:
    """The port "ledger.account_kinds": a kind of account, of which there is one account for each partner, subject and currency.

    `normal` is the side on which it grows. With a `floor` of 0 the balance may never fall to the other side: the database
    refuses the entry. Finance may book `by_hand` on accounts that no room keeps lines behind. `gl_code` is the number in the accountant's
    chart until finance enters its own. `partner_title` is what the partner whose account it is reads instead of the title.
    """

    code: str
    title: Any
    normal: Literal["debit", "credit"]
    gl_code: str
    group: Literal["asset", "liability", "equity", "income", "expense"]
    floor: int | None = None
    about: Any = ""
    by_hand: bool = False
    partner_title: Any = ""

    @property
    def sign(self) -> int:
        return 1 if self.normal == "debit" else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Unposted:
    """Something of a month that is not in the books yet: seen before the month closes."""

    id: UUID
    number: str
    label: str
    url: str = ""
    amount_minor: int | None = None
    currency: str = ""

    @property
    def money(self) -> Money | None:
        return Money(self.amount_minor, self.currency) if self.amount_minor is not None and self.currency else None


class UnpostedSource(Protocol):
    """The port "ledger.unposted": what a room has not posted of a month (`month` is its first day)."""

    code: str
    label: Any

    def unposted(self, *, month: date, at: datetime) -> Sequence[Unposted]: ...


class EntryKinds(Protocol):
    """The port "ledger.entry_kinds": the words for the kinds of entries that a room posts, and where `about` leads."""

    labels: Mapping[str, Any]

    def url(self, *, kind: str, about: UUID) -> str: ...
