"""Measure partners anew and do what follows: promote, warn, demote, or ask. One lock per standing makes two refreshes move once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM
from openprm.kernel.events import publish
from openprm.kernel.money import to_minor
from openprm.kernel.scope import system_scope
from openprm.partners import services as partners
from openprm.rulebook import queries as rulebook_queries
from openprm.rulebook.rules.facts import plain_value, settle_facts
from openprm.rulebook.rules.reading import ReadTable
from openprm.tiering.events import TierAtRisk, TierGraceEnded, TierGraceStarted
from openprm.tiering.models import Qualification, Standing
from openprm.tiering.queries import members as reading
from openprm.tiering.queries import metrics
from openprm.tiering.queries.facts import FactSheet, fact_sheets
from openprm.tiering.queries.members import Ladder, Member
from openprm.tiering.rules import ladder as rungs
from openprm.tiering.rules import risk, window
from openprm.tiering.rules.ladder import TIER_RULES, Next, Policy, Rung, Situation, Step
from openprm.tiering.rules.progress import Way, ways_to
from openprm.tiering.services import moves

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Measured:
    """What a refresh came to for one partner: the tier before and after, and the step that was taken."""

    partner_id: UUID
    program_id: UUID
    step: Step
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Program:
    """What is the same for all partners of a program during one refresh."""

    ladder: Ladder
    policy: Policy
    table: ReadTable | None
    counted: tuple[str, ...]
    at: datetime


def refresh(*, partner_id: UUID, program_id: UUID | None = None, at: datetime) -> tuple[Measured, ...]:
    """Measure one partner in one or all of its programs, and act. Safe to run twice, also at the same time. Runs as the system."""
    with system_scope():
        asked = [program_id] if program_id else reading.programs_of(partner_id, at)
        return tuple(found for one in asked for found in refresh_members(program_id=one, partner_ids=(partner_id,), at=at))


@transaction.atomic
def refresh_members(*, program_id: UUID, partner_ids: Sequence[UUID] | None = None, at: datetime) -> tuple[Measured, ...]:
    """Measure partners of one program, all of them when none is named. In the system's scope."""
    program = _program(program_id, at)
    standings = _locked(program_id, [one.partner_id for one in reading.members(program_id, at, partner_ids)])
    held = reading.members(program_id, at, list(standings))  # read after the lock: another refresh may just have moved one
    tracks = {partner_id: standing.track for partner_id, standing in standings.items()}
    sheets = fact_sheets(program_id=program_id, members=held, tracks=tracks, warn_days=program.policy.warn_days, at=at)
    forgiven = _forgiven(program, list(standings))
    return tuple(_measure(program, member, standings[member.partner_id], sheets[member.partner_id], forgiven) for member in held)


def _program(program_id: UUID, at: datetime) -> _Program:
    table = rulebook_queries.find_table(kind=TIER_RULES, program_id=program_id, at=at)
    counted = tuple(name for name, fact in metrics.all_facts().items() if fact.counted)
    return _Program(reading.ladder(program_id), reading.policy(program_id), table, counted, at)


def _locked(program_id: UUID, partner_ids: list[UUID]) -> dict[UUID, Standing]:
    """The standings, made where there is none, locked in the order of their keys."""
    present = set(Standing.objects.filter(program_id=program_id, partner_id__in=partner_ids).values_list("partner_id", flat=True))
    missing = [Standing(partner_id=one, program_id=program_id, currency=metrics.CURRENCY) for one in partner_ids if one not in present]
    Standing.objects.bulk_create(missing, ignore_conflicts=True)
    return {row.partner_id: row for row in Standing.objects.filter(program_id=program_id, partner_id__in=partner_ids).locked()}


def _forgiven(program: _Program, partner_ids: list[UUID]) -> dict[UUID, list[Qualification]]:
    """What each partner earned within the forgiving window, today left out."""
    rows = Qualification.objects.filter(
        partner_id__in=partner_ids, tier__program_id=program.ladder.program_id, last_on__gte=window.first_day(program.at.date())
    )
    found: dict[UUID, list[Qualification]] = {}
    for row in rows.select_related("tier"):
        found.setdefault(row.partner_id, []).append(row)
    return found


