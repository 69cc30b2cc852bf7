"""Scores against the profile in force, with a sentence per criterion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.recruitment.models import IdealProfile
from openprm.recruitment.rules import scoring
from openprm.recruitment.rules.scoring import Criterion, Operator
from openprm.recruitment.wording import FACT_LABEL, FIT, STATE, sentence, wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionPoints:
    """One criterion of a score. `points` of at most `most`; state is met, part, missed or missing."""

    code: str
    label: str
    wanted: str
    state: str
    state_label: str
    tone: str
    points: Decimal
    most: Decimal
    weight: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A company against a profile: `points` proven of 100, `could_reach` when everything unknown turns out well."""

    points: int
    could_reach: int
    missing_share: float
    fit: str
    fit_label: str
    tone: str
    profile_id: UUID | None
    profile_version: int
    criteria: tuple[CriterionPoints, ...]

    @property
    def missing_percent(self) -> int:
        return round(self.missing_share * 100)

    @property
    def open_points(self) -> int:
        return self.could_reach - self.points


def score_company(*, program_id: UUID, facts: Mapping[str, Any], at: datetime) -> Score | None:
    """The score of a company with these facts for a program; None while no profile is in force. Runs in the caller's scope."""
    profile = in_force(program_id)
    return score_of(criteria_of(profile), facts, profile_id=profile.pk, profile_version=profile.number) if profile else None


def in_force(program_id: UUID) -> IdealProfile | None:
    return IdealProfile.objects.filter(program=program_id, state=IdealProfile.State.PUBLISHED).first()


def criteria_of(profile: IdealProfile) -> tuple[Criterion, ...]:
    return tuple(criterion(line) for line in profile.criteria)


def criterion(line: Mapping[str, Any]) -> Criterion:
    value = tuple(line["value"]) if isinstance(line.get("value"), list) else line.get("value")
    return Criterion(line["fact"], Operator(line["operator"]), value, line["weight"])


def score_of(criteria: Sequence[Criterion], facts: Mapping[str, Any], *, profile_id: UUID | None = None, profile_version: int = 0) -> Score:
    """A pure score with its words."""
    found = scoring.score(criteria, facts)
    label, tone = FIT[found.fit]
    return Score(
        points=found.points,
        could_reach=found.could_reach,
        missing_share=found.missing_share,
        fit=str(found.fit),
        fit_label=str(label),
        tone=tone,
        profile_id=profile_id,
        profile_version=profile_version,
        criteria=tuple(_explained(number, one) for number, one in enumerate(found.criteria, start=1)),
    )


def _explained(number: int, one: scoring.CriterionPoints) -> CriterionPoints:
    label, tone = STATE[one.state]
    return CriterionPoints(
        code=f"C{number}",
        label=str(FACT_LABEL[one.criterion.fact]),
        wanted=wanted(one.criterion),
        state=str(one.state),
        state_label=str(label),
        tone=tone,
        points=one.points,
        most=one.most,
        weight=one.criterion.weight,
        sentence=sentence(one),
    )
