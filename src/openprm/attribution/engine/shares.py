"""Who gets which part of a deal, in whole basis points."""

from dataclasses import dataclass

import numpy as np

from openprm.attribution.engine.journeys import Floats, Ints

WHOLE = 10_000


@dataclass(frozen=True, eq=False)
class Shares:
    """Parts of journeys: partner `partner[i]` gets `share[i]` of journey `journey[i]`. The parts of a journey add up to 1.

    A partner may stand in several parts of a journey (one for each touch); parts are in the order of the journeys.
    """

    journey: Ints
    partner: Ints
    share: Floats


def scaled(weight: Floats, journey: Ints, journeys: int) -> Floats:
    """Weights that are not negative, divided by their sum within each journey; equal parts where all of them are 0."""
    total = np.bincount(journey, weights=weight, minlength=journeys)
    empty = total[journey] <= 0
    if empty.any():
        weight = np.where(empty, 1.0, weight)
        total = np.bincount(journey, weights=weight, minlength=journeys)
    return weight / total[journey]


def basis_points(shares: Shares) -> tuple[Ints, Ints, Ints]:
    """Journey, partner and whole basis points, one line for each partner of a journey, by largest remainder.

    They add up to 10,000 for every journey. What rounding leaves goes to the largest remainders, a tie to the partner with the
    lower code, so the same shares always give the same points.
    """
    width = int(shares.partner.max(initial=0)) + 1
    code, place = np.unique(shares.journey * width + shares.partner, return_inverse=True)
    journey, partner = code // width, code % width
    exact = np.bincount(place, weights=shares.share) * WHOLE
    points = np.floor(exact + 1e-7).astype(np.int64)
    missing = WHOLE - np.bincount(journey, weights=points).astype(np.int64)[journey]
    order = np.lexsort((partner, -np.round(exact - points, 6), journey))
    rank = np.empty_like(order)
    begins = np.flatnonzero(np.r_[True, np.diff(journey) != 0])
    rank[order] = np.arange(len(order)) - np.repeat(begins, np.diff(np.r_[begins, len(order)]))
    return journey, partner, points + (rank < missing)
