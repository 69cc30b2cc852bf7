"""What would be lost with one partner."""

from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kpis.definitions.deals import open_deals
from openprm.kpis.definitions.facts import Segment
from openprm.kpis.definitions.measuring import asked_rows
from openprm.kpis.definitions.partners import by_partner
from openprm.kpis.queries.figures import Asked, check, visible
from openprm.kpis.queries.reading import reading
from openprm.kpis.rules.concentration import Stress, without
from openprm.kpis.rules.windows import window


def stress(actor: Actor, partner_id: UUID, asked: Asked) -> Stress:
    """Revenue of the period, open pipeline, active partners by region: with and without this partner. Raises NotFound, Invalid."""
    check(asked)
    held, velocity = visible(actor, "concentration_hhi"), visible(actor, "pipeline_velocity")
    with reading(actor, (held, velocity)) as read:
        facts = read.facts(held, window(asked.period, asked.as_of), Segment())
        partners = asked_rows(facts.partners.filter(facts.partners.left_at.isnull()).select("id", "region"))
        revenue = {row["id"]: int(row["net_minor"] or 0) for row in asked_rows(by_partner(facts))}
        opened = open_deals(facts)
        pipeline = asked_rows(opened.group_by("partner_id").aggregate(net_minor=opened.net_minor.sum()))
    if not any(row["id"] == str(partner_id) for row in partners):
        raise NotFound()
    measures = {"revenue": revenue, "pipeline": {row["partner_id"]: int(row["net_minor"] or 0) for row in pipeline}}
    return without(str(partner_id), measures, [(row["id"], row["region"]) for row in partners if row["region"]], indexed="revenue")
