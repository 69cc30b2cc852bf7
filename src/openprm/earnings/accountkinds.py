"""The accounts that earnings post to, and the words for their entries."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.ledger.ports import AccountKind

ACCOUNT_KINDS = (
    AccountKind(code="earnings.expense", title=_("Partner earnings"), normal="debit", gl_code="6770", group="expense", about=_("What partners earn.")),
    AccountKind(
        code="earnings.accrued", title=_("Earned and not approved yet"), normal="credit", gl_code="3510", group="liability",
        about=_("What a partner has earned and nobody has approved yet."),
    ),
    AccountKind(
        code="forfeited.income", title=_("Forfeited by partners"), normal="credit", gl_code="4980", group="income",
        about=_("Approved money that could not be paid in time, after every published warning."),
    ),
)  # fmt: skip


class EarningEntries:
    labels = {
        "earnings.accrued": _("Earned"),
        "earnings.brought_in": _("Earned before these books"),
        "earnings.approved": _("Earning approved"),
        "earnings.declined": _("Earning declined"),
        "earnings.taken_back": _("Earning taken back"),
        "earnings.forfeited": _("Earning forfeited"),
    }

    def url(self, *, kind: str, about: UUID) -> str:
        return reverse("earnings:earning", args=[about])
