"""A filled directory, for pictures and browser walks."""

import random
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

from openprm.directory import services, words
from openprm.directory.models import Place
from openprm.directory.testing import make_listed, make_reference, make_submitted, make_tier_badges
from openprm.kernel.clock import now
from openprm.kernel.scope import scope
from openprm.partners import queries as partners
from openprm.partners.testing import make_partner

ARCHITECT, TRAINER = UUID(int=1), UUID(int=2)
NAMES = (
    "Bluecrest Cloud", "Fjord Data", "Alpine Systems", "Porto Works", "Nordlys IT", "Baltic Beam", "Delta Foundry", "Harbor and Pine", "Meridian Labs",
    "Quercus Digital", "Rhein Automation", "Sable Security", "Tern Analytics", "Umbra Networks", "Vistula Soft", "Wexford Partners", "Yarrow Consulting", "Zephyr Ops",
)  # fmt: skip
TOWNS = (
    "Oslo",
    "Stockholm",
    "Copenhagen",
    "Berlin",
    "Munich",
    "Vienna",
    "Zürich",
    "Paris",
    "Lyon",
    "Madrid",
    "Porto",
    "Milan",
    "Prague",
    "Warsaw",
    "Riga",
    "London",
    "Dublin",
    "Amsterdam",
)


def make_showcase(cast: Any) -> None:
    at, chance = now() - timedelta(days=20), random.Random(7)
    tiers = partners.program(cast.vendor_admin, cast.program.pk).tiers
    _one(cast, at)
    for name, town in zip(NAMES, TOWNS, strict=True):
        place = Place.objects.filter(name=town).order_by("-population").first() or Place.objects.order_by("-population").first()
        partner_id = make_partner(name=name, country=place.country, program_id=cast.program.pk, tier_id=chance.choice(tiers).id, at=at)
        make_listed(
            partner_id,
            at=at,
            offices=({"city": place.name, "country": place.country, "street": "1 Harbour Street", "latitude": place.latitude, "longitude": place.longitude},),
            summary=f"{name} helps {chance.choice(('factories', 'hospitals', 'banks', 'retailers'))} to see what happens while it happens.",
            services=chance.sample(list(words.SERVICES), 5),
            industries=chance.sample(list(words.INDUSTRIES), 3),
            languages=["en", *chance.sample(["de", "fr", "sv", "pl", "pt"], 2)],
        )
        make_tier_badges(partner_id, at=at)


def _one(cast: Any, at: Any) -> None:
    """The cast's own partner: public with a change that waits, references in every state, messages, a revoked badge; the other one waits."""
    make_listed(cast.partner_id, at=at)
    make_reference(cast.partner_id, state="published", at=at)
    make_reference(cast.partner_id, state="submitted", at=at, customer="Brno Glass", title="Live in eight weeks")
    make_reference(cast.partner_id, at=at, customer="Pelican Foods", title="Waste down by 12 %")
    make_tier_badges(cast.partner_id, at=at)
    make_submitted(cast.other_partner_id, at=at, summary="Retail analytics from Lisbon.", offices=({"city": "Lisbon", "country": "PT"},))
    stamp = services.stamp(slug="kallio-digital", at=at)
    for name, text in (
        ("Hana Dvořák", "We run two plants near Brno. Could you visit us in January?"),
        ("Tom Reilly", "Do you also work with the older controllers?"),
    ):
        values = {"name": name, "email": "hana@brnoglass.example", "company": "Brno Glass", "text": text}
        services.send_message(slug="kallio-digital", values=values, stamp=stamp, trap="", network=name, at=at + timedelta(minutes=5))
    words_of = {"subtitle": "Halden MES", "description": "Designs plants on Halden MES.", "criteria": "Passed the practical exam."}
    with patch("openprm.directory.services.badges.new_id", iter((ARCHITECT, TRAINER)).__next__):
        services.give_certificate(actor=cast.vendor_admin, partner_id=cast.partner_id, name="Certified architect", at=at, **words_of)
        lost = services.give_certificate(actor=cast.vendor_admin, partner_id=cast.partner_id, name="Certified trainer", at=at, **words_of)
    services.revoke_badge(actor=cast.vendor_admin, badge_id=lost, note="The trainer left the company.", at=at + timedelta(days=3))
    with scope(cast.partner_admin):
        services.save_profile(
            actor=cast.partner_admin, partner_id=cast.partner_id, changes={"summary": "We bring factories online in ten weeks."}, at=at + timedelta(days=5)
        )
