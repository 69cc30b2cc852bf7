"""Which plans pay side by side. Those that do not stack compete: the one that pays most stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .model import PlanLine, PlanTerms


def chosen(found: Mapping[str, tuple[PlanTerms, Sequence[PlanLine]]]) -> tuple[str, ...]:
    """The keys of the plans that pay for one event: every stackable one, and of the others the one with the largest sum (a tie goes to the first code).

    What takes money back always stands.
    """
    paying = {key: (plan, sum(line.amount.minor for line in lines)) for key, (plan, lines) in found.items() if lines}
    alone = [key for key, (plan, minor) in paying.items() if not plan.terms.is_stackable and minor >= 0]
    best = min(alone, key=lambda key: (-paying[key][1], paying[key][0].code), default=None)
    return tuple(key for key in paying if key not in alone or key == best)
