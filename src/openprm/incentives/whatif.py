"""The real history of plans, for the rulebook's what-if: two years of won deals, quarters or usage, under the terms before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.analytics.datasets import get_dataset
from openprm.deals import queries as deals
from openprm.incentives.models import Plan, UsageCredit
from openprm.incentives.queries.plans import as_system, draft_id_of, terms_of_draft, terms_on
from openprm.incentives.rulekinds import PLAN
from openprm.incentives.rules.model import PlanTerms, Terms
from openprm.incentives.rules.table import terms_of
from openprm.incentives.rules.windows import add_months
from openprm.kernel.actor import SYSTEM
from openprm.kernel.money import minor_units
from openprm.ledger import services as ledger
from openprm.partners import queries as partners
from openprm.rulebook.rules.reading import ReadTable

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

MONTHS = 24


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
        rows = {"deal_won": _won, "usage": _usage, "period": _quarters}.get(asked.event, _nothing)(list(subject_ids), at)
        rows = _with_partners(rows, subject_ids, asked.plan.program_id, at)
        rows = _in_currency(rows, asked.currency, at.date())
        found = _since(rows, since)
        return found.append_column("plan_id", pa.array([str(asked.plan.pk)] * found.num_rows, pa.string()))

    def answer(self, rows: ibis.Table, table: ReadTable, ask: Callable[[ibis.Table, ReadTable], ibis.Table]) -> ibis.Table:
        import ibis
        import pyarrow as pa

        from openprm.incentives.engine.accrue import accrue

        events = rows.to_pyarrow()
        if not events.num_rows:
            return ibis.memtable(_settled(events, pa.array([], pa.int64()), self.currency))
        plan = _replayed(UUID(events.column("plan_id")[0].as_py()), terms_of(table.table), events.column("currency")[0].as_py())
        return ibis.memtable(_settled(events, accrue(events, [plan]).column("0"), self.currency))

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


def _won(partner_ids: list[UUID], at: datetime) -> pa.Table:
    return _read(replace(get_dataset("deals.won"), parameters={"partner_ids": partner_ids, "until": at}))


def _read(dataset: Any) -> pa.Table:
    from openprm.analytics.session import session
    from openprm.kernel.scope import scope

    with scope(SYSTEM), session(actor=SYSTEM, datasets=[dataset]) as data:
        return data.backend.to_pyarrow(data.table(dataset.name))


def _usage(partner_ids: list[UUID], at: datetime) -> pa.Table:
    rows = UsageCredit.objects.filter(partner_id__in=partner_ids, booked_at__lte=at).select_related("line")
    return _table(
        {
            "key": str(row.pk), "partner_id": str(row.partner_id), "program_id": None, "occurred_on": row.booked_month, "currency": row.currency,
            "net_minor": row.amount_minor, "product_lines": str(row.line.product_line_id) if row.line.product_line_id else None, "code": "usage",
        }
        for row in rows.iterator(chunk_size=2000)
    )  # fmt: skip


def _quarters(partner_ids: list[UUID], at: datetime) -> pa.Table:
    """What each partner won by quarter, and how it grew on the quarter a year before."""
    sums: dict[tuple[str, Any, date], int] = {}
    for row in _won(partner_ids, at).select(["partner_id", "program_id", "occurred_on", "net_minor"]).to_pylist():
        day = row["occurred_on"]
        key = (row["partner_id"], row["program_id"], day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1))
        sums[key] = sums.get(key, 0) + row["net_minor"]
    return _table(_quarter(key, minor, sums) for key, minor in sorted(sums.items(), key=str) if add_months(key[2], 3) <= at.date())


def _quarter(key: tuple[str, Any, date], minor: int, sums: dict[tuple[str, Any, date], int]) -> dict[str, Any]:
    partner_id, program_id, first = key
    before = sums.get((partner_id, program_id, add_months(first, -12)))
    return {
        "key": f"{first}:{partner_id}", "partner_id": partner_id, "program_id": program_id, "occurred_on": add_months(first, 2).replace(day=28),
        "currency": deals.base_currency(), "net_minor": minor, "code": "period",
        "growth_place": round((minor - before) * 1_000_000 / before) if before else None,
    }  # fmt: skip


def _nothing(partner_ids: list[UUID], at: datetime) -> pa.Table:
    return _table(())


def _table(rows: Any) -> pa.Table:
    import pyarrow as pa

    from openprm.incentives.engine.accrue import COLUMNS

    listed = list(rows)
    return pa.table({name: pa.array([row.get(name) for row in listed], type=kind) for name, kind in COLUMNS.items()})


def _with_partners(rows: pa.Table, subject_ids: Sequence[UUID], program_id: UUID | None, at: datetime) -> pa.Table:
    """The tier and the type of each partner as they are today."""
    import pyarrow as pa

    tiers = {str(key): found.tier_code or None for key, found in partners.enrollments(subject_ids, at).items()}
    types = {str(row.id): row.type for row in partners.export_partners(SYSTEM, filters={})}
    held = rows.column("partner_id").to_pylist()
    for name, known in (("tier", tiers), ("partner_type", types)):
        column = pa.array([known.get(one) for one in held], pa.string())
        rows = rows.set_column(rows.schema.get_field_index(name), name, column) if name in rows.column_names else rows.append_column(name, column)
    return rows


def _in_currency(rows: pa.Table, currency: str, on: date) -> pa.Table:
    """Every amount in the plan's currency, at the rate of the day on which it is asked."""
    import pyarrow as pa

    held = rows.column("currency").to_pylist()
    rates = {one: ledger.rate(currency=one, to=currency, on=on).rate for one in set(held) if one and one != currency}
    amounts = rows.column("net_minor").to_pylist()
    moved = [_moved(minor, one, currency, rates) for minor, one in zip(amounts, held, strict=True)]
    rows = rows.set_column(rows.schema.get_field_index("net_minor"), "net_minor", pa.array(moved, pa.int64()))
    return rows.set_column(rows.schema.get_field_index("currency"), "currency", pa.array([currency] * rows.num_rows, pa.string()))


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
