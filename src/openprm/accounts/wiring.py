"""What accounts contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.accounts.api import ROUTERS
from openprm.accounts.pages import partner, vendor
from openprm.accounts.search import search
from openprm.accounts.transfer import AccountExporter, AccountImporter, ContactExporter, ContactImporter
from openprm.kernel.registry import AuditVerb, NavItem, Page, Wiring

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
SELLERS = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}
MANAGERS = {"vendor_admin", "partner_manager"}
GET, POST = ("GET",), ("POST",)


def _page(path: str, view, name: str, permission: str, methods: tuple[str, ...] = ("GET", "POST"), workspace: str = "vendor") -> Page:
    return Page(path=path, view=view, name=name, workspace=workspace, permission=permission, methods=methods)


wiring = Wiring(
    domain="accounts",
    permissions={
        "accounts.view": VENDOR | SELLERS,
        "accounts.manage": MANAGERS,
        "accounts.add_contacts": MANAGERS | {"partner_admin", "partner_sales"},
        "accounts.import": MANAGERS,
    },
    pages=(
        _page("accounts/", vendor.list_accounts, "accounts", "accounts.view", GET),
        _page("accounts/new/", vendor.new_account, "new_account", "accounts.manage"),
        _page("accounts/<uuid:account_id>/", vendor.show_account, "account", "accounts.view", GET),
        _page("accounts/<uuid:account_id>/edit/", vendor.edit_account, "edit_account", "accounts.manage"),
        _page("accounts/<uuid:account_id>/contacts/", vendor.add_contact, "add_contact", "accounts.manage", POST),
        _page("accounts/<uuid:account_id>/twins/", vendor.decide_twin, "decide_twin", "accounts.manage", POST),
        _page("accounts/<uuid:account_id>/share/", vendor.share, "share", "accounts.manage", POST),
        _page("contacts/<uuid:contact_id>/remove/", vendor.remove_contact, "remove_contact", "accounts.manage", POST),
        _page("merges/<uuid:merge_id>/undo/", vendor.undo_merge, "undo_merge", "accounts.manage", POST),
        _page("customers/", partner.list_accounts, "portal_accounts", "accounts.view", GET, "partner"),
        _page("customers/<uuid:account_id>/", partner.show_account, "portal_account", "accounts.view", GET, "partner"),
        _page("customers/<uuid:account_id>/contacts/", partner.add_contact, "portal_add_contact", "accounts.add_contacts", POST, "partner"),
        _page("contacts/<uuid:contact_id>/remove/", partner.remove_contact, "portal_remove_contact", "accounts.add_contacts", POST, "partner"),
    ),
    nav=(
        NavItem(
            label=_("Accounts"),
            url_name="accounts:accounts",
            icon="building-2",
            group=_("Sell together"),
            workspace="vendor",
            order=30,
            permission="accounts.view",
        ),
        NavItem(label=_("Customers"), url_name="accounts:portal_accounts", icon="building-2", workspace="partner", order=40, permission="accounts.view"),
    ),
    routers=ROUTERS,
    search=(search,),
    importers=(AccountImporter(), ContactImporter()),
    exporters=(AccountExporter(), ContactExporter()),
    audit_verbs={
        "account.created": AuditVerb(label=_("added the account"), icon="building-2", tone="ok"),
        "account.updated": AuditVerb(label=_("changed the account"), icon="pencil", tone="info"),
        "account.removed": AuditVerb(label=_("took back the imported account"), icon="undo-2", tone="warn"),
        "account.shared": AuditVerb(label=_("shared the account"), icon="eye", tone="info"),
        "account.unshared": AuditVerb(label=_("stopped sharing the account"), icon="eye-off", tone="warn"),
        "account.merged": AuditVerb(label=_("merged another account into this one"), icon="merge", tone="warn"),
        "account.merge_undone": AuditVerb(label=_("undid a merge"), icon="undo-2", tone="warn"),
        "account.kept_apart": AuditVerb(label=_("noted that two accounts are not the same company"), icon="split", tone="info"),
        "account.not_kept_apart": AuditVerb(label=_("took back the note that two accounts differ"), icon="undo-2"),
        "contact.created": AuditVerb(label=_("added a contact"), icon="user-plus", tone="info"),
        "contact.updated": AuditVerb(label=_("changed a contact"), icon="pencil", tone="info"),
        "contact.removed": AuditVerb(label=_("removed a contact"), icon="trash-2", tone="warn"),
    },
)
