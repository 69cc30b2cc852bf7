from django.utils.translation import gettext_lazy as _

from openprm.activities.api import ROUTERS
from openprm.activities.leaving import ERASURE, EXPORT
from openprm.activities.pages import panels, partner, vendor
from openprm.activities.sources import HeldByAccounts
from openprm.activities.transfer import ActivityExporter, ActivityImporter
from openprm.kernel.registry import AuditVerb, NavItem, ObjectPanel, Page, Wiring

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
MANAGERS = {"vendor_admin", "partner_manager"}
SELLERS = {"partner_admin", "partner_sales", "partner_technical"}
PARTNER = SELLERS | {"partner_marketer", "partner_reader"}
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ONE = "activities/<uuid:activity_id>/"


def _vendor(path: str, view, name: str, permission: str, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


def _panel(target: str, workspace, context) -> ObjectPanel:
    return ObjectPanel(
        key=f"activities.{workspace}_{target}",
        target=target,
        workspace=workspace,
        template="activities/panels/activities.html",
        context=context,
        order=50,
        permission="activities.view",
    )


wiring = Wiring(
    domain="activities",
    permissions={
        "activities.view": VENDOR | PARTNER,
        "activities.record": MANAGERS | {"marketing_manager"} | SELLERS,
        "activities.correct": MANAGERS | {"partner_admin"},
        "activities.confirm": MANAGERS,
        "activities.import": MANAGERS,
    },
    pages=(
        _vendor("activities/", vendor.list_activities, "activities", "activities.view"),
        _vendor("activities/log/", vendor.log, "log", "activities.record", BOTH),
        _vendor(ONE, vendor.show_activity, "activity", "activities.view"),
        _vendor(f"{ONE}strike/", vendor.strike, "strike", "activities.record", POST),
        _vendor(f"{ONE}confirm/", vendor.confirm, "confirm", "activities.confirm", POST),
        _vendor(f"{ONE}proof/", vendor.proof, "proof", "activities.view"),
        _portal("activities/", partner.list_activities, "activities", "activities.view"),
        _portal("activities/log/", partner.log, "log", "activities.record", BOTH),
        _portal(ONE, partner.show_activity, "activity", "activities.view"),
        _portal(f"{ONE}strike/", partner.strike, "strike", "activities.record", POST),
        _portal(f"{ONE}proof/", partner.proof, "proof", "activities.view"),
    ),
    nav=(
        NavItem(
            label=_("Activities"),
            url_name="activities:activities",
            icon="phone",
            workspace="vendor",
            group=_("Sell together"),
            order=240,
            permission="activities.view",
        ),
        NavItem(
            label=_("Activities"),
            url_name="activities:portal_activities",
            icon="phone",
            workspace="partner",
            group=_("Sell"),
            order=45,
            permission="activities.view",
        ),
    ),
    routers=ROUTERS,
    object_panels=(
        _panel("account", "vendor", panels.on_account),
        _panel("account", "partner", panels.on_account),
        _panel("registration", "vendor", panels.on_registration),
        _panel("registration", "partner", panels.on_registration),
    ),
    importers=(ActivityImporter(),),
    exporters=(ActivityExporter(),),
    audit_verbs={
        "activity.recorded": AuditVerb(label=_("logged an activity"), icon="phone", tone="info"),
        "activity.struck": AuditVerb(label=_("struck an activity"), icon="circle-x", tone="warn"),
        "activity.confirmed": AuditVerb(label=_("confirmed an activity"), icon="badge-check", tone="ok"),
    },
    ports={"accounts.holders": (HeldByAccounts(),), "offboarding.export": EXPORT, "offboarding.erasure": ERASURE},
)
