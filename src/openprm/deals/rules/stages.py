"""The stages of a program as data: what has to be true before a deal enters one, and what is still missing."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from openprm.deals.rules.lifecycle import CLOSED_STAGES, Stage

MOST_STAGES = 12
MOST_CRITERIA = 8
MOST_REASONS = 30
LATE_FROM_PERCENT = 50
"""From this win probability on a deal counts as being in its late stages."""


class Needs(StrEnum):
    """What a criterion asks for. `value` is the field, the kind of activity, the amount in minor units, or the days."""

    FIELD = "field"
    ACTIVITY = "activity"
    DOCUMENT = "document"
    AMOUNT = "amount"
    NEXT_STEP = "next_step"
    DAYS = "days"
    PLAN = "plan"


FIELDS = (
    *("contact_name", "contact_email", "contact_phone", "contact_title", "customer_city"),
    *("expected_close_date", "description", "competitor", "engaged_since_date"),
)
"""Fields of a deal that a criterion may ask for: those that can still be filled in after the approval."""
ACTIVITIES = ("call", "email", "meeting", "demo", "proposal", "visit", "other")


@dataclass(frozen=True, slots=True)
class Criterion:
    needs: str
    value: str = ""

    @property
    def number(self) -> int:
        return int(self.value) if self.value.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class StageDef:
    """One open stage. `probability` is the chance to win in percent; an empty name is the built-in one's."""

    code: str
    name: str = ""
    probability: int = 0
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class LostReason:
    code: str
    label: str = ""
    needs_competitor: bool = False
    needs_comment: bool = False


@dataclass(frozen=True, slots=True)
class Process:
    """The stages of one program in order, the one in which an approved deal begins, and the reasons for losing."""

    stages: tuple[StageDef, ...]
    entry: str
    lost_reasons: tuple[LostReason, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(stage.code for stage in self.stages)

    def stage(self, code: str) -> StageDef | None:
        return next((stage for stage in self.stages if stage.code == code), None)

    def reason(self, code: str) -> LostReason | None:
        return next((reason for reason in self.lost_reasons if reason.code == code), None)

    def way(self, now: str, then: str) -> tuple[StageDef, ...]:
        """The stages that a move enters: none backwards, each one forwards, the target alone from a stage that is no longer used."""
        codes = self.codes
        if then not in codes:
            return ()
        if now not in codes:
            return tuple(filter(None, (self.stage(then),)))
        return self.stages[codes.index(now) + 1 : codes.index(then) + 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is known of a deal when it is asked to move."""

    filled: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    documents: int = 0
    amount_minor: int = 0
    has_next_step: bool = False
    days_in_stage: int = 0
    has_agreed_plan: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    stage: StageDef
    criterion: Criterion
    met: bool


def is_met(criterion: Criterion, progress: Progress) -> bool:
    match criterion.needs:
        case Needs.FIELD:
            return criterion.value in progress.filled
        case Needs.ACTIVITY:
            return criterion.value in progress.activities if criterion.value else bool(progress.activities)
        case Needs.DOCUMENT:
            return progress.documents >= max(criterion.number, 1)
        case Needs.AMOUNT:
            return progress.amount_minor >= criterion.number
        case Needs.NEXT_STEP:
            return progress.has_next_step
        case Needs.PLAN:
            return progress.has_agreed_plan
        case _:
            return progress.days_in_stage >= criterion.number


def checklist(stages: Iterable[StageDef], progress: Progress) -> tuple[Checked, ...]:
    """Every criterion of these stages, met or not."""
    return tuple(Checked(stage, criterion, is_met(criterion, progress)) for stage in stages for criterion in stage.criteria)


def unmet(process: Process, now: str, then: str, progress: Progress) -> tuple[Checked, ...]:
    """What keeps a deal from moving, the same thing once."""
    missing = {one.criterion: one for one in checklist(process.way(now, then), progress) if not one.met}
    return tuple(missing.values())


def is_late(stage: StageDef) -> bool:
    return stage.probability >= LATE_FROM_PERCENT


def as_json(process: Process) -> dict[str, Any]:
    return {
        "stages": [{**asdict(stage), "criteria": [asdict(one) for one in stage.criteria]} for stage in process.stages],
        "entry": process.entry,
        "lost_reasons": [asdict(reason) for reason in process.lost_reasons],
    }


def from_json(stored: Mapping[str, Any]) -> Process:
    return Process(
        stages=tuple(StageDef(**{**stage, "criteria": tuple(Criterion(**one) for one in stage["criteria"])}) for stage in stored["stages"]),
        entry=stored["entry"],
        lost_reasons=tuple(LostReason(**reason) for reason in stored["lost_reasons"]),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new table changes: stages that go, that come, and that ask for other things."""

    gone: tuple[str, ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]


def difference(before: Process, after: Process) -> Difference:
    kept = [code for code in after.codes if code in before.codes]
    return Difference(
        gone=tuple(code for code in before.codes if code not in after.codes),
        new=tuple(code for code in after.codes if code not in before.codes),
        changed=tuple(code for code in kept if before.stage(code) != after.stage(code)),
    )


OTHER = "other"
DEFAULT = Process(
    stages=(
        StageDef(Stage.PROSPECT.value, probability=10),
        StageDef(Stage.QUALIFIED.value, probability=25),
        StageDef(Stage.TECHNICAL_VALIDATION.value, probability=50),
        StageDef(Stage.BUSINESS_VALIDATION.value, probability=70),
        StageDef(Stage.COMMITTED.value, probability=90),
    ),
    entry=Stage.QUALIFIED.value,
    lost_reasons=(
        LostReason("competitor", needs_competitor=True),
        LostReason("price"),
        LostReason("no_budget"),
        LostReason("no_decision"),
        LostReason("product_gap"),
        LostReason("timing"),
        LostReason(OTHER, needs_comment=True),
    ),
)
"""How a program sells until somebody publishes another way."""
RESERVED = frozenset(stage.value for stage in CLOSED_STAGES)
CLOSED_PROBABILITY = {Stage.LAUNCHED.value: 100, Stage.CLOSED_LOST.value: 0}
