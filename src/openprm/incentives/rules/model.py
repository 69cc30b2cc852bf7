"""What a plan says and what happened, as plain values. Nothing here needs a database: a proof file carries all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from openprm.kernel.money import Money, convert

Recipient = Literal["partner", "user"]
EVENTS = (
    "deal_won", "lead_qualified", "referral_converted", "deal_registered", "usage", "bounty", "retainer", "period", "course_passed", "deal_credited",
    "help_confirmed", "manual",
)  # fmt: skip
KINDS = (
    "commission", "referral", "resale_margin", "volume_rebate", "growth_rebate", "spiff", "bounty", "retainer", "points", "marketplace", "consumption",
)  # fmt: skip
BASES = ("list", "net", "margin", "credited")
BANDS = ("marginal", "whole")
SPANS = ("event", "month", "quarter", "year")
LIMITS = ("day", "week", "month", "total")
CAPS = ("event", "partner_month", "partner_year", "partner_total")


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must be true beyond the facts of the event: code "certificate", argument "cloud-pro". Higher rooms answer it."""

    code: str
    argument: str = ""

    @property
    def key(self) -> str:
        return f"condition:{self.code}:{self.argument}"


@dataclass(frozen=True, slots=True)
class RateRow:
    """One clause: when it applies (cells in the rulebook's syntax), from where to where, and what it pays. One of rate, fixed, points is set.

    `low` and `high` are minor units of the plan's currency, or whole per cent of growth times 10,000 when `by` is "growth"; `high` None is open.
    """

    clause: str
    when: Mapping[str, str] = field(default_factory=dict)
    by: Literal["amount", "growth"] = "amount"
    low: int = 0
    high: int | None = None
    rate: Decimal | None = None
    fixed: int | None = None
    points: Decimal | None = None


@dataclass(frozen=True)
class Terms:
    """The head of a plan and its rates, fully typed.

    `duration_months`: 0 pays once, None for as long as the customer stays. `rep_share`, `fee_percent` are per cent.
    `span` says over what the bands add up: one event, or the partner's month, quarter or year.
    """

    currency: str
    event: str = "deal_won"
    basis: str = "net"
    bands: str = "marginal"
    span: str = "event"
    rates: tuple[RateRow, ...] = ()
    caps: Mapping[str, int] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    duration_months: int | None = None
    rep_share: Decimal = Decimal(0)
    fee_percent: Decimal = Decimal(0)
    conditions: tuple[Condition, ...] = ()
    hold_days: int = 0
    minimum: int = 0
    is_stackable: bool = True
    true_up: str = ""
    point_value: int = 0

    def as_json(self) -> dict[str, Any]:
        return _plain(asdict(self))

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Terms:
        """Raises KeyError, TypeError or ValueError for what was not written by `as_json`."""
        given = {name: kept[name] for name in (one.name for one in fields(cls)) if name in kept}
        return cls(
            **{
                **given,
                "rates": tuple(_rate_row(row) for row in kept.get("rates", ())),
                "conditions": tuple(Condition(row["code"], row["argument"]) for row in kept.get("conditions", ())),
                "rep_share": Decimal(kept.get("rep_share", "0")),
                "fee_percent": Decimal(kept.get("fee_percent", "0")),
            }
        )


