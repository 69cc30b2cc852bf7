"""A partner's progress through the tiers of a program, read from its standing and the table in force."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.partners import queries as partners
from openprm.partners.queries import EnrollmentView, TierView
from openprm.rulebook import queries as rulebook
from openprm.rulebook.rules.facts import settle_facts
from openprm.rulebook.rules.language import date_words
from openprm.rulebook.rules.reading import ReadTable
from openprm.tiering import policies
from openprm.tiering.models import Standing, TierMove
from openprm.tiering.queries import words
from openprm.tiering.queries.facts import points_lines
from openprm.tiering.queries.results import CriterionView, KeptByHand, PointsView, Progress, StepView, VendorProgress
from openprm.tiering.rules.ladder import POINTS_RULES, TIER_RULES
from openprm.tiering.rules.points import earn
from openprm.tiering.rules.progress import Criterion, Way, ways_to


def progress_of(actor: Actor, partner_id: UUID, at: datetime) -> tuple[Progress, ...]:
    """The partner's place in each of its programs, the oldest first. Raises NotFound, also for another partner's."""
    partners.partner(actor, partner_id)
    held = [one for one in partners.enrollments_of(actor, partner_id) if one.status == "approved" and one.tier_id]
    standings = {row.program_id: row for row in policies.reach(actor).filter(partner_id=partner_id)}
    return tuple(_progress(actor, one, standings.get(one.program_id), at) for one in held)


def vendor_progress_of(actor: Actor, partner_id: UUID, at: datetime) -> tuple[VendorProgress, ...]:
    """The same with the stake, the size and the exception, for the vendor's people alone. Raises NotFound."""
    if not actor.sees_all_partners:
        raise NotFound()
    standings = {row.program_id: row for row in policies.reach(actor).filter(partner_id=partner_id)}
    pending = dict(policies.reach_moves(actor).filter(partner_id=partner_id, state=TierMove.State.PENDING).values_list("program_id", "pk"))
    return tuple(_for_vendor(one, standings.get(one.program_id), pending, at) for one in progress_of(actor, partner_id, at))


def _for_vendor(found: Progress, standing: Standing | None, pending: Mapping[UUID, UUID], at: datetime) -> VendorProgress:
    is_kept = standing is not None and standing.exempt_until is not None and standing.exempt_until >= at.date()
    return VendorProgress(
        progress=found, at_stake=Money(standing.at_stake_minor, standing.currency) if standing else Money(0, "EUR"),
        track=standing.track if standing else "medium", exempt=KeptByHand(until=standing.exempt_until, reason=standing.exempt_reason) if is_kept else None,
        version=standing.version if standing else 0, pending_move_id=pending.get(found.program_id),
    )  # fmt: skip


def _progress(actor: Actor, enrollment: EnrollmentView, standing: Standing | None, at: datetime) -> Progress:
    program = partners.program(actor, enrollment.program_id)
    tiers = tuple(sorted(program.tiers, key=lambda tier: tier.rank))
    table = rulebook.find_table(kind=TIER_RULES, program_id=enrollment.program_id, at=at)
    kept = standing.facts if standing else {}
    facts = settle_facts(table.kind, {name: value for name, value in kept.items() if table.kind.fact(name)}) if table else {}
    ladder = _ladder(tiers, table, facts, enrollment, standing)
    following = next((step for step in ladder if step.rank > enrollment.tier_rank), None)
    held = next((step for step in ladder if step.is_held), None)
    points = _points(enrollment.program_id, kept, at, table)
    return Progress(
        partner_id=enrollment.partner_id, program_id=enrollment.program_id, program=program.name, tier=enrollment.tier_name, tier_code=enrollment.tier_code,
        since=enrollment.since, measured_at=standing.refreshed_at if standing else None, state=standing.state if standing else "safe",
        state_label=str(Standing.State(standing.state).label) if standing else "", headline=_headline(enrollment, following, standing),
        sentence=_sentence(enrollment, following, standing), held=held, next=following, ladder=ladder, points=points[0],
        points_total=words.amount(kept.get("points"), "points"), points_most=points[1], floors_met=kept.get("floors_met") is True,
        warnings=tuple(words.reason(one) for one in standing.reasons if one["cause"] != "one_spare") if standing else (),
        grace_until=standing.grace_until if standing else None, forgiven_until=_forgiven(standing),
        rule_version_id=standing.rule_version_id if standing else None,
        rule_version=standing.rule_version if standing else None,
    )  # fmt: skip


def _forgiven(standing: Standing | None) -> date | None:
    """Worth saying only while the facts alone would not hold the tier."""
    if standing is None or standing.earned_rank is None or standing.earned_rank >= standing.held_rank:
        return None
    return standing.forgiven_until


def _ladder(
    tiers: Sequence[TierView], table: ReadTable | None, facts: Mapping[str, Any], enrollment: EnrollmentView, standing: Standing | None
) -> tuple[StepView, ...]:
    ranks = {tier.code: tier.rank for tier in tiers}
    steps, before = [], None
    for tier in tiers:
        ways = [way for way in ways_to(table, ranks, tier.rank, facts) if way.tier == tier.code] if table else []
        steps.append(_step(tier, ways[0] if ways else None, enrollment, standing, before))
        before = tier
    return tuple(steps)


