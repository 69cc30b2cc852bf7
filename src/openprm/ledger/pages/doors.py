"""The pages and navigation that the ledger contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import NavItem, Page
from openprm.ledger.pages import closing, portal, vendor

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


def _vendor(path: str, view, name: str, permission: str = "ledger.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=f"books/{path}", view=view, name=name, workspace="vendor", permission=permission, methods=methods)


PAGES = (
    _vendor("", vendor.overview, "overview"),
    _vendor("accounts/", vendor.accounts, "accounts"),
    _vendor("accounts/<uuid:account_id>/", vendor.account, "account"),
    _vendor("entries/", vendor.entries, "entries"),
    _vendor("entries/new/", vendor.book_by_hand, "book_by_hand", "ledger.post", BOTH),
    _vendor("entries/<uuid:entry_id>/", vendor.entry, "entry"),
    _vendor("entries/<uuid:entry_id>/reverse/", vendor.reverse_entry, "reverse", "ledger.post", POST),
    _vendor("months/", closing.periods, "periods"),
    _vendor("months/<int:year>/<int:month>/", closing.period, "period", "ledger.view", BOTH),
    _vendor("export/", closing.export, "export"),
    _vendor("export/file/", closing.export_file, "export_file"),
    _vendor("codes/", closing.codes, "codes"),
    _vendor("codes/settings/", closing.export_settings, "export_settings", "ledger.configure", BOTH),
    _vendor("codes/<str:kind>/", closing.code, "code", "ledger.configure", BOTH),
    Page(path="account/", view=portal.statement, name="portal_statement", workspace="partner", permission="ledger.statement", methods=GET),
)
NAV = (
    NavItem(label=_("Books"), url_name="ledger:overview", icon="landmark", group=_("Pay"), workspace="vendor", order=480, permission="ledger.view"),
    NavItem(
        label=_("Account"), url_name="ledger:portal_statement", icon="landmark", group=_("Pay"), workspace="partner", order=92,
        permission="ledger.statement",
    ),
)  # fmt: skip
