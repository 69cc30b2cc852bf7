"""The real history of plans, for the rulebook's what-if: two years of whatever it pays for, under the terms before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.deals import queries as deals
from openprm.incentives.models import Plan
from openprm.incentives.queries.plans import as_system, draft_id_of, terms_of_draft, terms_on
from openprm.incentives.rulekinds import PLAN
from openprm.incentives.rules.model import PlanTerms, Terms
from openprm.incentives.rules.table import terms_of
from openprm.incentives.rules.windows import add_months
from openprm.incentives.whathappened import Asked, put, what_happened, with_partners
from openprm.kernel.actor import SYSTEM
from openprm.kernel.money import minor_units
from openprm.ledger import services as ledger
from openprm.partners import queries as partners
from openprm.rulebook.rules.reading import ReadTable

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

MONTHS = 24
AMOUNTS = ("net_minor", "list_minor", "margin_minor", "year_minor")


@dataclass(frozen=True)
class _Asked:
    """The plan whose table is replayed, with the currency and the event of its newest terms."""

    plan: Plan
    currency: str
    event: str


class PlanHistory:
    """Fills "rulebook.what_if" for plans. One subject is one partner; one case is one event that the plan would look at."""

    kind = PLAN
    subject_label = _("Partner")
    answer_label = _("Earned so far")
    cost_about = _("What the plan would have paid for what really happened, month by month. Tiers are those of today.")
    currency = deals.base_currency()
    months = MONTHS
    is_required = False

    def subjects(self, *, program_id: UUID | None, at: datetime) -> Sequence[tuple[UUID, str]]:
        plan = Plan.objects.filter(pk=program_id).first() if program_id else None
        if plan is None:
            return []
        named = set(plan.partner_ids)
        found = [(UUID(str(key)), name) for key, name in partners.partner_choices(SYSTEM)]
        return sorted(((key, name) for key, name in found if not named or key in named), key=lambda one: str(one[0]))

    def history(self, *, subject_ids: Sequence[UUID], program_id: UUID | None, months: int, at: datetime) -> pa.Table:
        import pyarrow as pa

        asked = _asked(program_id, at)
        since = add_months(at.date().replace(day=1), 1 - months)
        rows = what_happened(Asked(asked.event, tuple(subject_ids), since, at))
        rows = _in_currency(with_partners(rows, subject_ids, at), asked.currency, at.date())
        found = _since(rows, since)
        return put(found, "asked_plan", pa.array([str(asked.plan.pk)] * found.num_rows, pa.string()))

    def answer(self, rows: ibis.Table, table: ReadTable, ask: Callable[[ibis.Table, ReadTable], ibis.Table]) -> ibis.Table:
        import ibis
        import pyarrow as pa

        events = rows.to_pyarrow()
        if not events.num_rows:
            return ibis.memtable(_settled(events, pa.array([], pa.int64()), self.currency))
        plan = _replayed(UUID(events.column("asked_plan")[0].as_py()), terms_of(table.table), events.column("currency")[0].as_py())
        return ibis.memtable(_settled(events, _in_base(events, _paid(events, plan), plan.terms.currency), self.currency))

    def settle(self, rows: ibis.Table) -> ibis.Table:
        return rows


def _asked(plan_id: UUID | None, at: datetime) -> _Asked:
    with as_system():
        plan = Plan.objects.one(plan_id)
        draft_id = draft_id_of(plan.pk)
        terms = (
            (terms_of_draft(draft_id, at) if draft_id else None) or getattr(terms_on(plan, at.date()), "terms", None) or Terms(currency=deals.base_currency())
        )
        return _Asked(plan, terms.currency, terms.event)


def _replayed(plan_id: UUID, terms: Terms, currency: str) -> PlanTerms:
    """The plan with this table, as if it had been in force all the time."""
    plan = Plan.objects.one(plan_id)
    return PlanTerms(
        plan.pk, plan.pk, 0, plan.code, plan.name, plan.kind, replace(terms, currency=currency), program_id=plan.program_id, partner_ids=tuple(plan.partner_ids)
    )


def _paid(events: pa.Table, plan: PlanTerms) -> pa.Array:
    """What the plan pays for each event; a true-up by what the year so far earns, less the quarters before."""
    from openprm.incentives.engine.accrue import accrue

    if not plan.terms.true_up or "year_minor" not in events.column_names:
        return accrue(events, [plan]).column("0")
    for name, year in (("net_minor", "year_minor"), ("growth_place", "year_growth_place")):
        events = put(events, name, events.column(year))
    return _differences(events, accrue(events, [replace(plan, terms=replace(plan.terms, true_up=""))]).column("0").to_pylist())


def _differences(events: pa.Table, so_far: list[int]) -> pa.Array:
    import pyarrow as pa

    happened = list(zip(events.column("partner_id").to_pylist(), events.column("occurred_on").to_pylist(), strict=True))
    booked: dict[tuple[str, int], int] = {}
    found = [0] * len(so_far)
    for place in sorted(range(len(so_far)), key=lambda one: happened[one][1]):
        key = (happened[place][0], happened[place][1].year)
        found[place] = so_far[place] - booked.get(key, 0)
        booked[key] = so_far[place]
    return pa.array(found, pa.int64())


def _in_base(events: pa.Table, amounts: pa.Array, currency: str) -> pa.Array:
    """What is paid, in our own currency."""
    import pyarrow as pa

    base, rate = deals.base_currency(), Decimal(events.column("to_base")[0].as_py())
    if currency == base:
        return amounts
    return pa.array([_moved(minor, currency, base, {currency: rate}) for minor in amounts.to_pylist()], pa.int64())


def _in_currency(rows: pa.Table, currency: str, on: date) -> pa.Table:
    """Every amount in the plan's currency, at the rate of the day on which it is asked; `to_base` brings what is paid back into ours."""
    import pyarrow as pa

    held = rows.column("currency").to_pylist()
    rates = {one: ledger.rate(currency=one, to=currency, on=on).rate for one in set(held) if one and one != currency}
    for name in AMOUNTS:
        if rates and name in rows.column_names:
            amounts = rows.column(name).to_pylist()
            moved = [_moved(minor, one, currency, rates) for minor, one in zip(amounts, held, strict=True)]
            rows = put(rows, name, pa.array(moved, pa.int64()))
    base = deals.base_currency()
    back = "1" if currency == base else str(ledger.rate(currency=currency, to=base, on=on).rate)
    rows = put(rows, "to_base", pa.array([back] * rows.num_rows, pa.string()))
    return put(rows, "currency", pa.array([currency] * rows.num_rows, pa.string()))


