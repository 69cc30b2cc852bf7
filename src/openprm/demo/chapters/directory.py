"""The public directory of the demo: profiles that partners wrote, customers that agreed to be named, and badges for every tier."""

from typing import Any

from openprm.demo.stage import PartnerOnStage, Stage
from openprm.directory import queries as directory
from openprm.directory import services
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope

TOWNS = {
    "AT": ("Vienna", "Graz", "Linz"), "BE": ("Antwerpen", "Gent"), "CA": ("Toronto", "Montréal"), "CH": ("Zürich", "Bern"), "CZ": ("Prague", "Brno"),
    "DE": ("Hamburg", "Munich", "Stuttgart", "Leipzig"), "DK": ("Copenhagen", "Århus"), "EE": ("Tallinn", "Tartu"), "ES": ("Madrid", "Bilbao", "Valencia"),
    "FI": ("Helsinki", "Tampere", "Oulu"), "FR": ("Lyon", "Paris", "Nantes"), "GB": ("Manchester", "Bristol", "London"), "IE": ("Dublin", "Cork"),
    "IT": ("Milan", "Turin", "Bologna"), "LT": ("Vilnius", "Kaunas"), "LV": ("Riga",), "NL": ("Rotterdam", "Eindhoven"), "NO": ("Oslo", "Bergen", "Trondheim"),
    "PL": ("Warsaw", "Kraków", "Gdańsk"), "PT": ("Lisbon", "Porto"), "SE": ("Stockholm", "Göteborg", "Malmö"), "US": ("Chicago", "Boston", "Austin"),
}  # fmt: skip
SPOKEN = {
    "AT": "de", "BE": "nl", "CA": "fr", "CH": "de", "CZ": "cs", "DE": "de", "DK": "da", "EE": "et", "ES": "es", "FI": "fi", "FR": "fr", "IT": "it",
    "LT": "lt", "LV": "lv", "NL": "nl", "NO": "nb", "PL": "pl", "PT": "pt", "SE": "sv",
}  # fmt: skip
REGIONS = {
    "nordics": "DK FI NO SE", "baltics": "EE LT LV", "dach": "AT CH DE", "benelux": "BE NL", "france": "FR", "iberia": "ES PT", "italy": "IT",
    "uk-ireland": "GB IE", "central-europe": "CZ PL", "north-america": "US CA",
}  # fmt: skip
STRENGTHS = (
    ("We connect machines that were never meant to be connected.", ("implementation", "integration", "automation"), ("manufacturing", "energy")),
    ("Plant data that people on the floor trust and use.", ("data", "advisory", "training"), ("manufacturing", "consumer-goods")),
    ("Your production system, run and watched around the clock.", ("managed-services", "support", "security"), ("life-sciences", "healthcare")),
    ("From old licences to a system that fits, without a day of standstill.", ("migration", "implementation", "resale"), ("transport", "retail")),
    ("Interfaces between the shop floor and everything above it.", ("integration", "custom-development"), ("energy", "construction")),
    ("We teach teams until they no longer need us.", ("training", "advisory"), ("public-sector", "education")),
)
STORIES = (
    (
        "Downtime cut by a third",
        "Three lines were connected in eleven weeks. Stops that nobody could explain before have a cause and an owner today.",
        "They stayed until it ran.",
    ),
    ("From paper to tablet in one summer", "Four hundred forms became eleven screens. The night shift asked for the twelfth itself.", ""),
    (
        "One view over nine plants",
        "Nine plants, five old systems, one morning report. The data arrives before the coffee does.",
        "We finally argue about decisions, not about numbers.",
    ),
    (
        "Scrap down by a fifth",
        "A camera, a model and a team that looks at it every day. It paid for itself in seven months.",
        "The best proposal was to start small.",
    ),
)
METHOD = "A project begins with a week on the floor and ends when the team runs it alone."
CUSTOMERS = (
    "Ostrava Steelworks",
    "Brno Glass",
    "Pelican Foods",
    "Lumen Retail Group",
    "Northwind Freight",
    "Aster Pharma",
    "Kestrel Paper",
    "Hollow Creek Dairy",
)
PUBLIC, WAITING, DRAFTS = 24, 2, 2


def tell(stage: Stage) -> None:
    """Most partners are public for months; a few wait, a few never finished. Every tier has its badge."""
    writers = [partner for partner in stage.partners if partner.people.get("partner_admin")]
    for place, partner in enumerate(writers[: PUBLIC + WAITING + DRAFTS]):
        _write(stage, partner, place)
    for place, partner in enumerate(writers[:10]):
        _refer(stage, partner, place)
    _visitors(stage, writers[0])
    _badges(stage)


def _write(stage: Stage, partner: PartnerOnStage, place: int) -> None:
    days_ago, admin = max(2.0, 300 - place * 7.5), partner.people["partner_admin"][0]
    is_waiting = PUBLIC <= place < PUBLIC + WAITING
    at = stage.at(days_ago=1.2 if is_waiting else days_ago, hour=10)
    with stage.acting(admin, at) as actor:
        services.save_profile(actor=actor, partner_id=partner.partner_id, changes=_content(stage, partner, place), offices=_offices(stage, partner), at=at)
        if place < PUBLIC + WAITING:
            services.submit_profile(actor=actor, partner_id=partner.partner_id, at=at)
    if place < PUBLIC:
        _approve(stage, partner, days_ago - 1)


