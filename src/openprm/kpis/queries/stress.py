"""What hangs on few partners, and what would be lost with one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kpis.definitions.deals import open_deals
from openprm.kpis.definitions.kinds import Kpi
from openprm.kpis.definitions.measuring import asked_rows
from openprm.kpis.definitions.partners import by_partner
from openprm.kpis.definitions.registry import BY_NAME
from openprm.kpis.queries.figures import Asked, check, visible
from openprm.kpis.queries.reading import Reading, reading
from openprm.kpis.rules.concentration import Stress, without
from openprm.kpis.rules.windows import window

HELD = ("concentration_hhi", "pipeline_velocity")
REVENUE, PIPELINE = "revenue", "pipeline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What each partner brought in the period and has open, and where it is; the largest first in `revenue`."""

    revenue: Mapping[str, int]
    deals: Mapping[str, int]
    pipeline: Mapping[str, int]
    regions: tuple[tuple[str, str], ...]
    partners: frozenset[str]

    def without(self, partner_id: UUID | str) -> Stress:
        return without(str(partner_id), {REVENUE: self.revenue, PIPELINE: self.pipeline}, self.regions, indexed=REVENUE)


def stress(actor: Actor, partner_id: UUID, asked: Asked) -> Stress:
    """Revenue of the period, open pipeline, active partners by region: with and without this partner. Raises NotFound, Invalid."""
    held = standing(actor, asked)
    if str(partner_id) not in held.partners:
        raise NotFound()
    return held.without(partner_id)


def standing(actor: Actor, asked: Asked) -> Standing:
    """Raises NotFound for a partner, who sees no other partner; Invalid."""
    check(asked)
    with reading(actor, stressed(actor)) as read:
        return standing_in(read, asked)


def stressed(actor: Actor) -> tuple[Kpi, ...]:
    """The KPIs whose facts a standing needs. Raises NotFound."""
    return tuple(visible(actor, name) for name in HELD)


def standing_in(read: Reading, asked: Asked) -> Standing:
    """From a reading that has the facts of `stressed`."""
    facts = read.facts(BY_NAME[HELD[0]], window(asked.period, asked.as_of), asked.segment)
    partners = asked_rows(facts.partners.filter(facts.partners.left_at.isnull()).select("id", "region"))
    brought = asked_rows(by_partner(facts))
    opened = open_deals(facts)
    pipeline = asked_rows(opened.group_by("partner_id").aggregate(net_minor=opened.net_minor.sum()))
    return Standing(
        revenue={row["id"]: int(row["net_minor"] or 0) for row in brought},
        deals={row["id"]: int(row["deals"]) for row in brought},
        pipeline={row["partner_id"]: int(row["net_minor"] or 0) for row in pipeline},
        regions=tuple((row["id"], row["region"]) for row in partners if row["region"]),
        partners=frozenset(row["id"] for row in partners),
    )