@dataclass(frozen=True)
class PlanTerms:
    """One version of one plan, as it pays. Equal terms pay equal money, anywhere."""

    plan_id: UUID
    version_id: UUID
    number: int
    code: str
    name: str
    kind: str
    terms: Terms
    program_id: UUID | None = None
    partner_ids: tuple[UUID, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "plan_id": str(self.plan_id), "version_id": str(self.version_id), "number": self.number, "code": self.code, "name": self.name,
            "kind": self.kind, "program_id": str(self.program_id) if self.program_id else None, "partner_ids": [str(one) for one in self.partner_ids],
            "starts_on": self.starts_on.isoformat() if self.starts_on else None, "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "terms": self.terms.as_json(),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> PlanTerms:
        """Raises KeyError, TypeError or ValueError for what was not written by `as_json`."""
        return cls(
            plan_id=UUID(kept["plan_id"]), version_id=UUID(kept["version_id"]), number=int(kept["number"]), code=str(kept["code"]),
            name=str(kept["name"]), kind=str(kept["kind"]), terms=Terms.from_json(kept["terms"]),
            program_id=UUID(kept["program_id"]) if kept.get("program_id") else None, partner_ids=tuple(UUID(one) for one in kept.get("partner_ids", ())),
            starts_on=_day(kept.get("starts_on")), ends_on=_day(kept.get("ends_on")),
        )  # fmt: skip


@dataclass(frozen=True)
class EarnEvent:
    """One thing that happened and may earn money. `source_key` is unique per thing; `credited_share` 1 is all of it.

    `facts` holds plain JSON values: tier is a field of its own; here stand "partner_type", "country", "channel", "new_customer",
    "plan_id" (a bounty is for one plan alone),
    "growth" (per cent, text), "first_on" (ISO day of the first paid event of the same relation, absent when this is the first),
    "accrued" (minor units already booked in the year, for a true-up), and the answers to conditions ("condition:certificate:cloud-pro": true).
    """

    code: str
    source_id: UUID
    source_key: str
    partner_id: UUID
    occurred_on: date
    user_id: UUID | None = None
    program_id: UUID | None = None
    tier: str = ""
    list: Money | None = None
    net: Money | None = None
    margin: Money | None = None
    credited_share: Decimal = Decimal(1)
    product_lines: tuple[UUID, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def in_currency(self, currency: str, *, rate: Decimal, rate_date: date) -> EarnEvent:
        """The same event with its amounts in the plan's currency; the rate stays in the facts."""
        moved = {name: convert(money, to=currency, rate=rate) for name in ("list", "net", "margin") if (money := getattr(self, name)) is not None}
        return replace(self, **moved, facts={**self.facts, "fx_rate": str(rate), "fx_date": rate_date.isoformat()})

    def as_json(self) -> dict[str, Any]:
        return _plain(asdict(self))

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> EarnEvent:
        """Raises KeyError, TypeError or ValueError for what was not written by `as_json`."""
        money = {name: Money(int(kept[name]["minor"]), str(kept[name]["currency"])) if kept.get(name) else None for name in ("list", "net", "margin")}
        return cls(
            code=str(kept["code"]), source_id=UUID(kept["source_id"]), source_key=str(kept["source_key"]), partner_id=UUID(kept["partner_id"]),
            occurred_on=date.fromisoformat(kept["occurred_on"]), user_id=UUID(kept["user_id"]) if kept.get("user_id") else None,
            program_id=UUID(kept["program_id"]) if kept.get("program_id") else None, tier=str(kept.get("tier", "")), **money,
            credited_share=Decimal(kept.get("credited_share", "1")), product_lines=tuple(UUID(one) for one in kept.get("product_lines", ())),
            facts=dict(kept.get("facts", {})),
        )  # fmt: skip


@dataclass(frozen=True)
class Spent:
    """What the plan has paid before this event, by window (see `windows.needed`), and the basis that came before it in its span."""

    paid: Mapping[str, int] = field(default_factory=dict)
    volume: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"paid": dict(self.paid), "volume": self.volume}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Spent:
        return cls({str(name): int(minor) for name, minor in kept.get("paid", {}).items()}, int(kept.get("volume", 0)))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the explanation: what was taken, and how much it was."""

    label: str
    value: str


@dataclass(frozen=True)
class PlanLine:
    """What one plan pays to one recipient for one event. `held_for` is why it may not be paid yet; never silently empty when something is not known."""

    line_key: str
    label: str
    recipient: Recipient
    user_id: UUID | None
    amount: Money
    basis: Money
    rate: Decimal | None
    clause: str = ""
    capped_by: str = ""
    hold_days: int = 0
    held_for: str = ""
    points: Decimal | None = None
    steps: tuple[Step, ...] = ()


def _rate_row(kept: Mapping[str, Any]) -> RateRow:
    exact = {name: Decimal(kept[name]) if kept.get(name) is not None else None for name in ("rate", "points")}
    return RateRow(kept["clause"], dict(kept["when"]), kept["by"], int(kept["low"]), kept["high"], exact["rate"], kept["fixed"], exact["points"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    """JSON values that lose nothing: numbers, days and ids as text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
