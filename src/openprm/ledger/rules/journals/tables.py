"""Two plain tables: the general ledger, and QuickBooks Online's journal entries."""

from decimal import Decimal

from openprm.ledger.rules.journals.model import Batch, neutral, one_line, plain, table

GENERAL = (
    "Entry", "Date", "Kind", "Partner", "Memo", "Account code", "Account", "Debit", "Credit", "Currency", "Rate", "Rate from", "Rate to",
    "Posted at", "Posted by",
)  # fmt: skip
QUICKBOOKS = ("*JournalNo", "*JournalDate", "*AccountName", "*Debits", "*Credits", "Description", "Name", "Currency", "Location", "Class")


def general(batch: Batch) -> bytes:
    """Every leg of the span with its entry: one row each."""
    return table(
        GENERAL,
        (
            (
                entry.number, entry.day.isoformat(), neutral(entry.kind), neutral(entry.partner), neutral(entry.memo), neutral(leg.code), neutral(leg.account),
                plain(max(leg.amount, Decimal(0)), leg.places), plain(max(-leg.amount, Decimal(0)), leg.places), leg.currency,
                entry.fx_rate if entry.fx_rate is not None else "", entry.fx_currency, entry.fx_to,
                entry.posted_at.isoformat(timespec="seconds"), neutral(entry.by),
            )
            for entry in batch.entries
            for leg in entry.legs
        ),
    )  # fmt: skip


def quickbooks(batch: Batch) -> bytes:
    """QuickBooks Online's journal entry import: rows of one number are one entry, debits and credits in columns of their own."""
    return table(
        QUICKBOOKS,
        (
            (
                entry.number if leg.currency == batch.base_currency else f"{entry.number}-{leg.currency}", f"{entry.day:%m/%d/%Y}", neutral(leg.code),
                plain(leg.amount, leg.places) if leg.amount > 0 else "", plain(-leg.amount, leg.places) if leg.amount < 0 else "",
                neutral(one_line(entry.text, 200)), neutral(entry.partner), leg.currency, "", "",
            )
            for entry in batch.entries
            for leg in sorted(entry.legs, key=lambda leg: leg.currency)
        ),
    )  # fmt: skip
