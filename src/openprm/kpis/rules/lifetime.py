"""What a partner is worth over the years it is likely to stay."""

from decimal import Decimal

from openprm.kpis.rules.outcomes import exact


def lifetime_value(*, margin: Decimal, servicing: Decimal, survival: Decimal, discount: Decimal, years: int, acquisition: Decimal) -> Decimal:
    """The sum over years 1 to `years` of (margin - servicing) x survival^(t-1) / (1 + discount)^t, less what the partner cost to win.

    The first year is certain; negative is an answer.
    """
    worth = sum(((margin - servicing) * survival ** (year - 1) / (1 + discount) ** year for year in range(1, years + 1)), Decimal(0))
    return exact(worth - acquisition) or Decimal(0)


def reciprocity(given: int, received: int) -> tuple[Decimal | None, int]:
    """min / max of what went each way, and where more went: 1 when more was received than given, -1 the other way. Nothing either way has no balance."""
    most = max(given, received)
    if most <= 0:
        return None, 0
    return exact(Decimal(max(min(given, received), 0)) / most), (received > given) - (received < given)
