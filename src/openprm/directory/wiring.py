"""What directory contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.directory import events, jobs, news, services
from openprm.directory.api import ROUTERS
from openprm.directory.commands import COMMANDS
from openprm.directory.pages import doors
from openprm.directory.sources import WaitingForTheDirectory
from openprm.directory.takeaway import ERASURE, EXPORT
from openprm.kernel.registry import AuditVerb, Subscription, Wiring
from openprm.partners import events as partners
from openprm.promises.ports import PromiseKind, Target, Unit

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader", "partner_collaborator"}

wiring = Wiring(
    domain="directory",
    permissions={
        "directory.view": VENDOR | PARTNER,
        "directory.edit": {"partner_admin", "partner_marketer"},
        "directory.review": {"vendor_admin", "partner_manager", "marketing_manager"},
        "directory.award": {"vendor_admin", "partner_manager"},
        "directory.configure": {"vendor_admin"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    home_panels=doors.HOME_PANELS,
    object_panels=doors.OBJECT_PANELS,
    settings_pages=doors.SETTINGS_PAGES,
    routers=ROUTERS,
    commands=COMMANDS,
    notification_kinds=news.KINDS,
    decision_sources=(WaitingForTheDirectory(),),
    ports={"install": (services.ensure_settings,), "offboarding.export": EXPORT, "offboarding.erasure": ERASURE},
    jobs=(jobs.keep_badges, jobs.forget_messages),
    subscriptions=(
        Subscription(partners.TierChanged, jobs.on_tier_changed),
        Subscription(partners.PartnerEnrolled, jobs.on_enrolled),
        Subscription(partners.PartnerStatusChanged, jobs.on_status_changed),
        Subscription(partners.EnrollmentExpired, jobs.on_enrollment_expired),
        Subscription(events.ProfileSubmitted, jobs.on_profile_submitted),
        Subscription(events.ProfilePublished, jobs.on_published),
        Subscription(events.ProfileReturned, jobs.on_returned),
        Subscription(events.ReferenceSubmitted, jobs.on_reference_submitted),
        Subscription(events.ReferenceDecided, jobs.on_reference_decided),
        Subscription(events.ContactReceived, jobs.on_contact),
        Subscription(events.BadgeIssued, jobs.on_badge_issued),
        Subscription(events.BadgeRevoked, jobs.on_badge_revoked),
    ),
    promises=(
        PromiseKind(
            code="directory.review",
            vendor_name=_("Look at public profiles in %(target)s"),
            partner_name=_("Look at your public profile in %(target)s"),
            default_target=Target(amount=3, unit=Unit.BUSINESS_DAYS),
            owed_by="vendor",
            about=_("From the moment a partner sends its profile, or a change of it, to the vendor's answer."),
            vendor_url="directory:profile",
            order=60,
        ),
        PromiseKind(
            code="directory.reference",
            vendor_name=_("Look at customer references in %(target)s"),
            partner_name=_("Look at your references in %(target)s"),
            default_target=Target(amount=3, unit=Unit.BUSINESS_DAYS),
            owed_by="vendor",
            about=_("From the moment a partner sends a reference to the vendor's answer."),
            vendor_url="directory:reference",
            partner_url="directory:portal_reference",
            order=62,
        ),
    ),
    audit_verbs={
        "profile.saved": AuditVerb(label=_("changed the public profile"), icon="pencil", tone="info"),
        "profile.submitted": AuditVerb(label=_("asked for the profile to be public"), icon="send", tone="info"),
        "profile.made_private": AuditVerb(label=_("made the profile private"), icon="eye-off"),
        "profile.approved": AuditVerb(label=_("approved the public profile"), icon="circle-check", tone="ok"),
        "profile.returned": AuditVerb(label=_("sent the public profile back"), icon="undo-2", tone="warn"),
        "profile.hidden": AuditVerb(label=_("took the profile off the directory"), icon="eye-off", tone="bad"),
        "directory.configured": AuditVerb(label=_("changed how the directory works"), icon="settings"),
        "reference.saved": AuditVerb(label=_("wrote a customer reference"), icon="quote", tone="info"),
        "reference.submitted": AuditVerb(label=_("sent a customer reference"), icon="send", tone="info"),
        "reference.withdrawn": AuditVerb(label=_("withdrew a customer reference"), icon="undo-2"),
        "reference.published": AuditVerb(label=_("published a customer reference"), icon="circle-check", tone="ok"),
        "reference.returned": AuditVerb(label=_("sent a customer reference back"), icon="undo-2", tone="warn"),
        "badge.issued": AuditVerb(label=_("issued a badge"), icon="award", tone="ok"),
        "badge.revoked": AuditVerb(label=_("took a badge back"), icon="shield-off", tone="bad"),
    },
)
