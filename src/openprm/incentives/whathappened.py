"""What really happened, by the event that a plan pays for: the columns on which a draft of it is replayed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from openprm.deals import queries as deals
from openprm.deals.queries.sold import history_of, sold_deals
from openprm.incentives.models import UsageCredit
from openprm.incentives.ports import HistorySource
from openprm.incentives.rules.bands import growth_place
from openprm.incentives.rules.windows import add_months
from openprm.kernel.actor import SYSTEM
from openprm.kernel.registry import registry
from openprm.leads.queries.referred_deals import all_taken_up
from openprm.partners import queries as partners

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Asked:
    """Whose history of which event, from when until when."""

    event: str
    partner_ids: tuple[UUID, ...]
    since: date
    at: datetime


def what_happened(asked: Asked) -> pa.Table:
    """The events of one code that these partners had, oldest first or not, with what is known of each. In the system's scope."""
    return _SOURCES.get(asked.event, _told)(asked)


def _won(asked: Asked) -> pa.Table:
    return _deals(asked, won=True)


def _registered(asked: Asked) -> pa.Table:
    import pyarrow as pa

    found = _deals(asked, won=False)
    return found.append_column("code", pa.array(["deal_registered"] * found.num_rows, pa.string()))


def _deals(asked: Asked, *, won: bool) -> pa.Table:
    from openprm.analytics.session import session
    from openprm.kernel.scope import scope

    dataset = history_of(won=won, partner_ids=asked.partner_ids, until=asked.at)
    with scope(SYSTEM), session(actor=SYSTEM, datasets=[dataset]) as data:
        return data.backend.to_pyarrow(data.table(dataset.name))


def _qualified(asked: Asked) -> pa.Table:
    return _table(
        {
            "key": str(one.lead_id), "partner_id": str(one.referrer_id), "occurred_on": one.answered_on, "country": one.country or None, "channel": "referral",
            "currency": one.value.currency if one.value else deals.base_currency(), "net_minor": one.value.minor if one.value else None,
            "code": "lead_qualified",
        }
        for one in all_taken_up(referrer_ids=asked.partner_ids, until=asked.at) if one.answered_on
    )  # fmt: skip


def _converted(asked: Asked) -> pa.Table:
    """Referrals whose deals were won, on the day and with the worth of the deal."""
    referrals = [one for one in all_taken_up(referrer_ids=asked.partner_ids, until=asked.at) if one.registration_id]
    sold = sold_deals(one.registration_id for one in referrals if one.registration_id)
    return _table(
        {
            "key": str(one.referral_id), "partner_id": str(one.referrer_id), "occurred_on": deal.closed_on, "country": one.country or None,
            "channel": "referral", "currency": deal.net.currency, "net_minor": deal.net.minor, "list_minor": deal.list.minor if deal.list else None,
            "product_lines": ",".join(map(str, deal.product_lines)) or None, "code": "referral_converted",
        }
        for one in referrals if (deal := sold.get(one.registration_id)) and deal.is_won and deal.closed_on  # type: ignore[arg-type]
    )  # fmt: skip


def _usage(asked: Asked) -> pa.Table:
    """Credited usage, on the last day of the month of use; `first_on` is the customer's first month before it."""
    rows = list(UsageCredit.objects.filter(partner_id__in=asked.partner_ids, booked_at__lte=asked.at).select_related("line"))
    first: dict[tuple[UUID, str], date] = {}
    for row in rows:
        key = (row.partner_id, row.line.customer_key)
        first[key] = min(first.get(key, row.service_month), row.service_month)
    return _table(_credit(row, first[row.partner_id, row.line.customer_key]) for row in rows)


def _credit(row: UsageCredit, first: date) -> dict[str, Any]:
    line_id = row.line.product_line_id
    return {
        "key": str(row.pk), "partner_id": str(row.partner_id), "occurred_on": _last_day(row.service_month), "currency": row.currency,
        "net_minor": row.amount_minor, "list_minor": row.amount_minor, "product_lines": str(line_id) if line_id else None, "channel": "consumption",
        "code": "usage", "first_on": _last_day(first) if first < row.service_month else None,
    }  # fmt: skip


