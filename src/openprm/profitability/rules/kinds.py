"""The lines of a partner's own profit and loss, in the order in which they are read."""

from enum import StrEnum


class Kind(StrEnum):
    MARGIN = "margin"
    EARNED = "earned"
    FUNDS = "funds"
    INCOME = "income"
    OWN_SHARE = "own_share"
    TRAINING = "training"
    CERTIFICATION = "certification"
    MEMBERSHIP = "membership"
    PRESALES = "presales"
    DELIVERY = "delivery"
    OTHER = "other"


INCOMES = (Kind.MARGIN, Kind.EARNED, Kind.FUNDS, Kind.INCOME)
COSTS = (Kind.OWN_SHARE, Kind.TRAINING, Kind.CERTIFICATION, Kind.MEMBERSHIP, Kind.PRESALES, Kind.DELIVERY, Kind.OTHER)
ENTERED = (Kind.PRESALES, Kind.DELIVERY, Kind.TRAINING, Kind.CERTIFICATION, Kind.MEMBERSHIP, Kind.OTHER, Kind.MARGIN, Kind.INCOME)
"""What the partner writes itself; incentives and funds come from their own books."""

EFFORT = frozenset({Kind.PRESALES, Kind.DELIVERY, Kind.TRAINING, Kind.CERTIFICATION, Kind.OTHER})
"""What may be given in hours of a group of people instead of an amount."""

STANDING = frozenset({Kind.TRAINING, Kind.CERTIFICATION, Kind.MEMBERSHIP})
"""What being a partner costs before the first deal."""


class Basis(StrEnum):
    """Incentives count when they are earned, or when the money has come."""

    EARNED = "earned"
    PAID = "paid"
