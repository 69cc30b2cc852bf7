"""What one plan looks at for one event: the credited share, the partner's volume, what was paid before, the currency. Read in the system's scope."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max, Min, Q, QuerySet, Sum

from openprm.earnings.models import CreditShare, Earning, SourceEvent
from openprm.earnings.rules.months import quarter_of, year_before
from openprm.earnings.rules.states import CALCULATED, COUNTED
from openprm.incentives.rules.model import EarnEvent, PlanTerms, Spent
from openprm.incentives.rules.windows import needed, volume_window, window
from openprm.kernel.money import Money
from openprm.ledger import services as ledger

PAID_LINES = Q(kind__in=[str(kind) for kind in CALCULATED], state__in=[str(state) for state in COUNTED])
TURNOVER = ("deal_won", "usage")


@dataclass
class Batch:
    """What lines of the same batch have used up already, before they stand in the database."""

    paid: dict[tuple[UUID, str, UUID | None, date | None], int] = field(default_factory=dict)
    volume: dict[tuple[UUID, UUID, date | None], int] = field(default_factory=dict)

    def add(self, plan: PlanTerms, event: EarnEvent, amount: int, basis: int) -> None:
        for name in needed(plan):
            key = (plan.plan_id, name, event.partner_id if name.startswith("partner_") else None, window(name, event.occurred_on)[0])
            self.paid[key] = self.paid.get(key, 0) + amount
        span = volume_window(plan, event.occurred_on)
        if span:
            place = (plan.plan_id, event.partner_id, span[0])
            self.volume[place] = self.volume.get(place, 0) + basis


def looks_back(plan: PlanTerms) -> bool:
    """Whether what the plan pays depends on what it paid before: such plans accrue one after the other."""
    return bool(needed(plan)) or volume_window(plan, date(2000, 1, 1)) is not None or plan.terms.true_up != "" or plan.terms.duration_months is not None


def spent_of(plan: PlanTerms, event: EarnEvent, batch: Batch) -> Spent:
    """What the plan has paid in its windows before this event, and the basis that came before it."""
    paid = {name: _paid(plan, event, name, batch) for name in needed(plan)}
    span = volume_window(plan, event.occurred_on)
    return Spent(paid, _volume_before(plan, event, span[0], span[1], batch) if span else 0)


def _paid(plan: PlanTerms, event: EarnEvent, name: str, batch: Batch) -> int:
    since, until = window(name, event.occurred_on)
    own = name.startswith("partner_")
    rows = _within(Earning.objects.filter(PAID_LINES, plan_id=plan.plan_id), since, until)
    rows = rows.filter(partner=event.partner_id) if own else rows
    stored = rows.aggregate(total=Sum("amount_minor"))["total"] or 0
    return stored + batch.paid.get((plan.plan_id, name, event.partner_id if own else None, since), 0)


def _volume_before(plan: PlanTerms, event: EarnEvent, since: date | None, until: date | None, batch: Batch) -> int:
    rows = _within(Earning.objects.filter(PAID_LINES, plan_id=plan.plan_id, partner=event.partner_id, kind="accrual"), since, until)
    per_event = rows.exclude(source_key=event.source_key).values("source_key", "line_key").annotate(basis=Max("basis_minor"))
    stored = sum(row["basis"] or 0 for row in per_event if not row["line_key"].endswith(":rep"))
    return stored + batch.volume.get((plan.plan_id, event.partner_id, since), 0)


def _within(rows: QuerySet, since: date | None, until: date | None) -> QuerySet:
    if since:
        rows = rows.filter(occurred_on__gte=since)
    return rows.filter(occurred_on__lt=until) if until else rows


def event_for(plan: PlanTerms, event: EarnEvent, customer_id: UUID | None = None) -> EarnEvent | None:
    """The event as this plan looks at it, with its amounts in the plan's currency; None when the plan does not concern a share of it.

    Raises NoRate with the day and the currency.
    """
    if event.code == "period":
        event = _period(plan, event)
    if event.credited_share != 1 and plan.terms.basis != "credited":
        if event.facts.get("credit_only") and all(row.rate is None for row in plan.terms.rates):
            return None
        event = _scaled(event)
    if plan.terms.duration_months is not None and (first := _first_paid(plan, event, customer_id)):
        event = replace(event, facts={**event.facts, "first_on": first.isoformat()})
    if plan.terms.true_up:
        event = replace(event, facts={**event.facts, "accrued": _booked_in_year(plan, event)})
    return in_currency(event, plan.terms.currency)


def _scaled(event: EarnEvent) -> EarnEvent:
    """Amounts cut to the credited share, for plans that do not look at the share themselves."""
    moved = {name: _part(money, event.credited_share) for name in ("list", "net", "margin") if (money := getattr(event, name)) is not None}
    return replace(event, **moved, credited_share=Decimal(1), facts={**event.facts, "share_applied": format(event.credited_share, "f")})


def _part(money: Money, share: Decimal) -> Money:
    return Money(int((Decimal(money.minor) * share).to_integral_value()), money.currency)


def in_currency(event: EarnEvent, currency: str) -> EarnEvent:
    known = next((money for name in ("net", "list", "margin") if (money := getattr(event, name)) is not None), None)
    if known is None or known.currency == currency:
        return event
    used = ledger.rate(currency=known.currency, to=currency, on=event.occurred_on)
    return event.in_currency(currency, rate=used.rate, rate_date=used.rate_date)


def _first_paid(plan: PlanTerms, event: EarnEvent, customer_id: UUID | None) -> date | None:
    """The first day on which the plan paid for the same customer; for a retainer, for the same partner."""
    rows = Earning.objects.filter(PAID_LINES, plan_id=plan.plan_id, partner=event.partner_id)
    if customer_id is not None:
        rows = rows.filter(event__customer_id=customer_id)
    elif event.facts.get("customer_key"):
        rows = rows.filter(event__payload__facts__customer_key=event.facts["customer_key"])
    elif event.code != "retainer":
        return None
    return rows.exclude(source_key=event.source_key).aggregate(first=Min("occurred_on"))["first"]


def _booked_in_year(plan: PlanTerms, event: EarnEvent) -> int:
    rows = Earning.objects.filter(PAID_LINES, plan_id=plan.plan_id, partner=event.partner_id, occurred_on__year=event.occurred_on.year)
    return rows.exclude(source_key=event.source_key).aggregate(total=Sum("amount_minor"))["total"] or 0


def _period(plan: PlanTerms, event: EarnEvent) -> EarnEvent:
    """The partner's turnover that the plan settles: of the quarter, or of the year so far for a true-up."""
    since, _until = quarter_of(event.occurred_on)
    first = date(event.occurred_on.year, 1, 1) if plan.terms.true_up else since
    net = turnover(event.partner_id, first, event.occurred_on, plan.terms.currency)
    before = turnover(event.partner_id, year_before(first), _same_day_before(event.occurred_on), plan.terms.currency)
    growth = {"growth": format((Decimal(net - before) * 100 / before).quantize(Decimal("0.0001")).normalize(), "f")} if before > 0 else {}
    return replace(event, net=Money(net, plan.terms.currency), facts={**event.facts, **growth, "turnover_since": first.isoformat()})


