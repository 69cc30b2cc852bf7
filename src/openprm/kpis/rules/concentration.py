"""How much hangs on few partners, and what is left when one of them is gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from openprm.kpis.rules.outcomes import Outcome, Why, exact, nothing


def _positive(amounts: Mapping[str, int]) -> list[int]:
    """What counts: a partner whose refunds outweigh its sales has no share of what was sold."""
    return sorted((one for one in amounts.values() if one > 0), reverse=True)


def hhi(amounts: Mapping[str, int]) -> Outcome:
    """The index of Herfindahl and Hirschman: the sum of squared percentage shares, 10,000 for one partner alone."""
    counted = _positive(amounts)
    total = sum(counted)
    if not total:
        return nothing(Why.ZERO, n=len(amounts))
    squares = Decimal(10_000) * sum(one * one for one in counted) / (total * total)
    return Outcome(value=exact(squares), n=len(counted), parts={"total": exact(total), "left_out": exact(len(amounts) - len(counted))})


def top_share(amounts: Mapping[str, int], most: int) -> Outcome:
    """Percent of the total that the largest `most` partners brought."""
    counted = _positive(amounts)
    total = sum(counted)
    if not total:
        return nothing(Why.ZERO, n=len(amounts))
    top = sum(counted[:most])
    return Outcome(value=exact(Decimal(100) * top / total), n=len(counted), parts={"numerator": exact(top), "denominator": exact(total)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One measure with and without the partner; `share` is the percent that goes, None when there was nothing to lose."""

    measure: str
    before: int
    after: int
    share: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stress:
    losses: tuple[Loss, ...]
    hhi_before: Decimal | None
    hhi_after: Decimal | None
    alone_in: tuple[str, ...]


def without(partner: str, measures: Mapping[str, Mapping[str, int]], regions: Iterable[tuple[str, str]], *, indexed: str) -> Stress:
    """What every measure (revenue, pipeline: amount by partner) loses with one partner, and the regions (partner, region) it is alone in.

    `indexed` names the measure whose concentration is told before and after.
    """
    losses = []
    for name, amounts in measures.items():
        before = sum(amounts.values())
        gone = amounts.get(partner, 0)
        share = exact(Decimal(100) * gone / before) if before > 0 else None
        losses.append(Loss(measure=name, before=before, after=before - gone, share=share))
    here: dict[str, set[str]] = {}
    for who, region in regions:
        here.setdefault(region, set()).add(who)
    left = {who: one for who, one in measures[indexed].items() if who != partner}
    return Stress(
        losses=tuple(losses),
        hhi_before=hhi(measures[indexed]).value,
        hhi_after=hhi(left).value,
        alone_in=tuple(sorted(region for region, held in here.items() if held == {partner})),
    )
