"""The books as files that accountants' programs import. Values in, bytes out."""

from openprm.ledger.rules.journals.datev import datev
from openprm.ledger.rules.journals.model import Batch, Booking, JournalEntry, JournalLeg, NotForThisFormat, pairs
from openprm.ledger.rules.journals.tables import general, quickbooks
from openprm.ledger.rules.journals.xero import xero

FORMATS = {"general": general, "datev": datev, "xero": xero, "quickbooks": quickbooks}

__all__ = ["FORMATS", "Batch", "Booking", "JournalEntry", "JournalLeg", "NotForThisFormat", "datev", "general", "pairs", "quickbooks", "xero"]
