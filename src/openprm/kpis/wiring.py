"""What the KPIs contribute."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb, Subscription, Wiring
from openprm.kpis import commands, events, jobs, transfer
from openprm.kpis.api import ROUTERS
from openprm.kpis.datasets import DATASETS
from openprm.kpis.pages import doors

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}

wiring = Wiring(
    domain="kpis",
    permissions={
        "kpis.view": VENDOR | PARTNER,
        "kpis.view_program": VENDOR,
        "kpis.plan": {"vendor_admin", "finance_manager"},
        "kpis.publish": {"vendor_admin"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    datasets=DATASETS,
    jobs=(jobs.keep_month, jobs.refresh_labels),
    subscriptions=(Subscription(event=events.PackAsked, handler=jobs.make_pack),),
    importers=transfer.IMPORTERS,
    commands=commands.COMMANDS,
    audit_verbs={
        "kpis.target_set": AuditVerb(label=_("set a target"), icon="target"),
        "kpis.target_removed": AuditVerb(label=_("took a target out"), icon="undo-2"),
        "kpis.cost_corrected": AuditVerb(label=_("corrected a cost of the program"), icon="pencil"),
        "kpis.pack_asked": AuditVerb(label=_("asked for a pack of the numbers"), icon="file-text"),
        "kpis.pack_made": AuditVerb(label=_("made a pack of the numbers"), icon="file-text"),
        "kpis.label_published": AuditVerb(label=_("made the facts of a program public"), icon="globe"),
        "kpis.label_withdrawn": AuditVerb(label=_("took the public facts of a program back"), icon="eye-off"),
        "kpis.cost_entered": AuditVerb(label=_("entered a cost of the program"), icon="plus"),
        "kpis.cost_removed": AuditVerb(label=_("took a cost of the program out"), icon="undo-2"),
    },
)
