"""Changes to earnings: `from openprm.earnings import services as earnings`."""

from openprm.earnings.services.accrual import Accrued, Happening, accrue, accrue_many
from openprm.earnings.services.adjusting import bring_in, decide_adjustment, propose_adjustment, withdraw_adjustment
from openprm.earnings.services.bounties import Proof, accept_bounty, reject_bounty, submit_bounty, withdraw_bounty
from openprm.earnings.services.clawback import claw_back, take_back_all
from openprm.earnings.services.correction import correct, set_share
from openprm.earnings.services.credited import Credited, Helped, accrue_credited, accrue_helped, catch_up_helped, helped_of
from openprm.earnings.services.forfeiting import cure_of, forfeit_due, warn_due
from openprm.earnings.services.late_answers import credit_late_answer
from openprm.earnings.services.payable import give_back, settle, take
from openprm.earnings.services.people import forget_people, remove_imported
from openprm.earnings.services.regular import accrue_past, accrue_retainers, accrue_usage, catch_up_usage, settle_quarter
from openprm.earnings.services.review import Done, approve, approve_many, decline, decline_many, hold, hold_many, release, release_due
from openprm.earnings.services.sales import accrue_qualified, accrue_registered, accrue_won, catch_up, follow_amendment, share_credit
from openprm.earnings.services.statements import seal_last_month, seal_month
from openprm.earnings.services.suspicion import resolve_alert
from openprm.earnings.services.telling import tell_about_deal, tell_about_line

__all__ = [
    "Accrued", "Credited", "Done", "Happening", "Helped", "Proof", "accept_bounty", "accrue", "accrue_credited", "accrue_helped", "accrue_many",
    "accrue_past", "accrue_qualified", "accrue_registered", "accrue_retainers", "accrue_usage", "accrue_won", "approve", "approve_many", "bring_in",
    "catch_up", "catch_up_helped", "catch_up_usage", "claw_back", "correct", "credit_late_answer", "cure_of", "decide_adjustment", "decline",
    "decline_many", "follow_amendment", "forfeit_due", "forget_people", "give_back", "helped_of", "hold", "hold_many", "propose_adjustment",
    "reject_bounty", "release", "release_due", "remove_imported", "resolve_alert", "seal_last_month", "seal_month", "set_share", "settle",
    "settle_quarter", "share_credit", "submit_bounty", "take", "take_back_all", "tell_about_deal", "tell_about_line", "warn_due", "withdraw_adjustment",
    "withdraw_bounty",
]  # fmt: skip