def _measure(program: _Program, member: Member, standing: Standing, sheet: FactSheet, forgiven: Mapping[UUID, list[Qualification]]) -> Measured:
    held = program.ladder.rung(member.rank) or Rung(member.rank, "")
    facts = settle_facts(program.table.kind, _asked(program.table, sheet.values)) if program.table else {}
    clause = next(iter(program.table.matched(facts)), "") if program.table else ""
    earned = rungs.rung_of(str(program.table.outcomes[clause].get("tier") or "") if clause else None, program.ladder.rungs, held)
    _remember(program, member.partner_id, earned)
    best = max((one for one in forgiven.get(member.partner_id, ()) if one.last_on), key=lambda one: one.tier.rank, default=None)
    situation = Situation(
        held, earned, program.ladder.rung(best.tier.rank) if best else None, grace_until=standing.grace_until, exempt_until=standing.exempt_until
    )
    follows = rungs.next_step(situation, program.policy, program.at)
    now = _act(program, member, standing, sheet, follows)
    _keep(program, standing, sheet, facts, clause, now, earned, situation)
    return Measured(member.partner_id, program.ladder.program_id, follows.step, held.code, now.code)


def _asked(table: ReadTable, values: Mapping[str, Any]) -> dict[str, Any]:
    return {fact.name: values.get(fact.name) for fact in table.kind.facts if fact.name in values}


def _remember(program: _Program, partner_id: UUID, earned: Rung | None) -> None:
    """Today counts as a day on which this tier was earned."""
    if earned is None:
        return
    today = program.at.date()
    row, is_new = Qualification.objects.get_or_create(
        partner_id=partner_id, tier_id=program.ladder.ids[earned.rank], defaults={"first_on": today, "last_on": today}
    )
    if not is_new and row.last_on < today:
        row.last_on = today
        row.save(update_fields=["last_on", "updated_at"])


def _act(program: _Program, member: Member, standing: Standing, sheet: FactSheet, follows: Next) -> Rung:
    """Do what follows, and give the tier that the partner holds then."""
    held, at = program.ladder.rung(member.rank) or Rung(member.rank, ""), program.at
    ids = {"partner_id": member.partner_id, "program_id": program.ladder.program_id}
    basis = moves.Basis(facts=_plain(_asked(program.table, sheet.values)) if program.table else {}, at_stake_minor=_stake(sheet), currency=metrics.CURRENCY)
    match follows:
        case Next(step=Step.PROMOTE | Step.DEMOTE, to=Rung() as to):
            standing.grace_since = standing.grace_until = None
            moves.move_at_once(standing, before=held, after=to, ladder=program.ladder, basis=basis, at=at)
            partners.change_tier(actor=SYSTEM, tier_id=program.ladder.ids[to.rank], at=at, **ids)
            return to
        case Next(step=Step.ASK_PROMOTION | Step.ASK_DEMOTION, to=Rung() as to):
            moves.ask(standing, before=held, after=to, ladder=program.ladder, policy=program.policy, basis=basis, at=at)
        case Next(step=Step.BEGIN_GRACE, grace_until=datetime() as until):
            standing.grace_since, standing.grace_until = at, until
            publish(TierGraceStarted(tier=held.name, until=until, at=at, **ids))
            moves.drop_pending(standing, at)
        case Next(step=Step.END_GRACE):
            standing.grace_since = standing.grace_until = None
            publish(TierGraceEnded(tier=held.name, at=at, **ids))
            moves.drop_pending(standing, at)
        case Next(step=Step.STAY | Step.WAIT):
            moves.drop_pending(standing, at)
    return held


