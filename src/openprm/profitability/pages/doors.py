"""The addresses of the books. Each asks for "keep", which a view as the partner never holds."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import NavItem, ObjectPanel, Page
from openprm.profitability.pages import views

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
KEEP = "profitability.keep"


def _own(path: str, view, name: str, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=f"our-profit/{path}", view=view, name=name, workspace="partner", permission=KEEP, methods=methods)


PAGES = (
    _own("", views.show_profit, "profit"),
    _own("what-if/", views.what_if, "what_if", POST),
    _own("entries/", views.list_entries, "entries"),
    _own("entries/new/", views.new_entry, "new_entry", BOTH),
    _own("entries/<uuid:entry_id>/", views.show_entry, "entry", BOTH),
    _own("entries/<uuid:entry_id>/remove/", views.remove_entry, "remove_entry", POST),
    _own("file/", views.read_file, "file", BOTH),
    _own("settings/", views.edit_book, "book", BOTH),
    _own("groups/", views.save_group, "groups", POST),
    _own("take/", views.take, "take", POST),
    _own("forget/", views.forget, "forget", POST),
    Page(path="partner-profit/", view=views.about, name="about", workspace="vendor", permission="profitability.view_note", methods=GET),
)
NAV = (NavItem(label=_("Our profit"), url_name="profitability:profit", icon="scale", workspace="partner", group=_("Pay"), order=95, permission=KEEP),)
PANELS = (
    ObjectPanel(
        key="profitability.private",
        target="partner",
        workspace="vendor",
        slot="side",
        template="profitability/panels/private.html",
        context=lambda actor, partner_id, at: {},
        order=90,
        permission="profitability.view_note",
    ),
)
