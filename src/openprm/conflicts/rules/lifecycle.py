"""The life of a conflict case: which states follow which, and what an appeal may do to the first decision."""

from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    APPEALED = "appealed"
    CLOSED = "closed"


class CaseType(StrEnum):
    DIRECT = "direct_vs_partner"
    PARTNERS = "partner_vs_partner"
    CREDIT = "post_deal_credit"
    REJECTION = "rejection"
    LEAD = "lead"


class Origin(StrEnum):
    PARTNER = "partner"
    VENDOR = "vendor"
    SENTINEL = "sentinel"


class Finding(StrEnum):
    """Whether the claim stands."""

    FOUNDED = "founded"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"


class AppealResult(StrEnum):
    UPHELD = "upheld"
    CHANGED = "changed"
    REMANDED = "remanded"


class Ending(StrEnum):
    """Why a case is closed."""

    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    FALSE_ALARM = "false_alarm"


class Side(StrEnum):
    CLAIMANT = "claimant"
    RESPONDENT = "respondent"


_S = State
TRANSITIONS: dict[State, frozenset[State]] = {
    _S.OPEN: frozenset({_S.IN_REVIEW, _S.CLOSED}),
    _S.IN_REVIEW: frozenset({_S.DECIDED, _S.CLOSED}),
    _S.DECIDED: frozenset({_S.APPEALED, _S.CLOSED}),
    _S.APPEALED: frozenset({_S.IN_REVIEW, _S.CLOSED}),
    _S.CLOSED: frozenset(),
}
HEARING = frozenset({_S.OPEN, _S.IN_REVIEW})
"""States in which both sides may still speak."""
LIVE = frozenset(state for state in State if state != State.CLOSED)
ABOUT_A_DEAL = frozenset({CaseType.DIRECT, CaseType.PARTNERS, CaseType.CREDIT, CaseType.REJECTION})
DECISION, APPEAL = "decision", "appeal"


def may_follow(now: str, then: str) -> bool:
    return State(then) in TRANSITIONS[State(now)]


def is_second_hearing(round_number: int) -> bool:
    """A case that an appeal sent back is decided once more, and then for good."""
    return round_number > 1


def after_ruling(kind: str, *, appeal_result: str = "", round_number: int = 1) -> State:
    """Where a ruling takes the case: a first decision can be appealed, everything later is final but for a remand."""
    if kind == APPEAL:
        return State.IN_REVIEW if appeal_result == AppealResult.REMANDED else State.CLOSED
    return State.CLOSED if is_second_hearing(round_number) else State.DECIDED


def is_revealed(*, both_spoke: bool, time_is_over: bool) -> bool:
    """Each side reads the other when both have spoken, or when the time to speak is over."""
    return both_spoke or time_is_over
