"""What a checker sees of a run: who may approve it, and what changed since it was prepared."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from openprm.kernel.money import Money
from openprm.ledger import services as ledger
from openprm.payouts.models import Invoice, Payout, Run
from openprm.payouts.queries.standing import Facts, Hold, facts_of, standing
from openprm.payouts.rulekinds import APPROVAL
from openprm.payouts.rules.netting import totals
from openprm.payouts.rules.states import Pay
from openprm.rulebook import services as rulebook


def approver_of(run: Run, at: datetime) -> str:
    """The role that the published rule asks for, by the run's total in the house's currency; without a rate an administrator."""
    rows = totals(Payout.objects.filter(run=run).exclude(state=Pay.CANCELED).values_list("currency", "amount_minor"))
    try:
        base = sum(ledger.convert(Money(minor, currency), to=settings.OPENPRM_CURRENCY, on=at.date()).money.minor for currency, minor in rows.items())
    except ledger.NoRate:
        return "vendor_admin"
    outcome = rulebook.evaluate(kind=APPROVAL, program_id=None, inputs={"total": Money(base, settings.OPENPRM_CURRENCY)}, at=at).outcome
    return str((outcome or {}).get("approver", "vendor_admin"))


def problems_of(run: Run, at: datetime) -> list[tuple[Payout, str]]:
    """Payments of a run that could not be paid as they were prepared: the payee or its papers changed since."""
    rows = list(Payout.objects.filter(run=run, state=Pay.PENDING).order_by("number"))
    facts = facts_of((row.partner_id for row in rows), at)
    for row in Invoice.objects.filter(payout__in=rows):
        facts.invoices.setdefault(row.partner_id, []).append(row)
    return [(row, sentence) for row in rows if (sentence := _changed(facts, row))]


def _changed(facts: Facts, payout: Payout) -> str | None:
    found = standing(facts, payout.partner_id, Money(payout.amount_minor, payout.currency))
    words = {"number": payout.number, "name": payout.payee_name}
    if isinstance(found, Hold):
        return _("%(number)s to %(name)s:") % words + f" {found.reason} {found.cure}".rstrip()
    before = (payout.method, payout.bank_account_id, payout.provider_account)
    if (found.method, found.account and found.account.pk, found.provider_account) != before:
        return _("%(number)s to %(name)s: the way it is paid changed after the run was prepared.") % words
    return None
