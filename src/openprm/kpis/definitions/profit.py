"""What the program costs and brings: return, the cost of customers and partners, what a partner is worth."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import ibis
from django.utils.translation import gettext_lazy as _

from openprm.kpis.definitions.facts import Facts
from openprm.kpis.definitions.kinds import Kpi, Rows
from openprm.kpis.definitions.partners import PARTNERS
from openprm.kpis.definitions.revenue import DEALS, credited, influenced, listed, sourced
from openprm.kpis.rules.lifetime import lifetime_value
from openprm.kpis.rules.outcomes import Outcome, Why, exact, nothing, ratio

ENTERED = ("team", "tools", "recruiting", "onboarding", "servicing")
NO_TEAM, UNRATED = "team_not_entered", "costs_without_rate"
SPENT = ("earnings.lines", "funds.claims", "kpis.costs")


def _spent(facts: Facts) -> ibis.Table:
    """One row: incentives, paid market funds and entered costs of the window."""
    lines, claims, costs = facts.incentives, facts.paid_claims, facts.costs
    entered = {kind: costs.base_minor.sum(where=costs.kind == kind) for kind in ENTERED}
    found = lines.aggregate(incentives=lines.base_minor.sum(), lines=lines.count(), lines_unrated=lines.base_minor.isnull().sum())
    found = found.cross_join(claims.aggregate(funds=claims.paid_base_minor.sum(), claims_unrated=claims.paid_base_minor.isnull().sum()))
    return found.cross_join(costs.aggregate(**entered, costs_unrated=costs.base_minor.isnull().sum()))


def brought(facts: Facts) -> ibis.Table:
    """One row more: sourced revenue, credited influenced revenue, new customers."""
    won = sourced(facts)
    customer = ibis.coalesce(won.account_id, won.deal_id)
    made = won.aggregate(sourced=won.net_minor.sum(), deals=won.count(), customers=customer.nunique(where=won.deal_type == "new"))
    return _spent(facts).cross_join(made).cross_join(credited(facts, influenced(facts)))


def _costs(row: dict[str, Any], *kinds: str) -> int:
    return sum(int(row[kind] or 0) for kind in kinds)


def _notes(row: dict[str, Any]) -> tuple[str, ...]:
    return (*(() if row["team"] else (NO_TEAM,)), *((UNRATED,) if _unrated(row) else ()))


def _unrated(row: dict[str, Any]) -> int:
    return _costs(row, "lines_unrated", "claims_unrated", "costs_unrated")


def _return_on_program(*, net: bool) -> Callable[[Rows, Facts], Outcome]:
    def finish(rows: Rows, facts: Facts) -> Outcome:
        row = rows[0]
        margin = Decimal(_costs(row, "sourced", "credited")) * facts.configuration.margin_percent / 100
        cost = _costs(row, "incentives", "funds", *ENTERED)
        parts = {
            "gross_margin": margin,
            "incentives": row["incentives"] or 0,
            "market_funds": row["funds"] or 0,
            "entered_costs": _costs(row, *ENTERED),
            "costs_without_rate": _unrated(row),
        }
        return ratio(margin - cost if net else margin, cost, row["deals"], notes=_notes(row), **parts)

    return finish


def acquisition(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    parts = {name: row[name] or 0 for name in ("incentives", "funds", "team", "tools", "onboarding")}
    if not row["team"]:
        return nothing(Why.NO_COST, n=row["customers"], parts=parts)
    return ratio(sum(parts.values()), row["customers"], row["customers"], notes=(UNRATED,) if _unrated(row) else (), **parts)


def _partner_cost(facts: Facts) -> ibis.Table:
    """One row: costs of winning and starting partners, and how many joined and won a first deal in the window."""
    p, costs = facts.partners, facts.costs
    joined = p.filter(facts.happened(p.joined_at))
    r = facts.registrations
    firsts = r.filter(r.status == "closed_won", facts.known(r.closed_at)).group_by("partner_id").aggregate(first_at=lambda t: t.closed_at.min())
    firsts = firsts.filter(facts.happened(firsts.first_at))
    spent = costs.aggregate(**{kind: costs.base_minor.sum(where=costs.kind == kind) for kind in ("recruiting", "onboarding")})
    return spent.cross_join(joined.aggregate(acquired=joined.count())).cross_join(firsts.aggregate(activated=firsts.count()))


def _per_partner(of: str) -> Callable[[Rows, Facts], Outcome]:
    def finish(rows: Rows, facts: Facts) -> Outcome:
        row = rows[0]
        cost, parts = _costs(row, "recruiting", "onboarding"), {"acquired": row["acquired"], "activated": row["activated"]}
        if not cost:
            return nothing(Why.NO_COST, n=row[of], parts=parts)
        return ratio(cost, row[of], row[of], **parts)

    return finish


def _worth(facts: Facts) -> ibis.Table:
    """One row: what a year brings and costs, and how many partners there are, were and left."""
    won, p, costs = facts.won.filter(facts.won.engaged), facts.partners, facts.costs
    at_start = p.filter(p.joined_at < facts.start, p.left_at.isnull() | (p.left_at >= facts.start))
    now = p.filter(p.left_at.isnull())
    spent = costs.aggregate(**{kind: costs.base_minor.sum(where=costs.kind == kind) for kind in ENTERED})
    found = spent.cross_join(won.aggregate(worth=won.net_minor.sum(), deals=won.count()))
    found = found.cross_join(at_start.aggregate(at_start=at_start.count(), left=at_start.left_at.notnull().cast("int64").sum()))
    joined = p.filter(facts.happened(p.joined_at))
    return found.cross_join(now.aggregate(partners=now.count())).cross_join(joined.aggregate(acquired=joined.count()))


def _lifetime(rows: Rows, facts: Facts) -> Outcome:
    row, setting = rows[0], facts.configuration
    if not row["partners"] or not row["at_start"]:
        return nothing(Why.ZERO, n=row["partners"])
    if not row["servicing"]:
        return nothing(Why.NO_COST, n=row["partners"])
    yearly = Decimal(365) / facts.window.days / row["partners"]
    margin = Decimal(row["worth"] or 0) * setting.margin_percent / 100 * yearly
    servicing, survival = Decimal(row["servicing"]) * yearly, 1 - Decimal(row["left"] or 0) / row["at_start"]
    acquisition = Decimal(_costs(row, "recruiting", "onboarding")) / max(row["acquired"], 1)
    value = lifetime_value(
        margin=margin, servicing=servicing, survival=survival, discount=setting.discount_percent / 100, years=setting.horizon_years, acquisition=acquisition
    )
    parts = {"margin_a_year": margin, "servicing_a_year": servicing, "survival": survival, "acquisition": acquisition}
    return Outcome(value=value, n=row["partners"], parts={name: exact(one) for name, one in parts.items()})


def _line_rows(facts: Facts) -> ibis.Table:
    return facts.incentives.select("id", "number", "label", "partner_id", "kind", "earned_on", "amount_minor", "currency", "base_minor").order_by(
        ibis.desc("earned_on"), "id"
    )


PROFIT: dict[str, Any] = {"group": "profit", "source": "KPIS.md", "needs": (*DEALS, *SPENT)}
MARGIN = _("The gross margin is revenue x the margin that the vendor assumes for returns on market funds.")
COSTS = _("Cost is incentives earned, market funds paid, and the costs that finance entered; without entered costs of the team it says so.")
SHARED = _("For a part of the partners only costs that name a partner count; shared costs are not divided.")

KPIS: Sequence[Kpi] = (
    Kpi(
        name="ropi",
        label=_("Return on the program (ROPI)"),
        unit="ratio",
        direction="up",
        **PROFIT,
        expression=brought,
        finish=_return_on_program(net=False),
        rows=_line_rows,
        row_kind="line",
        formula=_("Gross margin of sourced and credited influenced revenue / cost of the program, in the same period."),
        edge_cases=(MARGIN, COSTS, SHARED, _("No number when nothing was spent.")),
    ),
    Kpi(
        name="net_ropi",
        label=_("Net return on the program"),
        unit="ratio",
        direction="up",
        **PROFIT,
        expression=brought,
        finish=_return_on_program(net=True),
        rows=_line_rows,
        row_kind="line",
        formula=_("(Gross margin - cost) / cost, in the same period."),
        edge_cases=(MARGIN, COSTS, SHARED, _("No number when nothing was spent.")),
    ),
    Kpi(
        name="cac",
        label=_("Cost of a customer"),
        unit="money",
        direction="down",
        **PROFIT,
        expression=brought,
        finish=acquisition,
        rows=lambda facts: listed(sourced(facts)),
        row_kind="deal",
        formula=_("(Team + tools + incentives + market funds + onboarding) / new customers in sourced deals."),
        edge_cases=(
            _("No number without new customers, nor before the cost of the team is entered."),
            _("Commissions are a cost here, so revenue is not lessened by them."),
        ),
    ),
    Kpi(
        name="pac_acquired",
        label=_("Cost of a partner that joined"),
        unit="money",
        direction="down",
        group="profit",
        source="KPIS.md",
        needs=(*PARTNERS, "deals.registrations", "kpis.costs"),
        expression=_partner_cost,
        finish=_per_partner("acquired"),
        by_segment=False,
        rows=lambda facts: facts.partners.filter(facts.happened(facts.partners.joined_at)).order_by("name", "id"),
        row_kind="partner",
        formula=_("Recruiting and onboarding costs / partners that joined in the period."),
        edge_cases=(_("Sources disagree on the divisor: the other variant is “Cost of a partner that sells”."),),
    ),
    Kpi(
        name="pac_activated",
        label=_("Cost of a partner that sells"),
        unit="money",
        direction="down",
        group="profit",
        source="KPIS.md",
        needs=(*PARTNERS, "deals.registrations", "kpis.costs"),
        expression=_partner_cost,
        finish=_per_partner("activated"),
        by_segment=False,
        rows=lambda facts: facts.partners.order_by("name", "id"),
        row_kind="partner",
        formula=_("Recruiting and onboarding costs / partners that won their first deal in the period."),
        edge_cases=(_("No number when none did."),),
    ),
    Kpi(
        name="pltv",
        label=_("Lifetime value of a partner"),
        unit="money",
        direction="up",
        group="profit",
        source="KPIS.md",
        needs=(*DEALS, "kpis.costs"),
        expression=_worth,
        finish=_lifetime,
        rows=lambda facts: facts.partners.order_by("name", "id"),
        row_kind="partner",
        by_segment=False,
        formula=_("Sum over 5 years of (gross margin - servicing) x survival / (1 + 10 %)^year, less the cost of winning a partner; per partner of today."),
        edge_cases=(_("Survival is 1 - the share of partners lost in the period; the horizon is capped."), _("Profit, not revenue: may be negative."), MARGIN),
    ),
)
