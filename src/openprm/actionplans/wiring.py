"""What action plans contribute."""

from django.utils.translation import gettext_lazy as _

from openprm.actionplans import events, jobs, news, queries, services
from openprm.actionplans.api import ROUTERS
from openprm.actionplans.calendar import DATES
from openprm.actionplans.pages import doors
from openprm.actionplans.sources import WaitingPlans
from openprm.actionplans.takeaway import ERASURES, EXPORT_PARTS
from openprm.actionplans.transfer import EXPORTERS
from openprm.deals.events import DealCanceled, DealLost, DealRejected, DealWithdrawn, DealWon, RegistrationExpired
from openprm.kernel.registry import AuditVerb, Subscription, Wiring

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader", "partner_collaborator"}
MANAGERS = {"vendor_admin", "partner_manager"}
SELLERS = {"partner_admin", "partner_sales"}

AUDIT_VERBS = {
    "actionplan.started": AuditVerb(label=_("began the action plan"), icon="list-checks", tone="info"),
    "actionplan.ended": AuditVerb(label=_("ended the action plan"), icon="circle-x"),
    "actionplan.signed": AuditVerb(label=_("agreed to the action plan"), icon="pen-line", tone="ok"),
    "actionplan.shifted": AuditVerb(label=_("moved the action plan to another close date"), icon="calendar-clock", tone="warn"),
    "actionplan.step_added": AuditVerb(label=_("added a step"), icon="plus"),
    "actionplan.step_changed": AuditVerb(label=_("changed a step"), icon="pencil", tone="info"),
    "actionplan.step_done": AuditVerb(label=_("did a step"), icon="check", tone="ok"),
    "actionplan.step_skipped": AuditVerb(label=_("skipped a step"), icon="skip-forward", tone="warn"),
    "actionplan.step_reopened": AuditVerb(label=_("opened a step again"), icon="rotate-ccw", tone="warn"),
    "actionplan.step_shared": AuditVerb(label=_("showed a step to the other side"), icon="eye"),
    "actionplan.step_removed": AuditVerb(label=_("removed an internal step"), icon="trash-2"),
    "actionplan.step_file_added": AuditVerb(label=_("added a file to a step"), icon="paperclip"),
    "actionplan.step_file_removed": AuditVerb(label=_("removed a file from a step"), icon="trash-2"),
    "actionplan.template_created": AuditVerb(label=_("added a template of action plans"), icon="list-checks"),
    "actionplan.template_updated": AuditVerb(label=_("changed a template of action plans"), icon="pencil"),
    "actionplan.template_published": AuditVerb(label=_("published a template of action plans"), icon="send", tone="ok"),
    "actionplan.draft_discarded": AuditVerb(label=_("threw away a draft of a template"), icon="trash-2"),
}
OVER = (DealWon, DealLost, DealCanceled, DealWithdrawn, DealRejected, RegistrationExpired)
SUBSCRIPTIONS = (
    Subscription(event=events.PlanStarted, handler=jobs.on_plan_started),
    Subscription(event=events.StepAssigned, handler=jobs.on_step_assigned),
    Subscription(event=events.StepFinished, handler=jobs.on_step_finished),
    Subscription(event=events.PlanSigned, handler=jobs.on_plan_signed),
    Subscription(event=events.PlanAgreed, handler=jobs.on_plan_agreed),
    Subscription(event=events.PlanShifted, handler=jobs.on_plan_shifted),
    *(Subscription(event=event, handler=jobs.on_deal_over) for event in OVER),
)

wiring = Wiring(
    domain="actionplans",
    permissions={
        "actionplans.view": VENDOR | PARTNER,
        "actionplans.work": MANAGERS | SELLERS | {"partner_technical", "partner_collaborator"},
        "actionplans.sign": MANAGERS | SELLERS,
        "actionplans.configure": {"vendor_admin"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    object_panels=doors.OBJECT_PANELS,
    settings_pages=doors.SETTINGS_PAGES,
    subscriptions=SUBSCRIPTIONS,
    jobs=(jobs.remind,),
    audit_verbs=AUDIT_VERBS,
    notification_kinds=news.KINDS,
    decision_sources=(WaitingPlans(),),
    exporters=EXPORTERS,
    ports={
        "install": (services.ensure_defaults,),
        "offboarding.export": EXPORT_PARTS,
        "offboarding.erasure": ERASURES,
        "correspondence.dates": DATES,
        "deals.agreed_plans": (queries.has_agreed,),
    },
)
