"""What attribution can say, as values."""

from enum import StrEnum


class Kind(StrEnum):
    """What a touch was. The first three can bring a deal."""

    REGISTRATION = "registration"
    REFERRAL = "referral"
    INTRODUCTION = "introduction"
    NAMED = "named"
    LEAD = "lead"
    COSELL = "cosell"
    COSELL_WORK = "cosell_work"
    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    DEMO = "demo"
    PROPOSAL = "proposal"
    VISIT = "visit"
    REFERENCE = "reference"
    TECHNICAL = "technical"
    EVENT = "event"
    CAMPAIGN = "campaign"
    OTHER = "other"


CLAIMABLE = (Kind.INTRODUCTION, Kind.REFERENCE, Kind.MEETING, Kind.DEMO, Kind.TECHNICAL, Kind.EVENT, Kind.OTHER)


class Source(StrEnum):
    """Who told of a touch: the log, an activity, a file, a claim that both sides confirmed, or a campaign."""

    LOG = "log"
    ACTIVITY = "activity"
    IMPORT = "import"
    CLAIM = "claim"
    PERSON = "person"
    CAMPAIGN = "campaign"


class DealKind(StrEnum):
    REGISTRATION = "registration"
    OPPORTUNITY = "opportunity"


class Counts(StrEnum):
    """What a touch counts as for one deal, by the published rule. A late one was claimed after the time for it."""

    INTRODUCTION = "introduction"
    INFLUENCE = "influence"
    NOTHING = "nothing"
    LATE = "late"


class Outcome(StrEnum):
    SOURCED = "sourced"
    INFLUENCED = "influenced"
    UNATTRIBUTED = "unattributed"


class Side(StrEnum):
    VENDOR = "vendor"
    PARTNER = "partner"


class ClaimState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class DisputeState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class Finding(StrEnum):
    """What a person found about a won deal that nobody is credited for."""

    DIRECT = "direct"
    PARTNER = "partner"


MODELS = (
    "first", "last", "linear", "time-decay", "position-decay", "u-shaped", "w-shaped", "z-shaped", "custom", "shapley", "shapley-ordered", "markov-per-deal",
)  # fmt: skip
LEARNED = ("markov-per-deal",)
COMPARED = ("first", "last", "linear", "time-decay", "u-shaped", "w-shaped", "shapley")
COMPARED_TOTALS = ("markov", "logistic")
USUAL_MODEL = "u-shaped"
