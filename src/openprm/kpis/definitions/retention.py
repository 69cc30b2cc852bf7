"""Customers over two years: how much of their revenue stays and grows, and what one is worth. And open deals at companies that a partner has too."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import ibis
from django.utils.translation import gettext_lazy as _

from openprm.kpis.definitions.facts import Facts
from openprm.kpis.definitions.kinds import Kpi, Rows
from openprm.kpis.definitions.profit import SPENT, acquisition, brought
from openprm.kpis.definitions.revenue import CURRENCY, DEALS, ONCE
from openprm.kpis.rules.outcomes import Outcome, Why, nothing, plain, ratio
from openprm.kpis.rules.windows import months_back

OVERLAPS = "mapping.overlaps"
SIDES = ("engaged", "others")


def customers(facts: Facts) -> ibis.Table:
    """Who won a deal in the year before the last twelve months: what for, what since, and whether a partner took part at the start."""
    after = facts.window.as_of + timedelta(days=1)
    start, middle = (facts.moment(months_back(after, months)) for months in (24, 12))
    won = facts.ever_decided
    won = won.filter(won.won, won.closed_at >= start, won.net_minor.notnull())
    won = won.mutate(buyer=ibis.coalesce(won.account_id, won.deal_id), before=won.closed_at < middle)
    found = won.group_by("buyer").aggregate(
        customer=won.customer.max(),
        start_minor=won.net_minor.sum(where=won.before).fill_null(0),
        net_minor=won.net_minor.sum(where=~won.before).fill_null(0),
        with_partner=(won.engaged & won.before).cast("int64").max(),
    )
    return found.filter(found.start_minor > 0).mutate(engaged=lambda t: t.with_partner > 0)


def _years(facts: Facts) -> ibis.Table:
    """One row: of those with a partner at the start, and of the others, how many they were and what became of their revenue."""
    c = customers(facts)
    sums: dict[str, Any] = {}
    for side, is_one in zip(SIDES, (c.engaged, ~c.engaged), strict=True):
        change = c.net_minor - c.start_minor
        sums |= {
            f"{side}_n": is_one.cast("int64").sum(),
            f"{side}_start": c.start_minor.sum(where=is_one),
            f"{side}_kept": c.net_minor.sum(where=is_one),
            f"{side}_expansion": change.sum(where=is_one & (change > 0)),
            f"{side}_contraction": change.sum(where=is_one & (change < 0) & (c.net_minor > 0)),
            f"{side}_churn": change.sum(where=is_one & (c.net_minor <= 0)),
            f"{side}_lost": (is_one & (c.net_minor <= 0)).cast("int64").sum(),
        }
    return c.aggregate(**sums)


def _of(row: Mapping[str, Any], side: str, *names: str) -> tuple[int, ...]:
    return tuple(int(row[f"{side}_{name}"] or 0) for name in names)


def _retention(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    told = {side: ratio(kept, start, n, times=100).value for side in SIDES for kept, start, n in (_of(row, side, "kept", "start", "n"),)}
    kept, start, n = _of(row, "engaged", "kept", "start", "n")
    changes = dict(zip(("expansion", "contraction", "churn"), _of(row, "engaged", "expansion", "contraction", "churn"), strict=True))
    return ratio(kept, start, n, times=100, start=start, **changes, engaged=told["engaged"], not_engaged=told["others"])


def _lifetime(row: Mapping[str, Any], side: str, facts: Facts) -> Decimal | None:
    """Revenue a year x margin x years, where years are 1 / churn and at most the horizon."""
    n, lost, start = _of(row, side, "n", "lost", "start")
    if not n:
        return None
    years = min(Decimal(n) / lost, Decimal(facts.configuration.horizon_years)) if lost else Decimal(facts.configuration.horizon_years)
    return Decimal(start) / n * facts.configuration.margin_percent / 100 * years


def _worth(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    n, lost, start = _of(row, "engaged", "n", "lost", "start")
    value, parts = _lifetime(row, "engaged", facts), {"customers": n, "lost": lost, "start": start, "not_engaged": _lifetime(row, "others", facts)}
    return plain(value, n, **parts) if value is not None else nothing(Why.EMPTY, parts=parts)


def _worth_to_cost(rows: Rows, facts: Facts) -> Outcome:
    value, cost = _worth(rows, facts), acquisition(rows, facts)
    parts = {"lifetime_value": value.value, "cost_of_a_customer": cost.value}
    if value.value is None or cost.value is None:
        return nothing(value.why or cost.why or Why.EMPTY, n=value.n, parts=parts, notes=cost.notes)
    return ratio(value.value, cost.value, value.n, notes=cost.notes, **parts)


def _customer_rows(facts: Facts) -> ibis.Table:
    c = customers(facts)
    return c.select(id="buyer", customer="customer", start_minor="start_minor", net_minor="net_minor", engaged="engaged").order_by(
        ibis.desc("start_minor"), "id"
    )


def _open_overlaps(facts: Facts) -> ibis.Table:
    """Open deals at companies that a partner has too, once each; what our own records say of a deal goes before what a list says."""
    found, base = facts.table(OVERLAPS), facts.configuration.currency
    found = found.filter(facts.known(found.found_at))
    own = [facts.every(name) for name in ("deals.registrations", "deals.opportunities")]
    kept = ibis.union(*(one.select(own_id="id", own_minor=one.net_minor, own_currency=one.currency, ended=facts.known(one.closed_at)) for one in own))
    found = found.left_join(kept, [found.deal_id == kept.own_id])
    found = found.filter(~found.ended.fill_null(False))
    listed = ibis.ifelse(found.currency == base, found.amount_minor, ibis.null("int64"))
    minor = ibis.ifelse(found.own_id.notnull() & (found.own_currency == base), found.own_minor, listed)
    found = found.mutate(minor=minor)
    return found.group_by("deal_id").aggregate(customer=found.customer.max(), net_minor=found.minor.max(), partners=found.partner_id.nunique())


def _potential(facts: Facts) -> ibis.Table:
    deals = _open_overlaps(facts)
    return deals.aggregate(value=deals.net_minor.sum(), n=deals.count(), without_rate=deals.net_minor.isnull().cast("int64").sum())


def _potential_sum(rows: Rows, facts: Facts) -> Outcome:
    return plain(rows[0]["value"] or 0, rows[0]["n"], without_rate=rows[0]["without_rate"] or 0)


def _overlap_rows(facts: Facts) -> ibis.Table:
    return _open_overlaps(facts).rename(id="deal_id").order_by(ibis.desc("net_minor"), "id")


YEARS = _("Always of two years up to the as-of day, whatever the period: who bought in the first is looked at in the second.")
BOOKED = _(
    "No room keeps subscriptions: what a customer's deals were worth in twelve months stands for its year. A contract of several years looks lost between."
)
STARTED = _("With a partner means: at the start. Who joins later is left out, or survivors would flatter it; new customers are left out.")
BESIDE = _("The same of customers without a partner stands beside it; a difference is an association, not an effect.")
AFTERWARDS: dict[str, Any] = {"rows": _customer_rows, "row_kind": "customer", "source": "KPIS.md"}

KPIS: Sequence[Kpi] = (
    Kpi(
        name="partner_engaged_nrr",
        group="revenue",
        label=_("Net revenue retention with partners"),
        unit="percent",
        direction="up",
        needs=DEALS,
        expression=_years,
        finish=_retention,
        **AFTERWARDS,
        formula=_("(Start + expansion - contraction - churn) / start, of the customers that a partner took part in winning in the year before the last."),
        edge_cases=(YEARS, BOOKED, STARTED, BESIDE, CURRENCY, ONCE),
    ),
    Kpi(
        name="cltv",
        group="profit",
        label=_("Lifetime value of a customer"),
        unit="money",
        direction="up",
        needs=DEALS,
        expression=_years,
        finish=_worth,
        **AFTERWARDS,
        formula=_("Revenue a year per customer x margin / churn, of customers with a partner at the start."),
        edge_cases=(_("No churn, or little, caps the horizon at 5 years."), YEARS, BOOKED, STARTED, BESIDE),
    ),
    Kpi(
        name="cltv_to_cac",
        group="profit",
        label=_("Lifetime value to cost of a customer"),
        unit="ratio",
        direction="up",
        needs=(*DEALS, *SPENT),
        expression=lambda facts: _years(facts).cross_join(brought(facts)),
        finish=_worth_to_cost,
        **AFTERWARDS,
        formula=_("Lifetime value of a customer / cost of a customer."),
        edge_cases=(_("The cost is of the period, the value of two years. The cost of a partner is another number."), YEARS, BOOKED),
    ),
    Kpi(
        name="potential_revenue",
        group="revenue",
        label=_("Potential revenue"),
        unit="money",
        direction="up",
        needs=(OVERLAPS, "deals.registrations", "deals.opportunities", "partners.partners", "partners.enrollments"),
        expression=_potential,
        finish=_potential_sum,
        rows=_overlap_rows,
        row_kind="overlap",
        additive=False,
        source="KPIS.md",
        formula=_("Sum of distinct open deals at companies that a partner has too, as account mapping found them."),
        edge_cases=(
            _("Distinct deals, not the sum over the matrix: a deal that overlaps with several partners counts once. Not a forecast."),
            _("Lists keep no history: for an earlier day it is what the lists of today say, without matches found later and with deals that were open then."),
            _("Only overlaps that the partner shows now. Deals in another currency that no record of ours has count as without a rate."),
        ),
    ),
)
