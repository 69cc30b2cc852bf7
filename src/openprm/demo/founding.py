"""The first day of the demo: the vendor, its people and programs, the partners, the catalogue and the customers."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from openprm.accounts import services as accounts
from openprm.deals import services as deals
from openprm.demo import world
from openprm.identity import services as identity
from openprm.kernel.actor import SYSTEM
from openprm.partners import services as partners

CURRENCY_OF = {"US": "USD", "CA": "CAD", "GB": "GBP", "NO": "NOK", "SE": "SEK", "DK": "DKK", "PL": "PLN", "CZ": "CZK"}
EURO_PER = {  # a plausible rate, from which the monthly ones wander
    "USD": Decimal("0.915"), "CAD": Decimal("0.671"), "GBP": Decimal("1.168"), "NOK": Decimal("0.0856"),
    "SEK": Decimal("0.0883"), "DKK": Decimal("0.1341"), "PLN": Decimal("0.2332"), "CZK": Decimal("0.0398"),
}  # fmt: skip
STAFF = ("partner_admin", "partner_sales", "partner_sales", "partner_marketer", "partner_technical", "partner_reader")


@dataclass(frozen=True, slots=True)
class Team:
    """A partner as the play needs it: its id, the people who sell, its country and program."""

    partner_id: UUID
    sellers: tuple[UUID, ...]
    country: str
    program_id: UUID
    people: Mapping[str, tuple[UUID, ...]]


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything the play stands on."""

    until: datetime
    vendor_id: UUID
    admin_id: UUID
    managers: tuple[UUID, ...]
    deciders: tuple[UUID, ...]
    teams: tuple[Team, ...]
    programs: Mapping[str, UUID]
    products: dict[str, UUID]
    customers: tuple[world.Customer, ...]
    customer_ids: tuple[UUID, ...]


def found(*, at: datetime, until: datetime, customers: int, chance: random.Random) -> Ground:
    """Set everything up as of `at`. Call it in the system's scope."""
    taken = {name for name, _role in world.VENDOR_PEOPLE}
    vendor_id, staff = _vendor(at)
    products = _catalogue(at)
    _rates(at, until, chance)
    tiers = _programs(at)
    managers = _holding("partner_manager", staff)
    teams = tuple(_partner(row, managers[place % len(managers)], tiers, taken, at, chance) for place, row in enumerate(world.PARTNERS))
    companies = tuple(world.customers(customers, chance))
    customer_ids = _customers(companies, managers, at, chance)
    deciders = _holding("vendor_admin", staff) + _holding("finance_manager", staff)
    return Ground(
        until=until,
        vendor_id=vendor_id,
        admin_id=staff[0],
        managers=managers,
        deciders=deciders,
        teams=teams,
        programs={code: program_id for (code, _tier), (program_id, _tier_id) in tiers.items()},
        products=products,
        customers=companies,
        customer_ids=customer_ids,
    )


def _holding(role: str, staff: list[UUID]) -> tuple[UUID, ...]:
    return tuple(user_id for (_name, held), user_id in zip(world.VENDOR_PEOPLE, staff, strict=True) if held == role)


def _vendor(at: datetime) -> tuple[UUID, list[UUID]]:
    vendor_id = identity.create_organization(
        actor=SYSTEM,
        kind="vendor",
        name=world.VENDOR_NAME,
        legal_name=world.VENDOR_LEGAL_NAME,
        domain=world.VENDOR_DOMAIN,
        country="NO",
        time_zone="Europe/Oslo",
        at=at,
    )
    people = [_person(vendor_id, name, role, world.VENDOR_DOMAIN, at) for name, role in world.VENDOR_PEOPLE]
    return vendor_id, people


def _person(organization_id: UUID, name: str, role: str, domain: str, at: datetime) -> UUID:
    email = f"{world.slug(name).replace('-', '.')}@{domain}"
    return identity.add_person(actor=SYSTEM, organization_id=organization_id, email=email, name=name, role=role, at=at)


