"""A year of deals of several partners, targets, costs, kept months, a pack and a public label, for pictures of the pages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from openprm.deals.testing import make_opportunity
from openprm.identity.models import Organization
from openprm.kernel.scope import scope
from openprm.kpis import queries, services
from openprm.partners.models import Enrollment, Partner

NAMES = ("Kallio Systems", "Nordwind Automation", "Boréal Conseil", "Iberia Digital", "Lumen Partners", "Ostrava Tech")
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


def make_partners(cast: Any) -> list[Any]:
    """Six more partners in the cast's program, in three regions."""
    made = []
    for place, name in enumerate(NAMES):
        organization = Organization.objects.create(kind="partner", name=name, status="active", country="FI")
        Partner.objects.create(organization=organization, type="reseller", motion="transact", region=("Nordics", "Iberia", "DACH")[place % 3])
        Enrollment.objects.create(
            partner_id=organization.pk, program=cast.program, tier=cast.tier, status="approved", since=AT - timedelta(days=300 - 20 * place)
        )
        made.append(organization)
    return made


def make_showcase(cast: Any) -> dict[str, Any]:
    """For `tests.journeys.shots --prepare`: names that addresses may use."""
    everyone = [cast.partner, *make_partners(cast)]
    for place in range(48):
        closed = AT - timedelta(days=7 * place + 2)
        who = everyone[(place * place) % len(everyone)] if place % 4 else None
        make_opportunity(
            name=f"Project {place + 1}",
            status="won" if place % 3 else "lost",
            closed_at=closed,
            opened_on=(closed - timedelta(days=40 + place)).date(),
            base_amount_minor=(18 + (place * 37) % 90) * 1000_00,
            base_currency="EUR",
            partner_id=who and who.pk,
        )
    with scope(cast.finance_manager) as actor:
        for month in range(1, 12):
            services.enter_cost(actor=actor, month=date(2026, month, 1), kind="team", amount_minor=21_500_00, note="Six people", at=AT)
        cost_id = services.enter_cost(actor=actor, month=date(2026, 10, 1), kind="tools", amount_minor=1_250_00, note="Licences", at=AT)
        services.correct_cost(actor=actor, cost_id=cost_id, month=date(2026, 10, 1), kind="tools", amount_minor=1_350_00, note="Licences, with tax", at=AT)
        services.set_target(actor=actor, kpi="total_revenue", period="year", starts_on=date(2026, 1, 1), value=Decimal(2_500_000_00), at=AT)
        services.set_target(actor=actor, kpi="channel_share", period="year", starts_on=date(2026, 1, 1), value=Decimal(40), at=AT)
    for month in range(6, 12):
        services.keep(as_of=date(2026, month, 1) - timedelta(days=1), names=("total_revenue", "active_partners", "concentration_hhi"))
    with scope(cast.vendor_admin) as actor:
        services.publish_label(actor=actor, program_id=cast.program.pk, at=AT)
        pack_id = services.ask_for_pack(actor=actor, asked=queries.Asked(as_of=AT.date(), period="12m", compare="previous"), at=AT)
        target_id = queries.targets(actor, "total_revenue")[0].id
    return {"cost_id": cost_id, "target_id": target_id, "pack_id": pack_id}
