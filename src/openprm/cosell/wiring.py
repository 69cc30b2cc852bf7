"""What co-selling contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.cosell import correspondence, disputes, events, jobs, news, offboarding, plans, queries
from openprm.cosell.api import ROUTERS
from openprm.cosell.mapped_attaching import Attaching
from openprm.cosell.pages import doors
from openprm.cosell.promisekinds import PROMISES
from openprm.cosell.rulekinds import RULE_KINDS
from openprm.cosell.sources import WaitingEngagements
from openprm.cosell.transfer import EXPORTERS, IMPORTERS
from openprm.deals.events import DealLost, DealWon
from openprm.kernel.registry import AuditVerb, Subscription, Wiring
from openprm.partners.events import PartnerStatusChanged
from openprm.promises.events import PromiseBroken

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
MANAGERS = {"vendor_admin", "partner_manager"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}
SELLERS = {"partner_admin", "partner_sales", "partner_technical"}

AUDIT_VERBS = {
    "cosell.opened": AuditVerb(label=_("opened the engagement"), icon="handshake", tone="info"),
    "cosell.changed": AuditVerb(label=_("changed the engagement"), icon="pencil"),
    "cosell.detailed": AuditVerb(label=_("wrote down the details"), icon="file-pen"),
    "cosell.stage_moved": AuditVerb(label=_("moved the deal"), icon="arrow-right", tone="info"),
    "cosell.moved": AuditVerb(label=_("brought the engagement on its way"), icon="arrow-right", tone="info"),
    "cosell.closed": AuditVerb(label=_("closed the engagement"), icon="circle-check"),
    "cosell.handed_over": AuditVerb(label=_("took the engagement over"), icon="handshake", tone="info"),
    "cosell.invited": AuditVerb(label=_("invited a company"), icon="send", tone="info"),
    "cosell.invitation_refused": AuditVerb(label=_("could not invite a company"), icon="shield-alert", tone="warn"),
    "cosell.invitation_accepted": AuditVerb(label=_("accepted the invitation"), icon="circle-check", tone="ok"),
    "cosell.invitation_rejected": AuditVerb(label=_("rejected the invitation"), icon="circle-x", tone="bad"),
    "cosell.invitation_expired": AuditVerb(label=_("let an invitation expire"), icon="hourglass", tone="warn"),
    "cosell.invitation_canceled": AuditVerb(label=_("took an invitation back"), icon="undo-2"),
    "cosell.involvement_changed": AuditVerb(label=_("changed the involvement"), icon="eye", tone="info"),
    "cosell.role_changed": AuditVerb(label=_("changed a role"), icon="user-check"),
    "cosell.view_changed": AuditVerb(label=_("changed what a member gets to know"), icon="eye-off", tone="warn"),
    "cosell.share_set": AuditVerb(label=_("set a share"), icon="scale"),
    "cosell.member_left": AuditVerb(label=_("left the engagement"), icon="user-minus"),
    "cosell.member_removed": AuditVerb(label=_("took a company out"), icon="user-minus", tone="warn"),
    "cosell.noted": AuditVerb(label=_("wrote a note"), icon="message-square"),
    "cosell.noted_by_mail": AuditVerb(label=_("wrote a note by mail"), icon="message-square"),
    "cosell.import_removed": AuditVerb(label=_("took back an imported engagement"), icon="undo-2"),
    "cosell.next_step": AuditVerb(label=_("said the next step"), icon="arrow-right"),
    "cosell.task_added": AuditVerb(label=_("added a task"), icon="list-todo"),
    "cosell.task_accepted": AuditVerb(label=_("took a task"), icon="check", tone="info"),
    "cosell.task_rejected": AuditVerb(label=_("rejected a task"), icon="circle-x", tone="warn"),
    "cosell.task_done": AuditVerb(label=_("finished a task"), icon="check", tone="ok"),
    "cosell.document_added": AuditVerb(label=_("added a file"), icon="paperclip"),
    "cosell.document_removed": AuditVerb(label=_("removed a file"), icon="trash-2"),
    "cosell.asked": AuditVerb(label=_("asked for something specific"), icon="message-circle-question-mark", tone="info"),
    "cosell.need_answered": AuditVerb(label=_("answered an ask"), icon="circle-check", tone="ok"),
    "cosell.need_declined": AuditVerb(label=_("declined an ask"), icon="circle-x", tone="warn"),
    "cosell.need_withdrawn": AuditVerb(label=_("took an ask back"), icon="undo-2"),
    "cosell.record_saved": AuditVerb(label=_("saved its CRM record"), icon="file-text"),
    "cosell.connections_set": AuditVerb(label=_("set whose invitations it takes"), icon="shield", tone="info"),
}

SUBSCRIPTIONS = tuple(
    Subscription(event=event, handler=handler)
    for event, handler in (
        (events.InvitationSent, jobs.on_invited),
        (events.InvitationSettled, jobs.on_settled),
        (events.EngagementMoved, jobs.on_moved),
        (events.MemberChanged, jobs.on_member_changed),
        (events.WorkAdded, jobs.on_work_added),
        (events.TaskMoved, jobs.on_task_moved),
        (events.NeedMoved, jobs.on_need_moved),
        (PromiseBroken, jobs.on_promise_broken),
        (PartnerStatusChanged, jobs.on_partner_status),
        (DealWon, jobs.on_deal_won),
        (DealLost, jobs.on_deal_lost),
    )
)

wiring = Wiring(
    domain="cosell",
    permissions={
        "cosell.view": VENDOR | PARTNER,
        "cosell.act": MANAGERS | SELLERS,
        "cosell.connect": {"partner_admin"},
        "cosell.import": MANAGERS,
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    home_panels=doors.HOME_PANELS,
    object_panels=doors.OBJECT_PANELS,
    subscriptions=SUBSCRIPTIONS,
    jobs=(jobs.expire_invitations,),
    audit_verbs=AUDIT_VERBS,
    rule_kinds=RULE_KINDS,
    promises=PROMISES,
    notification_kinds=news.KINDS,
    decision_sources=(WaitingEngagements(),),
    search=(queries.search,),
    importers=IMPORTERS,
    exporters=EXPORTERS,
    ports={**offboarding.PORTS, **correspondence.PORTS, **plans.PORTS, **disputes.PORTS, "mapping.attach": (Attaching(),)},
)
