"""The statement: what is left, how it came to be, and where."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict
from openprm.kernel.money import Money
from openprm.partners import queries as partners
from openprm.profitability import policies
from openprm.profitability.models import Book
from openprm.profitability.queries.entries import hours_of
from openprm.profitability.queries.gathering import Gathered, gather
from openprm.profitability.queries.results import Line, Month, Statement, StepView
from openprm.profitability.rules import statement as sums
from openprm.profitability.rules.breakeven import break_even, trend
from openprm.profitability.rules.facts import Fact, laid_on_lines, repriced
from openprm.profitability.rules.kinds import Basis
from openprm.profitability.wording import KIND

FIRST_MONTH = date(2000, 1, 1)
MOST_DEALS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which time, broken down by what, narrowed to what. `hourly` prices groups otherwise, for a what-if."""

    period: str = "12m"
    by: str = "month"
    basis: Basis = Basis.EARNED
    program_id: UUID | None = None
    product_line_id: UUID | None = None
    hourly: Mapping[UUID, int] | None = None


def statement(actor: Actor, asked: Asked, at: datetime) -> Statement:
    """The partner's own profit and loss. Raises NotAllowed, Conflict while the books are not opened."""
    policies.refuse_outsider(actor)
    book = policies.reach(actor, Book).first()
    if book is None:
        raise Conflict(_("Open your books first: say in which currency you count."), code="books_not_opened")
    this_month = at.date().replace(day=1)
    found = gather(actor, book, since=FIRST_MONTH, until=sums.next_month(this_month), today=at.date())
    return _Drawn(actor, book, asked, found, this_month).statement()


