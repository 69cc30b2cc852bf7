"""Promotions and demotions: done by rule, asked of a person, decided, or dropped when the reason is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, Stale, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.partners import queries as partners_queries
from openprm.partners import services as partners
from openprm.rulebook import services as rulebook
from openprm.tiering import policies
from openprm.tiering.events import TierMoveDeclined, TierMoveProposed
from openprm.tiering.models import ONE_PENDING, Standing, TierMove, Track
from openprm.tiering.queries.members import Ladder, policy
from openprm.tiering.rules.ladder import TIER_RULES, Policy, Rung, may_ask_again
from openprm.tiering.services.texts import line

LONGEST_REASON, LONGEST_EXEMPTION = 1000, 500


class AlreadyAsked(Conflict):
    """Another refresh put the same question just now."""


class TierHasChanged(Conflict):
    """The partner was moved by hand after the question was put."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a move stands on: the facts that were asked, and the money at stake."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    at_stake_minor: int = 0
    currency: str = "EUR"


def move_at_once(standing: Standing, *, before: Rung, after: Rung, ladder: Ladder, basis: Basis, at: datetime) -> None:
    """Write down a move that the rules make by themselves; whatever waited for a person is no longer needed."""
    drop_pending(standing, at)
    move = _new(standing, before, after, ladder, basis, at)
    move.state, move.is_automatic, move.decided_at, move.decided_by_name = TierMove.State.DONE, True, at, SYSTEM.name
    _cite(move, at)
    move.save(force_insert=True)
    audit.record(SYSTEM, "tiering.moved", move, refs=(move.partner_id,), visible_to=(move.partner_id,), data=_names(before, after), at=at)


def ask(standing: Standing, *, before: Rung, after: Rung, ladder: Ladder, policy: Policy, basis: Basis, at: datetime) -> None:
    """Put the question to the manager, once; not again soon after a no to the same."""
    pending = TierMove.objects.filter(partner_id=standing.partner_id, program_id=standing.program_id, state=TierMove.State.PENDING).first()
    if pending and pending.after_id == ladder.ids[after.rank]:
        return
    declined = TierMove.objects.filter(
        partner_id=standing.partner_id, program_id=standing.program_id, state=TierMove.State.DECLINED, after_id=ladder.ids[after.rank]
    ).order_by("-decided_at")
    if not may_ask_again(declined.values_list("decided_at", flat=True).first(), policy, at):
        return
    drop_pending(standing, at)
    move = _new(standing, before, after, ladder, basis, at)
    _cite(move, at)
    with refused_by(ONE_PENDING, AlreadyAsked(_("This question waits already."))):
        move.save(force_insert=True)
    audit.record(SYSTEM, "tiering.asked", move, refs=(move.partner_id,), data=_names(before, after), at=at)
    publish(TierMoveProposed(partner_id=move.partner_id, program_id=move.program_id, move_id=move.pk, before=before.name, after=after.name, at=at))


def drop_pending(standing: Standing, at: datetime) -> None:
    """What waited for a person has no reason any more."""
    for move in TierMove.objects.filter(partner_id=standing.partner_id, program_id=standing.program_id, state=TierMove.State.PENDING).locked():
        move.state, move.decided_at = TierMove.State.SUPERSEDED, at
        move.save()


@transaction.atomic
def approve_move(*, actor: Actor, move_id: UUID, reason: str = "", at: datetime) -> None:
    """Say yes: the partner moves now. Raises NotFound, NotAllowed, Invalid, TierHasChanged."""
    move, standing = _load(actor, move_id)
    text = line("reason", reason, longest=LONGEST_REASON)
    enrollment = partners_queries.enrollment(move.partner_id, at, program_id=move.program_id)
    if enrollment is None or enrollment.tier_id != move.before_id:
        raise TierHasChanged(_("This partner is no longer in %(tier)s, so there is nothing to decide.") % {"tier": move.before.name})
    before = move.snapshot()
    _decide(actor, move, TierMove.State.DONE, text, at)
    standing.grace_since = standing.grace_until = None
    standing.save()
    audit.record(actor, "tiering.approved", move, before=before, refs=(move.partner_id,), visible_to=(move.partner_id,), note=text, at=at)
    partners.change_tier(actor=actor, partner_id=move.partner_id, program_id=move.program_id, tier_id=move.after_id, at=at)


@transaction.atomic
def decline_move(*, actor: Actor, move_id: UUID, reason: str, at: datetime) -> None:
    """Say no, with a reason that the partner reads. After a declined demotion the tier is kept until the question may be put again.

    Raises NotFound, NotAllowed, Invalid.
    """
    move, standing = _load(actor, move_id)
    text = line("reason", reason, longest=LONGEST_REASON, is_required=True)
    before = move.snapshot()
    _decide(actor, move, TierMove.State.DECLINED, text, at)
    if move.direction == TierMove.Direction.DOWN:
        _let_keep(standing, text, at)
    audit.record(actor, "tiering.declined", move, before=before, refs=(move.partner_id,), visible_to=(move.partner_id,), note=text, at=at)
    publish(TierMoveDeclined(partner_id=move.partner_id, program_id=move.program_id, move_id=move.pk, before=move.before.name, after=move.after.name, at=at))


