from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb, Wiring
from openprm.partners.transfer import PartnerExporter, PartnerImporter

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader", "partner_collaborator"}
MANAGERS = {"vendor_admin", "partner_manager"}

wiring = Wiring(
    domain="partners",
    permissions={
        "partners.view": VENDOR | PARTNER,
        "partners.manage": MANAGERS,
        "partners.configure": {"vendor_admin"},
        "partners.import": MANAGERS,
    },
    importers=(PartnerImporter(),),
    exporters=(PartnerExporter(),),
)
