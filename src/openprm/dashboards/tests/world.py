"""A year of a program: seven partners, deals with and without them, touches with a run of each month, costs, a target, kept numbers."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.accounts.testing import make_account
from openprm.attribution import services as attribution
from openprm.attribution.testing import make_run, make_touch, make_win
from openprm.deals import services as deals
from openprm.deals.models import Registration
from openprm.deals.rules.draft import LineDraft
from openprm.deals.testing import make_catalogue, make_registration
from openprm.identity.models import Organization
from openprm.kernel.scope import scope, system_scope
from openprm.kpis import services as kpis
from openprm.partners.models import Enrollment, Partner

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
MORE = (
    ("Meridian Partners", "DE", "si", "solution", "DACH"), ("Bluecrest Cloud", "ES", "msp", "transact", "Iberia"),
    ("Tessera Data", "IT", "consultant", "influence", "Italy"), ("Nordlys Consulting", "DK", "referral", "influence", "Nordics"),
    ("Oakline IT", "GB", "reseller", "transact", "UK"),
)  # fmt: skip
CUSTOMERS = (
    "Ostrava Steelworks", "Atrium Hospitals", "Gdansk Yard", "Tampere Tools", "Aarhus Foods", "Castell Insurance", "Lumen Retail", "Pelican Foods",
    "Brightwater Utilities", "Vega Instruments", "Hannover Bakery", "Lund Optics",
)  # fmt: skip


def make_partners(cast: Any) -> list[UUID]:
    """Five more partners that joined over the year, looked after by the partner manager."""
    made = []
    with system_scope():
        for place, (name, country, type_, motion, region) in enumerate(MORE):
            organization = Organization.objects.create(kind="partner", name=name, legal_name=name, domain=f"{name.split()[0].lower()}.example", country=country)
            partner = Partner.objects.create(organization=organization, type=type_, motion=motion, region=region, manager=cast.users["partner_manager"])
            since = AT - timedelta(days=330 - 40 * place)
            Enrollment.objects.create(partner=partner, program=cast.program, tier=cast.tier, status="approved", since=since)
            made.append(organization.pk)
    return made


def make_deal(cast: Any, catalogue: Any, partner_id: UUID, customer: str, minor: int, *, at: datetime, won: datetime | None = None) -> UUID:
    """A registration of a partner, approved a day and a half after it was sent in."""
    line = LineDraft(product_id=catalogue.mes_core.pk, quantity=1, amount_minor=minor)
    named = {"title": f"{customer}, rollout", "customer_name": customer, "customer_domain": f"{customer.replace(' ', '').lower()}.example"}
    made = make_registration(cast.partner_manager, catalogue, at=at, partner_id=partner_id, lines=(line,), expected_close_date=date(2027, 3, 31), **named)
    with scope(cast.vendor_admin) as actor:
        if made.status != "approved":
            deals.approve(actor=actor, registration_id=made.registration_id, at=at + timedelta(hours=30))
        if won:
            deals.mark_won(actor=actor, registration_id=made.registration_id, at=won)
    return made.registration_id


def make_year(cast: Any) -> dict[str, Any]:
    catalogue = make_catalogue()
    partners = [cast.partner_id, cast.other_partner_id, *make_partners(cast)]
    for place, customer in enumerate(CUSTOMERS):
        partner_id = partners[place % len(partners)]
        begun = AT - timedelta(days=320 - 20 * place)
        make_deal(cast, catalogue, partner_id, customer, (24 + 13 * (place * 5 % 11)) * 1_000_00, at=begun, won=begun + timedelta(days=45 + 3 * place))
    for place, customer in enumerate(("Halmstad Ports", "Turku Marine", "Riga Textiles", "Graz Metals")):
        open_id = make_deal(cast, catalogue, partners[place], customer, (40 + 21 * place) * 1_000_00, at=AT - timedelta(days=60 - 9 * place))
        _stand_still(open_id if place == 3 else None)
    _own_deals(cast, partners)
    with system_scope():
        attribution.collect(at=AT)
    for month in range(1, 12):
        make_run(date(2026, month, 1), at=AT)
    make_money(cast)
    return {"partner_id": cast.partner_id}


def _stand_still(registration_id: UUID | None) -> None:
    """As the nightly job leaves a deal that nobody moved."""
    with system_scope():
        Registration.objects.filter(pk=registration_id).update(stalled_alert_at=AT)


def _own_deals(cast: Any, partners: list[UUID]) -> None:
    """Deals of the vendor's own people: some that partners helped with, some alone."""
    for place in range(9):
        account_id = make_account(name=f"Direct customer {place + 1}")
        closed = date(2026, 3 + place, 14)
        minor = (31 + 9 * place) * 1_000_00
        opened = closed - timedelta(days=80)
        make_win(account_id, closed_on=closed, opened_on=opened, minor=minor, base_amount_minor=minor, base_currency="EUR")
        if place % 3:
            moment = datetime(closed.year, closed.month, closed.day, tzinfo=UTC)
            make_touch(partners[place % 7], account_id, kind="demo", occurred_at=moment - timedelta(days=40), at=moment - timedelta(days=30))
            make_touch(partners[(place + 2) % 7], account_id, kind="introduction", occurred_at=moment - timedelta(days=70), at=moment - timedelta(days=60))


def make_money(cast: Any) -> None:
    """What the team cost, what revenue should be, and the numbers as the last months told them."""
    with scope(cast.finance_manager) as actor:
        for month in range(1, 12):
            for kind, minor in (("team", 9_500_00), ("tools", 1_200_00), ("onboarding", 900_00)):
                kpis.enter_cost(actor=actor, month=date(2026, month, 1), kind=kind, amount_minor=minor, at=AT)
        kpis.set_target(actor=actor, kpi="sourced_revenue", period="year", starts_on=date(2026, 1, 1), value=Decimal(900_000_00), at=AT)
        kpis.set_target(actor=actor, kpi="registration_sla", period="year", starts_on=date(2026, 1, 1), value=Decimal(95), at=AT)
    with system_scope():
        for day in (date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)):
            kpis.keep(as_of=day)
