"""What applications contribute."""

from django.utils.translation import gettext_lazy as _

from openprm.applications import events, jobs, news, queries
from openprm.applications.api import ROUTERS
from openprm.applications.leaving import ERASURE, EXPORT
from openprm.applications.pages import builder, own, public, vendor
from openprm.applications.promisekinds import PROMISES
from openprm.applications.rulekinds import KIND
from openprm.applications.sources import WaitingApplications, of_partner
from openprm.kernel.registry import AuditVerb, NavItem, ObjectPanel, Page, SettingsPage, Subscription, Wiring
from openprm.promises.events import PromiseBroken, PromiseDueSoon

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
MANAGERS = {"vendor_admin", "partner_manager"}
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ONE = "applications/<uuid:application_id>/"
FORM = "applications/forms/<uuid:program_id>/"


def _public(path: str, view, name: str, methods: tuple[str, ...] = BOTH) -> Page:
    return Page(path=path, view=view, name=name, workspace="public", methods=methods)


def _vendor(path: str, view, name: str, permission: str = "applications.view", methods: tuple[str, ...] = BOTH) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


PAGES = (
    _public("partners/", public.programs, "programs_to_join", GET),
    _public("programs/<slug:code>/", public.program, "program", GET),
    _public("programs/<slug:code>/apply/", public.apply, "apply"),
    _public("applications/<str:token>/", own.own_application, "own_application", GET),
    _public("applications/<str:token>/page/<int:number>/", own.application_page, "application_page"),
    _public("applications/<str:token>/check/", own.check_application, "check_application"),
    _public("applications/<str:token>/confirm/", own.confirm_application, "confirm_application"),
    _public("applications/<str:token>/answer/", own.answer_application, "answer_application", POST),
    _public("applications/<str:token>/withdraw/", own.withdraw_application, "withdraw_application", POST),
    _public("applications/<str:token>/link/", own.mail_application_link, "mail_application_link", POST),
    _vendor("applications/", vendor.list_applications, "applications", methods=GET),
    _vendor("applications/funnel/", builder.funnel, "funnel", methods=GET),
    _vendor("applications/forms/", builder.forms, "forms", methods=GET),
    _vendor(FORM, builder.form, "form"),
    _vendor(FORM + "preview/", builder.preview, "form_preview", methods=GET),
    _vendor(FORM + "questions/new/", builder.new_field, "new_form_field", "applications.configure"),
    _vendor(FORM + "questions/<slug:code>/", builder.field, "form_field", "applications.configure"),
    _vendor(FORM + "page/", builder.program_page, "program_page", "applications.configure"),
    _vendor(ONE, vendor.application, "application", methods=GET),
    _vendor(ONE + "approve/", vendor.approve, "approve_application", "applications.decide", POST),
    _vendor(ONE + "reject/", vendor.reject, "reject_application", "applications.decide", POST),
    _vendor(ONE + "ask/", vendor.ask, "ask_applicant", "applications.decide", POST),
    _vendor(ONE + "take-up/", vendor.take_up, "take_up_application", "applications.decide", POST),
    _vendor(ONE + "examine/", vendor.examine, "examine_application", "applications.decide", POST),
    _vendor(ONE + "note/", vendor.note, "note_application", "applications.comment", POST),
)

VERBS = {
    "application.started": AuditVerb(label=_("began an application"), icon="file-pen"),
    "application.finished": AuditVerb(label=_("finished the application"), icon="check"),
    "application.submitted": AuditVerb(label=_("confirmed the address and sent the application"), icon="send", tone="info"),
    "application.held": AuditVerb(label=_("sent an application that is held"), icon="copy", tone="warn"),
    "application.taken_up": AuditVerb(label=_("took up the held application"), icon="eye", tone="info"),
    "application.examined": AuditVerb(label=_("checked the application again"), icon="rotate-cw", tone="info"),
    "application.handed_over": AuditVerb(label=_("handed the application to a person: the rule could not be carried out"), icon="user-round", tone="warn"),
    "application.returned": AuditVerb(label=_("asked the applicant"), icon="message-circle-question-mark", tone="warn"),
    "application.answered": AuditVerb(label=_("answered the question"), icon="rotate-cw", tone="info"),
    "application.approved": AuditVerb(label=_("approved the application"), icon="circle-check", tone="ok"),
    "application.rejected": AuditVerb(label=_("rejected the application"), icon="circle-x", tone="bad"),
    "application.withdrawn": AuditVerb(label=_("withdrew the application"), icon="undo-2"),
    "application.noted": AuditVerb(label=_("added a note"), icon="message-square"),
    "form.drafted": AuditVerb(label=_("began a new version of the application form"), icon="file-pen"),
    "form.changed": AuditVerb(label=_("changed the application form's draft"), icon="pencil", tone="info"),
    "form.published": AuditVerb(label=_("published the application form"), icon="send", tone="ok"),
    "form.discarded": AuditVerb(label=_("threw the form's draft away"), icon="trash-2"),
    "program_page.updated": AuditVerb(label=_("changed the program's public page"), icon="pencil", tone="info"),
}

wiring = Wiring(
    domain="applications",
    permissions={
        "applications.view": VENDOR,
        "applications.decide": MANAGERS,
        "applications.comment": VENDOR - {"vendor_reader"},
        "applications.configure": {"vendor_admin"},
    },
    pages=PAGES,
    nav=(
        NavItem(
            label=_("Applications"),
            url_name="applications:applications",
            icon="file-pen",
            group=_("Recruit"),
            workspace="vendor",
            order=20,
            permission="applications.view",
            count=queries.waiting_count,
            hot=True,
        ),
    ),
    settings_pages=(
        SettingsPage(
            label=_("Application forms and program pages"),
            about=_("What strangers see of each program, and what you ask those who apply"),
            url_name="applications:forms",
            icon="file-pen",
            workspace="vendor",
            permission="applications.configure",
            order=52,
        ),
    ),
    object_panels=(
        ObjectPanel(
            key="applications.of_partner",
            target="partner",
            workspace="vendor",
            template="applications/panels/of_partner.html",
            context=of_partner,
            slot="side",
            order=80,
            permission="applications.view",
        ),
    ),
    routers=ROUTERS,
    subscriptions=(
        Subscription(events.ConfirmationAsked, jobs.on_confirmation_asked),
        Subscription(events.LinkAsked, jobs.on_link_asked),
        Subscription(events.ApplicationSubmitted, jobs.on_submitted),
        Subscription(events.ApplicationHeld, jobs.on_held),
        Subscription(events.ApplicationReturned, jobs.on_returned),
        Subscription(events.ApplicationApproved, jobs.on_approved),
        Subscription(events.ApplicationRejected, jobs.on_rejected),
        Subscription(events.ApplicationWithdrawn, jobs.on_withdrawn),
        Subscription(PromiseDueSoon, jobs.on_due_soon),
        Subscription(PromiseBroken, jobs.on_overdue),
    ),
    jobs=(jobs.forget_unfinished,),
    audit_verbs=VERBS,
    rule_kinds=(KIND,),
    promises=PROMISES,
    notification_kinds=news.KINDS,
    decision_sources=(WaitingApplications(),),
    search=(queries.search,),
    ports={"recruitment.apply_url": (public.apply_url,), "offboarding.export": (EXPORT,), "offboarding.erasure": (ERASURE,)},
)
