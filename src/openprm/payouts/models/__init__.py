"""The tables of payouts."""

from openprm.payouts.models.desk import Owed, PayingAccount
from openprm.payouts.models.payees import BankAccount, Document, Invoice, Payee, TaxForm
from openprm.payouts.models.runs import Held, Item, PaymentFile, Payout, ProviderEvent, Run, Statement

__all__ = [
    "BankAccount",
    "Document",
    "Held",
    "Invoice",
    "Item",
    "Owed",
    "Payee",
    "PayingAccount",
    "PaymentFile",
    "Payout",
    "ProviderEvent",
    "Run",
    "Statement",
    "TaxForm",
]  # fmt: skip
