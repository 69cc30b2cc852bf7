"""Three plain tables: the general ledger, Xero's manual journals, QuickBooks Online's journal entries."""

from decimal import Decimal

from openprm.ledger.rules.journals.model import Batch, neutral, one_line, table

GENERAL = (
    "Entry", "Date", "Kind", "Partner", "Memo", "Account code", "Account", "Debit", "Credit", "Currency", "Rate", "Rate from", "Rate to",
    "Posted at", "Posted by",
)  # fmt: skip
XERO = (
    "*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount", "TrackingName1", "TrackingOption1", "TrackingName2", "TrackingOption2",
)  # fmt: skip
QUICKBOOKS = ("*JournalNo", "*JournalDate", "*AccountName", "*Debits", "*Credits", "Description", "Name", "Currency", "Location", "Class")


def general(batch: Batch) -> bytes:
    """Every leg of the span with its entry: one row each."""
    return table(
        GENERAL,
        (
            (
                entry.number, entry.day.isoformat(), neutral(entry.kind), neutral(entry.partner), neutral(entry.memo), neutral(leg.code), neutral(leg.account),
                _plain(max(leg.amount, Decimal(0)), leg.places), _plain(max(-leg.amount, Decimal(0)), leg.places), leg.currency,
                entry.fx_rate if entry.fx_rate is not None else "", entry.fx_currency, entry.fx_to,
                entry.posted_at.isoformat(timespec="seconds"), neutral(entry.by),
            )
            for entry in batch.entries
            for leg in entry.legs
        ),
    )  # fmt: skip


def xero(batch: Batch) -> bytes:
    """Xero's manual journal template: rows of one narration and date are one journal, debits positive, credits negative.

    Xero's journals have no currency of their own: legs in another one than the organisation's are said in the description.
    """
    tax = batch.settings.get("xero_tax_rate", "Tax Exempt")
    return table(
        XERO,
        (
            (
                _narration(entry.number, entry.text, leg.currency, batch.base_currency), f"{entry.day:%d/%m/%Y}", neutral(one_line(entry.text, 200)),
                neutral(leg.code), neutral(tax), _plain(leg.amount, leg.places), "", "", "", "",
            )
            for entry in batch.entries
            for leg in sorted(entry.legs, key=lambda leg: leg.currency)
        ),
    )  # fmt: skip


def _narration(number: str, text: str, currency: str, base: str) -> str:
    """One for each journal, and so one for each currency of an entry."""
    return one_line(f"{number} {currency + ' ' if currency != base else ''}{text}", 200)


def quickbooks(batch: Batch) -> bytes:
    """QuickBooks Online's journal entry import: rows of one number are one entry, debits and credits in columns of their own."""
    return table(
        QUICKBOOKS,
        (
            (
                entry.number if leg.currency == batch.base_currency else f"{entry.number}-{leg.currency}", f"{entry.day:%m/%d/%Y}", neutral(leg.code),
                _plain(leg.amount, leg.places) if leg.amount > 0 else "", _plain(-leg.amount, leg.places) if leg.amount < 0 else "",
                neutral(one_line(entry.text, 200)), neutral(entry.partner), leg.currency, "", "",
            )
            for entry in batch.entries
            for leg in sorted(entry.legs, key=lambda leg: leg.currency)
        ),
    )  # fmt: skip


def _plain(amount: Decimal, places: int) -> str:
    return f"{amount:.{places}f}" if amount else "0"
