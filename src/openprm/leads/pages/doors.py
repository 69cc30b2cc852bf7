"""The pages, navigation and panels of the core of this room; `leads/intake/doors.py` holds those of intake."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import HomePanel, NavItem, ObjectPanel, Page
from openprm.leads import queries
from openprm.leads.pages import panels, portal, receivers, vendor

ONE = "leads/<uuid:lead_id>/"
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


def _vendor(path: str, view, name: str, permission: str = "leads.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str = "leads.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


PAGES = (
    _vendor("leads/", vendor.list_leads, "leads", methods=BOTH),
    _vendor("leads/route/", vendor.route_new, "route_new", "leads.route", POST),
    _vendor("leads/receivers/<uuid:partner_id>/", receivers.receiver, "receiver", "leads.configure", BOTH),
    _vendor(ONE, vendor.lead, "lead"),
    _vendor(f"{ONE}assign/", vendor.assign, "lead_assign", "leads.route", POST),
    _vendor(f"{ONE}route/", vendor.route, "lead_route", "leads.route", POST),
    _vendor(f"{ONE}nurture/", vendor.nurture, "lead_nurture", "leads.route", POST),
    _vendor(f"{ONE}lost/", vendor.lost, "lead_lost", "leads.route", POST),
    _vendor(f"{ONE}notes/", vendor.note, "lead_note", "leads.note", POST),
    _vendor(f"{ONE}erase/", vendor.erase, "lead_erase", "leads.route", POST),
    _portal("leads/", portal.list_leads, "leads", methods=BOTH),
    _portal("leads/intake/", receivers.portal_receiver, "receiver", "leads.configure", BOTH),
    _portal(ONE, portal.lead, "lead"),
    _portal(f"{ONE}open/", portal.open_lead, "lead_open", "leads.work", POST),
    _portal(f"{ONE}accept/", portal.accept, "lead_accept", "leads.work", POST),
    _portal(f"{ONE}decline/", portal.decline, "lead_decline", "leads.work", POST),
    _portal(f"{ONE}convert/", portal.convert, "lead_convert", "leads.work", POST),
    _portal(f"{ONE}lost/", portal.lost, "lead_lost", "leads.work", POST),
    _portal(f"{ONE}won/", portal.won, "lead_won", "leads.work", POST),
    _portal(f"{ONE}notes/", portal.note, "lead_note", "leads.note", POST),
)
NAV = (
    NavItem(
        label=_("Leads"), url_name="leads:leads", icon="inbox", workspace="vendor", group=_("Sell together"), order=190, permission="leads.view",
        count=queries.waiting_count,
    ),
    NavItem(
        label=_("Leads"), url_name="leads:portal_leads", icon="inbox", workspace="partner", group=_("Sell"), order=15, permission="leads.view",
        count=queries.waiting_count, hot=True,
    ),
)  # fmt: skip
HOME_PANELS = (
    HomePanel(key="leads.kpis", workspace="vendor", slot="kpi", template="ui/kpis.html", context=panels.vendor_kpis, order=15, permission="leads.view"),
    HomePanel(
        key="leads.portal", workspace="partner", slot="main", template="leads/panels/portal_leads.html", context=panels.portal_leads, order=8,
        permission="leads.view",
    ),
)  # fmt: skip
OBJECT_PANELS = (
    ObjectPanel(
        key="leads.partner", target="partner", workspace="vendor", template="leads/panels/leads.html", context=panels.vendor_partner, order=25,
        permission="leads.view",
    ),
    ObjectPanel(
        key="leads.account", target="account", workspace="vendor", template="leads/panels/leads.html", context=panels.vendor_account, order=25,
        permission="leads.view",
    ),
    ObjectPanel(
        key="leads.registration", target="registration", workspace="vendor", template="leads/panels/origin.html", context=panels.registration, slot="side",
        order=30, permission="leads.view",
    ),
    ObjectPanel(
        key="leads.portal_registration", target="registration", workspace="partner", template="leads/panels/origin.html", context=panels.registration,
        slot="side", order=30, permission="leads.view",
    ),
)  # fmt: skip
