"""Told by the chapter of funds: the catalogue with its proofs before requests are made; co-op money, proofs and shares after."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from openprm.deals import queries as deals
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.funds.queries import request_for_partner
from openprm.funds.queries.coop import lines
from openprm.funds.queries.linkable import request_subjects
from openprm.funds.services.catalogue import save_kind
from openprm.funds.services.coop import accrue, correct
from openprm.funds.services.coop_rates import publish_rate
from openprm.funds.services.extensions import ask_extension
from openprm.funds.services.links import link
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Refusal
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope

INVOICE = {"name": "Invoice", "about": "Of the supplier, with your company as the buyer.", "formats": ["pdf"], "minimum": 1, "max_age_days": 180}
PHOTOS = {"name": "Photos", "about": "The stand or the room, with our brand to be seen.", "formats": ["jpg", "png"], "minimum": 2, "dated_within": True}
GUESTS = {"name": "List of visitors", "about": "Companies, without names of persons.", "formats": ["xlsx", "pdf"], "minimum": 1}
SCREEN = {"name": "Screenshot of the advertisement", "formats": ["png", "jpg", "pdf"], "minimum": 1, "dated_within": True}
REPORT = {"name": "Report of the agency", "about": "Reach, clicks and cost.", "formats": ["pdf", "xlsx", "pptx"], "minimum": 1}
KINDS: tuple[dict[str, Any], ...] = (
    {"name": "Trade fair", "about": "A stand at a fair or a conference.", "max_percent": Decimal(50), "cap": Money(8_000_00, "EUR"), "claim_within_days": 60,
     "proofs": [INVOICE, PHOTOS, GUESTS]},
    {"name": "Customer event", "about": "Your own event for customers and prospects.", "max_percent": Decimal(50), "cap": Money(5_000_00, "EUR"),
     "claim_within_days": 60, "proofs": [INVOICE, PHOTOS, GUESTS]},
    {"name": "Digital campaign", "about": "Advertisements, mailings and landing pages.", "max_percent": Decimal(60), "cap": Money(6_000_00, "EUR"),
     "claim_within_days": 45, "proofs": [INVOICE, SCREEN, REPORT]},
    {"name": "Webinar", "about": "A talk online with our speaker.", "max_percent": Decimal(75), "cap": Money(1_500_00, "EUR"), "claim_within_days": 45,
     "proofs": [INVOICE, REPORT]},
    {"name": "Case study", "about": "A customer's story in writing or on film.", "max_percent": Decimal(100), "cap": Money(3_000_00, "EUR"),
     "claim_within_days": 90, "proofs": [INVOICE, {"name": "The story", "formats": ["pdf", "docx"], "minimum": 1}]},
)  # fmt: skip
RATES = (Decimal("1.5"), 365)
EARNERS, DEALS_EACH, SHARED = 2, 2, 2


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one partner: who asked, its request, and how far it came."""

    partner: PartnerOnStage
    marketer: UUID
    request_id: UUID
    act: str


def tell_catalogue(stage: Stage) -> dict[str, UUID]:
    """The kinds of activity, by name; set on the first day."""
    at = stage.at(days_ago=720, hour=10)
    with stage.acting(stage.admin, at) as admin:
        found = {kind["name"]: save_kind(actor=admin, values=kind, at=at) for kind in KINDS}
        for program_id in list(stage.programs.values())[:2]:
            publish_rate(actor=admin, program_id=program_id, share=RATES[0], expires_after_days=RATES[1], effective_from=at.date(), at=at)
    return found


def tell_more(stage: Stage, told: Sequence[Told]) -> None:
    """What won deals accrued, a correction, what requests brought, and a partner that needs more time."""
    earners = tuple(islice((one.partner for one in told if _filled(one.partner, stage)), EARNERS))
    for partner in earners[:1]:
        _correct_one(partner, stage)
    for one in [one for one in told if one.act in ("paid", "claimed")][:SHARED]:
        _share(one, stage)
    for one in [one for one in told if one.act == "approved"][:1]:
        _ask(one, stage)


def _filled(partner: PartnerOnStage, stage: Stage) -> int:
    """How many of the partner's last won deals filled its pot."""
    made = 0
    with system_scope():
        won = [one for one in deals.deals_worth(SYSTEM, partner_id=partner.partner_id) if one.is_won and one.closed_on]
        for deal in sorted(won, key=lambda one: one.closed_on)[-DEALS_EACH:]:
            at = datetime.combine(deal.closed_on, time(15, 0), UTC)
            if at > stage.until - timedelta(days=340):
                made += accrue(registration_id=deal.id, at=at) is not None
    return made


def _correct_one(partner: PartnerOnStage, stage: Stage) -> None:
    at = stage.at(days_ago=6, hour=11)
    with stage.acting(stage.admin, at) as admin:
        [mine] = lines(admin, partner_id=partner.partner_id, most=1)
        revenue = Money(mine.deal.minor * 9 // 10, mine.deal.currency)
        with suppress(Refusal):
            reason = "The customer returned a tenth of the licences."
            correct(actor=admin, registration_id=mine.registration_id, revenue=revenue, reason=reason, at=at)


def _share(one: Told, stage: Stage) -> None:
    """Half of the partner's newest deal came of its request."""
    at = stage.at(days_ago=4, hour=14)
    with stage.acting(one.marketer, at) as person, suppress(Refusal):
        subjects = request_subjects(person, one.request_id)
        if subjects.deals:
            link(actor=person, request_id=subjects.id, kind="deal", subject_id=subjects.deals[0].id, weight=50, note="Met at the event", at=at)


def _ask(one: Told, stage: Stage) -> None:
    """A partner that cannot make its deadline."""
    at = stage.at(days_ago=1, hour=10)
    with stage.acting(one.marketer, at) as person, suppress(Refusal):
        activity = request_for_partner(person, one.request_id, at).activities[0]
        until = max(activity.claim_by or at.date(), at.date()) + timedelta(days=30)
        reason = "The organiser sends the final invoice only in the new year."
        ask_extension(actor=person, activity_id=activity.id, until=until, reason=reason, at=at)
