"""Where models disagree about a partner's part."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Gap:
    """The largest and the smallest of several models' answers for one partner."""

    low: int
    high: int
    low_model: str
    high_model: str

    @property
    def width(self) -> int:
        return self.high - self.low


def gap_of(answers: Mapping[str, int]) -> Gap:
    """Between the model that gives least and the one that gives most; the first named where several do."""
    low = min(answers, key=lambda model: answers[model])
    high = max(answers, key=lambda model: answers[model])
    return Gap(answers[low], answers[high], low, high)


def gaps(by_model: Mapping[str, Mapping[UUID, int]]) -> dict[UUID, Gap]:
    """Each partner's gap over models that divide the same whole; a partner that a model leaves out gets nothing from it."""
    partners = sorted({partner for points in by_model.values() for partner in points})
    return {partner: gap_of({model: points.get(partner, 0) for model, points in by_model.items()}) for partner in partners}
