"""The funds API: one router per resource; those of proofs, co-op money and deadlines are contributed by `extras`."""

from openprm.funds.api import budgets, requests

ROUTERS = {
    "fund-budgets": budgets.budgets,
    "fund-allocations": budgets.funds,
    "fund-approvers": budgets.approvers,
    "fund-days-to-cash": budgets.cash,
    "fund-requests": requests.requests,
    "fund-reservations": requests.activities,
    "fund-claims": requests.claims,
}
