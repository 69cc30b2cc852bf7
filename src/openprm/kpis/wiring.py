"""What the KPIs contribute."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb, Wiring
from openprm.kpis import commands, jobs
from openprm.kpis.api import ROUTERS
from openprm.kpis.datasets import DATASETS
from openprm.kpis.pages import doors

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}

wiring = Wiring(
    domain="kpis",
    permissions={"kpis.view": VENDOR | PARTNER, "kpis.view_program": VENDOR, "kpis.plan": {"vendor_admin", "finance_manager"}},
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    datasets=DATASETS,
    jobs=(jobs.keep_month,),
    commands=commands.COMMANDS,
    audit_verbs={
        "kpis.target_set": AuditVerb(label=_("set a target"), icon="target"),
        "kpis.cost_entered": AuditVerb(label=_("entered a cost of the program"), icon="plus"),
        "kpis.cost_removed": AuditVerb(label=_("took a cost of the program out"), icon="undo-2"),
    },
)
