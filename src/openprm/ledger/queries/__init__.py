"""What the ledger can be asked: `from openprm.ledger import queries as books`."""

from openprm.ledger.queries.balances import balance, balances
from openprm.ledger.queries.kinds import kinds, title_of
from openprm.ledger.queries.periods import is_closed, last_closed, open_value_date

__all__ = ["balance", "balances", "is_closed", "kinds", "last_closed", "open_value_date", "title_of"]
