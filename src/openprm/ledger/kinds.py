"""The kinds of accounts that every room may post to."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.ledger.ports import AccountKind

KINDS = (
    AccountKind(
        code="partner.payable", title=_("Payable to partners"), partner_title=_("Owed to you"), normal="credit", gl_code="3500", group="liability",
        about=_("What is approved and owed. Below zero it is carried forward against what comes next."),
    ),
    AccountKind(code="cash.bank", title=_("Bank"), normal="debit", gl_code="1800", group="asset", by_hand=True, about=_("What left the bank account.")),
    AccountKind(
        code="payouts.in_flight", title=_("Payments on their way"), partner_title=_("On its way to you"), normal="credit", gl_code="3550", group="liability",
        about=_("Sent to the bank or the provider and not confirmed yet."),
    ),
    AccountKind(
        code="fx.difference", title=_("Exchange differences"), normal="debit", gl_code="6880", group="expense",
        by_hand=True, about=_("The two sides of a conversion, each in its own currency."),
    ),
    AccountKind(
        code="rounding", title=_("Rounding"), normal="debit", gl_code="6969", group="expense", by_hand=True, about=_("What another system rounded otherwise."),
    ),
    AccountKind(
        code="opening", title=_("Opening balances"), normal="credit", gl_code="9000", group="equity",
        by_hand=True, about=_("The other side of what was owed before these books began."),
    ),
)  # fmt: skip


class BooksEntries:
    """The words for what finance books by hand."""

    labels: ClassVar[Mapping[str, Any]] = {"books.by_hand": _("Booked by hand"), "books.opening": _("Opening balance")}

    def url(self, *, kind: str, about: UUID) -> str:
        return ""
