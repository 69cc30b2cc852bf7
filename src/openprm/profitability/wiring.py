"""What the books contribute. No search, audit verb, exporter or importer, nor a part of an offboarding export: all of these would show them."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import Wiring
from openprm.partners.ports import Erasure
from openprm.profitability import services
from openprm.profitability.api import ROUTERS
from openprm.profitability.pages import doors

wiring = Wiring(
    domain="profitability",
    permissions={
        "profitability.view": {"partner_admin"},
        "profitability.keep": {"partner_admin"},
        "profitability.view_note": {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    object_panels=doors.PANELS,
    ports={"offboarding.erasure": (Erasure(code="profitability.books", label=_("The partner's own books"), erase=services.forget_partner),)},
)
