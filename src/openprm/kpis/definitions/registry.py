"""Every KPI there is, once."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.errors import NotFound
from openprm.kpis.definitions import deals, elsewhere, forecasts, leads, money, partners, profit, retention, revenue
from openprm.kpis.definitions.facts import OUTCOMES, PARTS, UNRUN
from openprm.kpis.definitions.forecasts import FORECASTS
from openprm.kpis.definitions.kinds import Kpi
from openprm.kpis.definitions.retention import OVERLAPS

ALL: tuple[Kpi, ...] = (*revenue.KPIS, *profit.KPIS, *money.KPIS, *partners.KPIS, *deals.KPIS, *leads.KPIS, *retention.KPIS, *forecasts.KPIS, *elsewhere.KPIS)
BY_NAME = {kpi.name: kpi for kpi in ALL}
GROUPS = {
    "revenue": gettext_lazy("Revenue"),
    "profit": gettext_lazy("Return"),
    "partners": gettext_lazy("Partners"),
    "deals": gettext_lazy("Deals"),
    "leads": gettext_lazy("Leads"),
    "money": gettext_lazy("Money"),
    "experience": gettext_lazy("Experience"),
}
WORDS_OF_MISSING = {
    OUTCOMES: gettext_lazy("who sourced and influenced which deal (data set attribution.outcomes)"),
    PARTS: gettext_lazy("which partners have a part in which deal (data set attribution.parts)"),
    OVERLAPS: gettext_lazy("which open deals are at companies that a partner has too (data set mapping.overlaps)"),
    FORECASTS: gettext_lazy("forecasts as they stood at the start of each quarter (data set pipeline.forecasts)"),
    UNRUN: gettext_lazy("decided deals that no run holds yet (data set attribution.unrun)"),
}

EXECUTIVE: tuple[str, ...] = (
    "sourced_revenue", "influenced_revenue", "unattributed_revenue", "total_revenue", "ropi", "cac", "partner_engaged_nrr", "channel_share", "open_pipeline",
    "pipeline_velocity", "registration_sla", "register_to_win", "active_partners", "activation_rate", "time_to_first_revenue", "concentration_top5",
    "win_rate_uplift", "deal_size_uplift", "cycle_uplift", "attach_rate",
)  # fmt: skip
"""The numbers of the executive dashboard; `bench/kpis.py` measures all of them."""


def find(name: str) -> Kpi:
    """Raises NotFound."""
    found = BY_NAME.get(name)
    if found is None:
        raise NotFound(_("There is no KPI “%(name)s”. GET /api/v1/kpis lists them, and so does openprm kpi --list.") % {"name": name[:60]})
    return found


def missing(kpi: Kpi, known: Collection[str]) -> Any:
    """What no room keeps yet of a KPI's facts, in words; empty when it can be measured."""
    lacking = [name for name in kpi.needs if name not in known]
    if kpi.expression is None:
        return kpi.missing
    return WORDS_OF_MISSING.get(lacking[0], lacking[0]) if lacking else ""
