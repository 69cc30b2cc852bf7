"""What tiering does: `from openprm.tiering import services as tiering`."""

from openprm.tiering.services.benefits import say_of_benefit
from openprm.tiering.services.moves import AlreadyAsked, TierHasChanged, approve_move, decline_move, drop_pending, keep_tier, set_track
from openprm.tiering.services.news import tell_of_grace, tell_of_move, tell_of_proposal, tell_of_recovery, tell_of_report, tell_of_risk, tell_of_tier
from openprm.tiering.services.refresh import AT_ONCE, Measured, refresh, refresh_members
from openprm.tiering.services.settings import MetricExists, ValueExists, create_metric, enter_value, remove_value, save_policy, update_metric

__all__ = [
    "AT_ONCE", "AlreadyAsked", "Measured", "MetricExists", "TierHasChanged", "ValueExists", "approve_move", "create_metric", "decline_move",
    "drop_pending", "enter_value", "keep_tier", "refresh", "refresh_members", "remove_value", "save_policy", "say_of_benefit", "set_track",
    "tell_of_grace", "tell_of_move", "tell_of_proposal", "tell_of_recovery", "tell_of_report", "tell_of_risk", "tell_of_tier", "update_metric",
]  # fmt: skip
