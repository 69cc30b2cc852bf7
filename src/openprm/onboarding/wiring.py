"""What onboarding contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.agreements.events import AgreementAccepted
from openprm.compliance.events import ComplianceCleared
from openprm.directory.events import ProfilePublished
from openprm.identity.events import PersonJoined
from openprm.kernel.registry import AuditVerb, Subscription, Wiring
from openprm.onboarding import events, jobs, news, services
from openprm.onboarding.api import ROUTERS
from openprm.onboarding.pages import doors
from openprm.onboarding.promisekinds import PROMISES
from openprm.onboarding.sources import WaitingOnboarding
from openprm.onboarding.takeaway import ERASURES, EXPORT_PARTS
from openprm.partners.events import PartnerCreated, PartnerEnrolled, PartnerManagerAssigned, PartnerStatusChanged

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader", "partner_collaborator"}
MANAGERS = {"vendor_admin", "partner_manager"}

AUDIT_VERBS = {
    "onboarding.plan_started": AuditVerb(label=_("started the onboarding plan"), icon="rocket", tone="info"),
    "onboarding.plan_moved": AuditVerb(label=_("moved the plan to another version"), icon="git-compare", tone="info"),
    "onboarding.plan_completed": AuditVerb(label=_("saw the onboarding completed"), icon="trophy", tone="ok"),
    "onboarding.plan_ended": AuditVerb(label=_("ended the onboarding plan"), icon="circle-x", tone="warn"),
    "onboarding.level_completed": AuditVerb(label=_("completed a level"), icon="award", tone="ok"),
    "onboarding.level_skipped": AuditVerb(label=_("passed a level over"), icon="skip-forward", tone="warn"),
    "onboarding.task_done": AuditVerb(label=_("did an onboarding task"), icon="check", tone="ok"),
    "onboarding.task_reopened": AuditVerb(label=_("opened an onboarding task again"), icon="rotate-ccw", tone="warn"),
    "onboarding.task_waived": AuditVerb(label=_("waived an onboarding task"), icon="minus", tone="warn"),
    "onboarding.task_extended": AuditVerb(label=_("gave an onboarding task more time"), icon="calendar-plus", tone="warn"),
    "onboarding.task_assigned": AuditVerb(label=_("handed an onboarding task over"), icon="user-check"),
    "onboarding.commented": AuditVerb(label=_("commented on an onboarding task"), icon="message-square"),
    "onboarding.evidence_added": AuditVerb(label=_("added evidence"), icon="paperclip"),
    "onboarding.evidence_removed": AuditVerb(label=_("removed evidence"), icon="trash-2"),
    "onboarding.template_created": AuditVerb(label=_("added an onboarding template"), icon="list-checks"),
    "onboarding.template_updated": AuditVerb(label=_("changed who gets an onboarding template"), icon="pencil"),
    "onboarding.template_published": AuditVerb(label=_("published an onboarding template"), icon="send", tone="ok"),
    "onboarding.draft_discarded": AuditVerb(label=_("threw away the draft of an onboarding template"), icon="trash-2"),
    "onboarding.kit_saved": AuditVerb(label=_("changed the welcome kit"), icon="gift"),
    "onboarding.kit_delivered": AuditVerb(label=_("delivered the welcome kit"), icon="gift", tone="info"),
    "onboarding.kit_opened": AuditVerb(label=_("opened the welcome kit"), icon="gift", tone="ok"),
    "onboarding.help_asked": AuditVerb(label=_("asked for help with the first deal"), icon="life-buoy", tone="warn"),
    "onboarding.help_answered": AuditVerb(label=_("answered a question on the first deal"), icon="life-buoy", tone="ok"),
    "onboarding.pilot_created": AuditVerb(label=_("prepared a pilot"), icon="flask-conical"),
    "onboarding.pilot_updated": AuditVerb(label=_("changed a pilot"), icon="flask-conical"),
    "onboarding.pilot_started": AuditVerb(label=_("started a pilot"), icon="flask-conical", tone="info"),
    "onboarding.pilot_invited": AuditVerb(label=_("chose a partner for a pilot"), icon="user-plus"),
    "onboarding.pilot_accepted": AuditVerb(label=_("takes part in a pilot"), icon="check", tone="ok"),
    "onboarding.pilot_declined": AuditVerb(label=_("declined a pilot"), icon="x"),
    "onboarding.pilot_rolled_out": AuditVerb(label=_("rolled a pilot out"), icon="rocket", tone="ok"),
    "onboarding.pilot_ended": AuditVerb(label=_("ended a pilot"), icon="circle-x"),
    "onboarding.goal_added": AuditVerb(label=_("set a goal of a pilot"), icon="target"),
    "onboarding.goal_measured": AuditVerb(label=_("measured a goal of a pilot"), icon="ruler", tone="info"),
}

SUBSCRIPTIONS = tuple(
    Subscription(event=event, handler=handler)
    for event, handler in (
        (PartnerCreated, jobs.on_partner_created),
        (PartnerEnrolled, jobs.on_partner_enrolled),
        (PartnerStatusChanged, jobs.on_status_changed),
        (PartnerManagerAssigned, jobs.on_manager_assigned),
        (PersonJoined, jobs.on_person_joined),
        (AgreementAccepted, jobs.on_agreement_accepted),
        (ComplianceCleared, jobs.on_compliance_cleared),
        (ProfilePublished, jobs.on_profile_published),
        (events.PlanStarted, jobs.on_plan_started),
        (events.TasksAssigned, jobs.on_tasks_assigned),
        (events.TaskSpokenAbout, jobs.on_task_spoken_about),
        (events.LevelCompleted, jobs.on_level_completed),
        (events.PlanCompleted, jobs.on_plan_completed),
        (events.OnboardingStuck, jobs.on_stuck),
        (events.KitDelivered, jobs.on_kit_delivered),
        (events.HelpAsked, jobs.on_help_asked),
        (events.HelpAnswered, jobs.on_help_answered),
        (events.PilotInvited, jobs.on_pilot_invited),
        (events.PilotAnswered, jobs.on_pilot_answered),
        (events.PilotEnded, jobs.on_pilot_ended),
    )
)

wiring = Wiring(
    domain="onboarding",
    permissions={
        "onboarding.view": VENDOR | PARTNER,
        "onboarding.work": (VENDOR - {"vendor_reader"}) | (PARTNER - {"partner_reader", "partner_collaborator"}),
        "onboarding.assign_own": {"partner_admin"},
        "onboarding.answer_pilot": {"partner_admin"},
        "onboarding.manage": MANAGERS,
        "onboarding.configure": {"vendor_admin"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    home_panels=doors.HOME_PANELS,
    object_panels=doors.OBJECT_PANELS,
    settings_pages=doors.SETTINGS_PAGES,
    subscriptions=SUBSCRIPTIONS,
    jobs=(jobs.remind, jobs.mark_stuck),
    audit_verbs=AUDIT_VERBS,
    promises=PROMISES,
    notification_kinds=news.KINDS,
    decision_sources=(WaitingOnboarding(),),
    ports={"install": (services.ensure_defaults,), "offboarding.export": EXPORT_PARTS, "offboarding.erasure": ERASURES},
)
