"""Direct payments in the United States as a NACHA file: credits only, one batch for companies (CCD) and one for people (PPD).

Every record has 94 signs; the file is filled up to whole blocks of ten. The entry hash is the sum of the first eight digits of
all receiving banks' routing numbers, its last ten digits. The controls balance with what they count.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC

from openprm.payouts.rules.files.orders import Batch, Order, plain

CREDITS_ONLY, CHECKING_CREDIT, TEN = "220", "22", 10
LARGEST = 99_999_999_99  # ten digits of cents in one entry


def write(batch: Batch) -> bytes:
    """Raises ValueError for another currency than the US dollar, an empty batch or an amount with more than ten digits."""
    if not batch.orders or any(order.currency != "USD" or not 0 < order.amount_minor <= LARGEST for order in batch.orders):
        raise ValueError("a NACHA file pays US dollars, and something")
    groups = [(code, rows) for code, wanted in (("CCD", True), ("PPD", False)) if (rows := [one for one in batch.orders if one.is_company is wanted])]
    records = [_file_header(batch)]
    for number, (code, rows) in enumerate(groups, start=1):
        records += _batch(batch, number, code, rows)
    records.append(_file_control(batch, len(groups), len(records) + 1))
    records += ["9" * 94] * (-len(records) % TEN)
    return ("\r\n".join(records) + "\r\n").encode("ascii")


def entry_hash(orders: Iterable[Order]) -> int:
    return sum(int(order.routing[:8]) for order in orders) % 10**10


def _text(value: str, width: int) -> str:
    return plain(value, width).upper().ljust(width)


def _file_header(batch: Batch) -> str:
    made = batch.made_at.astimezone(UTC)
    payer = batch.payer
    return (
        "101" + payer.routing.rjust(10) + payer.company_id.rjust(10) + made.strftime("%y%m%d%H%M") + "A" + "094" + "10" + "1"
        + _text(payer.bank_name, 23) + _text(payer.name, 23) + _text(batch.number, 8)
    )  # fmt: skip


def _batch(batch: Batch, number: int, code: str, orders: Sequence[Order]) -> list[str]:
    """Header, entries and control of one batch."""
    payer, total = batch.payer, sum(order.amount_minor for order in orders)
    trace = payer.routing[:8]
    header = (
        "5" + CREDITS_ONLY + _text(payer.name, 16) + " " * 20 + payer.company_id.rjust(10) + code + _text("PAYOUT", 10) + _text(batch.number[-6:], 6)
        + batch.pay_on.strftime("%y%m%d") + "   " + "1" + trace + f"{number:07d}"
    )  # fmt: skip
    entries = [_entry(order, trace, _offset(batch, orders, place)) for place, order in enumerate(orders)]
    control = (
        "8" + CREDITS_ONLY + f"{len(orders):06d}" + f"{entry_hash(orders):010d}" + f"{0:012d}" + f"{total:012d}" + payer.company_id.rjust(10)
        + " " * 25 + trace + f"{number:07d}"
    )  # fmt: skip
    return [header, *entries, control]


def _offset(batch: Batch, orders: Sequence[Order], place: int) -> int:
    """Trace numbers ascend through the whole file: people come after companies."""
    return place + 1 + (0 if orders[0].is_company else sum(one.is_company for one in batch.orders))


def _entry(order: Order, trace: str, number: int) -> str:
    return (
        "6" + CHECKING_CREDIT + order.routing + order.account.ljust(17) + f"{order.amount_minor:010d}" + _text(order.reference, 15) + _text(order.name, 22)
        + "  " + "0" + trace + f"{number:07d}"
    )  # fmt: skip


def _file_control(batch: Batch, batches: int, records: int) -> str:
    blocks = -(-records // TEN)
    return "9" + f"{batches:06d}{blocks:06d}{len(batch.orders):08d}{entry_hash(batch.orders):010d}{0:012d}{batch.total:012d}" + " " * 39
