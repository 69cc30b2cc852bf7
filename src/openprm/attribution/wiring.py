"""What attribution contributes."""

from openprm.attribution import commands, events, jobs, leaving, news
from openprm.attribution.api import ROUTERS
from openprm.attribution.datasets import DATASETS
from openprm.attribution.pages import doors
from openprm.attribution.promisekinds import PROMISES
from openprm.attribution.rulekinds import RULE_KINDS
from openprm.attribution.sources import ClaimsHeldByAccounts, HeldByAccounts, WaitingForCredit
from openprm.attribution.transfer import CorrectionExporter, CreditExporter, TouchImporter
from openprm.attribution.verbs import AUDIT_VERBS
from openprm.kernel.registry import Subscription, Wiring

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}

wiring = Wiring(
    domain="attribution",
    permissions={
        "attribution.view": VENDOR | PARTNER,
        "attribution.claim": {"vendor_admin", "partner_manager", "marketing_manager"} | (PARTNER - {"partner_reader"}),
        "attribution.dispute": {"partner_admin", "partner_sales"},
        "attribution.decide": {"vendor_admin", "partner_manager"},
        "attribution.run": {"vendor_admin", "finance_manager", "partner_manager"},
        "attribution.lock": {"vendor_admin", "finance_manager"},
        "attribution.configure": {"vendor_admin", "finance_manager"},
        "attribution.import": {"vendor_admin", "partner_manager"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    object_panels=doors.OBJECT_PANELS,
    subscriptions=(
        Subscription(event=events.MonthLocked, handler=jobs.on_locked),
        Subscription(event=events.ClaimMade, handler=jobs.on_claimed),
        Subscription(event=events.ClaimAnswered, handler=jobs.on_claim_answered),
        Subscription(event=events.DisputeOpened, handler=jobs.on_disputed),
        Subscription(event=events.DisputeAnswered, handler=jobs.on_dispute_answered),
    ),
    jobs=(jobs.collect, jobs.compute),
    audit_verbs=AUDIT_VERBS,
    notification_kinds=news.KINDS,
    decision_sources=(WaitingForCredit(),),
    rule_kinds=RULE_KINDS,
    promises=PROMISES,
    datasets=DATASETS,
    importers=(TouchImporter(),),
    exporters=(CreditExporter(), CorrectionExporter()),
    commands=commands.COMMANDS,
    ports={
        "accounts.holders": (HeldByAccounts(), ClaimsHeldByAccounts()),
        "offboarding.export": leaving.EXPORT,
        "offboarding.erasure": leaving.ERASURE,
    },
)
