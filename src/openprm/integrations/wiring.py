from django.utils.translation import gettext_lazy as _

from openprm.integrations import jobs
from openprm.integrations.commands import transfer
from openprm.kernel.registry import AuditVerb, Wiring

MANAGERS = {"vendor_admin", "partner_manager"}

wiring = Wiring(
    domain="integrations",
    permissions={
        "integrations.view_imports": MANAGERS,
        "integrations.import": MANAGERS,
    },
    jobs=(jobs.try_import, jobs.run_import),
    commands=(transfer.import_, transfer.import_undo, transfer.export),
    audit_verbs={
        "import.finished": AuditVerb(label=_("imported a file"), icon="file-input", tone="info"),
        "import.undone": AuditVerb(label=_("took an import back"), icon="undo-2", tone="warn"),
    },
)
