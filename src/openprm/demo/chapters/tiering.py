"""Tier criteria of two programs, seen before they were published; certificates and ratings; who rises, who is warned, who complains."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from openprm.demo.stage import PartnerOnStage, Stage
from openprm.kernel.actor import SYSTEM
from openprm.kernel.registry import registry
from openprm.partners import queries as partners
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table
from openprm.tiering import services as tiering

MEASURED = ("resell", "services")
PEOPLE = {"registered": 0, "silver": 2, "gold": 4, "platinum": 6}  # certified people that a tier asks
STEP = 10_000


def tell(stage: Stage) -> None:
    """Policies, values, rules and two nights of measuring, a year's end of tiers."""
    _policies(stage)
    _values(stage)
    for code in MEASURED:
        _publish(stage, stage.programs[code])
    for days_ago in (45, 0):
        _measure(stage, days_ago)
    _complain(stage)


def _policies(stage: Stage) -> None:
    at = stage.at(days_ago=120, hour=10)
    for code in MEASURED:
        changes = {"promotes_at_once": code == "resell", "demotes_at_once": False, "grace_days": 60}
        with stage.acting(stage.admin, at) as actor:
            tiering.save_policy(actor=actor, program_id=stage.programs[code], changes=changes, at=at)


def _values(stage: Stage) -> None:
    """Certified people and the customers' rating of every partner that is measured; some certificates end soon."""
    at = stage.at(days_ago=110, hour=9)
    measured = [one for one in stage.partners if one.program_code in MEASURED]
    with stage.acting(stage.managers[0], at) as actor:
        for place, one in enumerate(measured):
            held = max(0, PEOPLE[one.tier_code] + stage.chance.choice((-1, 0, 0, 0, 1, 2)))
            soon = stage.until.date() + timedelta(days=stage.chance.randint(12, 80)) if place % 5 == 0 and held > 1 else None
            _enter(actor, one, "certifications", held - 1 if soon else held, date(2025, 11, 3), None, at)
            if soon:
                _enter(actor, one, "certifications", 1, date(2025, 11, 4), soon, at)
            _enter(actor, one, "satisfaction", Decimal(stage.chance.randint(72, 97)) / 10, date(2026, 1, 5), None, at)


def _enter(actor, one: PartnerOnStage, metric: str, amount: Decimal | int, since: date, until: date | None, at) -> None:
    tiering.enter_value(actor=actor, partner_id=one.partner_id, metric=metric, amount=amount, starts_on=since, ends_on=until, at=at)


def _publish(stage: Stage, program_id: UUID) -> None:
    """Drafted, replayed over the two years, and announced thirty days ahead."""
    announced, effective = stage.at(days_ago=95, hour=11), stage.at(days_ago=60, hour=0)
    with stage.acting(stage.admin, announced) as actor:
        draft_id = rulebook.create_draft(actor=actor, kind="tiering.tier", program_id=program_id, at=announced)
        rulebook.save_draft(actor=actor, draft_id=draft_id, table=_criteria(stage, program_id), at=announced)
        replay_id = rulebook.begin_replay(actor=actor, draft_id=draft_id, at=announced)
    with stage.acting(SYSTEM, announced):
        while not rulebook.advance_replay(replay_id=replay_id, at=announced):
            pass
    with stage.acting(stage.admin, announced) as actor:
        note = "Tiers follow what you win and whom you certify. Nobody moves down without two months of warning."
        rulebook.publish(actor=actor, draft_id=draft_id, effective_at=max(effective, announced + timedelta(days=31)), note=note, at=announced)


def _criteria(stage: Stage, program_id: UUID) -> Table:
    """Thresholds that most partners of a tier meet today: what the weaker half of each tier won, rounded down."""
    ladder = sorted(partners.program(stage.admin, program_id).tiers, key=lambda tier: -tier.rank)
    won = _won(stage, program_id)
    rows, below = [], None
    for place, tier in enumerate(ladder[:-1], start=1):
        held = sorted(won.get(one.partner_id, Decimal(0)) for one in stage.partners if one.program_id == program_id and one.tier_code == tier.code)
        asked = int(held[len(held) // 3] // STEP * STEP) if held else 0
        asked = min(asked, below - STEP) if below else asked
        below = max(asked, STEP * (len(ladder) - place))
        when = {"revenue_won": f">= {below}", "certifications": f">= {PEOPLE[tier.code]}"}
        rows.append(Row(f"T{place}", when, {"tier": f'"{tier.code}"'}))
    rows.append(Row(f"T{len(ladder)}", {}, {"tier": f'"{ladder[-1].code}"'}, "Everybody begins here."))
    return Table(("revenue_won", "certifications"), ("tier",), tuple(rows))


def _won(stage: Stage, program_id: UUID) -> dict[UUID, Decimal]:
    ids = [one.partner_id for one in stage.partners if one.program_id == program_id]
    since = stage.until - timedelta(days=365)
    found: dict[UUID, Decimal] = {}
    for source in registry.filling("tiering.facts"):
        for partner_id, values in source.read(partner_ids=ids, program_id=program_id, since=since, until=stage.until).items():
            found[partner_id] = values.get("revenue_won", Decimal(0))
    return found


def _measure(stage: Stage, days_ago: int) -> None:
    at = stage.at(days_ago=days_ago, hour=6) if days_ago else stage.until - timedelta(hours=3)
    for program_id in stage.programs.values():
        with stage.acting(SYSTEM, at):
            tiering.refresh_members(program_id=program_id, at=at)


def _complain(stage: Stage) -> None:
    """One partner waits for its market fund, another one's discount was put right."""
    first, second = [one for one in stage.partners if one.program_code == "resell"][:2]
    for one, benefit, note in (
        (first, "max_active_registrations", "Our 30th registration was refused although our tier says more."),
        (second, "discount_percent", "The last order confirmation shows the lower discount."),
    ):
        at = stage.at(days_ago=9, hour=14)
        with stage.acting(one.people["partner_admin"][0], at) as actor:
            values = {"partner_id": one.partner_id, "program_id": one.program_id, "benefit": benefit}
            tiering.say_of_benefit(actor=actor, said="not_met", note=note, at=at, **values)
    at = stage.at(days_ago=4, hour=10)
    with stage.acting(stage.managers[0], at) as actor:
        note = "Credited on 18 November; the price list of your tier is set right."
        tiering.say_of_benefit(
            actor=actor, partner_id=second.partner_id, program_id=second.program_id, benefit="discount_percent", said="met", note=note, at=at
        )
