"""What agreements contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.agreements import events, jobs, news
from openprm.agreements.api import ROUTERS
from openprm.agreements.pages import doors
from openprm.agreements.promisekinds import PROMISES
from openprm.agreements.search import search
from openprm.agreements.sources import WaitingSignatures
from openprm.agreements.takeaway import ERASURE, EXPORT
from openprm.kernel.registry import AuditVerb, Subscription, Wiring
from openprm.partners.events import PartnerCreated, PartnerEnrolled, PartnerStatusChanged

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
SIGNERS = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical"}
MANAGERS = {"vendor_admin", "partner_manager"}

wiring = Wiring(
    domain="agreements",
    permissions={
        "agreements.view": VENDOR | SIGNERS | {"partner_reader"},
        "agreements.draft": MANAGERS,
        "agreements.publish": {"vendor_admin"},
        "agreements.countersign": {"vendor_admin"},
        "agreements.remind": MANAGERS,
        "agreements.sign": SIGNERS,
        "agreements.name_signatories": {"partner_admin"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    home_panels=doors.HOME_PANELS,
    object_panels=doors.OBJECT_PANELS,
    routers=ROUTERS,
    subscriptions=(
        Subscription(PartnerCreated, jobs.on_partner_created),
        Subscription(PartnerEnrolled, jobs.on_partner_enrolled),
        Subscription(PartnerStatusChanged, jobs.on_partner_status),
        Subscription(events.AgreementPublished, jobs.on_published),
        Subscription(events.AgreementWithdrawn, jobs.on_withdrawn),
        Subscription(events.AgreementAccepted, jobs.on_accepted),
        Subscription(events.AgreementDeclined, jobs.on_declined),
        Subscription(events.AgreementReminded, jobs.on_reminded),
        Subscription(events.AgreementCountersigned, jobs.on_countersigned),
    ),
    jobs=(jobs.settle_all, jobs.settle_partner, jobs.take_effect, jobs.remind),
    promises=PROMISES,
    notification_kinds=news.KINDS,
    decision_sources=(WaitingSignatures(),),
    search=(search,),
    ports={"offboarding.export": EXPORT, "offboarding.erasure": ERASURE},
    audit_verbs={
        "agreement.created": AuditVerb(label=_("added the document"), icon="file-plus-2", tone="ok"),
        "agreement.changed": AuditVerb(label=_("changed the settings of the document"), icon="pencil", tone="info"),
        "agreement.retired": AuditVerb(label=_("retired the document"), icon="archive", tone="warn"),
        "agreement.resumed": AuditVerb(label=_("took the document up again"), icon="archive-restore", tone="ok"),
        "agreement.drafted": AuditVerb(label=_("began a new version"), icon="file-pen"),
        "agreement.draft_saved": AuditVerb(label=_("saved the draft"), icon="file-pen"),
        "agreement.draft_discarded": AuditVerb(label=_("discarded the draft"), icon="trash-2"),
        "agreement.published": AuditVerb(label=_("published a version"), icon="scroll-text", tone="info"),
        "agreement.withdrawn": AuditVerb(label=_("withdrew an announced version"), icon="undo-2", tone="warn"),
        "agreement.asked": AuditVerb(label=_("put the version before the partner"), icon="send", tone="info"),
        "agreement.accepted": AuditVerb(label=_("signed"), icon="signature", tone="ok"),
        "agreement.declined": AuditVerb(label=_("declined to sign"), icon="circle-x", tone="bad"),
        "agreement.countersigned": AuditVerb(label=_("countersigned"), icon="badge-check", tone="ok"),
        "agreement.ended": AuditVerb(label=_("no longer asks for the signature"), icon="circle-slash"),
        "agreement.reminded": AuditVerb(label=_("reminded the partner"), icon="bell"),
        "agreement.signatory_named": AuditVerb(label=_("named somebody to sign"), icon="user-check", tone="info"),
        "agreement.signatory_removed": AuditVerb(label=_("took the right to sign back"), icon="user-minus"),
    },
)
