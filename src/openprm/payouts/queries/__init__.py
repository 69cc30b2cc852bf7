"""What payouts can be asked."""

from openprm.payouts.queries.desk import average_days, balance, desk, paid_since
from openprm.payouts.queries.due import sources
from openprm.payouts.queries.narrowing import DUE_SORTS, PAYEE_SORTS, narrowed_due, narrowed_payees, ordered, sliced
from openprm.payouts.queries.payees import (
    account,
    exported_accounts,
    form,
    open_document,
    payee,
    payees,
    paying_accounts,
    to_check,
    waiting_count,
)
from openprm.payouts.queries.runs import (
    export_payouts,
    export_runs,
    newest_payouts,
    newest_runs,
    partner_payout,
    payout,
    payout_of,
    payouts,
    run,
    run_of_file,
    run_rows,
    runs,
    statements,
)

__all__ = [
    "DUE_SORTS", "PAYEE_SORTS", "account", "average_days", "balance", "desk", "export_payouts", "export_runs", "exported_accounts", "form", "narrowed_due",
    "narrowed_payees", "newest_payouts", "newest_runs", "open_document", "ordered", "paid_since", "partner_payout", "payee", "payees", "paying_accounts",
    "payout", "payout_of", "payouts", "run", "run_of_file", "run_rows", "runs", "sliced", "sources", "statements", "to_check", "waiting_count",
]  # fmt: skip