def _same_day_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def turnover(partner_id: UUID, since: date, last: date, currency: str) -> int:
    """What the partner sold between two days, both included, each sale at the rate of its day."""
    rows = SourceEvent.objects.filter(partner=partner_id, code__in=TURNOVER, occurred_on__gte=since, occurred_on__lte=last)
    latest = rows.order_by("source_key", "-revision").distinct("source_key")
    events = (in_currency(_scaled(EarnEvent.from_json(row.payload)), currency) for row in latest)
    return sum(event.net.minor for event in events if event.net)


def share_of(partner_id: UUID, source_key: str) -> Decimal:
    """The share of the credit that a partner holds; all of it when nothing was decided."""
    found = CreditShare.objects.filter(source_key=source_key, partner=partner_id).values_list("basis_points", flat=True).first()
    return Decimal(1) if found is None else Decimal(found) / 10000


def shares_of(source_keys: list[str]) -> Mapping[tuple[str, UUID], Decimal]:
    rows = CreditShare.objects.filter(source_key__in=source_keys).values_list("source_key", "partner_id", "basis_points")
    return {(key, partner): Decimal(points) / 10000 for key, partner, points in rows}


def latest_event(partner_id: UUID, source_key: str) -> Any:
    return SourceEvent.objects.filter(partner=partner_id, source_key=source_key).order_by("-revision").first()
