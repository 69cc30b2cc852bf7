"""What others may read of funds."""

from openprm.funds.queries.cash import days_to_cash, monthly
from openprm.funds.queries.detail import approvers, claim_for_partner, claim_for_vendor, request_for_partner, request_for_vendor
from openprm.funds.queries.lists import (
    claim_rows,
    export_claims,
    export_requests,
    list_claims,
    list_requests,
    newest_claims,
    newest_requests,
    request_rows,
    waiting_count,
)
from openprm.funds.queries.results import (
    BudgetRow,
    BudgetView,
    ClaimRow,
    DaysToCash,
    FundMonth,
    FundRow,
    PartnerClaim,
    PartnerRequest,
    RequestFilters,
    RequestRow,
    VendorClaim,
    VendorRequest,
)
from openprm.funds.queries.sums import (
    budget,
    budget_choices,
    budget_rows,
    budget_tree,
    export_funds,
    fund,
    fund_row,
    list_funds,
    newest_budgets,
    newest_funds,
    open_funds,
)

__all__ = [
    "BudgetRow", "BudgetView", "ClaimRow", "DaysToCash", "FundMonth", "FundRow", "PartnerClaim", "PartnerRequest", "RequestFilters", "RequestRow",
    "VendorClaim", "VendorRequest", "approvers", "budget", "budget_choices", "budget_rows", "budget_tree", "claim_for_partner", "claim_for_vendor",
    "claim_rows", "days_to_cash", "export_claims", "export_funds", "export_requests", "fund", "fund_row", "list_claims", "list_funds", "list_requests",
    "monthly", "newest_budgets", "newest_claims", "newest_funds", "newest_requests", "open_funds", "request_for_partner", "request_for_vendor",
    "request_rows", "waiting_count",
]  # fmt: skip