class _Drawn:
    """One statement while it is put together."""

    def __init__(self, actor: Actor, book: Book, asked: Asked, found: Gathered, this_month: date):
        self.actor, self.asked, self.found, self.currency = actor, asked, found, book.currency
        self.all = self._narrowed((*found.facts, *found.by_basis[asked.basis]))
        self.since, self.until = self._bounds(this_month)
        self.facts = self._within(self.all, self.since, self.until)

    def statement(self) -> Statement:
        of, before = sums.totals(self.facts), self._before()
        *steps, left = self._bridge(of)
        won = [deal for deal in self.found.won if self.since <= deal.closed_on < self.until and self._is_asked(deal)]
        return Statement(
            currency=self.currency,
            since=self.since,
            until=self.until,
            period=self.asked.period,
            by=self.asked.by,
            basis=self.asked.basis,
            income=self._money(of.income),
            cost=self._money(of.cost),
            result=self._money(of.result),
            left_of_hundred=of.left_of_hundred,
            hours=hours_of(of.minutes),
            deals=len(won),
            without_margin=sum(1 for deal in won if deal.id not in self.found.priced),
            earned=self._incentives(Basis.EARNED),
            paid=self._incentives(Basis.PAID),
            before=self._money(before),
            trend_percent=trend(of.result, before),
            steps=tuple(steps),
            left=left,
            lines=self._lines(),
            months=self._months(),
            break_even=break_even(self.facts, deals=len(won)),
            notes=self.found.notes,
        )

    def _money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    def _narrowed(self, facts: Sequence[Fact]) -> tuple[Fact, ...]:
        asked = self.asked
        facts = repriced(facts, asked.hourly) if asked.hourly else facts
        if asked.product_line_id or asked.by == "product_line":
            facts = tuple(laid_on_lines(facts, {deal.id: deal.lines for deal in self.found.won}))
        if asked.program_id:
            facts = tuple(fact for fact in facts if fact.program_id == asked.program_id)
        if asked.product_line_id:
            facts = tuple(fact for fact in facts if fact.product_line_id == asked.product_line_id)
        return tuple(facts)

    def _is_asked(self, deal: deals.WonDeal) -> bool:
        if self.asked.program_id and deal.program_id != self.asked.program_id:
            return False
        return not self.asked.product_line_id or any(line == self.asked.product_line_id for line, _value in deal.lines)

    def _bounds(self, this_month: date) -> tuple[date, date]:
        end = sums.next_month(this_month)
        match self.asked.period:
            case "quarter":
                return sums.quarter(this_month), end
            case "year":
                return sums.year(this_month), end
            case "last_year":
                return sums.months_before(sums.year(this_month), 12), sums.year(this_month)
            case "all":
                return min((fact.month for fact in self.all), default=this_month), end
        return sums.months_before(end, 12), end

    @staticmethod
    def _within(facts: Sequence[Fact], since: date, until: date) -> tuple[Fact, ...]:
        return tuple(fact for fact in facts if since <= fact.month < until)

    def _before(self) -> int:
        """The result of the time of the same length that lies before."""
        length = len(sums.months_between(self.since, self.until))
        return sums.totals(self._within(self.all, sums.months_before(self.since, length), self.since)).result

    def _incentives(self, basis: Basis) -> Money:
        facts = self._within(self._narrowed(self.found.by_basis[basis]), self.since, self.until)
        return self._money(sum(fact.minor for fact in facts))

    def _bridge(self, of: sums.Totals) -> tuple[StepView, ...]:
        """Each step as a bar on one scale that reaches from the lowest to the highest point of the bridge; the last is what is left."""
        steps = sums.bridge(of)
        points = [0, of.result, *(step.start for step in steps), *(step.end for step in steps)]
        low, span = min(points), max(max(points) - min(points), 1)

        def bar(kind: str, label: str, minor: int, start: int, share: Decimal | None) -> StepView:
            return StepView(
                kind=kind,
                label=label,
                amount=self._money(minor),
                start=round(100 * (min(start, start + minor) - low) / span, 2),
                width=round(100 * abs(minor) / span, 2),
                share=share,
                is_income=minor > 0,
            )

        drawn = [bar(step.kind, str(KIND[step.kind]), step.minor, step.start, step.share) for step in steps]
        return (*drawn, bar("left", _("Left") if of.result >= 0 else _("Loss"), of.result, 0, of.left_of_hundred))

    def _months(self) -> tuple[Month, ...]:
        by_month, total, rows = sums.grouped(self.facts, lambda fact: fact.month), 0, []
        for month in sums.months_between(self.since, self.until):
            of = by_month.get(month, sums.totals(()))
            total += of.result
            rows.append(Month(month=month, income=self._money(of.income), cost=self._money(of.cost), result=self._money(of.result), total=self._money(total)))
        return tuple(rows)

    def _lines(self) -> tuple[Line, ...]:
        keyed, labels = self._keys()
        found = sums.grouped(self.facts, keyed)
        order = sorted(found, key=lambda key: (key is None, key)) if self._is_by_time else sorted(found, key=lambda key: (key is None, -found[key].result))
        return tuple(self._line(key, labels(key), found[key]) for key in order[:MOST_DEALS])

    @property
    def _is_by_time(self) -> bool:
        return self.asked.by in ("month", "quarter", "year")

    def _line(self, key: Hashable, label: str, of: sums.Totals) -> Line:
        return Line(
            key=key.isoformat() if isinstance(key, date) else str(key or ""),
            label=label,
            id=key if isinstance(key, UUID) else None,
            income=self._money(of.income),
            cost=self._money(of.cost),
            result=self._money(of.result),
            left_of_hundred=of.left_of_hundred,
            hours=hours_of(of.minutes),
        )

    def _keys(self) -> tuple[Callable[[Fact], Hashable], Callable[[Any], str]]:
        match self.asked.by:
            case "quarter":
                return lambda fact: sums.quarter(fact.month), lambda key: f"{key.year} Q{(key.month + 2) // 3}"
            case "year":
                return lambda fact: sums.year(fact.month), lambda key: str(key.year)
            case "program":
                names: dict = {program.id: program.name for program in partners.programs(self.actor)}
                return lambda fact: fact.program_id, lambda key: names.get(key) or _("For no program")
            case "product_line":
                lines = {line.id: line.name for line in deals.product_lines(self.actor)}
                return lambda fact: fact.product_line_id, lambda key: lines.get(key) or _("For no product line")
            case "deal":
                return lambda fact: fact.deal_id, self._deal_names()
        return lambda fact: fact.month, lambda key: date_format(key, "M Y")

    def _deal_names(self) -> Callable[[Any], str]:
        names = {deal.id: f"{deal.number} {deal.customer}" for deal in self.found.won}
        wanted = tuple({fact.deal_id for fact in self.facts if fact.deal_id} - names.keys())
        rows = deals.listed(self.actor, deals.Filters(ids=wanted)).values_list("pk", "number", "customer_name") if wanted else ()
        names |= {pk: f"{number} {customer}" for pk, number, customer in rows}
        return lambda key: names.get(key) or _("For no deal")
