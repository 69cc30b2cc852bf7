"""What the payouts API takes and gives."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import Currency, In, MoneyOut, Out, PageQuery

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=140)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
PayState = Literal["pending", "processing", "processed", "sent", "completed", "failed", "canceled"]


class DueOut(Out):
    """What is due to one payee in one currency. `code` is empty when it can be paid."""

    partner_id: UUID
    partner: str
    money: MoneyOut
    lines: int
    since: datetime
    code: str
    reason: str
    cure: str


class LiabilityOut(Out):
    desk: MoneyOut
    books: MoneyOut
    agrees: bool


class DifferenceOut(Out):
    partner_id: UUID
    partner: str
    desk: MoneyOut
    books: MoneyOut


class DeskOut(Out):
    rows: list[DueOut]
    liabilities: list[LiabilityOut]
    differences: list[DifferenceOut]
    paid_this_year: list[MoneyOut]
    pending: list[MoneyOut]
    in_flight: list[MoneyOut]
    average_days: float | None


class MissingOut(Out):
    money: MoneyOut
    can_pay: bool
    reason: str
    cure: str


class BalanceOut(Out):
    waiting: list[MissingOut]
    coming: list[MoneyOut]
    on_the_way: list[MoneyOut]
    paid_this_year: list[MoneyOut]


class RunQuery(PageQuery):
    state: Literal["prepared", "approved", "sending", "sent", "settled", "canceled"] | None = None


class RunRowOut(Out):
    id: UUID
    number: str
    state: str
    pay_on: date
    payments: int
    totals: list[MoneyOut]
    prepared_at: datetime
    created_at: datetime
    version: int


class ItemOut(Out):
    number: str
    about: str
    source: str
    money: MoneyOut
    approved_at: datetime


class PayoutOut(Out):
    """One payment. `money` is what is paid, `owed` what it pays for; they differ when a currency was converted."""

    id: UUID
    number: str
    money: MoneyOut
    owed: MoneyOut
    fx_rate: Decimal | None
    fx_date: date | None
    account: str
    state: str
    reason: str
    sent_at: datetime | None
    completed_at: datetime | None
    failed_at: datetime | None
    items: list[ItemOut]
    created_at: datetime
    version: int


class HeldOut(Out):
    partner_id: UUID
    partner: str
    money: MoneyOut
    code: str
    reason: str
    cure: str


class FileOut(Out):
    id: UUID
    name: str
    count: int
    total: MoneyOut
    sha256: str
    made_at: datetime
    handed_at: datetime | None


class RunOut(Out):
    id: UUID
    number: str
    state: str
    pay_on: date
    note: str
    reason: str
    prepared_at: datetime
    approved_at: datetime | None
    sent_at: datetime | None
    settled_at: datetime | None
    totals: list[MoneyOut]
    payouts: list[PayoutOut]
    held: list[HeldOut]
    files: list[FileOut]
    approver: str
    why_not_approve: str | None
    created_at: datetime
    version: int


class PrepareIn(In):
    pay_on: date | None = None
    note: Annotated[str, StringConstraints(max_length=300)] = ""
    partner_ids: list[UUID] | None = Field(None, max_length=500, description="Only these payees; one that cannot be paid is a refusal.")
    conversions: dict[Currency, Currency] = Field({}, max_length=10, description='Explicit conversions, for example {"USD": "EUR"}.')


class ReasonIn(In):
    reason: Reason


class PayoutQuery(PageQuery):
    state: PayState | None = None
    partner_id: UUID | None = None


class AccountOut(Out):
    """A bank account by its last four signs."""

    id: UUID
    partner_id: UUID
    kind: str
    currency: str
    holder: str
    country: str
    last4: str
    state: str
    entered_at: datetime
    verified_at: datetime | None
    usable_from: datetime | None
    note: str
    version: int


class TaxFormOut(Out):
    id: UUID
    partner_id: UUID
    kind: str
    name: str
    country: str
    last4: str
    signed_on: date
    expires_on: date | None
    state: str
    note: str
    version: int


PayeeState = Literal["to_verify", "verified", "incomplete"]


class PayeeRowOut(Out):
    """One payee in a list. `waiting` counts accounts and forms to check."""

    partner_id: UUID
    partner: str
    country: str
    accounts: str
    waiting: int
    state: PayeeState
    since: datetime


class PayeeListOut(Out):
    items: list[PayeeRowOut]


class PayeeOut(Out):
    partner_id: UUID
    exists: bool
    kind: str
    legal_name: str
    street: str
    postal_code: str
    city: str
    country: str
    method: str
    provider_account: str
    provider_ready: bool
    provider_note: str
    accounts: list[AccountOut]
    forms: list[TaxFormOut]
    needs_form: str
    needs_invoice: bool
    cooling_days: int
    version: int


class PayeeIn(In):
    kind: Literal["company", "person"] = "company"
    legal_name: Line
    street: Line = ""
    postal_code: Annotated[str, StringConstraints(max_length=16)] = ""
    city: Annotated[str, StringConstraints(max_length=70)] = ""
    country: Annotated[str, StringConstraints(min_length=2, max_length=2)]
    method: Literal["bank", "provider"] = "bank"
    provider_account: Annotated[str, StringConstraints(max_length=80)] = ""


class AccountIn(In):
    kind: Literal["iban", "us"]
    currency: Currency
    holder: Line
    iban: Annotated[str, StringConstraints(max_length=42)] = ""
    bic: Annotated[str, StringConstraints(max_length=11)] = ""
    routing: Annotated[str, StringConstraints(max_length=12)] = ""
    account: Annotated[str, StringConstraints(max_length=24)] = ""


class CodeIn(In):
    code: Annotated[str, StringConstraints(min_length=1, max_length=12)]


class CodeOut(Out):
    """`message` says what is wrong; a wrong code counts as a try."""

    verified: bool
    message: str


class DepositOut(Out):
    code: str


class EvidenceIn(In):
    evidence: Words


class RejectIn(In):
    reason: Words


class CheckIn(In):
    accepted: bool
    note: Annotated[str, StringConstraints(max_length=2000)] = ""


class StatementOut(Out):
    id: UUID
    name: str
    format: str
    entries: int
    settled: int
    returned: int
    unmatched: list[str]
    read_at: datetime


class PayingOut(Out):
    id: UUID
    kind: str
    name: str
    currency: str
    last4: str
    is_active: bool
    version: int


class PayingIn(In):
    kind: Literal["sepa", "ach", "csv", "stripe"]
    name: Line
    iban: Annotated[str, StringConstraints(max_length=42)] = ""
    bic: Annotated[str, StringConstraints(max_length=11)] = ""
    routing: Annotated[str, StringConstraints(max_length=12)] = ""
    bank_name: Annotated[str, StringConstraints(max_length=23)] = ""
    company_id: Annotated[str, StringConstraints(max_length=10)] = ""
    currency: Annotated[str, StringConstraints(max_length=3)] = ""
    api_key: Annotated[str, StringConstraints(max_length=250)] = ""
    webhook_secret: Annotated[str, StringConstraints(max_length=250)] = ""
