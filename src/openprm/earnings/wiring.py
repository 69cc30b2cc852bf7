"""What earnings contribute."""

from django.utils.translation import gettext_lazy as _

from openprm.attribution.events import ClaimAnswered
from openprm.conflicts.events import CreditShareDecided
from openprm.deals.events import AmendmentDecided, DealApproved, DealRemedied, DealReopened, DealWon, RenewalClosed
from openprm.earnings import commands, events, jobs, news, offboarding
from openprm.earnings.accountkinds import ACCOUNT_KINDS, EarningEntries
from openprm.earnings.api import ROUTERS
from openprm.earnings.credit import CreditEarned
from openprm.earnings.datasets import DATASETS
from openprm.earnings.happened import Happened
from openprm.earnings.pages import doors
from openprm.earnings.payout_source import EarningsToPay
from openprm.earnings.promisekinds import PROMISES
from openprm.earnings.rulekinds import RULE_KINDS
from openprm.earnings.sources import WaitingEarnings
from openprm.earnings.transfer import EXPORTERS, IMPORTERS
from openprm.earnings.unposted import EarningsNotDecided
from openprm.incentives.events import UsageBooked
from openprm.kernel.registry import AuditVerb, Subscription, Wiring
from openprm.leads.events import LeadReferralAnswered

VENDOR = {"vendor_admin", "partner_manager", "finance_manager", "vendor_reader"}
FINANCE = {"vendor_admin", "finance_manager"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}

AUDIT_VERBS = {
    "earning.accrued": AuditVerb(label=_("earned"), icon="coins", tone="info"),
    "earning.approved": AuditVerb(label=_("approved the earning"), icon="circle-check", tone="ok"),
    "earning.declined": AuditVerb(label=_("declined the earning"), icon="circle-x", tone="bad"),
    "earning.taken_back": AuditVerb(label=_("took the earning back before it was approved"), icon="undo-2", tone="bad"),
    "earning.clawed_back": AuditVerb(label=_("took money back"), icon="undo-2", tone="bad"),
    "earning.held": AuditVerb(label=_("put the earning on hold"), icon="hourglass", tone="warn"),
    "earning.released": AuditVerb(label=_("released the earning"), icon="check", tone="info"),
    "earning.in_payout": AuditVerb(label=_("put the earning into a payout"), icon="send", tone="info"),
    "earning.owed_again": AuditVerb(label=_("took the earning out of a payout"), icon="rotate-cw", tone="warn"),
    "earning.paid": AuditVerb(label=_("paid the earning"), icon="circle-check", tone="ok"),
    "earning.alert_raised": AuditVerb(label=_("raised an alert"), icon="shield-alert", tone="warn"),
    "earning.alert_dismissed": AuditVerb(label=_("found the alert unfounded"), icon="shield-check", tone="ok"),
    "earning.alert_confirmed": AuditVerb(label=_("confirmed the alert"), icon="shield-alert", tone="bad"),
    "earning.adjusted": AuditVerb(label=_("entered an amount by hand"), icon="pencil", tone="info"),
    "earning.adjustment_proposed": AuditVerb(label=_("proposed an amount"), icon="pencil", tone="info"),
    "earning.adjustment_approved": AuditVerb(label=_("approved an amount by hand"), icon="circle-check", tone="ok"),
    "earning.adjustment_rejected": AuditVerb(label=_("rejected an amount by hand"), icon="circle-x", tone="bad"),
    "earning.adjustment_withdrawn": AuditVerb(label=_("took a proposal back"), icon="undo-2"),
    "earning.bounty_sent": AuditVerb(label=_("sent the proof for a bounty"), icon="trophy", tone="info"),
    "earning.bounty_accepted": AuditVerb(label=_("accepted a bounty"), icon="circle-check", tone="ok"),
    "earning.bounty_rejected": AuditVerb(label=_("did not accept a bounty"), icon="circle-x", tone="bad"),
    "earning.bounty_withdrawn": AuditVerb(label=_("took a submission back"), icon="undo-2"),
    "earning.forfeiture_warned": AuditVerb(label=_("warned that money will be forfeited"), icon="triangle-alert", tone="warn"),
    "earning.forfeited": AuditVerb(label=_("forfeited money"), icon="circle-x", tone="bad"),
    "earning.statement_sealed": AuditVerb(label=_("sealed a statement"), icon="file-text", tone="info"),
    "earning.credited_late_answer": AuditVerb(label=_("credited an amount for a late answer"), icon="scale", tone="info"),
    "earning.brought_in": AuditVerb(label=_("brought in an earning of another system"), icon="download"),
}
SUBSCRIPTIONS = tuple(
    Subscription(event=event, handler=handler)
    for event, handler in (
        (DealWon, jobs.on_deal_won),
        (DealApproved, jobs.on_deal_approved),
        (AmendmentDecided, jobs.on_amendment),
        (DealReopened, jobs.on_reopened),
        (RenewalClosed, jobs.on_renewal),
        (LeadReferralAnswered, jobs.on_referral_answered),
        (CreditShareDecided, jobs.on_credit_share),
        (DealRemedied, jobs.on_late_answer),
        (UsageBooked, jobs.on_usage),
        (ClaimAnswered, jobs.on_help_confirmed),
        (events.EarningsAccrued, jobs.on_accrued),
        (events.EarningsDecided, jobs.on_decided),
        (events.EarningClawedBack, jobs.on_clawed_back),
        (events.EarningAlertRaised, jobs.on_alert),
        (events.ForfeitureWarned, jobs.on_forfeiture_warned),
        (events.EarningsForfeited, jobs.on_forfeited),
        (events.AdjustmentMoved, jobs.on_adjustment),
        (events.BountyMoved, jobs.on_bounty),
        (events.StatementSealed, jobs.on_statement),
    )
)

wiring = Wiring(
    domain="earnings",
    permissions={
        "earnings.view": VENDOR | PARTNER,
        "earnings.view_company": VENDOR | {"partner_admin", "partner_reader"},
        "earnings.review": FINANCE,
        "earnings.adjust": FINANCE,
        "earnings.import": FINANCE,
        "earnings.submit": {"partner_admin", "partner_sales", "partner_marketer", "partner_technical"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    home_panels=doors.HOME_PANELS,
    object_panels=doors.OBJECT_PANELS,
    subscriptions=SUBSCRIPTIONS,
    jobs=(jobs.release_due, jobs.by_the_calendar, jobs.forfeit_due),
    audit_verbs=AUDIT_VERBS,
    rule_kinds=RULE_KINDS,
    promises=PROMISES,
    notification_kinds=news.KINDS,
    decision_sources=(WaitingEarnings(),),
    importers=IMPORTERS,
    exporters=EXPORTERS,
    commands=commands.COMMANDS,
    datasets=DATASETS,
    ports={
        "attribution.sinks": (CreditEarned(),),
        "ledger.account_kinds": ACCOUNT_KINDS,
        "ledger.entry_kinds": (EarningEntries(),),
        "ledger.unposted": (EarningsNotDecided(),),
        "incentives.history": (Happened(),),
        "payouts.sources": (EarningsToPay(),),
        **offboarding.PORTS,
    },
)
