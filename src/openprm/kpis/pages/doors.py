"""The addresses of the numbers on both sides."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import NavItem, Page
from openprm.kpis.pages import views

GET = ("GET",)
VIEW = "kpis.view"
PAGES = (
    Page(path="kpis/", view=views.numbers, name="numbers", workspace="vendor", permission=VIEW, methods=GET),
    Page(path="kpis/<slug:name>/", view=views.number, name="number", workspace="vendor", permission=VIEW, methods=GET),
    Page(path="kpis/", view=views.numbers, name="portal_numbers", workspace="partner", permission=VIEW, methods=GET),
    Page(path="kpis/<slug:name>/", view=views.number, name="portal_number", workspace="partner", permission=VIEW, methods=GET),
)
NAV = (
    NavItem(label=_("Numbers"), url_name="kpis:numbers", icon="gauge", workspace="vendor", group=_("Measure"), order=500, permission=VIEW),
    NavItem(label=_("Our numbers"), url_name="kpis:portal_numbers", icon="gauge", workspace="partner", group=_("Sell"), order=45, permission=VIEW),
)
