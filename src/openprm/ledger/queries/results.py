"""What the questions answer."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.kernel.money import Money
from openprm.ledger.ports import Unposted


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLine:
    """One kind of account in one currency: what was debited, credited, and what is left on its normal side."""

    kind: str
    title: str
    group: str
    code: str
    debit: Money
    credit: Money
    accounts: int
    normal: int

    @property
    def balance(self) -> Money:
        return Money((self.debit.minor - self.credit.minor) * self.normal, self.debit.currency)

    @property
    def side(self) -> str:
        return "debit" if self.normal == 1 else "credit"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTotal:
    """Both sides of the books in one currency: equal, or the books are wrong."""

    debit: Money
    credit: Money

    @property
    def currency(self) -> str:
        return self.debit.currency

    @property
    def is_balanced(self) -> bool:
        return self.debit == self.credit


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalance:
    """The books at the end of a day."""

    on: date
    lines: tuple[TrialLine, ...]
    totals: tuple[TrialTotal, ...]

    @property
    def is_balanced(self) -> bool:
        return all(total.is_balanced for total in self.totals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Whether what the database keeps agrees with itself: balances with turnovers, and both sides with each other."""

    accounts: int
    legs: int
    wrong_accounts: int
    unbalanced: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.wrong_accounts and not self.unbalanced


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    id: UUID
    kind: str
    title: str
    about: Any
    group: str
    code: str
    partner_id: UUID | None
    partner: str
    subject_id: UUID | None
    currency: str
    balance: Money
    leg_count: int
    has_floor: bool
    updated_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    entry_id: UUID
    number: str
    day: date
    kind: str
    label: str
    memo: str
    url: str
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An account from one day to another, both included; balances on its normal side."""

    account_id: UUID | None
    account: str
    title: str
    owner_id: UUID | None
    owner: str
    currency: str
    since: date
    until: date
    opening: Money
    lines: tuple[StatementLine, ...]
    closing: Money
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    id: UUID
    number: str
    kind: str
    label: str
    value_date: date
    memo: str
    partner_id: UUID | None
    partner: str
    amounts: tuple[Money, ...]
    posted_at: datetime
    by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LegView:
    account_id: UUID
    account: str
    title: str
    owner: str
    amount: Money
    currency: str

    @property
    def debit(self) -> Money | None:
        return self.amount if self.amount.minor > 0 else None

    @property
    def credit(self) -> Money | None:
        return Money(-self.amount.minor, self.amount.currency) if self.amount.minor < 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry with everything the books know of it."""

    id: UUID
    number: str
    kind: str
    label: str
    key: str
    value_date: date
    is_closed: bool
    memo: str
    partner_id: UUID | None
    partner: str
    about: UUID | None
    url: str
    legs: tuple[LegView, ...]
    fx_currency: str
    fx_to: str
    fx_rate: Decimal | None
    fx_date: date | None
    fx_source: str
    reverses: "EntryLink | None"
    reversed_by: "EntryLink | None"
    posted_at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLink:
    id: UUID
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodView:
    month: date
    state: str
    is_over: bool
    may_close: bool
    entry_count: int
    closed_at: datetime | None
    closed_by: str
    note: str
    unposted_count: int
    totals: tuple[TrialTotal, ...]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpostedGroup:
    label: str
    items: tuple[Unposted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What is seen before a month closes; `seen` names exactly this list, and closing asks for it back."""

    month: date
    groups: tuple[UnpostedGroup, ...]
    entry_count: int
    totals: tuple[TrialTotal, ...]
    earlier_open: date | None
    seen: str

    @property
    def count(self) -> int:
        return sum(len(group.items) for group in self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """The numbers of one kind of account in every chart."""

    kind: str
    title: str
    group: str
    about: str
    default: str
    codes: dict[str, str]
    version: int

    def code(self, format: str) -> str:
        return self.codes.get(format) or self.codes.get("") or self.default


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSettingsView:
    datev_consultant: int
    datev_client: int
    datev_account_length: int
    fiscal_year_start: int
    xero_tax_rate: str
    version: int
