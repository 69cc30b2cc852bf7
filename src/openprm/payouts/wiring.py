"""What payouts contributes."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import Subscription, Wiring
from openprm.payouts import events, jobs, news
from openprm.payouts.api import ROUTERS
from openprm.payouts.datasets import DATASETS
from openprm.payouts.engine.stripe import StripeConnect
from openprm.payouts.leaving import ERASURE, EXPORT, STEPS
from openprm.payouts.pages import doors
from openprm.payouts.ports import PROVIDERS, ProviderKind
from openprm.payouts.promisekinds import PROMISES
from openprm.payouts.rulekinds import RULE_KINDS
from openprm.payouts.sources import WaitingMoney
from openprm.payouts.unposted import PaymentsNotSettled
from openprm.payouts.verbs import AUDIT_VERBS

VENDOR = {"vendor_admin", "partner_manager", "finance_manager", "vendor_reader"}
FINANCE = {"vendor_admin", "finance_manager"}

SUBSCRIPTIONS = tuple(
    Subscription(event=event, handler=handler)
    for event, handler in (
        (events.BankAccountEntered, jobs.on_account_entered),
        (events.BankAccountMoved, jobs.on_account_moved),
        (events.TaxFormMoved, jobs.on_form_moved),
        (events.TaxFormEnding, jobs.on_form_ending),
        (events.RunPrepared, jobs.on_run_prepared),
        (events.RunApproved, jobs.on_run_approved),
        (events.PayoutHeld, jobs.on_held),
        (events.PayoutSent, jobs.on_sent),
        (events.PayoutCompleted, jobs.on_completed),
        (events.PayoutFailed, jobs.on_failed),
        (events.PayoutClaimed, jobs.pay),
        (events.PayoutBounced, jobs.take_back),
    )
)


class EntryWords:
    """How the books speak of payments, and where an entry leads."""

    labels = {
        "payouts.sent": _("Payment sent"), "payouts.settled": _("Payment settled"), "payouts.failed": _("Payment failed"),
        "payouts.returned": _("Payment returned by the bank"),
    }  # fmt: skip

    def url(self, *, kind: str, about) -> str:
        return reverse("payouts:payout", args=[about])


wiring = Wiring(
    domain="payouts",
    permissions={
        "payouts.view": VENDOR | {"partner_admin"},
        "payouts.give": {"partner_admin"},
        "payouts.check": FINANCE,
        "payouts.prepare": FINANCE,
        "payouts.approve": FINANCE,
        "payouts.configure": {"vendor_admin"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    home_panels=doors.HOME_PANELS,
    settings_pages=doors.SETTINGS_PAGES,
    decision_sources=(WaitingMoney(),),
    subscriptions=SUBSCRIPTIONS,
    jobs=(jobs.sweep, jobs.watch, jobs.expire_forms),
    audit_verbs=AUDIT_VERBS,
    rule_kinds=RULE_KINDS,
    promises=PROMISES,
    notification_kinds=news.KINDS,
    datasets=DATASETS,
    ports={
        PROVIDERS: (ProviderKind(code="stripe", label=_("Stripe Connect"), signature_header="Stripe-Signature", connect=StripeConnect),),
        "ledger.entry_kinds": (EntryWords(),),
        "ledger.unposted": (PaymentsNotSettled(),),
        "offboarding.steps": STEPS,
        "offboarding.export": EXPORT,
        "offboarding.erasure": ERASURE,
    },
)
