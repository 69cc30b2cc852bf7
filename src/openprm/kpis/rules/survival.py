"""How long until something happens, when for some it has not happened yet: the estimate of Kaplan and Meier with its band.

Somebody who still waits is censored on the last day it was seen: it counts among those who could, and never disappears.
The variance is Greenwood's, the band 95 % on the log-log scale, so it stays between 0 and 1.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log, sqrt

from openprm.kpis.rules.outcomes import Outcome, Step, Why, exact, nothing

Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Wait:
    """`days` until it happened, or until it was last seen not to have happened."""

    days: int
    happened: bool


def curve(waits: Iterable[Wait]) -> tuple[Step, ...]:
    """One step for each day on which it happened to somebody."""
    seen = list(waits)
    happened, left = Counter(one.days for one in seen if one.happened), Counter(one.days for one in seen)
    at_risk, waiting, greenwood, steps = len(seen), 1.0, 0.0, []
    for days in sorted(left):
        if count := happened[days]:
            waiting *= 1 - count / at_risk
            greenwood += count / (at_risk * (at_risk - count)) if at_risk > count else 0.0
            low, high = _band(waiting, greenwood)
            steps.append(Step(days=days, at_risk=at_risk, happened=count, waiting=exact(waiting), low=exact(low), high=exact(high)))
        at_risk -= left[days]
    return tuple(steps)


def _band(waiting: float, greenwood: float) -> tuple[float, float]:
    if waiting <= 0.0:
        return 0.0, 0.0
    if waiting >= 1.0:
        return 1.0, 1.0
    spread = exp(Z * sqrt(greenwood) / log(waiting))
    return waiting ** (1 / spread), waiting**spread


def median_wait(waits: Iterable[Wait]) -> Outcome:
    """The day by which half of them have it, with the days at which the band crosses one half. None when fewer than half ever did."""
    seen = list(waits)
    if not seen:
        return nothing(Why.EMPTY)
    steps, half = curve(seen), Decimal("0.5")
    parts = {"happened": sum(one.happened for one in seen), "waiting": sum(not one.happened for one in seen)}

    def crossing(name: str) -> Decimal | None:
        return next((Decimal(step.days) for step in steps if getattr(step, name) <= half), None)

    value = crossing("waiting")
    told = {name: exact(one) for name, one in parts.items()}
    return Outcome(
        value=value, n=len(seen), why=None if value is not None else Why.NOT_REACHED, low=crossing("low"), high=crossing("high"), parts=told, curve=steps
    )
