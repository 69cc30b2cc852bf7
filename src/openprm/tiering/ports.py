"""What tiering asks of the domains above it: facts about partners, and whether a promised benefit was given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol
from uuid import UUID

from openprm.analytics.datasets import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class TierFact:
    """Something that is known of a partner in a program and that tier rules may ask.

    A `rolling` fact is a sum over the last twelve months; a `standing` one is what holds at a moment. `counted` says
    that single things stand behind it (people, certificates), so that one of them can be lost.
    """

    name: str
    label: Any
    type: Literal["number", "money"] = "number"
    unit: Any = ""
    phrase: Any = ""
    decimals: int | None = None
    window: Literal["rolling", "standing"] = "standing"
    counted: bool = False
    help: Any = ""


Values = Mapping[UUID, Mapping[str, Decimal]]


class FactSource(Protocol):
    """The port "tiering.facts".

    `read` gives the values of the span (after `since`, up to and with `until`) for many partners in a known number of
    queries; a partner or a fact that is left out is zero for rolling facts and unknown for standing ones. Standing
    facts are those of `until`. Amounts are in major units of the installation's currency.
    `monthly` is the same as a data set, for replaying rules over years: one row for each partner, program and month
    (columns partner_id, program_id, month, then one column per fact that has a history), with the parameters
    partner_ids, since and until. A standing fact has a row for every month. An empty program counts in every program.
    """

    code: str
    facts: tuple[TierFact, ...]
    monthly: Dataset | None

    def read(self, *, partner_ids: Sequence[UUID], program_id: UUID, since: datetime, until: datetime) -> Values: ...


class ExpiringFacts(Protocol):
    """A FactSource may also say what of its standing facts ends by itself: how much between two moments, and the first day of it."""

    def expiring(
        self, *, partner_ids: Sequence[UUID], program_id: UUID, since: datetime, until: datetime
    ) -> Mapping[UUID, Mapping[str, tuple[Decimal, date]]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitFinding:
    """Whether the vendor gave what a tier promises: "met", "not_met" or "pending" (nothing to measure yet), with the words for it."""

    state: Literal["met", "not_met", "pending"]
    detail: Any
    url: str = ""


class BenefitCheck(Protocol):
    """The port "tiering.benefit_checks": how one benefit of the library is measured. None where it says nothing."""

    benefit: str

    def check(self, *, partner_id: UUID, program_id: UUID, value: Any, at: datetime) -> BenefitFinding | None: ...
