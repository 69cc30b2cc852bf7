"""Whether a payee can be paid in a currency, and the reason with its cure when not. One place asks, everybody else reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import date_format

from openprm.identity import queries as identity
from openprm.kernel.money import Money, format_money, to_minor
from openprm.partners import queries as partners
from openprm.payouts.models import BankAccount, Invoice, Payee, PayingAccount, TaxForm
from openprm.payouts.rulekinds import MINIMUM, PAPERS
from openprm.payouts.rules.states import Bank, Tax
from openprm.payouts.wording import HOLDS, TAX_KIND
from openprm.rulebook import services as rulebook

LIVE = (Bank.ENTERED, Bank.VERIFYING, Bank.VERIFIED)


@dataclass(frozen=True, slots=True)
class Papers:
    """What a payee hands in, by clause `clause` of the published rule."""

    tax_form: str
    invoice: bool
    cooling_days: int
    clause: str
    clause_text: str


def papers_for(country_code: str, kind: str, at: datetime) -> Papers:
    """What the rule in force asks of a payee; nothing while its country is not known."""
    if not country_code:
        return Papers("none", False, 0, "", "")
    verdict = rulebook.evaluate(kind=PAPERS, program_id=None, inputs={"country": country_code, "kind": kind}, at=at)
    outcome = verdict.outcome or {"tax_form": "none", "invoice": False, "cooling_days": 0}
    return Papers(str(outcome["tax_form"]), bool(outcome["invoice"]), int(outcome["cooling_days"]), verdict.clause, str(verdict.clause_text))


@dataclass(frozen=True, slots=True)
class Hold:
    """Why something is not paid now: `code` for machines, the sentence and its cure for people."""

    code: str
    reason: str
    cure: str


@dataclass(frozen=True, slots=True)
class Way:
    """How one amount is paid."""

    method: str
    account: BankAccount | None
    provider_account: str
    invoice_id: UUID | None


@dataclass(slots=True)
class Facts:
    """Everything about a set of payees, read once."""

    payees: dict[UUID, Payee]
    accounts: dict[tuple[UUID, str], BankAccount]
    forms: dict[tuple[UUID, str], TaxForm]
    invoices: dict[UUID, list[Invoice]]
    names: dict[UUID, str]
    paying: set[tuple[str, str]]
    papers: dict[tuple[str, str], Papers]
    minimums: dict[str, int]
    at: datetime

    def papers_of(self, payee: Payee) -> Papers:
        key = (payee.country, payee.kind)
        if key not in self.papers:
            self.papers[key] = papers_for(*key, self.at)
        return self.papers[key]

    def minimum(self, currency: str) -> int:
        if currency not in self.minimums:
            outcome = rulebook.evaluate(kind=MINIMUM, program_id=None, inputs={"currency": currency}, at=self.at).outcome or {}
            self.minimums[currency] = to_minor(Decimal(str(outcome.get("minimum", 0))), currency)
        return self.minimums[currency]


def facts_of(partner_ids: Iterable[UUID], at: datetime) -> Facts:
    """Read in the system's scope: six queries, however many payees."""
    ids = list(dict.fromkeys(partner_ids))
    invoices: dict[UUID, list[Invoice]] = {}
    for row in Invoice.objects.filter(partner__in=ids, payout=None).order_by("sent_at", "pk"):
        invoices.setdefault(row.partner_id, []).append(row)
    return Facts(
        payees={row.partner_id: row for row in Payee.objects.filter(partner__in=ids)},
        accounts={(row.partner_id, row.currency): row for row in BankAccount.objects.filter(partner__in=ids, state__in=LIVE)},
        forms={(row.partner_id, row.kind): row for row in TaxForm.objects.filter(partner__in=ids).exclude(state=Tax.REPLACED).order_by("submitted_at")},
        invoices=invoices,
        names=identity.organization_names(ids),
        paying=set(PayingAccount.objects.filter(is_active=True).values_list("kind", "currency")),
        papers={},
        minimums={},
        at=at,
    )


