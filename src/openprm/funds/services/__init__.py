"""One function per thing that changes: the only way into the funds room for writing."""

from openprm.funds.services.allocations import allocate, close_allocation, coop_pot, shrink, top_up, update_allocation
from openprm.funds.services.budgets import create_budget, ignore_limits, update_budget
from openprm.funds.services.chain import set_limit
from openprm.funds.services.claims import approve_claim, decline_claim, reject_claim, submit_claim, withdraw_claim
from openprm.funds.services.leaving import close_funds_of
from openprm.funds.services.refusals import AboveLimit, BudgetTooSmall, ClaimAboveRequest, Decided, FundTooSmall, TooManyLevels, WrongCurrency
from openprm.funds.services.releases import expire_due, release, warn_due
from openprm.funds.services.requests import approve_request, decline_request, move_claim_by, reject_request, save_request, submit_request, withdraw_request
from openprm.funds.services.results import ActivityDraft, BudgetDraft, Changed, FundDraft, Part, RequestDraft
from openprm.funds.services.settlements import mark_paid, put_back, record_payment, schedule_instalments, take

__all__ = [
    "AboveLimit", "ActivityDraft", "BudgetDraft", "BudgetTooSmall", "Changed", "ClaimAboveRequest", "Decided", "FundDraft", "FundTooSmall", "Part",
    "RequestDraft", "TooManyLevels", "WrongCurrency", "allocate", "approve_claim", "approve_request", "close_allocation", "close_funds_of", "coop_pot",
    "create_budget", "decline_claim", "decline_request", "expire_due", "ignore_limits", "mark_paid", "move_claim_by", "put_back", "record_payment",
    "reject_claim", "reject_request", "release", "save_request", "schedule_instalments", "set_limit", "shrink", "submit_claim", "submit_request", "take",
    "top_up", "update_allocation", "update_budget", "warn_due", "withdraw_claim", "withdraw_request",
]  # fmt: skip
