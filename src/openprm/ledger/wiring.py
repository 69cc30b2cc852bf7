"""What the ledger contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb, Wiring
from openprm.ledger.api import ROUTERS
from openprm.ledger.commands import COMMANDS
from openprm.ledger.kinds import KINDS, BooksEntries
from openprm.ledger.pages import doors
from openprm.ledger.sources import OpenMonths
from openprm.ledger.transfer import EXPORTERS, IMPORTERS

FINANCE = {"vendor_admin", "finance_manager"}

wiring = Wiring(
    domain="ledger",
    permissions={
        "ledger.view": FINANCE | {"partner_manager", "vendor_reader"},
        "ledger.post": FINANCE,
        "ledger.close": FINANCE,
        "ledger.configure": FINANCE,
        "ledger.statement": FINANCE | {"partner_manager", "vendor_reader", "partner_admin"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    commands=COMMANDS,
    decision_sources=(OpenMonths(),),
    importers=IMPORTERS,
    exporters=EXPORTERS,
    ports={"ledger.account_kinds": KINDS, "ledger.entry_kinds": (BooksEntries(),)},
    audit_verbs={
        "ledger.closed": AuditVerb(label=_("closed the books of a month"), icon="lock", tone="ok"),
        "ledger.booked_by_hand": AuditVerb(label=_("booked by hand"), icon="pencil", tone="info"),
        "ledger.opened": AuditVerb(label=_("brought in an opening balance"), icon="download", tone="info"),
        "ledger.reversed": AuditVerb(label=_("booked an entry back"), icon="undo-2", tone="warn"),
        "ledger.code_changed": AuditVerb(label=_("changed an account code"), icon="settings"),
        "ledger.export_configured": AuditVerb(label=_("changed the export settings"), icon="settings"),
    },
)
