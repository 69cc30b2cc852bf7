"""What the rulebook contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb, Wiring

from . import services

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader", "partner_collaborator"}

wiring = Wiring(
    domain="rulebook",
    permissions={
        "rulebook.view": VENDOR | PARTNER,
        "rulebook.edit": {"vendor_admin", "partner_manager"},
        "rulebook.publish": {"vendor_admin"},
    },
    audit_verbs={
        "rulebook.drafted": AuditVerb(label=_("began a draft of rules"), icon="file-pen"),
        "rulebook.draft_saved": AuditVerb(label=_("saved a draft of rules"), icon="file-pen"),
        "rulebook.draft_discarded": AuditVerb(label=_("discarded a draft of rules"), icon="trash-2"),
        "rulebook.published": AuditVerb(label=_("published rules"), icon="scale", tone="info"),
        "rulebook.withdrawn": AuditVerb(label=_("withdrew announced rules"), icon="undo-2", tone="warn"),
    },
    ports={"install": (services.ensure_defaults,)},
)