def _retainers(asked: Asked) -> pa.Table:
    """The first day of every month, for each partner."""
    first = asked.since.replace(day=1)
    months = [add_months(first, place) for place in range(240) if add_months(first, place) <= asked.at.date()]
    return _table(
        {
            "key": f"{month}:{partner_id}", "partner_id": str(partner_id), "occurred_on": month, "currency": deals.base_currency(), "code": "retainer",
            "first_on": first if month > first else None,
        }
        for partner_id in asked.partner_ids for month in months
    )  # fmt: skip


def _quarters(asked: Asked) -> pa.Table:
    """What each partner sold by quarter, alone and with the year so far, and how both grew on the year before."""
    sold: dict[tuple[str, date], int] = {}
    for rows in (_won(asked), _usage(asked)):
        for partner_id, day, minor in zip(*(rows.column(name).to_pylist() for name in ("partner_id", "occurred_on", "net_minor")), strict=True):
            key = (partner_id, day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1))
            sold[key] = sold.get(key, 0) + (minor or 0)
    return _table(_quarter(key, sold) for key in sorted(sold) if add_months(key[1], 3) <= asked.at.date())


def _quarter(key: tuple[str, date], sold: Mapping[tuple[str, date], int]) -> dict[str, Any]:
    partner_id, first = key
    year = [add_months(date(first.year, 1, 1), 3 * place) for place in range((first.month + 2) // 3)]
    now, before = sold[key], sold.get((partner_id, add_months(first, -12)), 0)
    so_far = sum(sold.get((partner_id, month), 0) for month in year)
    year_before = sum(sold.get((partner_id, add_months(month, -12)), 0) for month in year)
    return {
        "key": f"{first}:{partner_id}", "partner_id": partner_id, "occurred_on": add_months(first, 3) - timedelta(days=1),
        "currency": deals.base_currency(), "net_minor": now, "code": "period", "growth_place": _growth(now, before), "year_minor": so_far,
        "year_growth_place": _growth(so_far, year_before),
    }  # fmt: skip


def _growth(now: int, before: int) -> int | None:
    return growth_place((Decimal(now - before) * 100 / before).quantize(Decimal("0.0001"))) if before > 0 else None


def _told(asked: Asked) -> pa.Table:
    """What only higher rooms know: bounties that were accepted, courses, what came by hand."""
    sources: tuple[HistorySource, ...] = registry.filling("incentives.history")
    return _table(row for one in sources for row in one.rows(code=asked.event, partner_ids=asked.partner_ids, since=asked.since, until=asked.at))


_SOURCES: Mapping[str, Callable[[Asked], Any]] = {
    "deal_won": _won, "deal_registered": _registered, "lead_qualified": _qualified, "referral_converted": _converted, "usage": _usage,
    "retainer": _retainers, "period": _quarters,
}  # fmt: skip


def with_partners(rows: pa.Table, partner_ids: Sequence[UUID], at: datetime) -> pa.Table:
    """Tier, type and program of each partner as they are today; the program only where the event has none of its own."""
    import pyarrow as pa

    found = partners.enrollments(partner_ids, at)
    types = {str(row.id): row.type for row in partners.export_partners(SYSTEM, filters={})}
    held = rows.column("partner_id").to_pylist()
    enrolled = {str(key): one for key, one in found.items()}
    own = rows.column("program_id").to_pylist() if "program_id" in rows.column_names else [None] * len(held)
    columns = {
        "tier": [enrolled[one].tier_code or None if one in enrolled else None for one in held],
        "partner_type": [types.get(one) for one in held],
        "program_id": [mine or (str(enrolled[one].program_id) if one in enrolled else None) for mine, one in zip(own, held, strict=True)],
    }
    for name, values in columns.items():
        rows = put(rows, name, pa.array(values, pa.string()))
    return rows


def put(rows: pa.Table, name: str, column: Any) -> pa.Table:
    """The table with this column, new or in the place of the old one."""
    return rows.set_column(rows.schema.get_field_index(name), name, column) if name in rows.column_names else rows.append_column(name, column)


def _table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    import pyarrow as pa

    from openprm.incentives.engine.columns import COLUMNS

    listed = list(rows)
    types = {**COLUMNS, "year_minor": pa.int64(), "year_growth_place": pa.int64()}
    return pa.table({name: pa.array([row.get(name) for row in listed], type=kind) for name, kind in types.items()})


def _last_day(month: date) -> date:
    return add_months(month, 1) - timedelta(days=1)
