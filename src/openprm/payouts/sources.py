"""What payouts contributes to the decision queue."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.payouts import policies, queries
from openprm.payouts.models import Run
from openprm.payouts.queries.checks import approver_of
from openprm.promises import queries as promises


class WaitingMoney:
    """Runs that this person may approve, accounts and tax forms that wait for a check."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if not actor.sees_all_partners or not actor.can("payouts.check"):
            return []
        return [*_runs(actor, at), *_checks(actor, at)]


def _runs(actor: Actor, at: datetime) -> list[Decision]:
    rows: list[Run] = list(policies.reach_runs(actor).filter(state="prepared").order_by("prepared_at")[:60])
    shown = {row.id: row for row in queries.run_rows(rows)}
    return [
        Decision(
            key=f"payouts.run:{row.pk}", title=_("Payout run %(number)s") % {"number": row.number}, icon="wallet", tone="info",
            detail=_("%(count)d payments, prepared by %(name)s") % {"count": shown[row.pk].payments, "name": shown[row.pk].prepared_by or "–"},
            url=reverse("payouts:run", args=[row.pk]), due_at=None, value=shown[row.pk].totals[0] if shown[row.pk].totals else None, since=row.prepared_at,
        )
        for row in rows
        if policies.why_not_approve(actor, row, approver_of(row, at)) is None
    ]  # fmt: skip


def _checks(actor: Actor, at: datetime) -> list[Decision]:
    accounts, forms = queries.to_check(actor)
    clocks = promises.clocks([row.pk for row in accounts], "payouts.check", at)
    found = [
        Decision(
            key=f"payouts.account:{row.pk}", title=_("Bank account of %(partner)s") % {"partner": row.partner.name}, icon="landmark",
            detail=_("%(currency)s •••• %(last4)s waits to be verified") % {"currency": row.currency, "last4": row.last4},
            url=reverse("payouts:payee", args=[row.partner_id]), due_at=clocks[row.pk].due_at if row.pk in clocks else None,
            tone="bad" if row.pk in clocks and clocks[row.pk].overdue else "",
        )
        for row in accounts
    ]  # fmt: skip
    return found + [
        Decision(
            key=f"payouts.form:{row.pk}", title=_("%(form)s of %(partner)s") % {"form": row.get_kind_display(), "partner": row.partner.name}, icon="file-text",
            detail=_("A tax form waits for your check"), url=reverse("payouts:payee", args=[row.partner_id]), due_at=None,
        )
        for row in forms
    ]  # fmt: skip
