"""What incentives contribute."""

from django.utils.translation import gettext_lazy as _

from openprm.incentives import events, jobs, news
from openprm.incentives.api import ROUTERS
from openprm.incentives.leaving import EXPORT
from openprm.incentives.pages import doors
from openprm.incentives.rulekinds import RULE_KINDS
from openprm.incentives.transfer import EXPORTERS, IMPORTERS
from openprm.incentives.whatif import PlanHistory
from openprm.kernel.registry import AuditVerb, Subscription, Wiring
from openprm.rulebook.events import RuleVersionPublished, RuleVersionWithdrawn

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}
FINANCE = {"vendor_admin", "finance_manager"}

AUDIT_VERBS = {
    "incentives.plan_created": AuditVerb(label=_("began a plan"), icon="file-plus-2"),
    "incentives.plan_changed": AuditVerb(label=_("changed what a plan says of itself"), icon="pencil"),
    "incentives.terms_saved": AuditVerb(label=_("saved a draft of a plan's terms"), icon="file-pen"),
    "incentives.draft_discarded": AuditVerb(label=_("discarded a draft of a plan's terms"), icon="trash-2"),
    "incentives.plan_published": AuditVerb(label=_("published the terms of a plan"), icon="scroll-text", tone="info"),
    "incentives.plan_ended": AuditVerb(label=_("ended a plan"), icon="circle-x", tone="warn"),
    "incentives.usage_booked": AuditVerb(label=_("booked usage"), icon="gauge"),
    "incentives.share_set": AuditVerb(label=_("set a share of a customer's usage"), icon="scale"),
    "incentives.month_closed": AuditVerb(label=_("closed a month of usage"), icon="lock"),
}

wiring = Wiring(
    domain="incentives",
    permissions={
        "incentives.view": VENDOR | PARTNER,
        "incentives.edit": FINANCE,
        "incentives.publish": FINANCE,
        "incentives.usage": FINANCE,
        "incentives.import": FINANCE,
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    subscriptions=(
        Subscription(RuleVersionPublished, jobs.on_rules_published),
        Subscription(RuleVersionWithdrawn, jobs.on_rules_withdrawn),
        Subscription(events.PlanPublished, jobs.on_published),
        Subscription(events.PlanEnded, jobs.on_ended),
    ),
    notification_kinds=news.KINDS,
    importers=IMPORTERS,
    exporters=EXPORTERS,
    audit_verbs=AUDIT_VERBS,
    rule_kinds=RULE_KINDS,
    ports={"rulebook.what_if": (PlanHistory(),), "offboarding.export": EXPORT},
)
