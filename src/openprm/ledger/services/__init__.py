"""What the ledger does: `from openprm.ledger import services as ledger`."""

from openprm.ledger.queries.periods import open_value_date
from openprm.ledger.rules.entries import EntryDraft, FxUsed, Leg
from openprm.ledger.rules.fx import Rate
from openprm.ledger.services.posting import Posted, post, post_many, reverse
from openprm.ledger.services.rates import Converted, convert, rate
from openprm.ledger.services.refusals import AlreadyReversed, BelowFloor, KeyUsed, LookAgain, NoRate, PeriodClosed

__all__ = [
    "AlreadyReversed", "BelowFloor", "Converted", "EntryDraft", "FxUsed", "KeyUsed", "Leg", "LookAgain", "NoRate", "PeriodClosed", "Posted", "Rate",
    "convert", "open_value_date", "post", "post_many", "rate", "reverse",
]  # fmt: skip
