"""A year of deals of several partners, targets, costs, kept months, a pack and a public label, for pictures of the pages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from openprm.accounts.testing import make_account
from openprm.attribution.testing import make_touch, make_win
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


def make_sale(name: str, partner: Any, minor: int, closed: datetime, *, kind: str = "introduction", status: str = "won") -> Any:
    """A deal of a customer of its own, to which a partner came ten days before it was opened."""
    account_id = make_account(name=name)
    opened = closed - timedelta(days=50)
    deal_id = make_win(account_id, closed_on=closed.date(), opened_on=opened.date(), minor=minor, status=status)
    if partner:
        make_touch(partner.pk, account_id, at=closed - timedelta(days=5), kind=kind, occurred_at=opened - timedelta(days=10))
    return deal_id


def make_showcase(cast: Any) -> dict[str, Any]:
    """For `tests.journeys.shots --prepare`: names that addresses may use."""
    everyone = [cast.partner, *make_partners(cast)]
    for place in range(36):
        who = everyone[(place * place) % len(everyone)] if place % 4 else None
        kind, status = ("introduction" if place % 2 else "meeting"), ("won" if place % 3 else "lost")
        make_sale(f"Customer {place + 1}", who, (18 + (place * 37) % 90) * 1000_00, AT - timedelta(days=9 * place + 2), kind=kind, status=status)
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
