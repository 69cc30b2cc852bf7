"""What the ledger does: `from openprm.ledger import services as ledger`."""

from openprm.ledger.queries.months import open_value_date
from openprm.ledger.rules.entries import EntryDraft, FxUsed, Leg
from openprm.ledger.rules.fx import Rate
from openprm.ledger.services.byhand import post_by_hand, reverse_by_hand
from openprm.ledger.services.closing import close_period
from openprm.ledger.services.codes import save_codes, save_export_settings
from openprm.ledger.services.opening import OpeningBalance, bring_in, take_back
from openprm.ledger.services.posting import Posted, post, post_many, reverse
from openprm.ledger.services.rates import Converted, convert, rate
from openprm.ledger.services.refusals import AlreadyReversed, BelowFloor, KeyUsed, LookAgain, NoRate, PeriodClosed

__all__ = [
    "AlreadyReversed", "BelowFloor", "Converted", "EntryDraft", "FxUsed", "KeyUsed", "Leg", "LookAgain", "NoRate", "OpeningBalance", "PeriodClosed", "Posted",
    "Rate", "bring_in", "close_period", "convert", "open_value_date", "post", "post_by_hand", "post_many", "rate", "reverse", "reverse_by_hand", "save_codes",
    "save_export_settings", "take_back",
]  # fmt: skip
