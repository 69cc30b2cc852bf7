"""The codes that the rules speak."""

from enum import StrEnum


class Side(StrEnum):
    """Who does a step."""

    VENDOR = "vendor"
    PARTNER = "partner"
    CUSTOMER = "customer"


class Visibility(StrEnum):
    """Who sees a step: both sides, or one of them alone."""

    SHARED = "shared"
    VENDOR = "vendor"
    PARTNER = "partner"


class State(StrEnum):
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class Health(StrEnum):
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    LATE = "late"
    DONE = "done"
    EMPTY = "empty"
