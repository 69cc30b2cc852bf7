"""The payouts API: one router per resource, the same services and queries as the pages."""

from openprm.payouts.api import papers, payees, runs

ROUTERS = {
    "payments-desk": runs.desk,
    "payout-runs": runs.runs,
    "payouts": runs.payouts,
    "payment-files": runs.files,
    "bank-statements": runs.statements,
    "payees": payees.payees,
    "bank-accounts": payees.accounts,
    "payee-forms": payees.forms,
    "payee-papers": papers.papers,
    "paying-accounts": payees.paying,
}
