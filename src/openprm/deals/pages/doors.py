"""The pages, navigation and panels that this domain contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.deals import queries
from openprm.deals.pages import catalogue, moved, opportunities, panels, partner, precheck, register, vendor
from openprm.kernel.registry import HomePanel, NavItem, ObjectPanel, Page, SettingsPage
from openprm.ui.home import HomeAction

ONE = "deals/<uuid:registration_id>/"


def _vendor(path: str, view, name: str, permission: str = "deals.view", methods: tuple[str, ...] = ("GET",)) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str = "deals.view", methods: tuple[str, ...] = ("GET",)) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


POST = ("POST",)
BOTH = ("GET", "POST")
PAGES = (
    _vendor("deals/", vendor.list_registrations, "registrations", methods=BOTH),
    _vendor("deals/pipeline/", moved.pipeline, "pipeline"),
    _vendor("deals/opportunities/", opportunities.list_opportunities, "opportunities"),
    _vendor("deals/files/<uuid:document_id>/", vendor.document, "document"),
    _vendor(ONE, vendor.registration, "registration"),
    _vendor(f"{ONE}approve/", vendor.approve, "registration_approve", "deals.approve", POST),
    _vendor(f"{ONE}return/", vendor.return_for_information, "registration_return", "deals.review", POST),
    _vendor(f"{ONE}reject/", vendor.reject, "registration_reject", "deals.review", POST),
    _vendor(f"{ONE}start/", vendor.start_review, "registration_start", "deals.review", POST),
    _vendor(f"{ONE}recheck/", vendor.recheck, "registration_recheck", "deals.review", POST),
    _vendor(f"{ONE}customer/", vendor.resolve, "registration_resolve", "deals.review", POST),
    _vendor(f"{ONE}extend/", vendor.extend, "registration_extend", "deals.protect", POST),
    _vendor(f"{ONE}release/", vendor.release, "registration_release", "deals.protect", POST),
    _vendor(f"{ONE}cancel/", vendor.cancel, "registration_cancel", "deals.protect", POST),
    _vendor(f"{ONE}stage/", vendor.stage, "registration_stage", "deals.advance", POST),
    _vendor(f"{ONE}won/", vendor.won, "registration_won", "deals.advance", POST),
    _vendor(f"{ONE}lost/", vendor.lost, "registration_lost", "deals.advance", POST),
    _vendor(f"{ONE}notes/", vendor.note, "registration_note", "deals.comment", POST),
    _vendor(f"{ONE}tasks/", vendor.task, "registration_task", "deals.comment", POST),
    _vendor(f"{ONE}tasks/<uuid:task_id>/done/", vendor.task_done, "registration_task_done", "deals.comment", POST),
    _vendor(f"{ONE}files/", vendor.add_document, "registration_document", "deals.comment", POST),
    _vendor(f"{ONE}files/<uuid:document_id>/remove/", vendor.remove_document, "registration_document_remove", "deals.comment", POST),
    _vendor("settings/catalogue/", catalogue.catalogue, "catalogue_home"),
    _vendor("settings/catalogue/<slug:tab>/", catalogue.catalogue, "catalogue"),
    _vendor("settings/catalogue/<slug:tab>/save/", catalogue.save, "catalogue_add", "deals.manage_catalogue", POST),
    _vendor("settings/catalogue/<slug:tab>/<uuid:row_id>/save/", catalogue.save, "catalogue_save", "deals.manage_catalogue", POST),
    _vendor("settings/catalogue/reviewers/<uuid:reviewer_id>/remove/", catalogue.remove_reviewer, "catalogue_remove_reviewer", "deals.manage_catalogue", POST),
    _portal("deals/", partner.list_registrations, "registrations"),
    _portal("deals/board/", partner.board, "board"),
    _portal("deals/check/", precheck.precheck, "precheck", "deals.precheck", BOTH),
    _portal("deals/register/", register.register, "register", "deals.register", BOTH),
    _portal("deals/register/draft/", register.autosave, "autosave", "deals.register", POST),
    _portal("deals/register/preview/", register.preview, "preview", "deals.register", POST),
    _portal("deals/register/candidates/", register.candidates, "candidates", "deals.register", POST),
    _portal("deals/files/<uuid:document_id>/", partner.document, "document"),
    _portal(ONE, partner.registration, "registration"),
    _portal(f"{ONE}edit/", register.register, "edit", "deals.register", BOTH),
    _portal(f"{ONE}answer/", partner.answer, "answer", "deals.register", POST),
    _portal(f"{ONE}withdraw/", partner.withdraw, "withdraw", "deals.register", POST),
    _portal(f"{ONE}cancel/", partner.cancel, "cancel", "deals.register", POST),
    _portal(f"{ONE}extension/", partner.extension, "extension", "deals.register", POST),
    _portal(f"{ONE}stage/", partner.stage, "stage", "deals.advance", POST),
    _portal(f"{ONE}won/", partner.won, "won", "deals.advance", POST),
    _portal(f"{ONE}lost/", partner.lost, "lost", "deals.advance", POST),
    _portal(f"{ONE}notes/", partner.note, "note", "deals.comment", POST),
    _portal(f"{ONE}people/", partner.add_person, "person_add", "deals.register", POST),
    _portal(f"{ONE}people/<uuid:user_id>/remove/", partner.remove_person, "person_remove", "deals.register", POST),
    _portal(f"{ONE}files/", partner.add_document, "document_add", "deals.comment", POST),
    _portal(f"{ONE}files/<uuid:document_id>/remove/", partner.remove_document, "document_remove", "deals.comment", POST),
)
GROUP = _("Sell together")
NAV = (
    NavItem(
        label=_("Deal registrations"), url_name="deals:registrations", icon="shield-check", workspace="vendor", group=GROUP, order=200,
        permission="deals.view", count=queries.waiting_count, on_phone=True,
    ),
    NavItem(label=_("Opportunities"), url_name="deals:opportunities", icon="target", workspace="vendor", group=GROUP, order=220, permission="deals.view"),
    NavItem(
        label=_("Deals"), url_name="deals:portal_registrations", icon="shield-check", workspace="partner", order=20,
        permission="deals.view", on_phone=True,
    ),
    NavItem(
        label=_("Register"), url_name="deals:portal_register", icon="file-plus-2", workspace="partner", order=30,
        permission="deals.register", on_phone=True,
    ),
    NavItem(label=_("Check"), url_name="deals:portal_precheck", icon="search", workspace="partner", order=40, permission="deals.precheck"),
)  # fmt: skip
HOME_PANELS = (
    HomePanel(key="deals.kpis", workspace="vendor", slot="kpi", template="ui/kpis.html", context=panels.vendor_kpis, order=10, permission="deals.view"),
    HomePanel(
        key="deals.board",
        workspace="partner",
        slot="main",
        template="deals/panels/portal_deals.html",
        context=panels.portal_deals,
        order=10,
        permission="deals.view",
    ),
)
OBJECT_PANELS = (
    ObjectPanel(
        key="deals.account",
        target="account",
        workspace="vendor",
        template="deals/panels/registrations.html",
        context=panels.vendor_account,
        order=20,
        permission="deals.view",
    ),
    ObjectPanel(
        key="deals.opportunities",
        target="account",
        workspace="vendor",
        template="deals/panels/opportunities.html",
        context=panels.account_opportunities,
        order=30,
        permission="deals.view",
    ),
    ObjectPanel(
        key="deals.portal_account",
        target="account",
        workspace="partner",
        template="deals/panels/registrations.html",
        context=panels.portal_account,
        order=20,
        permission="deals.view",
    ),
    ObjectPanel(
        key="deals.partner",
        target="partner",
        workspace="vendor",
        template="deals/panels/registrations.html",
        context=panels.vendor_partner,
        order=20,
        permission="deals.view",
    ),
)
SETTINGS_PAGES = (
    SettingsPage(
        label=_("Catalogue"), about=_("Product lines, products, territories, exchange rates and regional reviewers."), url_name="deals:catalogue_home",
        icon="package", workspace="vendor", permission="deals.view", order=60,
    ),
)  # fmt: skip
HOME_ACTIONS = (
    HomeAction(
        label=_("Register a deal"),
        url_name="deals:portal_register",
        icon="file-plus-2",
        workspace="partner",
        permission="deals.register",
        primary=True,
        order=10,
    ),
    HomeAction(label=_("Check a customer"), url_name="deals:portal_precheck", icon="search", workspace="partner", permission="deals.precheck", order=20),
)
