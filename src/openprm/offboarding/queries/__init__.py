"""Reads of offboarding: `from openprm.offboarding import queries as offboarding`."""

from openprm.offboarding.links import leaving_url, token_of
from openprm.offboarding.queries.cases import (
    export_offboardings,
    leaving,
    newest_offboardings,
    offboarding_for_partner,
    offboarding_for_vendor,
    offboarding_row,
    offboardings,
    receivers,
    running_count,
    running_of,
    waiting,
    why_not_configure,
    why_not_manage,
    why_not_request,
)
from openprm.offboarding.queries.checklist import definitions
from openprm.offboarding.queries.parts import export_parts
from openprm.offboarding.queries.results import (
    Leaving,
    OffboardingRow,
    OpenedExport,
    PartnerOffboarding,
    StepView,
    VendorOffboarding,
)
from openprm.offboarding.queries.terms import Retention, notice_days_of, retention, retention_days

__all__ = [
    "Leaving",
    "OffboardingRow",
    "OpenedExport",
    "PartnerOffboarding",
    "Retention",
    "StepView",
    "VendorOffboarding",
    "definitions",
    "export_offboardings",
    "export_parts",
    "leaving",
    "leaving_url",
    "newest_offboardings",
    "notice_days_of",
    "offboarding_for_partner",
    "offboarding_for_vendor",
    "offboarding_row",
    "offboardings",
    "receivers",
    "retention",
    "retention_days",
    "running_count",
    "running_of",
    "token_of",
    "waiting",
    "why_not_configure",
    "why_not_manage",
    "why_not_request",
]
