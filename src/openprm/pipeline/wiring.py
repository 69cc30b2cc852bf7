"""What the pipeline contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb, Wiring
from openprm.pipeline import jobs
from openprm.pipeline.api import ROUTERS
from openprm.pipeline.datasets import DATASETS
from openprm.pipeline.pages import doors

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader", "partner_collaborator"}

wiring = Wiring(
    domain="pipeline",
    permissions={
        "pipeline.view": VENDOR | PARTNER,
        "pipeline.set_target": (VENDOR - {"vendor_reader"}) | (PARTNER - {"partner_reader", "partner_collaborator"}),
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    jobs=(jobs.keep_forecasts,),
    datasets=DATASETS,
    audit_verbs={"pipeline.target_set": AuditVerb(label=_("set a target"), icon="target")},
)