def _step(tier: TierView, way: Way | None, enrollment: EnrollmentView, standing: Standing | None, before: TierView | None) -> StepView:
    is_held = tier.id == enrollment.tier_id
    criteria = tuple(_criterion(one, standing if is_held else None) for one in way.criteria) if way else ()
    return StepView(
        code=tier.code, name=tier.name, rank=tier.rank, is_held=is_held, is_met=way.is_met if way else False, share=way.share if way else 0,
        clause=way.clause if way else "", criteria=criteria, adds=words.benefit_rows(tier.benefits, before.benefits if before else None),
    )  # fmt: skip


def _criterion(one: Criterion, standing: Standing | None) -> CriterionView:
    danger = next((kept for kept in (standing.reasons if standing else ()) if kept["fact"] == one.fact), None)
    is_number = one.type in ("number", "money") and one.need is not None
    return CriterionView(
        criterion=one, label=words.label(one.fact), have=words.amount(one.have, one.fact) if is_number else "",
        need=words.amount(one.need, one.fact) if is_number else "", missing=words.amount(one.missing, one.fact) if one.missing is not None else "",
        share=one.share, is_met=one.is_met, words=one.words, by=_by(one, danger, standing), warning=words.reason(danger) if danger and one.is_met else "",
    )  # fmt: skip


def _by(one: Criterion, danger: Mapping[str, Any] | None, standing: Standing | None) -> date | None:
    """Until when: the end of grace for what is missing, the day of the loss for what is met but in danger."""
    if standing is None:
        return None
    if not one.is_met:
        return standing.grace_until.date() if standing.grace_until else standing.forgiven_until
    return date.fromisoformat(danger["on"]) if danger and danger.get("on") else None


def _points(program_id: UUID, kept: Mapping[str, Any], at: datetime, table: ReadTable | None) -> tuple[tuple[PointsView, ...], str]:
    """The points metric by metric, when the tier rules ask for points at all."""
    if table is None or not {"points", "floors_met"} & set(table.asked):
        return (), ""
    read = rulebook.find_table(kind=POINTS_RULES, program_id=program_id, at=at)
    lines = points_lines(read, str(kept.get("track", "medium")), str(kept.get("partner_type", "")))
    score = earn(lines, {name: Decimal(value) for name, value in kept.items() if isinstance(value, str) and _is_number(value)})
    rows = tuple(
        PointsView(
            clause=one.line.clause,
            label=words.label(one.line.metric),
            have=words.amount(one.have, one.line.metric),
            full_at=words.amount(one.line.full_at, one.line.metric),
            points=words.amount(one.points, "points"),
            most=words.amount(one.line.most, "points"),
            share=int(one.points * 100 / one.line.most) if one.line.most else 0,
            is_floored=one.line.is_floored,
            is_short=one.line.is_floored and one.points <= 0,
        )
        for one in score.lines
    )
    return rows, words.amount(score.most, "points")


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).replace("-", "", 1).isdigit()


def _headline(enrollment: EnrollmentView, following: StepView | None, standing: Standing | None) -> str:
    """The outcome first: '€188k away from Platinum'."""
    if standing is None or standing.refreshed_at is None:
        return _("You are %(tier)s") % {"tier": enrollment.tier_name}
    if standing.grace_until:
        return _("You may lose %(tier)s on %(day)s") % {"tier": enrollment.tier_name, "day": date_words(standing.grace_until.date())}
    if following is None:
        return _("You hold the highest tier")
    missing = [one for one in following.criteria if not one.is_met]
    if following.criteria and not missing:
        return _("You qualify for %(tier)s") % {"tier": following.name}
    if len(missing) == 1 and missing[0].missing:
        values = {"amount": missing[0].missing, "label": missing[0].label.lower(), "tier": following.name}
        if missing[0].criterion.type == "money":
            return _("%(amount)s away from %(tier)s") % values
        return _("%(amount)s more %(label)s to %(tier)s") % values
    return _("%(share)d%% of the way to %(tier)s") % {"share": following.share, "tier": following.name} if missing else enrollment.tier_name


def _sentence(enrollment: EnrollmentView, following: StepView | None, standing: Standing | None) -> str:
    if standing is None or standing.refreshed_at is None:
        return _("Your facts are measured tonight; then you see here what the next tier asks.")
    if standing.state == Standing.State.EXEMPT and standing.exempt_until:
        return _("You keep %(tier)s until %(day)s whatever the facts say.") % {"tier": enrollment.tier_name, "day": date_words(standing.exempt_until)}
    if standing.grace_until:
        return _("A criterion of your tier is not met any more. Meet it again before that day and nothing changes.")
    if (until := _forgiven(standing)) is not None:
        return _("You met the criteria lately, so you keep %(tier)s at least until %(day)s.") % {"tier": enrollment.tier_name, "day": date_words(until)}
    if following and following.criteria and all(one.is_met for one in following.criteria):
        return _("Your partner manager looks at it now.")
    if standing.state == Standing.State.AT_RISK:
        return _("You hold %(tier)s today, but look at what ends soon.") % {"tier": enrollment.tier_name}
    return _("You meet everything that %(tier)s asks.") % {"tier": enrollment.tier_name} if standing.earned_rank is not None else ""
