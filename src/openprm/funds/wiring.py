"""What funds contribute."""

from openprm.funds import accounts, events, extras, jobs, news
from openprm.funds.api import ROUTERS
from openprm.funds.coop_takeaway import COOP_EXPORT
from openprm.funds.datasets import DATASETS
from openprm.funds.leaving import EXPORT
from openprm.funds.pages import doors
from openprm.funds.payout_source import FundClaims
from openprm.funds.promisekinds import PROMISES
from openprm.funds.rulekinds import RULE_KINDS
from openprm.funds.sources import FundDecisions, search
from openprm.funds.transfer import EXPORTERS, IMPORTERS
from openprm.funds.unposted import ClaimsNotDecided
from openprm.funds.verbs import AUDIT_VERBS
from openprm.kernel.registry import Subscription, Wiring
from openprm.offboarding.events import PartnerOffboarded

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_marketer", "partner_reader"}
DECIDERS = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager"}

SUBSCRIPTIONS = tuple(
    Subscription(event=event, handler=handler)
    for event, handler in (
        (events.FundAllocated, jobs.on_allocated),
        (events.FundsRequested, jobs.on_requested),
        (events.FundsStepTaken, jobs.on_step),
        (events.FundsApproved, jobs.on_approved),
        (events.FundsRefused, jobs.on_refused),
        (events.FundsReleased, jobs.on_released),
        (events.ClaimSubmitted, jobs.on_claimed),
        (events.ClaimApproved, jobs.on_claim_approved),
        (events.ClaimRefused, jobs.on_claim_refused),
        (events.ClaimPaid, jobs.on_paid),
        (events.DeadlineNears, jobs.on_deadline),
        (PartnerOffboarded, jobs.on_partner_left),
    )
)

wiring = Wiring(
    domain="funds",
    permissions={
        "funds.view": VENDOR | PARTNER,
        "funds.request": {"partner_admin", "partner_marketer"},
        "funds.decide": DECIDERS,
        "funds.manage": {"vendor_admin", "finance_manager", "marketing_manager"},
        "funds.settle": {"vendor_admin", "finance_manager"},
        "funds.limit": {"vendor_admin"},
        "funds.import": {"vendor_admin", "finance_manager"},
        **extras.PERMISSIONS,
    },
    pages=(*doors.PAGES, *extras.PAGES),
    nav=doors.NAV,
    routers={**ROUTERS, **extras.ROUTERS},
    home_panels=(*doors.HOME_PANELS, *extras.HOME_PANELS),
    object_panels=(*doors.OBJECT_PANELS, *extras.OBJECT_PANELS),
    subscriptions=(*SUBSCRIPTIONS, *extras.SUBSCRIPTIONS),
    jobs=(jobs.warn_deadlines, jobs.expire, *extras.JOBS),
    audit_verbs=AUDIT_VERBS | extras.AUDIT_VERBS,
    rule_kinds=RULE_KINDS,
    promises=(*PROMISES, *extras.PROMISES),
    notification_kinds=(*news.KINDS, *extras.KINDS),
    decision_sources=(FundDecisions(), *extras.DECISION_SOURCES),
    search=(search,),
    importers=IMPORTERS,
    exporters=EXPORTERS,
    datasets=DATASETS,
    ports={
        "payouts.sources": (FundClaims(),),
        "ledger.account_kinds": accounts.KINDS,
        "ledger.entry_kinds": (accounts.FundEntries(),),
        "ledger.unposted": (ClaimsNotDecided(),),
        "offboarding.export": (*EXPORT, COOP_EXPORT),
    },
)
