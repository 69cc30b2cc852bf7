"""Which months are closed."""

from datetime import date

from openprm.ledger.models import Period
from openprm.ledger.rules.periods import month_of, next_month


def is_closed(day: date) -> bool:
    """Whether the month of `day` is closed: closing goes in order, so a month before a closed one is closed too."""
    return Period.objects.filter(month__gte=month_of(day), state=Period.State.CLOSED).exists()


def last_closed() -> date | None:
    """The first day of the last closed month."""
    return Period.objects.filter(state=Period.State.CLOSED).order_by("-month").values_list("month", flat=True).first()


def open_value_date(on: date) -> date:
    """`on`, or the first day of the first open month when its month is closed: where a correction goes."""
    closed = last_closed()
    return on if closed is None or month_of(on) > closed else next_month(closed)
