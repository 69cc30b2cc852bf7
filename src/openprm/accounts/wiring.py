from openprm.kernel.registry import Wiring
from openprm.accounts.transfer import AccountExporter, AccountImporter, ContactExporter, ContactImporter

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
SELLERS = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}
MANAGERS = {"vendor_admin", "partner_manager"}

wiring = Wiring(
    domain="accounts",
    permissions={
        "accounts.view": VENDOR | SELLERS,
        "accounts.manage": MANAGERS,
        "accounts.add_contacts": MANAGERS | {"partner_admin", "partner_sales"},
        "accounts.import": MANAGERS,
    },
    importers=(AccountImporter(), ContactImporter()),
    exporters=(AccountExporter(), ContactExporter()),
)