@transaction.atomic
def keep_tier(*, actor: Actor, partner_id: UUID, program_id: UUID, until: date | None, reason: str = "", version: int | None = None, at: datetime) -> None:
    """Let a partner keep its tier whatever the facts say, until a day; without a day the exception ends.

    Raises NotFound, NotAllowed, Invalid, Stale.
    """
    standing = _standing(actor, partner_id, program_id, version)
    text = line("reason", reason, longest=LONGEST_EXEMPTION, is_required=until is not None)
    if until is not None and not at.date() < until <= at.date().replace(year=at.year + 2, day=min(at.day, 28)):
        raise Invalid(_("Choose a day after today, at most two years ahead."), field="until")
    before = standing.snapshot()
    standing.exempt_until, standing.exempt_reason = until, text if until else ""
    standing.state = Standing.State.EXEMPT if until else standing.state
    _saved(actor, standing, "tiering.kept_by_hand" if until else "tiering.exception_ended", before, text, at)
    if until:
        drop_pending(standing, at)


@transaction.atomic
def set_track(*, actor: Actor, partner_id: UUID, program_id: UUID, track: str, version: int | None = None, at: datetime) -> None:
    """Say how large the partner is, so that points are fair. Raises NotFound, NotAllowed, Invalid, Stale."""
    standing = _standing(actor, partner_id, program_id, version)
    if track not in Track.values:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(Track.values)}, field="track")
    before = standing.snapshot()
    standing.track = track
    _saved(actor, standing, "tiering.track_set", before, "", at)


def _let_keep(standing: Standing, reason: str, at: datetime) -> None:
    standing.grace_since = standing.grace_until = None
    standing.exempt_until = (at + timedelta(days=policy(standing.program_id).ask_again_days)).date()
    standing.exempt_reason, standing.state = reason[:LONGEST_EXEMPTION], Standing.State.EXEMPT
    standing.version += 1
    standing.save()


def _standing(actor: Actor, partner_id: UUID, program_id: UUID, version: int | None) -> Standing:
    rows = policies.reach(actor).filter(partner_id=partner_id, program_id=program_id)
    standing = policies.reach(actor).locked().one(rows.values_list("pk", flat=True).first() or UUID(int=0))
    refuse_if(policies.why_not_decide(actor))
    if version is not None and version != standing.version:
        raise Stale()
    return standing


def _saved(actor: Actor, standing: Standing, verb: str, before: Mapping[str, Any], note: str, at: datetime) -> None:
    standing.version += 1
    standing.save()
    audit.record(actor, verb, standing, before=before, refs=(standing.partner_id,), visible_to=(standing.partner_id,), note=note, at=at)


def _load(actor: Actor, move_id: UUID) -> tuple[TierMove, Standing]:
    """The move and its standing, the standing locked first, as a refresh does."""
    found = policies.reach_moves(actor).one(move_id)
    refuse_if(policies.why_not_decide(actor))
    standing = Standing.objects.filter(partner_id=found.partner_id, program_id=found.program_id).locked().get()
    move = policies.reach_moves(actor).select_related("before", "after").locked().one(move_id)
    refuse_if(policies.why_not_decide(actor, move))
    return move, standing


def _decide(actor: Actor, move: TierMove, state: str, reason: str, at: datetime) -> None:
    move.state, move.decided_at, move.reason = state, at, reason
    move.decided_by_id, move.decided_by_name = actor.user_id, actor.name
    move.save()


def _new(standing: Standing, before: Rung, after: Rung, ladder: Ladder, basis: Basis, at: datetime) -> TierMove:
    return TierMove(
        partner_id=standing.partner_id, program_id=standing.program_id, before_id=ladder.ids[before.rank], after_id=ladder.ids[after.rank],
        direction=TierMove.Direction.UP if after > before else TierMove.Direction.DOWN, facts=dict(basis.facts), at_stake_minor=basis.at_stake_minor,
        currency=basis.currency, opened_at=at,
    )  # fmt: skip


def _cite(move: TierMove, at: datetime) -> None:
    """The engine's own answer on the same facts, kept as a decision of the rulebook with what would have changed it."""
    verdict = rulebook.evaluate(kind=TIER_RULES, program_id=move.program_id, inputs=move.facts, at=at, record_for=(move, move.partner_id))
    move.clause, move.clause_text, move.rule_version_id, move.rule_version = verdict.clause, verdict.clause_text, verdict.version_id, verdict.version


def _names(before: Rung, after: Rung) -> dict[str, str]:
    return {"before": before.name, "after": after.name}
