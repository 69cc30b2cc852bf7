"""Splitting an amount without losing or inventing a minor unit."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

Weight = int | Decimal | Fraction


def allocate(minor: int, weights: Sequence[Weight]) -> tuple[int, ...]:
    """`minor` shared out by `weights`, by largest remainder: the parts add up to it exactly.

    Each part is the exact share rounded toward zero, or one unit further from zero; a tie goes to the earlier one, so the
    same input gives the same parts. A weight of zero gets nothing. Raises ValueError for no weights, a negative one, or none above zero.
    """
    shares = tuple(Fraction(weight) for weight in weights)
    total = sum(shares, Fraction(0))
    if not shares or min(shares) < 0 or total == 0:
        raise ValueError("weights are not negative, and one of them is above zero")
    sign, amount = (-1 if minor < 0 else 1), abs(minor)
    exact = [amount * share / total for share in shares]
    parts = [share.numerator // share.denominator for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    return tuple(sign * part for part in parts)
