from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb, HomePanel, NavItem, ObjectPanel, Page, SettingsPage, Wiring
from openprm.promises import api, dates, jobs, services
from openprm.promises.datasets import DATASETS
from openprm.promises.pages import panels, record, settings

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}
GET, POST = ("GET",), ("POST",)
VIEW, PUBLISH = "promises.view", "promises.publish"

wiring = Wiring(
    domain="promises",
    permissions={VIEW: VENDOR | PARTNER, PUBLISH: {"vendor_admin"}},
    pages=(
        Page(path="promises/", view=record.vendor_record, name="record", workspace="vendor", permission=VIEW, methods=GET),
        Page(path="promises/clocks/", view=record.vendor_clocks, name="clocks", workspace="vendor", permission=VIEW, methods=GET),
        Page(path="promises/partners/<uuid:partner_id>/", view=record.partner_clocks, name="partner_clocks", workspace="vendor", permission=VIEW, methods=GET),
        Page(path="settings/promises/", view=settings.settings, name="settings", workspace="vendor", permission=PUBLISH),
        Page(path="settings/promises/withdraw/", view=settings.withdraw, name="withdraw", workspace="vendor", permission=PUBLISH, methods=POST),
        Page(path="settings/promises/hours/", view=settings.new_calendar, name="new_calendar", workspace="vendor", permission=PUBLISH),
        Page(path="settings/promises/hours/<uuid:calendar_id>/", view=settings.hours, name="hours", workspace="vendor", permission=PUBLISH),
        Page(path="promises/", view=record.portal_record, name="portal_record", workspace="partner", permission=VIEW, methods=GET),
        Page(path="promises/clocks/", view=record.portal_clocks, name="portal_clocks", workspace="partner", permission=VIEW, methods=GET),
    ),
    nav=(
        NavItem(label=_("Promises"), url_name="promises:record", icon="badge-check", group=_("Measure"), workspace="vendor", order=80, permission=VIEW),
        NavItem(label=_("Promises"), url_name="promises:portal_record", icon="badge-check", workspace="partner", order=60, permission=VIEW),
    ),
    settings_pages=(
        SettingsPage(
            label=_("Promises and working hours"),
            about=_("How fast you promise to answer, to whom, and the calendar it is counted in."),
            url_name="promises:settings",
            icon="timer",
            workspace="vendor",
            permission=PUBLISH,
            order=60,
        ),
    ),
    home_panels=(
        HomePanel(key="promises.kept", workspace="vendor", slot="kpi", template="ui/kpis.html", context=panels.vendor_kpi, order=90, permission=VIEW),
        HomePanel(
            key="promises.record", workspace="vendor", slot="side", template="promises/vendor_card.html", context=panels.vendor_card, order=60, permission=VIEW
        ),
        HomePanel(
            key="promises.record", workspace="partner", slot="side", template="promises/portal_card.html", context=panels.portal_card, order=60, permission=VIEW
        ),
    ),
    object_panels=(
        ObjectPanel(
            key="promises.record",
            target="partner",
            workspace="vendor",
            template="promises/partner_panel.html",
            context=panels.partner_panel,
            slot="side",
            order=60,
            permission=VIEW,
        ),
    ),
    audit_verbs={
        "promise.kept": AuditVerb(label=_("kept the promise"), icon="badge-check", tone="ok"),
        "promise.missed": AuditVerb(label=_("missed the promise"), icon="alarm-clock", tone="bad"),
        "promise.target_published": AuditVerb(label=_("published a promise"), icon="timer", tone="info"),
        "promise.hours_published": AuditVerb(label=_("published working hours"), icon="calendar-days", tone="info"),
    },
    routers={"promises": api.router},
    jobs=(jobs.mark_due, jobs.sum_up),
    datasets=DATASETS,
    ports={"install": (services.ensure_defaults,), "correspondence.dates": (dates.DATES,)},
)