def _moved(minor: int | None, held: str | None, currency: str, rates: dict[str, Any]) -> int | None:
    if minor is None or held not in rates:
        return minor
    return int((minor * rates[held]).scaleb(minor_units(currency) - minor_units(held)).to_integral_value())


def _since(rows: pa.Table, since: date) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    return rows.filter(pc.greater_equal(rows.column("occurred_on"), pa.scalar(since, pa.date32())))


def _settled(events: pa.Table, amounts: Any, currency: str) -> pa.Table:
    """By partner and month: what it cost, and what the partner has earned up to then."""
    import pyarrow as pa

    sums: dict[tuple[str, date], int] = {}
    for partner_id, day, minor in zip(events.column("partner_id").to_pylist(), events.column("occurred_on").to_pylist(), amounts.to_pylist(), strict=True):
        key = (partner_id, day.replace(day=1))
        sums[key] = sums.get(key, 0) + minor
    so_far: dict[str, int] = {}
    held: dict[str, list[Any]] = {"subject": [], "at": [], "answer": [], "rank": [], "cost_minor": []}
    for (partner_id, month), minor in sorted(sums.items(), key=lambda one: (one[0][1], one[0][0])):
        so_far[partner_id] = so_far.get(partner_id, 0) + minor
        words = f"{so_far[partner_id] / 10 ** minor_units(currency):,.2f}"
        for name, value in zip(held, (partner_id, month, words, so_far[partner_id], minor), strict=True):
            held[name].append(value)
    types = {"subject": pa.string(), "at": pa.date32(), "answer": pa.string(), "rank": pa.float64(), "cost_minor": pa.int64()}
    return pa.table({name: pa.array(values, types[name]) for name, values in held.items()})
