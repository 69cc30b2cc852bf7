"""The life of a lead and of the offers made of it: which states follow which (E1-E5)."""

from enum import StrEnum


class Status(StrEnum):
    NEW = "new"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    UNROUTED = "unrouted"
    NURTURE = "nurture"
    CONVERTED = "converted"
    WON = "won"
    LOST = "lost"


_S = Status
TRANSITIONS: dict[Status, frozenset[Status]] = {
    _S.NEW: frozenset({_S.OFFERED, _S.UNROUTED, _S.NURTURE, _S.LOST}),
    _S.OFFERED: frozenset({_S.ACCEPTED, _S.DECLINED, _S.EXPIRED, _S.UNROUTED, _S.NURTURE, _S.LOST}),
    _S.ACCEPTED: frozenset({_S.CONVERTED, _S.OFFERED, _S.DECLINED, _S.EXPIRED, _S.UNROUTED, _S.NURTURE, _S.WON, _S.LOST}),
    _S.DECLINED: frozenset({_S.OFFERED, _S.UNROUTED, _S.NURTURE, _S.LOST}),
    _S.EXPIRED: frozenset({_S.OFFERED, _S.UNROUTED, _S.NURTURE, _S.LOST}),
    _S.UNROUTED: frozenset({_S.OFFERED, _S.NURTURE, _S.LOST}),
    _S.NURTURE: frozenset({_S.OFFERED, _S.UNROUTED, _S.LOST}),
    _S.CONVERTED: frozenset({_S.WON, _S.LOST}),
    _S.WON: frozenset(),
    _S.LOST: frozenset(),
}

WAITS_FOR_VENDOR = frozenset({_S.NEW, _S.DECLINED, _S.EXPIRED, _S.UNROUTED})
"""Nobody has the lead: a person on the vendor's side says where it goes."""
ROUTABLE = WAITS_FOR_VENDOR | {_S.NURTURE, _S.OFFERED, _S.ACCEPTED}
LOCKED = frozenset({_S.CONVERTED, _S.WON, _S.LOST})
"""From the conversion on, what the customer said stays as it was; the registration goes on."""
FINAL = frozenset(status for status, following in TRANSITIONS.items() if not following)
OPEN = frozenset(Status) - FINAL


class OfferState(StrEnum):
    OFFERED = "offered"
    OPENED = "opened"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    TAKEN = "taken"
    ENDED = "ended"


_O = OfferState
OFFER_TRANSITIONS: dict[OfferState, frozenset[OfferState]] = {
    _O.OFFERED: frozenset({_O.OPENED, _O.ACCEPTED, _O.DECLINED, _O.EXPIRED, _O.WITHDRAWN, _O.TAKEN}),
    _O.OPENED: frozenset({_O.ACCEPTED, _O.DECLINED, _O.EXPIRED, _O.WITHDRAWN, _O.TAKEN}),
    _O.ACCEPTED: frozenset({_O.DECLINED, _O.EXPIRED, _O.WITHDRAWN, _O.ENDED}),
    _O.DECLINED: frozenset(),
    _O.EXPIRED: frozenset(),
    _O.WITHDRAWN: frozenset(),
    _O.TAKEN: frozenset(),
    _O.ENDED: frozenset(),
}
ASKED = frozenset({_O.OFFERED, _O.OPENED})
"""The partner has the word."""
LIVE = ASKED | {_O.ACCEPTED}
READABLE = frozenset({_O.OPENED, _O.ACCEPTED, _O.ENDED})
"""States in which the partner reads who the customer is; before the opening and after it gave the lead back it does not."""


class DeclineReason(StrEnum):
    NO_CAPACITY = "no_capacity"
    OUTSIDE_AREA = "outside_area"
    MISSING_SKILL = "missing_skill"
    CONFLICT = "conflict"
    NO_NEED = "no_need"
    UNREACHABLE = "unreachable"
    SPAM = "spam"
    OTHER = "other"


class ClosedReason(StrEnum):
    NO_BUDGET = "no_budget"
    NO_NEED = "no_need"
    NO_DECISION = "no_decision"
    COMPETITOR = "competitor"
    UNREACHABLE = "unreachable"
    SPAM = "spam"
    DUPLICATE = "duplicate"
    DEAL_WON = "deal_won"
    DEAL_LOST = "deal_lost"
    DEAL_ENDED = "deal_ended"
    SOLD = "sold"
    ERASED = "erased"
    OTHER = "other"


REASONS_TO_LOSE = (
    ClosedReason.NO_BUDGET,
    ClosedReason.NO_NEED,
    ClosedReason.NO_DECISION,
    ClosedReason.COMPETITOR,
    ClosedReason.UNREACHABLE,
    ClosedReason.SPAM,
    ClosedReason.DUPLICATE,
    ClosedReason.OTHER,
)
"""What a person may choose; the other reasons come from the deal's own outcome."""


def may_follow(now: str, then: str) -> bool:
    return Status(then) in TRANSITIONS[Status(now)]


def offer_may_follow(now: str, then: str) -> bool:
    return OfferState(then) in OFFER_TRANSITIONS[OfferState(now)]