def _keep(
    program: _Program, standing: Standing, sheet: FactSheet, facts: Mapping[str, Any], clause: str, held: Rung, earned: Rung | None, situation: Situation
) -> None:
    """Write down where the partner stands now, with what it lacks and what endangers it."""
    before = standing.snapshot()
    was_warned = {one["cause"] for one in standing.reasons}
    standing.tier_id, standing.held_rank = program.ladder.ids.get(held.rank), held.rank
    standing.earned_rank, standing.earned_name = (earned.rank, earned.name) if earned else (None, "")
    standing.facts, standing.clause = _plain(sheet.values), clause
    standing.at_stake_minor, standing.currency = _stake(sheet), metrics.CURRENCY
    standing.forgiven_until = _forgiven_until(program, standing, held, earned)
    _keep_next(program, standing, facts, held)
    found = _dangers(program, sheet, facts, held) if earned else ()
    standing.reasons = [_plain_reason(one) for one in found]
    standing.state = _state(standing, held, earned, found, situation, program.at)
    version = rulebook_queries.in_force(kind=TIER_RULES, program_id=program.ladder.program_id, at=program.at)
    standing.rule_version_id, standing.rule_version = (version.id, version.number) if version else (None, None)
    standing.refreshed_at = program.at
    standing.version += 1
    standing.save()
    _tell_of_risk(program, standing, held, found, was_warned)
    if standing.snapshot().get("state") != before.get("state"):
        audit.record(SYSTEM, "tiering.standing_changed", standing, before=before, refs=(standing.partner_id,), visible_to=(standing.partner_id,), at=program.at)


def _forgiven_until(program: _Program, standing: Standing, held: Rung, earned: Rung | None) -> Any:
    """The last day that today's or an earlier qualification still protects the held tier."""
    if earned is None or not program.policy.is_forgiving:
        return None
    return window.held_through(program.at.date()) if earned >= held else standing.forgiven_until


def _keep_next(program: _Program, standing: Standing, facts: Mapping[str, Any], held: Rung) -> None:
    above = program.ladder.above(held.rank)
    ways = ways_to(program.table, program.ladder.ranks, above.rank, facts) if program.table and above else ()
    way = ways[0] if ways else None
    standing.next_name = next((rung.name for rung in program.ladder.rungs if way and rung.code == way.tier), "")
    standing.next_share = way.share if way else None
    standing.lacks = [_plain_lack(one) for one in way.missing] if way else []


def _dangers(program: _Program, sheet: FactSheet, facts: Mapping[str, Any], held: Rung) -> tuple[risk.Reason, ...]:
    """What endangers the held tier. The lowest one cannot be lost."""
    if program.table is None or not program.ladder.rungs or held.rank <= program.ladder.rungs[0].rank:
        return ()
    ways: tuple[Way, ...] = ways_to(program.table, program.ladder.ranks, held.rank, facts)
    best = max(ways, key=lambda way: (way.is_met, way.share), default=None)
    return risk.reasons(best, sheet.projections, today=program.at.date(), warn_days=program.policy.warn_days, counted=program.counted)


def _state(standing: Standing, held: Rung, earned: Rung | None, found: Iterable[risk.Reason], situation: Situation, at: datetime) -> str:
    if situation.exempt_until and situation.exempt_until >= at.date():
        return Standing.State.EXEMPT
    if standing.grace_until:
        return Standing.State.GRACE
    if earned and earned > held:
        return Standing.State.RISING
    return Standing.State.AT_RISK if any(one.severity != "info" for one in found) else Standing.State.SAFE


def _tell_of_risk(program: _Program, standing: Standing, held: Rung, found: Iterable[risk.Reason], was_warned: set[str]) -> None:
    """Warn once when a new danger appears; the grace clock has news of its own."""
    causes = tuple(dict.fromkeys(one.cause.value for one in found if one.severity == "warning"))
    if standing.grace_until is None and set(causes) - was_warned:
        publish(TierAtRisk(partner_id=standing.partner_id, program_id=standing.program_id, tier=held.name, causes=causes, at=program.at))


def _stake(sheet: FactSheet) -> int:
    won, open_ = (sheet.values.get(name) or Decimal(0) for name in ("revenue_won", "protected_pipeline"))
    return risk.at_stake(to_minor(won, metrics.CURRENCY), to_minor(open_, metrics.CURRENCY))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain_value(value) for name, value in values.items() if value is not None}


def _plain_reason(one: risk.Reason) -> dict[str, Any]:
    return {
        "cause": one.cause.value, "fact": one.fact, "have": plain_value(one.have), "need": plain_value(one.need), "then": plain_value(one.then),
        "on": one.on.isoformat() if one.on else None,
    }  # fmt: skip


def _plain_lack(one: Any) -> dict[str, Any]:
    have = one.have if isinstance(one.have, Decimal) else None
    return {"fact": one.fact, "words": one.words, "have": plain_value(have), "need": plain_value(one.need), "missing": plain_value(one.missing)}
