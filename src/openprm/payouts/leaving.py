"""What payouts adds when a partner leaves: its last payout, its part of the export, names that are forgotten."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.actor import Actor
from openprm.kernel.money import Money, format_money
from openprm.offboarding.ports import Outcome, Plan, Step
from openprm.partners.ports import Erasure, ExportPart
from openprm.payouts import policies, queries, services
from openprm.payouts.queries.due import due_lines
from openprm.payouts.rules.netting import totals

PAYMENTS = ("number", "amount_minor", "currency", "state", "reason", "sent_at", "completed_at")
LINES = ("payment", "number", "about", "amount_minor", "currency", "approved_at")
ACCOUNTS = ("kind", "currency", "holder", "last4", "state", "entered_at")


def _last_payout(actor: Actor, partner_id: UUID, plan: Plan, at: datetime) -> Outcome:
    """Money that is due stays due: leaving forfeits nothing. The next run pays it."""
    sums = totals((line.currency, line.amount_minor) for line in due_lines([partner_id], at=at))
    words = ", ".join(format_money(Money(minor, currency)) for currency, minor in sums.items() if minor)
    if not words:
        return Outcome(note=_("Nothing is due to the partner."), skipped=True)
    return Outcome(note=_("%(amounts)s stays due and is paid with the next run. Leaving forfeits nothing.") % {"amounts": words})


STEPS = (
    Step(
        code="money", label=gettext_lazy("Settle money"), order=20, run=_last_payout,
        about=gettext_lazy("What is approved stays due and is paid with the next run, also after the partner has left. Leaving forfeits nothing."),
    ),
)  # fmt: skip


def _payments(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.export_payouts(actor, filters={}):
        values = (row.number, row.money.minor, row.money.currency, row.state, row.reason, row.sent_at, row.completed_at)
        yield dict(zip(PAYMENTS, values, strict=True))


def _lines(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in policies.reach_items(actor).filter(payout__in=policies.reach_payouts(actor)).select_related("payout").order_by("created_at", "pk"):
        values = (row.payout.number, row.number, row.about, row.amount_minor, row.currency, row.approved_at)
        yield dict(zip(LINES, values, strict=True))


def _forget(*, partner_id: UUID, people: Iterable[UUID], at: datetime) -> int:
    return services.forget_people(partner_id=partner_id, people=tuple(people), at=at)


EXPORT = (
    ExportPart(code="payments", label=gettext_lazy("Payments"), columns=PAYMENTS, rows=_payments),
    ExportPart(code="payment_lines", label=gettext_lazy("What payments paid"), columns=LINES, rows=_lines),
    ExportPart(code="bank_accounts", label=gettext_lazy("Bank accounts"), columns=ACCOUNTS, rows=queries.exported_accounts),
)
ERASURE = (Erasure(code="payouts.people", label=gettext_lazy("Bank and tax numbers of a partner that left"), erase=_forget),)
