"""What the ledger can be asked: `from openprm.ledger import queries as books`."""

from openprm.kernel.actor import Actor
from openprm.ledger import policies
from openprm.ledger.queries.balances import balance, balances
from openprm.ledger.queries.codes import code_rows, export_settings
from openprm.ledger.queries.files import content_type, export
from openprm.ledger.queries.journal import entries, entry, entry_row, entry_rows, export_entries, kind_choices, newest_entries
from openprm.ledger.queries.kinds import entry_label, kinds, title_of
from openprm.ledger.queries.months import is_closed, last_closed, open_value_date
from openprm.ledger.queries.results import (
    AccountRow,
    Closing,
    CodeRow,
    EntryRow,
    EntryView,
    ExportSettingsView,
    LegView,
    PeriodView,
    Proof,
    Statement,
    StatementLine,
    TrialBalance,
    TrialLine,
    TrialTotal,
    UnpostedGroup,
)
from openprm.ledger.queries.second_look import broken_seals, closing, period, periods, seal_of
from openprm.ledger.queries.statements import (
    account,
    account_row,
    accounts,
    currencies_in_use,
    export_accounts,
    newest_accounts,
    own_accounts,
    statement,
    statement_of,
)
from openprm.ledger.queries.trial import prove, recount, trial_balance

_WHY_NOT = {"close": policies.why_not_close, "correct": policies.why_not_correct, "configure": policies.why_not_configure}


def may(actor: Actor, verb: str) -> bool:
    """Whether this actor may close, correct or configure: what a page offers."""
    return _WHY_NOT[verb](actor) is None


__all__ = [
    "AccountRow", "Closing", "CodeRow", "EntryRow", "EntryView", "ExportSettingsView", "LegView", "PeriodView", "Proof", "Statement", "StatementLine",
    "TrialBalance", "TrialLine", "TrialTotal", "UnpostedGroup", "account", "account_row", "accounts", "balance", "balances", "broken_seals", "closing",
    "code_rows", "content_type", "currencies_in_use", "entries", "entry", "entry_label", "entry_row", "entry_rows", "export", "export_accounts",
    "export_entries", "export_settings", "is_closed", "kind_choices", "kinds", "last_closed", "may", "newest_accounts", "newest_entries", "open_value_date",
    "own_accounts", "period", "periods", "prove", "recount", "seal_of", "statement", "statement_of", "title_of", "trial_balance",
]  # fmt: skip