def _catalogue(at: datetime) -> dict[str, UUID]:
    products: dict[str, UUID] = {}
    for position, (code, name, rows) in enumerate(world.PRODUCT_LINES):
        line_id = deals.save_product_line(actor=SYSTEM, code=code, name=name, position=position, at=at)
        for sku, title, euro in rows:
            products[sku] = deals.save_product(actor=SYSTEM, code=sku, name=title, product_line_id=line_id, list_price_minor=euro * 100, currency="EUR", at=at)
    for code, name, countries in world.TERRITORIES:
        deals.save_territory(actor=SYSTEM, code=code, name=name, countries=countries, at=at)
    deals.save_territory(actor=SYSTEM, code="world", name="Rest of the world", countries=(), is_default=True, at=at)
    return products


def _rates(at: datetime, until: datetime, chance: random.Random) -> None:
    day, rates = (at - timedelta(days=1)).date(), dict(EURO_PER)
    while day <= until.date():
        for currency, rate in rates.items():
            deals.add_exchange_rate(actor=SYSTEM, currency=currency, rate=rate, rate_date=day, source="demo", at=at)
            rates[currency] = (rate * Decimal(str(round(chance.uniform(0.985, 1.016), 4)))).quantize(Decimal("0.000001"))
        day = _next_month(day)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _programs(at: datetime) -> dict[tuple[str, str], tuple[UUID, UUID]]:
    found: dict[tuple[str, str], tuple[UUID, UUID]] = {}
    for code, name, motion, tiers in world.PROGRAMS:
        program_id = partners.create_program(actor=SYSTEM, code=code, name=name, motion=motion, currency="EUR", at=at)
        for rank, tier in enumerate(tiers, start=1):
            days, capacity, margin = world.TIER_BENEFITS[tier]
            benefits = {
                "protection_days": days,
                "max_active_registrations": capacity,
                "discount_percent": margin,
                "promise_class": "priority" if rank == len(tiers) else "standard",
            }
            tier_id = partners.create_tier(actor=SYSTEM, program_id=program_id, code=world.slug(tier), name=tier, rank=rank, benefits=benefits, at=at)
            found[code, tier] = (program_id, tier_id)
    return found


def _partner(
    row: tuple[str, str, str, str, str], manager_id: UUID, tiers: dict[tuple[str, str], tuple[UUID, UUID]], taken: set[str], at: datetime, chance: random.Random
) -> Team:
    name, country, kind, program, tier = row
    form, _cities, zone = world.COUNTRIES[country]
    program_id, tier_id = tiers[program, tier]
    domain = f"{world.slug(name).replace('-', '')}.example"
    partner_id = partners.create_partner(
        actor=SYSTEM,
        name=name,
        legal_name=f"{name} {form}",
        domain=domain,
        country=country,
        time_zone=zone,
        type=kind,
        motion=next(motion for code, _name, motion, _tiers in world.PROGRAMS if code == program),
        program_id=program_id,
        tier_id=tier_id,
        manager_id=manager_id,
        at=at,
    )
    staff = STAFF[: chance.randint(3, len(STAFF))]
    people = [(_person(partner_id, world.person(chance, taken), role, domain, at), role) for role in staff]
    sellers = tuple(user_id for user_id, role in people if role == "partner_sales")
    by_role = {role: tuple(user_id for user_id, held in people if held == role) for role in dict.fromkeys(staff)}
    return Team(partner_id=partner_id, sellers=sellers, country=country, program_id=program_id, people=by_role)


def _customers(companies: tuple[world.Customer, ...], managers: tuple[UUID, ...], at: datetime, chance: random.Random) -> tuple[UUID, ...]:
    rows = [
        {
            "name": company.name,
            "legal_name": company.legal_name,
            "domain": company.domain,
            "country": company.country,
            "city": company.city,
            "industry": company.industry,
            "employees": company.employees,
            "annual_revenue_minor": company.revenue_minor,
            "currency": "EUR",
            "is_customer": chance.random() < 0.14,
            **_motion(managers, chance),
        }
        for company in companies
    ]
    return tuple(accounts.create_accounts(actor=SYSTEM, rows=rows, at=at))


def _motion(managers: tuple[UUID, ...], chance: random.Random) -> dict[str, object]:
    """A few accounts belong to the vendor's own sellers, many to the channel, the rest to both."""
    roll = chance.random()
    if roll < 0.06:
        return {"motion": "direct", "owner_id": chance.choice(managers)}
    return {"motion": "channel" if roll < 0.5 else "shared"}