def _approve(stage: Stage, partner: PartnerOnStage, days_ago: float) -> None:
    at = stage.at(days_ago=days_ago, hour=14)
    with stage.acting(stage.chance.choice(stage.managers), at) as manager:
        own = directory.own_profile(manager, partner.partner_id)
        services.approve_profile(actor=manager, profile_id=own.id, at=at)


def _content(stage: Stage, partner: PartnerOnStage, place: int) -> dict[str, Any]:
    summary, offered, industries = STRENGTHS[place % len(STRENGTHS)]
    spoken = [SPOKEN[partner.country]] if partner.country in SPOKEN else []
    years = stage.chance.randint(6, 28)
    return {
        "summary": summary,
        "description": f"{partner.name} has worked with plants and their people for {years} years.\n\n{METHOD}",
        "services": offered,
        "industries": industries,
        "products": ["Halden MES", "Edge Gateway"] if place % 3 else ["Halden MES"],
        "languages": sorted({"en", *spoken}),
        "regions": [next((region for region, countries in REGIONS.items() if partner.country in countries.split()), "worldwide")],
        "certifications": ["ISO 27001", "ISO 9001"][: stage.chance.randint(0, 2)],
        "takes_messages": True,
    }


def _offices(stage: Stage, partner: PartnerOnStage) -> list[dict[str, Any]]:
    towns = TOWNS.get(partner.country)
    if not towns:
        return [{"city": "Oslo", "country": "NO", "street": "Storgata 1"}]
    count = 1 + (len(towns) > 1 and stage.chance.random() < 0.3)
    return [{"city": town, "country": partner.country, "street": f"{stage.chance.randint(1, 90)} Harbour Street"} for town in stage.chance.sample(towns, count)]


def _refer(stage: Stage, partner: PartnerOnStage, place: int) -> None:
    admin, (title, story, quote) = partner.people["partner_admin"][0], STORIES[place % len(STORIES)]
    at = stage.at(days_ago=2 if place == 9 else 150 - place * 12, hour=11)
    values = {
        "customer": CUSTOMERS[place % len(CUSTOMERS)],
        "industry": "manufacturing",
        "title": title,
        "story": story,
        "quote": quote,
        "quoted": "Head of production" if quote else "",
        "consent_by": "Head of communications",
        "consent_date": at.date().isoformat(),
    }
    with stage.acting(admin, at) as actor:
        reference_id = services.save_reference(actor=actor, partner_id=partner.partner_id, values=values, at=at)
        services.submit_reference(actor=actor, reference_id=reference_id, at=at)
    if place < 9:
        later = stage.at(days_ago=149 - place * 12, hour=15)
        with stage.acting(stage.chance.choice(stage.managers), later) as manager:
            services.decide_reference(actor=manager, reference_id=reference_id, is_published=True, at=later)


def _visitors(stage: Stage, partner: PartnerOnStage) -> None:
    with system_scope():
        slug = directory.slug_of_partner(partner.partner_id)
    for days_ago, name, text in (
        (9, "Hana Dvořák", "We run two plants near Brno. Could you visit us in January?"),
        (2, "Tom Reilly", "Do you work with older controllers, too?"),
    ):
        at = stage.at(days_ago=days_ago, hour=9)
        values = {"name": name, "email": "visitor@brnoglass.example", "company": "Brno Glass", "text": text}
        with stage.acting(SYSTEM, at):
            opened = services.stamp(slug=slug, at=at.replace(minute=0, second=0))
            services.send_message(slug=slug, values=values, stamp=opened, trap="", network=name, at=at.replace(minute=3))


def _badges(stage: Stage) -> None:
    """Tier badges as of this week, and two certificates given by hand, one of them taken back."""
    at = stage.at(days_ago=6, hour=8)
    with stage.acting(SYSTEM, at):
        services.sync_all(at=at)
    first, second = stage.partners[0], stage.partners[1]
    words_of = {
        "name": "Certified architect",
        "subtitle": "Halden MES",
        "description": "Designs plants on Halden MES.",
        "criteria": "Passed the practical exam.",
    }
    given = stage.at(days_ago=60, hour=13)
    with stage.acting(stage.admin, given) as admin:
        services.give_certificate(actor=admin, partner_id=first.partner_id, at=given, **words_of)
        lost = services.give_certificate(actor=admin, partner_id=second.partner_id, at=given, **words_of)
    taken = stage.at(days_ago=20, hour=13)
    with stage.acting(stage.admin, taken) as admin:
        services.revoke_badge(actor=admin, badge_id=lost, note="The two architects left the company; nobody else has passed yet.", at=taken)
    with stage.acting(SYSTEM, stage.until):
        services.refresh_lists(at=stage.until)
