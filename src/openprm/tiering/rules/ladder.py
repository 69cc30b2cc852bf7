"""Which tier a partner may hold, and what follows from it: nothing, a warning, a move, or a question to the manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

KEEP = "keep"
TIER_RULES, POINTS_RULES = "tiering.tier", "tiering.points"


@dataclass(frozen=True, slots=True, order=True)
class Rung:
    rank: int
    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a program moves its partners. `grace_days` run from the day a tier is no longer earned to the day it is lost."""

    promotes_at_once: bool = True
    demotes_at_once: bool = False
    is_forgiving: bool = True
    grace_days: int = 60
    warn_days: int = 90
    ask_again_days: int = 90


@dataclass(frozen=True, slots=True)
class Situation:
    """`earned` is the tier of the facts today, `forgiven` the best one that was earned within the window; None is 'no rule moves it'."""

    held: Rung
    earned: Rung | None
    forgiven: Rung | None = None
    grace_until: datetime | None = None
    exempt_until: date | None = None


class Step(StrEnum):
    STAY = "stay"
    PROMOTE = "promote"
    ASK_PROMOTION = "ask_promotion"
    BEGIN_GRACE = "begin_grace"
    WAIT = "wait"
    END_GRACE = "end_grace"
    DEMOTE = "demote"
    ASK_DEMOTION = "ask_demotion"


@dataclass(frozen=True, slots=True)
class Next:
    step: Step
    to: Rung | None = None
    grace_until: datetime | None = None


def rung_of(answer: str | None, ladder: Sequence[Rung], held: Rung) -> Rung | None:
    """The rung that a rule's answer names; None when the rule says 'keep', names none, or one that this program does not have."""
    if answer in (None, "", KEEP):
        return None
    return next((rung for rung in ladder if rung.code == answer), None)


def standing_of(situation: Situation, policy: Policy) -> Rung:
    """The tier that facts and forgiveness together allow; the held one where no rule speaks."""
    if situation.earned is None:
        return situation.held
    allowed = [situation.earned]
    if policy.is_forgiving and situation.forgiven is not None:
        allowed.append(min(situation.forgiven, situation.held))
    return max(allowed)


def next_step(situation: Situation, policy: Policy, at: datetime) -> Next:
    """Promotion at once or by a person; below the line first a clock, then the demotion, never without warning."""
    if situation.exempt_until is not None and at.date() <= situation.exempt_until:
        return Next(Step.END_GRACE if situation.grace_until else Step.STAY)
    allowed = standing_of(situation, policy)
    if allowed > situation.held:
        return Next(Step.PROMOTE if policy.promotes_at_once else Step.ASK_PROMOTION, allowed)
    if allowed == situation.held:
        return Next(Step.END_GRACE if situation.grace_until else Step.STAY)
    return _below(situation, policy, allowed, at)


def _below(situation: Situation, policy: Policy, allowed: Rung, at: datetime) -> Next:
    if situation.grace_until is None:
        return Next(Step.BEGIN_GRACE, allowed, at + timedelta(days=policy.grace_days))
    if at < situation.grace_until:
        return Next(Step.WAIT, allowed, situation.grace_until)
    return Next(Step.DEMOTE if policy.demotes_at_once else Step.ASK_DEMOTION, allowed, situation.grace_until)


def may_ask_again(declined_at: datetime | None, policy: Policy, at: datetime) -> bool:
    """Whether a question that a manager said no to is due again."""
    return declined_at is None or at >= declined_at + timedelta(days=policy.ask_again_days)
