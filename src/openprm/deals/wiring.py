from django.utils.translation import gettext_lazy as _

from openprm.deals import (
    actions,
    dates,
    demand,
    events,
    jobs,
    late_history,
    life,
    mapped_deals,
    milestones,
    news,
    offboarding,
    queries,
    threads,
    tier_facts,
    window_history,
    windows,
    won_facts,
    work_history,
)
from openprm.deals.api import ROUTERS
from openprm.deals.datasets import DATASETS
from openprm.deals.liferules import LIFE_RULE_KINDS
from openprm.deals.pages import doors, doors_life
from openprm.deals.promisekinds import PROMISES
from openprm.deals.rulekinds import RULE_KINDS
from openprm.deals.sources import HOLDERS, WaitingDeals
from openprm.deals.transfer import EXPORTERS, IMPORTERS
from openprm.kernel.registry import AuditVerb, Subscription, Wiring
from openprm.promises.events import PromiseBroken

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader", "partner_collaborator"}
MANAGERS = {"vendor_admin", "partner_manager"}
SELLERS = {"partner_admin", "partner_sales"}

AUDIT_VERBS = {
    "deal.drafted": AuditVerb(label=_("began a registration"), icon="file-pen"),
    "deal.changed": AuditVerb(label=_("changed the deal"), icon="pencil", tone="info"),
    "deal.submitted": AuditVerb(label=_("registered the deal"), icon="send", tone="info"),
    "deal.resubmitted": AuditVerb(label=_("sent the registration again"), icon="rotate-cw", tone="info"),
    "deal.checked": AuditVerb(label=_("ran the conflict check"), icon="shield-alert", tone="warn"),
    "deal.review_started": AuditVerb(label=_("took up the review"), icon="eye", tone="info"),
    "deal.step_approved": AuditVerb(label=_("approved a step"), icon="check", tone="ok"),
    "deal.approved": AuditVerb(label=_("approved the registration"), icon="circle-check", tone="ok"),
    "deal.returned": AuditVerb(label=_("asked for information"), icon="undo-2", tone="warn"),
    "deal.rejected": AuditVerb(label=_("rejected the registration"), icon="circle-x", tone="bad"),
    "deal.withdrawn": AuditVerb(label=_("withdrew the registration"), icon="undo-2"),
    "deal.lapsed": AuditVerb(label=_("withdrew the registration: no answer came"), icon="hourglass", tone="warn"),
    "deal.canceled": AuditVerb(label=_("canceled the deal"), icon="circle-x"),
    "deal.customer_settled": AuditVerb(label=_("settled who the customer is"), icon="building-2", tone="info"),
    "deal.protection_extended": AuditVerb(label=_("extended the protection"), icon="shield-plus", tone="ok"),
    "deal.days_taken_back": AuditVerb(label=_("took days of protection back"), icon="undo-2", tone="warn"),
    "deal.protection_restored": AuditVerb(label=_("restored the protection"), icon="shield-check", tone="ok"),
    "deal.protection_released": AuditVerb(label=_("released the protection"), icon="shield-off"),
    "deal.protection_ends_soon": AuditVerb(label=_("reminded both sides of the end of the protection"), icon="alarm-clock", tone="warn"),
    "deal.extension_requested": AuditVerb(label=_("asked for a longer protection"), icon="hourglass", tone="warn"),
    "deal.expired": AuditVerb(label=_("ended the registration: its protection ran out"), icon="hourglass"),
    "deal.stage_moved": AuditVerb(label=_("moved the deal"), icon="arrow-right", tone="info"),
    "deal.stalled": AuditVerb(label=_("noticed that the deal stands still"), icon="clock", tone="warn"),
    "deal.won": AuditVerb(label=_("won the deal"), icon="trophy", tone="ok"),
    "deal.lost": AuditVerb(label=_("lost the deal"), icon="circle-x"),
    "deal.remedied": AuditVerb(label=_("made up for a late answer"), icon="scale", tone="info"),
    "deal.noted": AuditVerb(label=_("added a note"), icon="message-square"),
    "deal.noted_by_mail": AuditVerb(label=_("added a note by mail"), icon="mail"),
    "deal.task_added": AuditVerb(label=_("added a task"), icon="list-todo"),
    "deal.task_done": AuditVerb(label=_("finished a task"), icon="check"),
    "deal.document_added": AuditVerb(label=_("added a file"), icon="paperclip"),
    "deal.document_removed": AuditVerb(label=_("removed a file"), icon="trash-2"),
    "deal.collaborator_added": AuditVerb(label=_("added a person to the deal"), icon="user-plus"),
    "deal.collaborator_removed": AuditVerb(label=_("took a person off the deal"), icon="user-minus"),
    "deal.imported": AuditVerb(label=_("imported the deal"), icon="upload"),
    "deal.import_removed": AuditVerb(label=_("took back an imported deal"), icon="undo-2"),
    "deal.product_line_added": AuditVerb(label=_("added a product line"), icon="package"),
    "deal.product_line_changed": AuditVerb(label=_("changed a product line"), icon="package"),
    "deal.product_added": AuditVerb(label=_("added a product"), icon="package"),
    "deal.product_changed": AuditVerb(label=_("changed a product"), icon="package"),
    "deal.territory_added": AuditVerb(label=_("added a territory"), icon="map"),
    "deal.territory_changed": AuditVerb(label=_("changed a territory"), icon="map"),
    "deal.rate_added": AuditVerb(label=_("added an exchange rate"), icon="coins"),
    "deal.reviewer_assigned": AuditVerb(label=_("made somebody a regional reviewer"), icon="user-check"),
    "deal.reviewer_removed": AuditVerb(label=_("took a regional reviewer off"), icon="user-minus"),
    "opportunity.imported": AuditVerb(label=_("imported the opportunity"), icon="upload"),
    "opportunity.changed": AuditVerb(label=_("changed the opportunity"), icon="pencil"),
}

