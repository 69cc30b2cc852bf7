"""Which numbers stand on which dashboard. Their meaning is in `kpis`; here is only their place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.dashboards.rules.asking import Code

THREE = ("sourced_revenue", "influenced_revenue", "unattributed_revenue")
TWO = ("sourced_revenue", "influenced_revenue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """`kinds` add up to `whole`; `bands` are rows of tiles under a heading; the rest says which charts are drawn of what."""

    kinds: tuple[str, ...]
    whole: str
    bands: tuple[tuple[Any, tuple[str, ...]], ...]
    by_month: tuple[str, ...]
    by_partner: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.kinds, self.whole, *(name for _title, names in self.bands for name in names))))


BOARDS: Mapping[Code, Board] = {
    "executive": Board(
        kinds=THREE,
        whole="total_revenue",
        bands=(
            (_("Return"), ("ropi", "cac", "partner_engaged_nrr", "channel_share")),
            (_("Pipeline"), ("open_pipeline", "pipeline_velocity", "registration_sla", "register_to_win")),
            (_("Partners"), ("active_partners", "activation_rate", "time_to_first_revenue", "concentration_top5")),
            (_("With a partner and without"), ("win_rate_uplift", "deal_size_uplift", "cycle_uplift", "attach_rate")),
        ),
        by_month=(*THREE, "registration_sla"),
        by_partner=("concentration_top5",),
        beside=("sourced_revenue", "influenced_revenue", "open_pipeline", "registration_sla", "active_partners"),
    ),
    "manager": Board(
        kinds=TWO,
        whole="partner_engaged_revenue",
        bands=((_("Your partners"), ("open_pipeline", "registration_sla", "lead_accept_rate", "activation_rate")),),
        by_month=TWO,
        by_partner=("concentration_top5", "open_pipeline"),
    ),
    "partner": Board(
        kinds=TWO,
        whole="partner_engaged_revenue",
        bands=(
            (_("Selling"), ("open_pipeline", "pipeline_velocity", "registration_acceptance", "register_to_win")),
            (_("What you are owed"), ("registration_sla", "registration_decision_median", "lead_accept_rate", "payment_cycle_median")),
        ),
        by_month=(*TWO, "registration_sla"),
    ),
}
