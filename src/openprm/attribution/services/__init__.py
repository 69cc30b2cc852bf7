"""The only way into attribution for writing."""

from openprm.attribution.services.claims import confirm_claim, deal_of, decline_claim, make_claim, withdraw_claim
from openprm.attribution.services.collecting import collect
from openprm.attribution.services.configuring import NothingChanged, ensure_configuration, publish_configuration
from openprm.attribution.services.correcting import correct
from openprm.attribution.services.disputes import AlreadyDisputed, open_dispute, settle_dispute, withdraw_dispute
from openprm.attribution.services.importing import TouchRow, import_touches, move_claims_to_account, move_to_account, take_back
from openprm.attribution.services.people import forget_people
from openprm.attribution.services.reviews import ReviewedAlready, review_win
from openprm.attribution.services.running import Made, Replay, assign, compute, compute_due, lock_month, replay
from openprm.attribution.services.sinks import push, push_again
from openprm.attribution.services.unit import KnownTouch, LockedMonth
from openprm.attribution.services.whatif import RULES, Imagined, imagine

__all__ = [
    "RULES", "AlreadyDisputed", "Imagined", "KnownTouch", "LockedMonth", "Made", "NothingChanged", "Replay", "ReviewedAlready", "TouchRow", "assign",
    "collect", "compute", "compute_due", "confirm_claim", "correct", "deal_of", "decline_claim", "ensure_configuration", "forget_people", "imagine",
    "import_touches", "lock_month", "make_claim", "move_claims_to_account", "move_to_account", "open_dispute", "publish_configuration", "push",
    "push_again", "replay", "review_win", "settle_dispute", "take_back", "withdraw_claim", "withdraw_dispute",
]  # fmt: skip
