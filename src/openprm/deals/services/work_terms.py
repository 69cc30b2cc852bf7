"""Asking the rulebook how a window reflects work, and gathering the dated evidence of one registration."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from openprm.activities import queries as activities
from openprm.deals.models import Document, ProtectionStep, Registration, StageMove
from openprm.deals.rules.evidence_curve import ACTIVITY_KINDS, DOCUMENT, STAGE, Curve, Evidence, StageFrom, WindowFacts, WorkTerms, curve_of
from openprm.deals.services import routing
from openprm.rulebook import services as rulebook

KIND, CHOICE_KIND = "deals.evidence", "deals.customer_choice"


def ask(kind: str, registration: Registration, *, stage: str, at: datetime) -> Any:
    """The rulebook's verdict by the rules in force at `at`; the deal's facts and the stage are passed."""
    standing = routing.standing_of(registration.partner_id, registration.program_id, at)
    facts = routing.facts_of(registration, standing, routing.UNCHECKED).inputs()
    inputs = {name: facts[name] for name in ("tier_rank", "tier", "deal_type", "amount", "territory")} | {"stage": stage}
    return rulebook.evaluate(kind=kind, program_id=standing.program_id, inputs=inputs, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The terms of one stage and the version they stand in; `terms` None where the window is fixed."""

    terms: WorkTerms | None
    version_id: UUID | None = None
    version: int | None = None
    clause: str = ""


def ruling_of(registration: Registration, stage: str) -> Ruling:
    """By the rules in force when the deal was submitted: a later table does not touch deals in flight."""
    verdict = ask(KIND, registration, stage=stage, at=registration.submitted_at or registration.created_at)
    outcome = verdict.outcome or {}
    if outcome.get("window") != "work":
        return Ruling(terms=None)
    return Ruling(terms=_terms(outcome, verdict.clause), version_id=verdict.version_id, version=verdict.version, clause=verdict.clause)


def _terms(outcome: dict[str, Any], clause: str) -> WorkTerms:
    def number(name: str) -> int:
        return max(0, int(outcome.get(name) or 0))

    kinds = (*ACTIVITY_KINDS, STAGE, DOCUMENT)
    names = ("self_percent", "self_most", "most_added", "logged_within", "quiet_days", "week_days", "floor_days", "most_days", "notice_days")
    return WorkTerms(days={kind: number(f"days_{kind}") for kind in kinds}, clause=clause, **{name: number(name) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Everything that the sum of one registration needs, read once."""

    facts: WindowFacts
    evidence: tuple[Evidence, ...]
    terms_of: Callable[[str], WorkTerms] = field(compare=False)
    ruling: Ruling

    def curve(self, at: datetime) -> Curve:
        return curve_of(self.facts, self.evidence, self.terms_of, at.date())


def window_of(registration: Registration, steps: list[ProtectionStep]) -> Window | None:
    """The window of a registration that began with the step "opened"; None where it is fixed."""
    if not steps:
        return None
    opened = steps[0]
    stages = _stages(registration, opened)
    first = ruling_of(registration, stages[0].stage)
    if first.terms is None:
        return None
    starts_at, base_days = opened.at, opened.days
    by_hand = sum(step.days for step in steps if step.kind == ProtectionStep.Kind.BY_HAND)
    facts = WindowFacts(starts_on=starts_at.date(), base_days=base_days, by_hand_days=by_hand, stages=stages)

    @cache
    def terms_of(stage: str) -> WorkTerms:
        found = first if stage == stages[0].stage else ruling_of(registration, stage)
        return found.terms or first.terms  # type: ignore[return-value]

    return Window(facts=facts, evidence=tuple(_evidence(registration, opened.at)), terms_of=terms_of, ruling=first)


def _stages(registration: Registration, opened: ProtectionStep) -> tuple[StageFrom, ...]:
    moves = StageMove.objects.filter(registration=registration).order_by("moved_at", "id").values_list("moved_at", "stage")
    return (StageFrom(day=opened.at.date(), stage=opened.cause), *(StageFrom(day=at.date(), stage=stage) for at, stage in moves))


def _evidence(registration: Registration, since: datetime) -> list[Evidence]:
    """Logged work, stages entered and the partner's shared files, as dated pieces."""
    work = activities.work_on(registration.pk, partner_id=registration.partner_id, account_id=registration.account_id)
    found = [Evidence(kind=one.kind, day=one.occurred_at.date(), ref=str(one.id), is_verified=one.is_verified, known_on=one.recorded_at.date()) for one in work]
    moves = StageMove.objects.filter(registration=registration).values_list("pk", "moved_at")
    found += [Evidence(kind=STAGE, day=at.date(), ref=str(pk), is_verified=True) for pk, at in moves]
    files = Document.objects.filter(registration=registration, visibility="shared", author_side="partner").values_list("pk", "created_at")
    return found + [Evidence(kind=DOCUMENT, day=at.date(), ref=str(pk), is_verified=True) for pk, at in files]