SUBSCRIPTIONS = tuple(
    Subscription(event=event, handler=handler)
    for event, handler in (
        (events.DealSubmitted, jobs.on_submitted),
        (events.DealResubmitted, jobs.on_resubmitted),
        (events.DealReviewStarted, jobs.on_review_started),
        (events.DealStepApproved, jobs.on_step_approved),
        (events.DealApproved, jobs.on_approved),
        (events.DealReturned, jobs.on_returned),
        (events.DealRejected, jobs.on_rejected),
        (events.DealWithdrawn, jobs.on_withdrawn),
        (events.DealCanceled, jobs.on_canceled),
        (events.ExtensionRequested, jobs.on_extension_requested),
        (events.ProtectionExtended, jobs.on_extended),
        (events.ProtectionExpiring, jobs.on_expiring),
        (events.RegistrationExpired, jobs.on_expired),
        (events.ProtectionReleased, jobs.on_released),
        (events.DealStalled, jobs.on_stalled),
        (events.DealWon, jobs.on_won),
        (events.DealLost, jobs.on_lost),
        (events.DealRemedied, jobs.on_remedied),
        (events.NoteAdded, jobs.on_noted),
        (PromiseBroken, jobs.on_promise_broken),
        (events.DealWon, tier_facts.on_won),
        (events.DealApproved, tier_facts.on_approved),
    )
)

wiring = Wiring(
    domain="deals",
    permissions={
        "deals.view": VENDOR | PARTNER,
        "deals.view_internal": VENDOR,
        "deals.register": MANAGERS | SELLERS,
        "deals.precheck": MANAGERS | SELLERS,
        "deals.review": MANAGERS,
        "deals.approve": MANAGERS | {"finance_manager", "marketing_manager"},
        "deals.review_partner_region": MANAGERS,
        "deals.review_customer_region": MANAGERS,
        "deals.protect": MANAGERS,
        "deals.advance": MANAGERS | SELLERS | {"partner_collaborator"},
        "deals.comment": (VENDOR - {"vendor_reader"}) | (PARTNER - {"partner_reader"}),
        "deals.manage_catalogue": {"vendor_admin"},
        "deals.import": MANAGERS,
    },
    pages=(*doors.PAGES, *doors_life.PAGES, *windows.PAGES),
    nav=doors.NAV,
    routers=ROUTERS,
    home_panels=doors.HOME_PANELS,
    object_panels=(*doors.OBJECT_PANELS, *doors_life.PANELS, *windows.OBJECT_PANELS),
    settings_pages=(*doors.SETTINGS_PAGES, *doors_life.SETTINGS_PAGES),
    subscriptions=(*SUBSCRIPTIONS, *offboarding.SUBSCRIPTIONS, *milestones.SUBSCRIPTIONS, *life.SUBSCRIPTIONS, *windows.SUBSCRIPTIONS),
    jobs=(jobs.expire_protections, jobs.remind_expiring, jobs.alert_stalled, jobs.withdraw_unanswered, *life.JOBS, *windows.JOBS),
    audit_verbs=AUDIT_VERBS | offboarding.AUDIT_VERBS | life.AUDIT_VERBS | windows.AUDIT_VERBS,
    rule_kinds=(*RULE_KINDS, *LIFE_RULE_KINDS, *windows.RULE_KINDS),
    promises=(*PROMISES, *windows.PROMISES),
    notification_kinds=(*news.KINDS, *offboarding.KINDS, *windows.KINDS),
    decision_sources=(WaitingDeals(), life.WaitingAmendments(), *windows.DECISION_SOURCES),
    search=(queries.search,),
    importers=IMPORTERS,
    exporters=EXPORTERS,
    datasets=(tier_facts.DealFacts.monthly, won_facts.WON, *DATASETS),
    ports={
        "accounts.holders": HOLDERS,
        "mapping.deals": (mapped_deals.deals,),
        "ui.home_actions": doors.HOME_ACTIONS,
        "tiering.facts": (tier_facts.DealFacts(),),
        "rulebook.what_if": (window_history.ProtectedDeals(), work_history.WorkedDeals(), late_history.LateAnswers()),
        "tiering.benefit_checks": (tier_facts.ProtectionGiven(),),
        "recruitment.demand": (demand.OpenPipeline(),),
        "recruitment.performance": (demand.results,),
        "recruitment.capabilities": (demand.shown_capabilities,),
        "correspondence.threads": (threads.THREAD,),
        "correspondence.actions": actions.ACTIONS,
        "correspondence.dates": dates.DATES,
        **offboarding.PORTS,
        **milestones.PORTS,
        **windows.PORTS,
    },
)
