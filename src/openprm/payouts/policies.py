"""Whom and which payments an actor reaches, and why it may not act on them."""

from uuid import UUID

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import Model, ScopedQuerySet
from openprm.payouts.models import BankAccount, Document, Invoice, Item, Payee, PayingAccount, PaymentFile, Payout, Run, Statement, TaxForm


def reach_payees(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Payee)


def reach_accounts(actor: Actor) -> ScopedQuerySet:
    return _own(actor, BankAccount)


def reach_forms(actor: Actor) -> ScopedQuerySet:
    return _own(actor, TaxForm)


def reach_invoices(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Invoice)


def reach_payouts(actor: Actor) -> ScopedQuerySet:
    """Payments: all for the vendor; a partner sees its own once they are on their way."""
    rows = _own(actor, Payout)
    return rows if actor.sees_all_partners else rows.exclude(state__in=("pending", "canceled"))


def reach_items(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Item)


def reach_documents(actor: Actor) -> ScopedQuerySet:
    rows = _own(actor, Document)
    return rows if actor.sees_all_partners else rows.filter(shared=True)


def reach_runs(actor: Actor) -> ScopedQuerySet:
    return _vendors(actor, Run)


def reach_files(actor: Actor) -> ScopedQuerySet:
    return _vendors(actor, PaymentFile)


def reach_statements(actor: Actor) -> ScopedQuerySet:
    return _vendors(actor, Statement)


def reach_paying(actor: Actor) -> ScopedQuerySet:
    return _vendors(actor, PayingAccount)


def _own(actor: Actor, model: type[Model]) -> ScopedQuerySet:
    if not actor.can("payouts.view"):
        return model.objects.none()
    rows = model.objects.all()
    return rows if actor.sees_all_partners else rows.filter(partner__in=actor.partner_ids)


def _vendors(actor: Actor, model: type[Model]) -> ScopedQuerySet:
    return model.objects.all() if actor.sees_all_partners and actor.can("payouts.view") else model.objects.none()


def why_not_give(actor: Actor, partner_id: UUID) -> str | None:
    """The profile is kept by an administrator of the partner."""
    if actor.is_system or (actor.can("payouts.give") and partner_id in actor.partner_ids):
        return None
    return _("Only an administrator of the partner can change how it is paid.")


def why_not_check(actor: Actor) -> str | None:
    if not (actor.sees_all_partners and actor.can("payouts.check")):
        return _("Only administrators and the finance team of the vendor verify accounts and tax forms.")
    return _a_person(actor)


def why_not_prepare(actor: Actor) -> str | None:
    if not (actor.sees_all_partners and actor.can("payouts.prepare")):
        return _("Only administrators and the finance team of the vendor work on payouts.")
    return _a_person(actor)


def why_not_configure(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("payouts.configure"):
        return None
    return _("Only an administrator of the vendor sets up what is paid from where.")


def why_not_approve(actor: Actor, run: Run, approver: str) -> str | None:
    """`approver` is the role that the published rule asks for at this amount."""
    if not (actor.sees_all_partners and actor.can("payouts.approve")):
        return _("Only administrators and the finance team of the vendor approve payouts.")
    if reason := _a_person(actor):
        return reason
    if run.state != "prepared":
        return _("%(number)s does not wait for approval.") % {"number": run.number}
    if actor.user_id == run.prepared_by_id:
        return _("You prepared %(number)s. Somebody else approves it: four eyes.") % {"number": run.number}
    if approver == "vendor_admin" and "vendor_admin" not in actor.roles:
        return _("This run is above your limit. By the published rule an administrator approves it.")
    return None


def _a_person(actor: Actor) -> str | None:
    if actor.user_id is None:
        return _("Money is moved by people who sign in, never by a token without one.")
    return None
