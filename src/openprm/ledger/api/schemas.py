"""What the API of the books takes and answers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from openprm.kernel.api import Currency, In, MoneyOut, Out, PageQuery, RequiredLine, Text

Minor = Annotated[int, Field(ge=-(10**15), le=10**15, description="Minor units: a debit above zero, a credit below.")]
Code = Annotated[str, Field(max_length=40)]
Format = Literal["general", "datev", "xero", "quickbooks"]


class TotalOut(Out):
    debit: MoneyOut
    credit: MoneyOut
    is_balanced: bool


class TrialLineOut(Out):
    kind: str
    title: str
    group: str
    code: str
    debit: MoneyOut
    credit: MoneyOut
    balance: MoneyOut = Field(description="On the side on which the account grows.")
    side: str
    accounts: int


class TrialBalanceOut(Out):
    on: date
    is_balanced: bool
    lines: list[TrialLineOut]
    totals: list[TotalOut]


class AccountOut(Out):
    id: UUID
    kind: str
    title: str
    group: str
    code: str
    partner_id: UUID | None
    partner: str
    subject_id: UUID | None
    balance: MoneyOut
    leg_count: int
    created_at: datetime


class StatementLineOut(Out):
    entry_id: UUID
    number: str
    day: date
    label: str
    memo: str
    amount: MoneyOut
    balance: MoneyOut


class StatementOut(Out):
    account: str
    title: str
    owner_id: UUID | None
    owner: str
    since: date
    until: date
    opening: MoneyOut
    lines: list[StatementLineOut]
    closing: MoneyOut
    is_cut: bool = Field(description="There are more lines than these 2,000; `closing` is true all the same.")


class EntryOut(Out):
    id: UUID
    number: str
    kind: str
    label: str
    value_date: date
    memo: str
    partner_id: UUID | None
    partner: str
    amounts: list[MoneyOut]
    posted_at: datetime
    by: str
    created_at: datetime


class LegOut(Out):
    account_id: UUID
    account: str
    title: str
    owner: str
    amount: MoneyOut


class LinkOut(Out):
    id: UUID
    number: str


class EntryDetailOut(Out):
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
    legs: list[LegOut]
    fx_currency: str
    fx_to: str
    fx_rate: Decimal | None
    fx_date: date | None
    reverses: LinkOut | None
    reversed_by: LinkOut | None
    posted_at: datetime
    by: str


class PeriodOut(Out):
    month: date
    state: str
    is_over: bool
    may_close: bool
    entry_count: int
    closed_at: datetime | None
    closed_by: str
    note: str
    unposted_count: int
    sha256: str = Field(description="Over every leg of the month, in order, when it was closed.")


class PeriodListOut(Out):
    items: list[PeriodOut]


class UnpostedOut(Out):
    id: UUID
    number: str
    label: str
    amount_minor: int | None
    currency: str


class UnpostedGroupOut(Out):
    label: str
    items: list[UnpostedOut]


class ClosingOut(Out):
    month: date
    entry_count: int
    count: int = Field(description="How many things are not posted yet.")
    groups: list[UnpostedGroupOut]
    totals: list[TotalOut]
    earlier_open: date | None
    seen: str = Field(description="Send it back to close exactly what you looked at.")


class CodeOut(Out):
    kind: str
    title: str
    group: str
    default: str
    codes: dict[str, str]
    version: int


class CodeListOut(Out):
    items: list[CodeOut]


class ExportSettingsOut(Out):
    datev_consultant: int
    datev_client: int
    datev_account_length: int
    fiscal_year_start: int
    xero_tax_rate: str
    version: int


class AccountQuery(PageQuery):
    kind: str | None = Field(None, max_length=60)
    partner_id: UUID | None = None
    currency: Currency | None = None


class EntryQuery(PageQuery):
    kind: str | None = Field(None, max_length=60)
    account: str | None = Field(None, max_length=60)
    partner_id: UUID | None = None
    about: UUID | None = None


class StatementQuery(In):
    account: str = Field("partner.payable", max_length=60)
    partner_id: UUID | None = Field(None, description="Left out on a partner's side: its own.")
    currency: Currency
    since: date
    until: date
    subject_id: UUID | None = None


class ExportQuery(In):
    format: Format = "general"
    since: date
    until: date


class TrialQuery(In):
    on: date | None = None


class LegIn(In):
    account: str = Field(max_length=60)
    amount_minor: Minor
    currency: Currency


class EntryIn(In):
    key: RequiredLine
    value_date: date
    memo: RequiredLine
    legs: list[LegIn] = Field(max_length=100)


class ReverseIn(In):
    reason: RequiredLine


class CloseIn(In):
    seen: str = Field(max_length=64)
    note: Text = ""


class CodesIn(In):
    general: Code = ""
    datev: Code = ""
    xero: Code = ""
    quickbooks: Code = ""


class ExportSettingsIn(In):
    datev_consultant: int = Field(ge=1001, le=9_999_999)
    datev_client: int = Field(ge=1, le=99_999)
    datev_account_length: int = Field(ge=4, le=8)
    fiscal_year_start: int = Field(ge=1, le=12)
    xero_tax_rate: str = Field(max_length=50)
