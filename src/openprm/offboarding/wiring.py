"""What offboarding contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb, NavItem, ObjectPanel, Page, SettingsPage, Subscription, Wiring
from openprm.offboarding import events, jobs, news, queries
from openprm.offboarding.api import offboardings
from openprm.offboarding.decisions import WaitingLeavings
from openprm.offboarding.pages import panels, partner, public, vendor
from openprm.offboarding.promisekinds import PROMISES

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}
MANAGERS = {"vendor_admin", "partner_manager"}
GET, POST = ("GET",), ("POST",)


def _page(path: str, view, name: str, permission: str, methods: tuple[str, ...] = ("GET", "POST")) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


wiring = Wiring(
    domain="offboarding",
    permissions={
        "offboarding.view": VENDOR | PARTNER,
        "offboarding.manage": MANAGERS,
        "offboarding.configure": {"vendor_admin"},
        "offboarding.request": {"partner_admin"},
    },
    pages=(
        _page("offboarding/", vendor.list_offboardings, "offboardings", "offboarding.view", GET),
        _page("offboarding/retention/", vendor.retention, "retention", "offboarding.view"),
        _page("offboarding/open/<uuid:partner_id>/", vendor.open_offboarding, "open", "offboarding.manage"),
        _page("offboarding/<uuid:offboarding_id>/", vendor.show, "offboarding", "offboarding.view", GET),
        _page("offboarding/<uuid:offboarding_id>/steps/<slug:code>/", vendor.decide, "decide", "offboarding.manage"),
        _page("offboarding/<uuid:offboarding_id>/steps/<slug:code>/run/", vendor.run, "run", "offboarding.manage", POST),
        _page("offboarding/<uuid:offboarding_id>/act/", vendor.act, "act", "offboarding.manage", POST),
        _page("offboarding/<uuid:offboarding_id>/export/", vendor.download, "download", "offboarding.manage", GET),
        Page(path="leaving/", view=partner.leaving, name="portal_leaving", workspace="partner", permission="offboarding.view"),
        Page(path="leaving/stay/", view=partner.stay, name="portal_stay", workspace="partner", permission="offboarding.request", methods=POST),
        Page(path="leaving/export/", view=partner.download, name="portal_download", workspace="partner", permission="offboarding.request", methods=GET),
        Page(path="leaving/<str:token>/", view=public.leaving, name="leaving", workspace="public"),
        Page(path="leaving/<str:token>/export.zip", view=public.download, name="leaving_download", workspace="public", methods=GET),
    ),
    nav=(
        NavItem(
            label=_("Offboarding"),
            url_name="offboarding:offboardings",
            icon="door-open",
            group=_("Govern"),
            workspace="vendor",
            order=40,
            permission="offboarding.view",
            count=lambda actor: queries.running_count(actor) or None,
        ),
    ),
    settings_pages=(
        SettingsPage(
            label=_("Retention"),
            about=_("How long data is kept after a partner left"),
            url_name="offboarding:retention",
            icon="archive",
            workspace="vendor",
            permission="offboarding.configure",
            order=60,
        ),
    ),
    object_panels=(
        ObjectPanel(
            key="offboarding.partner",
            target="partner",
            workspace="vendor",
            slot="side",
            order=190,
            template="offboarding/vendor/_panel.html",
            context=panels.of_partner,
            permission="offboarding.view",
        ),
        ObjectPanel(
            key="offboarding.company",
            target="partner",
            workspace="partner",
            slot="side",
            order=190,
            template="offboarding/partner/_panel.html",
            context=panels.of_company,
            permission="offboarding.view",
        ),
    ),
    routers={"offboardings": offboardings},
    promises=PROMISES,
    notification_kinds=news.KINDS,
    decision_sources=(WaitingLeavings(),),
    jobs=(jobs.end_due_access, jobs.run_step, jobs.end_what_is_kept, jobs.erase_people),
    subscriptions=(
        Subscription(event=events.ExportAsked, handler=jobs.make_export),
        Subscription(event=events.AccessEnded, handler=jobs.on_access_ended),
        Subscription(event=events.ExportMade, handler=jobs.on_export_made),
        Subscription(event=events.OffboardingRequested, handler=jobs.on_requested),
        Subscription(event=events.OffboardingOpened, handler=jobs.on_opened),
        Subscription(event=events.OffboardingClosed, handler=jobs.on_closed),
        Subscription(event=events.StepFailed, handler=jobs.on_step_failed),
        Subscription(event=events.PartnerOffboarded, handler=jobs.on_finished),
        Subscription(event=events.PartnerReinstated, handler=jobs.on_reinstated),
    ),
    audit_verbs={
        "offboarding.requested": AuditVerb(label=_("asked to leave"), icon="door-open", tone="warn"),
        "offboarding.opened": AuditVerb(label=_("began the offboarding"), icon="door-open", tone="warn"),
        "offboarding.last_day_moved": AuditVerb(label=_("moved the last day"), icon="calendar-clock", tone="info"),
        "offboarding.declined": AuditVerb(label=_("declined the request to leave"), icon="undo-2"),
        "offboarding.canceled": AuditVerb(label=_("called the offboarding off"), icon="undo-2", tone="ok"),
        "offboarding.step_decided": AuditVerb(label=_("decided a step of the offboarding"), icon="list-checks", tone="info"),
        "offboarding.step_done": AuditVerb(label=_("finished a step of the offboarding"), icon="check", tone="ok"),
        "offboarding.step_failed": AuditVerb(label=_("could not do a step of the offboarding"), icon="circle-alert", tone="bad"),
        "offboarding.access_ended": AuditVerb(label=_("ended all access"), icon="lock", tone="warn"),
        "offboarding.export_made": AuditVerb(label=_("made the partner's export"), icon="package", tone="ok"),
        "offboarding.export_downloaded": AuditVerb(label=_("downloaded the partner's export"), icon="download", tone="info"),
        "offboarding.retention_started": AuditVerb(label=_("started the retention time"), icon="archive", tone="info"),
        "offboarding.retention_set": AuditVerb(label=_("changed how long data is kept"), icon="archive", tone="info"),
        "offboarding.finished": AuditVerb(label=_("finished the offboarding"), icon="door-closed"),
        "offboarding.reinstated": AuditVerb(label=_("took the partner back"), icon="handshake", tone="ok"),
        "offboarding.people_forgotten": AuditVerb(label=_("forgot the people of the partner that left"), icon="user-round-x", tone="warn"),
        "offboarding.survey_answered": AuditVerb(label=_("answered the farewell survey"), icon="message-square", tone="info"),
    },
)
