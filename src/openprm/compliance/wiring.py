"""What compliance contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.compliance import events, jobs, news
from openprm.compliance.api import ROUTERS
from openprm.compliance.leaving import ERASURE, EXPORT
from openprm.compliance.pages import doors
from openprm.compliance.promisekinds import PROMISES
from openprm.compliance.rulekinds import RULE_KINDS
from openprm.compliance.sources import WaitingCompliance
from openprm.compliance.transfer import EXPORTERS, IMPORTERS
from openprm.kernel.registry import AuditVerb, Subscription, Wiring
from openprm.partners.events import PartnerCreated, PartnerEnrolled

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
MANAGERS = {"vendor_admin", "partner_manager"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}

AUDIT_VERBS = {
    "compliance.opened": AuditVerb(label=_("opened the due diligence"), icon="shield", tone="info"),
    "compliance.rated": AuditVerb(label=_("rated the risk"), icon="scale", tone="info"),
    "compliance.sent": AuditVerb(label=_("sent the questionnaire"), icon="send", tone="info"),
    "compliance.returned": AuditVerb(label=_("sent the answers back"), icon="undo-2", tone="warn"),
    "compliance.answered": AuditVerb(label=_("submitted the answers"), icon="file-text", tone="info"),
    "compliance.screened": AuditVerb(label=_("screened the names"), icon="search"),
    "compliance.flag_raised": AuditVerb(label=_("raised a red flag"), icon="shield-alert", tone="bad"),
    "compliance.flag_cleared": AuditVerb(label=_("cleared a red flag"), icon="shield-check", tone="ok"),
    "compliance.flag_confirmed": AuditVerb(label=_("confirmed a red flag"), icon="shield-x", tone="bad"),
    "compliance.reference_checked": AuditVerb(label=_("asked a reference"), icon="phone"),
    "compliance.ready": AuditVerb(label=_("found everything in place for a decision"), icon="check", tone="info"),
    "compliance.approved": AuditVerb(label=_("approved the due diligence"), icon="shield-check", tone="ok"),
    "compliance.declined": AuditVerb(label=_("declined the due diligence"), icon="shield-x", tone="bad"),
    "compliance.reopened": AuditVerb(label=_("opened the due diligence again"), icon="rotate-cw", tone="info"),
    "compliance.renewal_due": AuditVerb(label=_("asked for the renewal of the due diligence"), icon="alarm-clock", tone="warn"),
    "compliance.lapsed": AuditVerb(label=_("let the due diligence run out"), icon="hourglass", tone="bad"),
    "compliance.esg_requested": AuditVerb(label=_("asked for ESG answers"), icon="send", tone="info"),
    "compliance.esg_accepted": AuditVerb(label=_("accepted the ESG answers"), icon="globe", tone="ok"),
    "compliance.document_added": AuditVerb(label=_("added a file"), icon="paperclip"),
    "compliance.document_removed": AuditVerb(label=_("removed a file"), icon="trash-2"),
    "compliance.certificate_added": AuditVerb(label=_("added a certificate"), icon="award", tone="info"),
    "compliance.certificate_verified": AuditVerb(label=_("verified a certificate"), icon="award", tone="ok"),
    "compliance.certificate_rejected": AuditVerb(label=_("rejected a certificate"), icon="circle-x", tone="bad"),
    "compliance.certificate_withdrawn": AuditVerb(label=_("took a certificate back"), icon="undo-2"),
    "compliance.certificate_expired": AuditVerb(label=_("let a certificate run out"), icon="hourglass", tone="warn"),
    "compliance.owner_added": AuditVerb(label=_("named an owner or director"), icon="user-plus"),
    "compliance.owner_removed": AuditVerb(label=_("took an owner or director off"), icon="user-minus"),
    "compliance.verification_started": AuditVerb(label=_("began a verification"), icon="badge-check"),
    "compliance.verification_submitted": AuditVerb(label=_("submitted a verification"), icon="badge-check", tone="info"),
    "compliance.verification_review": AuditVerb(label=_("took a verification into review"), icon="eye", tone="info"),
    "compliance.verification_approved": AuditVerb(label=_("approved a verification"), icon="badge-check", tone="ok"),
    "compliance.verification_declined": AuditVerb(label=_("declined a verification"), icon="circle-x", tone="bad"),
    "compliance.verification_resubmission": AuditVerb(label=_("asked for more papers"), icon="undo-2", tone="warn"),
    "compliance.verification_reopened": AuditVerb(label=_("opened a verification again"), icon="rotate-cw", tone="warn"),
    "compliance.verification_expired": AuditVerb(label=_("let a verification run out"), icon="hourglass", tone="warn"),
    "compliance.list_imported": AuditVerb(label=_("read a sanctions list in"), icon="upload", tone="info"),
    "compliance.policy_saved": AuditVerb(label=_("set a gate policy"), icon="lock", tone="info"),
    "compliance.policy_removed": AuditVerb(label=_("removed a gate policy"), icon="lock-open", tone="warn"),
    "compliance.country_classed": AuditVerb(label=_("classed a country"), icon="globe"),
    "compliance.kind_saved": AuditVerb(label=_("set a kind of certificate"), icon="award"),
    "compliance.questionnaire_created": AuditVerb(label=_("added a questionnaire"), icon="file-plus-2"),
    "compliance.questionnaire_published": AuditVerb(label=_("published a questionnaire"), icon="scroll-text", tone="ok"),
    "compliance.questionnaire_discarded": AuditVerb(label=_("discarded a draft questionnaire"), icon="trash-2"),
}

SUBSCRIPTIONS = tuple(
    Subscription(event=event, handler=handler)
    for event, handler in (
        (PartnerCreated, jobs.on_partner_created),
        (PartnerEnrolled, jobs.on_partner_enrolled),
        (events.QuestionnaireSent, jobs.on_sent),
        (events.QuestionnaireSubmitted, jobs.on_submitted),
        (events.FlagsRaised, jobs.on_flags),
        (events.CaseReady, jobs.on_ready),
        (events.ComplianceCleared, jobs.on_cleared),
        (events.ComplianceDeclined, jobs.on_declined),
        (events.ComplianceLapsed, jobs.on_lapsed),
        (events.RenewalDue, jobs.on_renewal_due),
        (events.CertificateSubmitted, jobs.on_certificate_submitted),
        (events.CertificateChecked, jobs.on_certificate_checked),
        (events.VerificationMoved, jobs.on_verification_moved),
        (events.SanctionsListImported, jobs.on_list_imported),
        (events.GatePolicyChanged, jobs.on_policy_changed),
    )
)

wiring = Wiring(
    domain="compliance",
    permissions={
        "compliance.view": VENDOR | PARTNER,
        "compliance.view_papers": {"vendor_admin", "partner_manager", "finance_manager", "vendor_reader", "partner_admin"},
        "compliance.answer": {"partner_admin"},
        "compliance.review": MANAGERS,
        "compliance.approve": MANAGERS,
        "compliance.configure": {"vendor_admin"},
        "compliance.import": MANAGERS,
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    home_panels=doors.HOME_PANELS,
    object_panels=doors.OBJECT_PANELS,
    settings_pages=doors.SETTINGS_PAGES,
    subscriptions=SUBSCRIPTIONS,
    jobs=(jobs.expire, jobs.remind, jobs.rescreen),
    audit_verbs=AUDIT_VERBS,
    rule_kinds=RULE_KINDS,
    promises=PROMISES,
    notification_kinds=news.KINDS,
    decision_sources=(WaitingCompliance(),),
    importers=IMPORTERS,
    exporters=EXPORTERS,
    ports={"offboarding.export": EXPORT, "offboarding.erasure": ERASURE},
)
