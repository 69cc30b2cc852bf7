"""What the portal contributes: the two homes, search, settings, saved views, the gallery, and the frame's ports."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import NavItem, Page, Wiring
from openprm.portal import shell
from openprm.portal.pages import gallery, home, search, settings, views

POST = ("POST",)
GET = ("GET",)

wiring = Wiring(
    domain="portal",
    permissions={"portal.view_gallery": {"vendor_admin"}},
    pages=(
        Page(path="", view=home.vendor_home, name="home", workspace="vendor", methods=GET),
        Page(path="search/", view=search.search, name="search", workspace="vendor", methods=GET),
        Page(path="settings/", view=settings.settings, name="settings", workspace="vendor", methods=GET),
        Page(path="views/save/", view=views.save_view, name="save_view", workspace="vendor", methods=POST),
        Page(path="views/delete/", view=views.delete_view, name="delete_view", workspace="vendor", methods=POST),
        Page(path="gallery/", view=gallery.gallery, name="gallery", workspace="vendor", permission="portal.view_gallery", methods=GET),
        Page(path="", view=home.partner_home, name="portal_home", workspace="partner", methods=GET),
        Page(path="search/", view=search.search, name="portal_search", workspace="partner", methods=GET),
        Page(path="settings/", view=settings.settings, name="portal_settings", workspace="partner", methods=GET),
        Page(path="views/save/", view=views.save_view, name="portal_save_view", workspace="partner", methods=POST),
        Page(path="views/delete/", view=views.delete_view, name="portal_delete_view", workspace="partner", methods=POST),
    ),
    nav=(
        NavItem(label=_("Home"), url_name="portal:home", icon="layout-dashboard", workspace="vendor", order=0, on_phone=True),
        NavItem(label=_("Home"), url_name="portal:portal_home", icon="house", workspace="partner", order=0, on_phone=True),
    ),
    ports={"ui.shell": (shell.facts,), "ui.saved_views": (shell.PersonalViews(),)},
)
