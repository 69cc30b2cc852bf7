"""What market funds do, and how long partners wait for their money."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import ibis
from django.utils.translation import gettext_lazy as _

from openprm.kpis.definitions.deals import open_deals
from openprm.kpis.definitions.facts import Facts, seconds
from openprm.kpis.definitions.kinds import Kpi, Rows
from openprm.kpis.definitions.partners import PARTNERS
from openprm.kpis.definitions.profit import MARGIN
from openprm.kpis.definitions.revenue import DEALS
from openprm.kpis.rules.outcomes import Outcome, plain, ratio

DAY = 86_400


def _given(facts: Facts) -> ibis.Table:
    """Allocations given in the window with what was approved and paid on them by the as-of day. What ran out stays in."""
    a, c = facts.table("funds.allocations"), facts.table("funds.claims")
    a = a.filter(facts.happened(a.given_at))
    c = c.mutate(
        approved=ibis.ifelse(facts.known(c.decided_at), c.approved_base_minor, 0).fill_null(0),
        paid=ibis.ifelse(facts.known(c.paid_at), c.paid_base_minor, 0).fill_null(0),
    )
    c = c.group_by("allocation_id").aggregate(approved=c.approved.sum(), paid=c.paid.sum())
    found = a.left_join(c, [a.id == c.allocation_id])
    return found.select("id", "number", "name", "partner_id", "given_at", "ends_on", "base_minor", "approved", "paid")


def _used(column: str) -> Callable[[Facts], ibis.Table]:
    def measured(facts: Facts) -> ibis.Table:
        g = _given(facts)
        return g.aggregate(above=g[column].sum(), below=g.base_minor.sum(), n=g.count())

    return measured


def _percent(rows: Rows, facts: Facts) -> Outcome:
    return ratio(rows[0]["above"] or 0, rows[0]["below"] or 0, rows[0]["n"], times=100)


def _fund_return(facts: Facts) -> ibis.Table:
    """One row: what was reimbursed in the window, and the parts of won deals that those requests claim."""
    claims, links, won = facts.paid_claims, facts.table("funds.linked_deals"), facts.ever_decided
    won = won.filter(won.won).select(of_deal="deal_id", worth="net_minor")
    paid = claims.select(paid_request="request_id").distinct()
    used = links.semi_join(paid, [links.request_id == paid.paid_request])
    used = used.inner_join(won, [used.deal_id == won.of_deal])
    part = used.worth.cast("float64") * used.weight.cast("float64") / 100
    brought = used.aggregate(revenue=part.sum().round().cast("int64"), deals=used.of_deal.nunique())
    return claims.aggregate(paid=claims.paid_base_minor.sum(), n=claims.count()).cross_join(brought)


def _multiple(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    return ratio(row["revenue"] or 0, row["paid"] or 0, row["n"], deals=row["deals"])


def _true_return(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    cost = int(row["paid"] or 0)
    margin = Decimal(row["revenue"] or 0) * facts.configuration.margin_percent / 100
    return ratio(margin - cost, cost, row["n"], times=100, gross_margin=margin, deals=row["deals"])


def _fund_pipeline(facts: Facts) -> ibis.Table:
    """One row: what was reimbursed in the window, and the parts of open deals that those requests name."""
    claims, links, opened = facts.paid_claims, facts.table("funds.linked_deals"), open_deals(facts)
    opened = opened.select(of_deal="id", worth="net_minor")
    paid = claims.select(paid_request="request_id").distinct()
    used = links.semi_join(paid, [links.request_id == paid.paid_request])
    used = used.inner_join(opened, [used.deal_id == opened.of_deal])
    part = used.worth.cast("float64") * used.weight.cast("float64") / 100
    brought = used.aggregate(revenue=part.sum().round().cast("int64"), deals=used.of_deal.nunique())
    return claims.aggregate(paid=claims.paid_base_minor.sum(), n=claims.count()).cross_join(brought)


def _waited(facts: Facts) -> ibis.Table:
    """Payouts approved in the window that arrived or failed; a failed one has waited until the as-of day."""
    p = facts.table("payouts.payouts")
    p = p.filter(facts.happened(p.approved_at))
    arrived = facts.known(p.arrived_at).fill_null(False)
    p = p.filter(arrived | (p.state == "failed"))
    until = ibis.ifelse(facts.known(p.arrived_at).fill_null(False), p.arrived_at, facts.end)
    return p.mutate(days=seconds(until, p.approved_at) / DAY)


def _reimbursed(facts: Facts) -> ibis.Table:
    c = facts.paid_claims
    return c.mutate(days=seconds(c.paid_at, c.submitted_at) / DAY)


def _days(found: Callable[[Facts], ibis.Table], share: float) -> Callable[[Facts], ibis.Table]:
    def measured(facts: Facts) -> ibis.Table:
        waits = found(facts)
        return waits.aggregate(value=waits.days.quantile(share), n=waits.count())

    return measured


def _value(rows: Rows, facts: Facts) -> Outcome:
    return plain(rows[0]["value"], rows[0]["n"])


def _payout_rows(facts: Facts) -> ibis.Table:
    return (
        _waited(facts)
        .select("id", "number", "partner_id", "state", "amount_minor", "currency", "approved_at", "arrived_at", "days")
        .order_by(ibis.desc("approved_at"), "id")
    )


def _claim_rows(facts: Facts) -> ibis.Table:
    found = _reimbursed(facts).select(
        "id", "number", "partner_id", "paid_minor", "currency", "paid_base_minor", "submitted_at", "decided_at", "paid_at", "days"
    )
    return found.order_by(ibis.desc("paid_at"), "id")


FUNDS: dict[str, Any] = {"group": "money", "source": "KPIS.md", "needs": ("funds.allocations", "funds.claims", *PARTNERS), "for_partners": True}
RETURN: dict[str, Any] = {
    "group": "money",
    "source": "KPIS.md",
    "needs": ("funds.claims", "funds.linked_deals", *DEALS),
    "expression": _fund_return,
    "rows": _claim_rows,
    "row_kind": "claim",
}
LAG = _("A deal may close long after the money was paid: young periods look worse than they are.")

KPIS: Sequence[Kpi] = (
    Kpi(
        name="mdf_utilisation",
        label=_("Market funds used"),
        unit="percent",
        direction="up",
        **FUNDS,
        expression=_used("approved"),
        finish=_percent,
        rows=lambda facts: _given(facts).order_by(ibis.desc("given_at"), "id"),
        row_kind="allocation",
        formula=_("Approved claims / funds given in the period."),
        edge_cases=(_("Funds that ran out stay in the whole."), _("Of claims, what was approved; what was paid is its own number.")),
    ),
    Kpi(
        name="mdf_paid",
        label=_("Market funds paid"),
        unit="percent",
        direction="up",
        **FUNDS,
        expression=_used("paid"),
        finish=_percent,
        rows=lambda facts: _given(facts).order_by(ibis.desc("given_at"), "id"),
        row_kind="allocation",
        formula=_("Paid claims / funds given in the period."),
        edge_cases=(_("Funds that ran out stay in the whole."),),
    ),
    Kpi(
        name="mdf_return_multiple",
        label=_("Revenue for each unit of market funds"),
        unit="ratio",
        direction="up",
        **RETURN,
        finish=_multiple,
        formula=_("Revenue of won deals that the requests name / funds reimbursed in the period."),
        edge_cases=(_("A multiple, not a return in percent."), _("One deal that several requests name is split by the shares they claim."), LAG),
    ),
    Kpi(
        name="mdf_roi",
        label=_("Return on market funds"),
        unit="percent",
        direction="up",
        **RETURN,
        finish=_true_return,
        formula=_("(Gross margin of those deals - funds reimbursed) / funds reimbursed."),
        edge_cases=(MARGIN, LAG),
    ),
    Kpi(
        name="mdf_pipeline_multiple",
        label=_("Open pipeline for each unit of market funds"),
        unit="ratio",
        direction="up",
        **{**RETURN, "needs": ("funds.claims", "funds.linked_deals", "deals.registrations", *PARTNERS), "expression": _fund_pipeline},
        finish=_multiple,
        formula=_("Value of open approved deals that the requests name / funds reimbursed in the period."),
        edge_cases=(_("Open deals are no revenue yet."), _("One deal that several requests name is split by the shares they claim.")),
    ),
    Kpi(
        name="payment_cycle_median",
        label=_("Approved to paid, median"),
        unit="days",
        direction="down",
        group="money",
        source="KPIS.md",
        needs=("payouts.payouts", *PARTNERS),
        for_partners=True,
        expression=_days(_waited, 0.5),
        finish=_value,
        rows=_payout_rows,
        row_kind="payout",
        formula=_("Median days from the approval of the oldest line to the arrival of the money, of payouts approved in the period."),
        edge_cases=(_("Failed payouts are in, with the days they have waited so far; payouts on their way are not."),),
    ),
    Kpi(
        name="payment_cycle_p90",
        label=_("Approved to paid, 9 of 10"),
        unit="days",
        direction="down",
        group="money",
        source="KPIS.md",
        needs=("payouts.payouts", *PARTNERS),
        for_partners=True,
        expression=_days(_waited, 0.9),
        finish=_value,
        rows=_payout_rows,
        row_kind="payout",
        formula=_("Days within which nine of ten payouts arrived."),
        edge_cases=(_("Interpolated between the two nearest payouts."),),
    ),
    Kpi(
        name="claim_cycle_median",
        label=_("Claimed to paid, median"),
        unit="days",
        direction="down",
        group="money",
        source="KPIS.md",
        needs=("funds.claims", *PARTNERS),
        for_partners=True,
        expression=_days(_reimbursed, 0.5),
        finish=_value,
        rows=_claim_rows,
        row_kind="claim",
        formula=_("Median days from the claim to its payment, of claims paid in the period."),
        edge_cases=(_("Claims that are not paid have no time yet."),),
    ),
)
