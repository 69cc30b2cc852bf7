"""What intake, referrals and the fairness report contribute; `leads/wiring.py` joins it with the rest of the room."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb, Page, Subscription
from openprm.leads import events, intake_jobs, intake_news
from openprm.leads.api.intake import ROUTERS as ROUTERS
from openprm.leads.intake import leaving
from openprm.leads.intake_rulekinds import RULE_KINDS as RULE_KINDS
from openprm.leads.intake_sources import ReferralsToAnswer
from openprm.leads.pages import fairness, intake, public, referrals
from openprm.leads.transfer import LeadImporter
from openprm.promises.ports import PromiseKind, Target, Unit

MANAGERS = {"vendor_admin", "partner_manager"}
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ONE = "leads/referrals/<uuid:referral_id>/"


def _public(path: str, view, name: str, methods: tuple[str, ...] = BOTH) -> Page:
    return Page(path=path, view=view, name=name, workspace="public", methods=methods)


def _vendor(path: str, view, name: str, permission: str, methods: tuple[str, ...] = BOTH) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str, methods: tuple[str, ...] = BOTH) -> Page:
    return Page(path=path, view=view, name=name, workspace="partner", permission=permission, methods=methods)


PAGES = (
    _public("forms/<slug:code>/", public.lead_form, "lead_form"),
    _public("forms/<slug:code>/thanks/", public.form_thanks, "form_thanks", GET),
    _public("forms/confirm/<str:token>/", public.confirm_submission, "confirm_submission"),
    _public("leads/consent/<str:token>/", public.withdraw_consent, "withdraw_consent"),
    _public("hooks/leads/<slug:code>/", public.receive_event, "receive_event", POST),
    _vendor("leads/new/", intake.new_lead, "new_lead", "leads.create"),
    _vendor("leads/forms/", intake.forms, "forms", "leads.view", GET),
    _vendor("leads/forms/new/", intake.new_form, "new_form", "leads.manage_intake"),
    _vendor("leads/forms/<uuid:form_id>/", intake.form, "form", "leads.view"),
    _vendor("leads/sources/", intake.sources, "sources", "leads.view"),
    _vendor("leads/sources/<uuid:source_id>/", intake.source, "source", "leads.view"),
    _vendor("leads/referrals/", referrals.list_referrals, "referrals", "leads.view", GET),
    _vendor(ONE, referrals.referral, "referral", "leads.view", GET),
    _vendor(ONE + "take-up/", referrals.take_up, "take_up_referral", "leads.route", POST),
    _vendor(ONE + "decline/", referrals.decline, "decline_referral", "leads.route", POST),
    _vendor("leads/fairness/", fairness.fairness, "fairness", "leads.view", GET),
    _portal("leads/referrals/", referrals.portal_referrals, "portal_referrals", "leads.refer", GET),
    _portal("leads/refer/", referrals.refer, "portal_refer", "leads.refer"),
    _portal(ONE, referrals.portal_referral, "portal_referral", "leads.refer", GET),
    _portal("leads/fairness/", fairness.portal_fairness, "portal_fairness", "leads.work", GET),
)
PERMISSIONS = {
    "leads.manage_intake": {"vendor_admin", "marketing_manager"},
    "leads.refer": {"partner_admin", "partner_sales", "partner_marketer"},
    "leads.import": MANAGERS | {"marketing_manager"},
}
AUDIT_VERBS = {
    "lead.consent_kept": AuditVerb(label=_("kept the consent of the lead"), icon="shield-check", tone="ok"),
    "lead.consent_withdrawn": AuditVerb(label=_("withdrew the consent"), icon="trash-2", tone="bad"),
    "lead.refused": AuditVerb(label=_("sent a lead that was refused"), icon="circle-x", tone="bad"),
    "lead.taken_back": AuditVerb(label=_("took the imported lead back"), icon="undo-2"),
    "lead.referred": AuditVerb(label=_("referred the lead"), icon="send", tone="info"),
    "lead.referral_taken_up": AuditVerb(label=_("took the referral up"), icon="circle-check", tone="ok"),
    "lead.referral_declined": AuditVerb(label=_("declined the referral"), icon="circle-x", tone="bad"),
    "lead_form.created": AuditVerb(label=_("made a lead form"), icon="file-pen", tone="ok"),
    "lead_form.changed": AuditVerb(label=_("changed the lead form"), icon="pencil", tone="info"),
    "lead_source.created": AuditVerb(label=_("let a system send leads"), icon="link", tone="ok"),
    "lead_source.rotated": AuditVerb(label=_("made a new secret for the system"), icon="rotate-cw", tone="info"),
    "lead_source.switched": AuditVerb(label=_("stopped or started the system"), icon="circle-dot", tone="info"),
}
SUBSCRIPTIONS = (
    Subscription(events.ConfirmationAsked, intake_jobs.on_confirmation_asked),
    Subscription(events.SubmissionTakenIn, intake_jobs.on_submission_taken_in),
    Subscription(events.LeadReferred, intake_jobs.on_referred),
    Subscription(events.LeadReferralAnswered, intake_jobs.on_referral_answered),
    Subscription(events.LeadClosed, intake_jobs.on_closed),
    Subscription(events.LeadsOffered, intake_jobs.on_offered),
    Subscription(events.ConsentWithdrawn, intake_jobs.on_withdrawn),
    Subscription(events.LeadErased, intake_jobs.on_erased),
)
JOBS = (intake_jobs.forget_unconfirmed, intake_jobs.forget_old)
KINDS = intake_news.KINDS
IMPORTERS = (LeadImporter(),)
PROMISES = (
    PromiseKind(
        code="leads.referral",
        vendor_name=_("Answer referrals in %(target)s"),
        partner_name=_("Answer a lead that you refer in %(target)s"),
        default_target=Target(amount=3, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From a partner's referral to the answer: taken up or declined with a reason."),
        vendor_url="leads:referral",
        partner_url="leads:portal_referral",
        order=35,
    ),
)
DECISION_SOURCES = (ReferralsToAnswer(),)
EXPORT = (leaving.EXPORT,)
