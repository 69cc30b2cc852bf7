"""What payouts answers, as plain values. The vendor and a partner get results of their own types."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """What is due to one payee in one currency, and whether it can be paid."""

    partner_id: UUID
    partner: str
    money: Money
    lines: int
    since: datetime
    sources: tuple[str, ...]
    source_codes: tuple[str, ...] = ()
    code: str
    reason: str
    cure: str
    is_carried: bool
    forfeits_on: date | None = None

    @property
    def can_pay(self) -> bool:
        return not self.code

    @property
    def state(self) -> str:
        """ "ready", "held" (something is missing) or "carried" (too small or below zero: the next run looks again)."""
        return "ready" if self.can_pay else "carried" if self.is_carried else "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the desk and the books do not say the same: a defect to look at."""

    partner_id: UUID
    partner: str
    desk: Money
    books: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """One currency: what the desk owes and what the books say, at the same instant."""

    desk: Money
    books: Money

    @property
    def agrees(self) -> bool:
        return self.desk == self.books


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The vendor's payments desk. What is owed is `by_source` and, taken by a run that is not sent, `in_runs`."""

    rows: tuple[DueRow, ...]
    liabilities: tuple[Liability, ...]
    differences: tuple[Difference, ...]
    by_source: tuple[tuple[str, Money], ...]
    in_runs: tuple[Money, ...]
    paid_this_year: tuple[Money, ...]
    pending: tuple[Money, ...]
    in_flight: tuple[Money, ...]
    average_days: float | None
    year_starts: date
    why_not_prepare: str | None

    @property
    def payable_count(self) -> int:
        return sum(row.can_pay for row in self.rows)

    @property
    def held_count(self) -> int:
        return sum(not row.can_pay and not row.is_carried for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    id: UUID
    number: str
    state: str
    state_label: Any
    state_tone: str
    pay_on: date
    payments: int
    totals: tuple[Money, ...]
    prepared_at: datetime
    prepared_by: str
    approved_by: str
    created_at: datetime
    version: int

    @property
    def totals_words(self) -> tuple[Money, ...]:
        return self.totals


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    number: str
    about: str
    source: str
    url: str
    money: Money
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRow:
    """One payment as the vendor's people see it."""

    id: UUID
    run_id: UUID
    run: str
    partner_id: UUID
    partner: str
    number: str
    payee_name: str
    money: Money
    owed: Money
    fx_rate: Any
    fx_date: date | None
    method: str
    method_label: Any
    account: str
    state: str
    state_label: Any
    state_tone: str
    reason: str
    transfer_ref: str
    payout_ref: str
    sent_at: datetime | None
    completed_at: datetime | None
    failed_at: datetime | None
    days: float | None
    created_at: datetime
    version: int
    items: tuple[ItemView, ...] = ()
    problem: str = ""
    why_not_move: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPayout:
    """One payment as its partner sees it."""

    id: UUID
    number: str
    money: Money
    owed: Money
    fx_rate: Any
    fx_date: date | None
    method_label: Any
    account: str
    state: str
    state_label: Any
    state_tone: str
    reason: str
    sent_at: datetime | None
    completed_at: datetime | None
    failed_at: datetime | None
    created_at: datetime
    version: int
    items: tuple[ItemView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    partner_id: UUID
    partner: str
    money: Money
    lines: int
    code: str
    reason: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    id: UUID
    name: str
    kind_label: Any
    count: int
    total: Money
    sha256: str
    made_at: datetime
    handed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run with everything that a checker looks at."""

    id: UUID
    number: str
    state: str
    state_label: Any
    state_tone: str
    pay_on: date
    note: str
    reason: str
    conversions: tuple[tuple[str, str], ...]
    prepared_at: datetime
    prepared_by: str
    approved_at: datetime | None
    approved_by: str
    sent_at: datetime | None
    settled_at: datetime | None
    totals: tuple[Money, ...]
    payouts: tuple[PayoutRow, ...]
    held: tuple[HeldView, ...]
    files: tuple[FileView, ...]
    checks: tuple[tuple[Any, bool, str], ...]
    approver: str
    why_not_approve: str | None
    why_not_work: str | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    id: UUID
    name: str
    added_at: datetime
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """A bank account by its last four signs."""

    id: UUID
    partner_id: UUID
    kind: str
    kind_label: Any
    currency: str
    holder: str
    country: str
    last4: str
    bic: str
    routing: str
    state: str
    state_label: Any
    state_tone: str
    entered_at: datetime
    code_until: datetime | None
    verified_at: datetime | None
    verified_how: Any
    usable_from: datetime | None
    is_cooling: bool
    note: str
    same_number: tuple[str, ...]
    documents: tuple[DocumentView, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    id: UUID
    partner_id: UUID
    kind: str
    kind_label: Any
    name: str
    country: str
    last4: str
    signed_on: date
    expires_on: date | None
    state: str
    state_label: Any
    state_tone: str
    note: str
    documents: tuple[DocumentView, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceView:
    id: UUID
    number: str
    issued_on: date
    money: Money
    is_used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeView:
    """The profile of a payee. `exists` is False until its partner has saved one."""

    partner_id: UUID
    partner: str
    exists: bool
    kind: str
    kind_label: Any
    legal_name: str
    street: str
    postal_code: str
    city: str
    country: str
    method: str
    provider_account: str
    provider_ready: bool
    provider_note: str
    accounts: tuple[AccountView, ...]
    forms: tuple[FormView, ...]
    invoices: tuple[InvoiceView, ...]
    needs_form: str
    needs_form_label: Any
    needs_invoice: bool
    cooling_days: int
    clause: str
    clause_text: str
    why_not_give: str | None
    why_not_check: str | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeRow:
    partner_id: UUID
    partner: str
    country: str
    accounts: str
    waiting: int
    state: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a partner's balance waits for, and what is paid next."""

    money: Money
    reason: str
    cure: str
    can_pay: bool
    is_carried: bool
    forfeits_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A partner's money: what waits and why, and what was paid this year."""

    waiting: tuple[Missing, ...]
    coming: tuple[Money, ...]
    on_the_way: tuple[Money, ...]
    paid_this_year: tuple[Money, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    id: UUID
    name: str
    format: str
    entries: int
    settled: int
    returned: int
    unmatched: tuple[str, ...]
    read_at: datetime
    read_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayingRow:
    id: UUID
    kind: str
    kind_label: Any
    name: str
    currency: str
    facts: dict[str, str]
    last4: str
    is_active: bool
    version: int
