"""Builders for tests and the demo, and a source of money of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from stdnum import iban as stdnum_iban

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.ids import new_id
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import services as ledger
from openprm.payouts import services
from openprm.payouts.models import BankAccount
from openprm.payouts.ports import PayableLine

PDF = b"%PDF-1.4\n% made for a test\n"
IBANS = {"FI": "FI2112345600000785", "DE": "DE89370400440532013000", "FR": "FR1420041010050500013M02606", "NL": "NL91ABNA0417164300"}
VAT = {"FI": "FI20774740", "DE": "DE136695976", "FR": "FR40303265045", "NL": "NL004495445B01"}


def make_iban(number: int) -> str:
    """A German IBAN with its check digits, another one for each number."""
    bban = f"37040044{number:010d}"
    return f"DE{stdnum_iban.calc_check_digits('DE00' + bban)}{bban}"


@dataclass
class TestSource:
    """A room that owes money, in memory: `owe` approves a line and books it as payable."""

    __test__ = False
    code: str = "test"
    label: str = "Test"
    lines: dict[UUID, PayableLine] = field(default_factory=dict)
    held: dict[UUID, UUID] = field(default_factory=dict)
    settled: set[UUID] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)

    def due(self, *, partner_ids: Sequence[UUID] | None = None, at: datetime) -> list[PayableLine]:
        return [
            line for line in self.lines.values()
            if line.id not in self.held and line.id not in self.settled and (partner_ids is None or line.partner_id in partner_ids)
        ]  # fmt: skip

    def taken(self, line_ids: Sequence[UUID], run_id: UUID, at: datetime) -> None:
        self.held |= dict.fromkeys(line_ids, run_id)

    def released(self, line_ids: Sequence[UUID], reason: str, at: datetime) -> None:
        for line_id in line_ids:
            self.held.pop(line_id, None)
            self.settled.discard(line_id)
        self.reasons.append(reason)

    def paid(self, line_ids: Sequence[UUID], at: datetime) -> None:
        self.settled |= set(line_ids)

    def owe(self, partner_id: UUID, minor: int, currency: str = "EUR", *, at: datetime, payable_from: date | None = None, books: bool = True) -> UUID:
        line = PayableLine(
            id=new_id(), source=self.code, number=f"E-{len(self.lines) + 1:06d}", partner_id=partner_id, money=Money(minor, currency), approved_at=at,
            payable_from=payable_from or at.date(), about="Commission on DR-000123",
        )  # fmt: skip
        self.lines[line.id] = line
        if books:
            with system_scope():
                book_payable(partner_id, minor, currency, f"test:{line.id}", at)
        return line.id


def book_payable(partner_id: UUID, minor: int, currency: str, key: str, at: datetime) -> None:
    """Cr partner.payable against the opening balances, as an approval does against its expense."""
    legs = (
        ledger.Leg(account="opening", amount_minor=minor, currency=currency),
        ledger.Leg(account="partner.payable", amount_minor=-minor, currency=currency, owner_id=partner_id),
    )
    ledger.post(actor=SYSTEM, kind="test.approved", key=key, legs=legs, value_date=at.date(), partner_id=partner_id, at=at)


def make_paying(admin: Actor, at: datetime) -> None:
    """Accounts to pay euro by SEPA, dollars by ACH and all else by CSV."""
    with scope(admin):
        for values in (
            {"kind": "sepa", "name": "Northwind Software GmbH", "iban": "DE89370400440532013000", "bic": "COBADEFFXXX"},
            {"kind": "ach", "name": "Northwind Software Inc", "routing": "091000019", "company_id": "1911144442", "bank_name": "Wells Fargo"},
            {"kind": "csv", "name": "Other banks"},
        ):
            services.save_account(actor=admin, values=values, at=at)


def make_payee(giver: Actor, partner_id: UUID, at: datetime, *, country: str = "FI", name: str = "Kallio Digital Oy", **values: Any) -> None:
    with scope(giver):
        given = {"legal_name": name, "country": country, "street": "Mannerheimintie 12", "postal_code": "00100", "city": "Helsinki", **values}
        services.save_payee(actor=giver, partner_id=partner_id, values=given, at=at)


def make_account(giver: Actor, partner_id: UUID, at: datetime, *, holder: str = "Kallio Digital Oy", **values: Any) -> UUID:
    given = {"kind": "iban", "iban": IBANS["FI"], "currency": "EUR", "holder": holder, **values}
    with scope(giver):
        return services.enter_account(actor=giver, partner_id=partner_id, values=given, at=at)


def verify(checker: Actor, account_id: UUID, at: datetime) -> None:
    with scope(checker):
        services.verify_by_person(actor=checker, account_id=account_id, evidence="Called the number in the contract; Mika Virtanen read it out.", at=at)


def make_form(
    giver: Actor, partner_id: UUID, at: datetime, *, kind: str = "vat", number: str = VAT["FI"], name: str = "Kallio Digital Oy", **values: Any
) -> UUID:
    given = {"kind": kind, "number": number, "name": name, "signed_on": at.date() - timedelta(days=3), **values}
    file = None if kind == "vat" else (f"{kind}.pdf", PDF + kind.encode())
    with scope(giver):
        return services.submit_form(actor=giver, partner_id=partner_id, values=given, file=file, at=at)


def make_ready(giver: Actor, checker: Actor, partner_id: UUID, at: datetime) -> UUID:
    """A Finnish company that can be paid in euro; gives its account."""
    make_payee(giver, partner_id, at)
    make_form(giver, partner_id, at)
    account_id = make_account(giver, partner_id, at)
    verify(checker, account_id, at)
    return account_id


def stored_account(account_id: UUID) -> BankAccount:
    with system_scope():
        return BankAccount.objects.get(pk=account_id)
