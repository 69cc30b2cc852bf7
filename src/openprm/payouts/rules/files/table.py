"""The CSV file of a run: for a bank or a tool that takes neither SEPA nor NACHA."""

import csv
import io

from openprm.payouts.rules.files.orders import Batch, decimal_text

COLUMNS = ("reference", "name", "amount", "currency", "account", "bic", "routing", "country", "pay_on", "about")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(batch: Batch, places: int) -> bytes:
    """One line for each payment. A cell that a spreadsheet would run is quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in batch.orders:
        amount = decimal_text(one.amount_minor, places)
        cells = (one.reference, one.name, amount, one.currency, one.account, one.bic, one.routing, one.country, batch.pay_on.isoformat(), one.about)
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return out.getvalue().encode()
