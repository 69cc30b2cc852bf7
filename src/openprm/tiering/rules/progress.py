"""Have, need, missing: what a partner fulfils of a tier, read from the published table itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openprm.rulebook.rules.cells import Condition, Ref, matches
from openprm.rulebook.rules.reading import ReadTable
from openprm.rulebook.rules.words import capital, condition_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One condition of a tier. `share` is 0 to 100; `missing` is how much more is needed, None where that is no number."""

    fact: str
    label: str
    type: str
    unit: str
    words: str
    is_met: bool
    have: Any = None
    need: Decimal | None = None
    missing: Decimal | None = None
    share: int = 0
    needs_at_least: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One clause that leads to a tier, with how far the partner is on it."""

    clause: str
    tier: str
    criteria: tuple[Criterion, ...]

    @property
    def is_met(self) -> bool:
        return all(one.is_met for one in self.criteria)

    @property
    def share(self) -> int:
        return round(sum(one.share for one in self.criteria) / len(self.criteria)) if self.criteria else 100

    @property
    def missing(self) -> tuple[Criterion, ...]:
        return tuple(one for one in self.criteria if not one.is_met)


def ways_to(read: ReadTable, tiers: Mapping[str, int], rank: int, facts: Mapping[str, Any]) -> tuple[Way, ...]:
    """Every clause that gives a tier of `rank` or higher, the nearest first. `tiers` are the codes of the program with their ranks."""
    found = [
        Way(clause=row.id, tier=answer, criteria=tuple(_criterion(read, name, conditions[name], facts) for name in conditions if conditions[name].op != "any"))
        for row, conditions in zip(read.table.rows, read.conditions, strict=True)
        if tiers.get(answer := str(read.outcomes[row.id].get("tier") or ""), -1) >= rank
    ]
    return tuple(sorted(found, key=lambda way: (tiers[way.tier], -way.share)))


def _criterion(read: ReadTable, name: str, condition: Condition, facts: Mapping[str, Any]) -> Criterion:
    fact = read.kind.fact(name)
    have, is_met = facts.get(name), matches(condition, facts.get(name), dict(facts))
    need = _need(condition, facts)
    numeric = fact.type in ("number", "money") and need is not None
    return Criterion(
        fact=name, label=str(fact.label), type=fact.type, unit=str(fact.unit), words=capital(condition_in_words(condition, fact, read.kind)), is_met=is_met,
        have=have, need=need, missing=_missing(condition, have, need, fact.step) if numeric and not is_met else None,
        share=100 if is_met else _share(condition, have, need) if numeric else 0, needs_at_least=condition.op in (">=", ">", "range", "in"),
    )  # fmt: skip


def _need(condition: Condition, facts: Mapping[str, Any]) -> Decimal | None:
    """The number that decides: the lower end of what is asked, or the highest that is allowed."""
    if condition.op in ("any", "null", "known", "not in"):
        return None
    side = condition.values[0]
    side = facts.get(side.name) if isinstance(side, Ref) else side
    return side if isinstance(side, Decimal) else None


def _missing(condition: Condition, have: Any, need: Decimal | None, step: Decimal | None) -> Decimal | None:
    if need is None or condition.op in ("<=", "<"):
        return None
    more = need - (have or Decimal(0))
    if condition.op == ">" or (condition.op == "range" and condition.ends[0] == "("):
        more += step or Decimal(0)
    return more if more > 0 else None


def _share(condition: Condition, have: Any, need: Decimal | None) -> int:
    if need is None or condition.op in ("<=", "<") or have is None or have <= 0:
        return 0
    return max(0, min(99, int(have * 100 / need))) if need > 0 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What is known of one fact at the end of the warning time: `later` its value then, `lost` what ends until `lost_on`."""

    fact: str
    now: Decimal | None
    later: Decimal | None
    lost: Decimal = Decimal(0)
    lost_on: date | None = None
