"""The accounts of the books that funds post to (port "ledger.account_kinds"), and the words for the entries."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.ledger.ports import AccountKind

BUDGET, UNALLOCATED, AVAILABLE, RESERVED, EXPENSE, PAYABLE, BANK = (
    "funds.budget", "funds.unallocated", "funds.available", "funds.reserved", "funds.expense", "partner.payable", "cash.bank",
)  # fmt: skip
KINDS = (
    AccountKind(
        code=BUDGET, title=_("Funds: authorised"), normal="credit", gl_code="9100", group="equity",
        about=_("What was authorised for development funds and is not spent yet: a statistical account."),
    ),
    AccountKind(
        code=UNALLOCATED, title=_("Funds: budgets not handed on"), normal="debit", gl_code="9110", group="equity",
        about=_("What a budget holds and was given to nobody yet. Below zero only where validation was switched off."),
    ),
    AccountKind(
        code=AVAILABLE, title=_("Funds: available to partners"), normal="debit", gl_code="9120", group="equity", floor=0,
        about=_("What a partner's fund has left. It never falls below zero."),
    ),
    AccountKind(
        code=RESERVED, title=_("Funds: reserved"), normal="debit", gl_code="9130", group="equity", floor=0,
        about=_("What approved requests may still claim."),
    ),
    AccountKind(code=EXPENSE, title=_("Development funds"), normal="debit", gl_code="6630", group="expense", about=_("Approved claims.")),
)  # fmt: skip


class FundEntries:
    """Port "ledger.entry_kinds"."""

    labels: Mapping[str, Any] = {
        "funds.budget_set": _("Budget set"),
        "funds.allocated": _("Fund allocated"),
        "funds.accrued": _("Co-op money accrued"),
        "funds.reserved": _("Request approved"),
        "funds.claim_approved": _("Claim approved"),
        "funds.released": _("Reservation released"),
        "funds.returned": _("Fund returned to its budget"),
        "funds.paid": _("Claim paid"),
    }
    _pages: Mapping[str, str] = {
        "funds.budget_set": "funds:budget",
        "funds.reserved": "funds:request",
        "funds.claim_approved": "funds:claim",
        "funds.released": "funds:request",
        "funds.paid": "funds:claim",
    }

    def url(self, *, kind: str, about: UUID) -> str:
        return reverse(self._pages.get(kind, "funds:allocation"), args=[about])