def standing(facts: Facts, partner_id: UUID, money: Money) -> Way | Hold:
    """The way in which this amount can be paid now, or the first thing that stands in its way."""
    payee, words = facts.payees.get(partner_id), {"partner": facts.names.get(partner_id, ""), "currency": money.currency}
    if why := partners.why_closed(partner_id, "payouts", facts.at):
        return hold("gate", why=why)
    if payee is None:
        return hold("no_payee", **words)
    return _papers_missing(facts, payee, words) or _invoice_missing(facts, payee, money, words) or _way(facts, payee, money, words)


def _papers_missing(facts: Facts, payee: Payee, words: dict[str, Any]) -> Hold | None:
    wanted = facts.papers_of(payee).tax_form
    if wanted == "none":
        return None
    words = {**words, "form": TAX_KIND[wanted]}
    form = facts.forms.get((payee.partner_id, wanted))
    if form is None or form.state == Tax.REJECTED:
        return hold("tax_missing", **words)
    if form.state == Tax.EXPIRED or (form.expires_on and form.expires_on < facts.at.date()):
        return hold("tax_expired", **words)
    return None if form.state == Tax.ACCEPTED else hold("tax_unchecked", **words)


def _invoice_missing(facts: Facts, payee: Payee, money: Money, words: dict[str, Any]) -> Hold | None:
    if not facts.papers_of(payee).invoice or money.minor <= 0 or _invoice(facts, payee, money):
        return None
    return hold("invoice", amount=format_money(money), **words)


def _invoice(facts: Facts, payee: Payee, money: Money) -> UUID | None:
    rows = facts.invoices.get(payee.partner_id, ())
    return next((row.pk for row in rows if (row.amount_minor, row.currency) == (money.minor, money.currency)), None)


def _way(facts: Facts, payee: Payee, money: Money, words: dict[str, Any]) -> Way | Hold:
    invoice_id = _invoice(facts, payee, money) if facts.papers_of(payee).invoice else None
    if payee.method == Payee.Method.PROVIDER:
        if not payee.provider_ready:
            return hold("provider", note=payee.provider_note, **words)
        if not _can_pay(facts.paying, "stripe", money.currency):
            return hold("no_way", **words)
        return Way("stripe", None, payee.provider_account, invoice_id)
    account = facts.accounts.get((payee.partner_id, money.currency))
    if account is None:
        return hold("no_account", **words)
    if problem := _account_problem(account, facts.at, words):
        return problem
    method = _method(facts.paying, account)
    return Way(method, account, "", invoice_id) if method else hold("no_way", **words)


def _account_problem(account: BankAccount, at: datetime, words: dict[str, Any]) -> Hold | None:
    if account.state != Bank.VERIFIED:
        return hold("unverified", last4=account.last4, **words)
    if account.usable_from and account.usable_from > at:
        return hold("cooling", last4=account.last4, day=date_format(account.usable_from, "j M Y"), **words)
    return None


def _method(paying: set[tuple[str, str]], account: BankAccount) -> str:
    own = "sepa" if account.kind == "iban" and account.currency == "EUR" else "ach" if account.kind == "us" else ""
    return next((kind for kind in (own, "csv") if kind and _can_pay(paying, kind, account.currency)), "")


def _can_pay(paying: set[tuple[str, str]], kind: str, currency: str) -> bool:
    return (kind, currency) in paying or (kind, "") in paying


def hold(code: str, **words: Any) -> Hold:
    reason, cure = HOLDS[code]
    return Hold(code, str(reason) % words, str(cure) % words if cure else "")


def carried(code: str, money: Money, minimum_minor: int) -> Hold:
    """ "negative" or "minimum": nothing is wrong, it waits for the next run."""
    return hold(code, amount=format_money(money), minimum=format_money(Money(minimum_minor, money.currency)))


def words_of(held: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (held["reason"], held["cure"])))
