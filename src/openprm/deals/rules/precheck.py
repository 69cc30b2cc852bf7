"""The blind pre-check (X10): one of three words, the same shape and the same work for every answer."""

from dataclasses import dataclass
from enum import StrEnum

from openprm.deals.rules.conflict import Check, FindingKind, Verdict

PER_PERSON_HOUR = 30
PER_PARTNER_DAY = 200


class Answer(StrEnum):
    FREE = "free"
    PROTECTED = "protected"
    ASK = "ask"


def answer_of(check: Check) -> Answer:
    """Protected when a live protection surely covers it, free when nothing stands about the customer, else ask."""
    if FindingKind.OTHER_PROTECTION in check.kinds and FindingKind.UNRESOLVED_CUSTOMER not in check.kinds:
        return Answer.PROTECTED
    return Answer.FREE if check.verdict is Verdict.NONE else Answer.ASK


@dataclass(frozen=True, slots=True)
class Usage:
    """Pre-checks already made: by the person in the last hour, by the partner in the last day."""

    person_hour: int
    partner_day: int


def is_over_limit(usage: Usage) -> bool:
    return usage.person_hour >= PER_PERSON_HOUR or usage.partner_day >= PER_PARTNER_DAY
