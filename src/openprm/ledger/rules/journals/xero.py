"""Xero's manual journals: the CSV template that Xero imports, in as many files as its limit of lines asks for."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import groupby

from openprm.ledger.rules.journals.model import Batch, JournalEntry, NotForThisFormat, neutral, one_line, plain, table

LINES_AT_MOST = 300
"""What Xero's help page on importing manual journals takes in one file."""
HEADING = (
    "*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount", "TrackingName1", "TrackingOption1", "TrackingName2", "TrackingOption2",
)  # fmt: skip
Row = tuple[str, ...]


def xero(batch: Batch) -> bytes:
    """Rows of one narration and date are one journal, debits positive, credits negative. One CSV; a ZIP of several when there are more lines
    than Xero takes in a file, each with whole journals.

    Xero's journals have no currency of their own: legs in another one than the organisation's are said in the narration.
    Raises NotForThisFormat for a journal that is longer than a file.
    """
    files = [table(HEADING, rows) for rows in _files(_journals(batch))]
    return files[0] if len(files) == 1 else _zipped(files)


def _journals(batch: Batch) -> Iterator[list[Row]]:
    """One for each entry and currency."""
    for entry in batch.entries:
        legs = sorted(entry.legs, key=lambda leg: leg.currency)
        for currency, own in groupby(legs, key=lambda leg: leg.currency):
            rows = [_row(entry, leg, currency, batch) for leg in own]
            if len(rows) > LINES_AT_MOST:
                raise NotForThisFormat("lines", entry.number)
            yield rows


def _row(entry: JournalEntry, leg, currency: str, batch: Batch) -> Row:
    said = f"{currency} " if currency != batch.base_currency else ""
    tax = batch.settings.get("xero_tax_rate", "Tax Exempt")
    return (
        one_line(f"{entry.number} {said}{entry.text}", 200), f"{entry.day:%d/%m/%Y}", neutral(one_line(entry.text, 200)), neutral(leg.code), neutral(tax),
        plain(leg.amount, leg.places), "", "", "", "",
    )  # fmt: skip


def _files(journals: Iterable[list[Row]]) -> list[list[Row]]:
    """Whole journals in their order, each file as full as it can be; one empty file when there is nothing."""
    files: list[list[Row]] = [[]]
    for rows in journals:
        if len(files[-1]) + len(rows) > LINES_AT_MOST:
            files.append([])
        files[-1] += rows
    return files


def _zipped(files: list[bytes]) -> bytes:
    """The same bytes for the same files: no times of making."""
    out, width = io.BytesIO(), len(str(len(files)))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(files, start=1):
            archive.writestr(zipfile.ZipInfo(f"xero-manual-journals-{number:0{width}d}-of-{len(files)}.csv"), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
