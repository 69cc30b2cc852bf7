"""Revenue that partners brought, took part in, or had no part in. The three add up to everything that was won."""

from collections.abc import Sequence
from typing import Any

import ibis
from django.utils.translation import gettext_lazy as _

from openprm.kpis.definitions.facts import CREDITS, TOUCHES, Facts
from openprm.kpis.definitions.kinds import Kpi, Rows
from openprm.kpis.rules.outcomes import Outcome, Why, nothing, plain, ratio

DEALS = ("deals.registrations", "deals.opportunities", "leads.converted", "leads.referrals", "partners.partners", "partners.enrollments")
SHOWN = ("deal_id", "reference", "customer", "partner_id", "source_id", "net_minor", "opened_at", "closed_at", "won", "engaged", "sourced")
NO_TOUCHES = "touches_not_counted"


def listed(deals: ibis.Table) -> ibis.Table:
    return deals.select(*SHOWN).rename(id="deal_id").order_by(ibis.desc("closed_at"), "id")


def _sum(deals: ibis.Table) -> ibis.Table:
    return deals.aggregate(value=deals.net_minor.sum(), n=deals.count(), without_rate=deals.net_minor.isnull().sum())


def _total(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    notes = () if facts.has(TOUCHES) else (NO_TOUCHES,)
    return plain(row["value"] or 0, row["n"], notes=notes, without_rate=row["without_rate"] or 0)


def _first_hand(rows: Rows, facts: Facts) -> Outcome:
    return plain(rows[0]["value"] or 0, rows[0]["n"], without_rate=rows[0]["without_rate"] or 0)


def _sourced(facts: Facts) -> ibis.Table:
    return facts.won.filter(facts.won.sourced)


def _engaged(facts: Facts) -> ibis.Table:
    return facts.won.filter(facts.won.engaged)


def _alone(facts: Facts) -> ibis.Table:
    return facts.won.filter(~facts.won.engaged)


def _influenced(facts: Facts) -> ibis.Table:
    """Won deals with a touch of a partner that did not source them."""
    touches, won = facts.qualified_touches, facts.won
    both = won.inner_join(touches, [won.deal_id == touches.of_deal])
    both = both.filter(both.at <= both.closed_at, both.source_id.isnull() | (both.by != both.source_id))
    return won.semi_join(both.select(touched="deal_id"), [won.deal_id == both.select(touched="deal_id").touched])


def _influence(facts: Facts) -> ibis.Table:
    deals = _influenced(facts)
    if not facts.has(CREDITS):
        return _sum(deals).mutate(credited=ibis.null("int64"))
    credits = facts.table(CREDITS)
    own = deals.select(of_deal="deal_id", of_source="source_id")
    given = credits.filter(~credits.late).inner_join(own, [credits.deal_id == own.of_deal])
    given = given.filter(given.of_source.isnull() | (given.partner_id != given.of_source))
    return _sum(deals).mutate(credited=given.credited_minor.sum().as_scalar())


def _influence_total(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    return plain(row["value"] or 0, row["n"], full=row["value"] or 0, credited=row["credited"], without_rate=row["without_rate"] or 0)


def _shares(facts: Facts, column: str, amount: bool) -> ibis.Table:
    won = facts.won
    above = won.net_minor.sum(where=won[column]) if amount else won[column].cast("int64").sum()
    return won.aggregate(above=above, below=won.net_minor.sum() if amount else won.count(), n=won.count())


def _percent(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    return ratio(row["above"] or 0, row["below"] or 0, row["n"], times=100)


def _panel(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    share = ratio(row["above"] or 0, row["below"] or 0, row["n"], times=100).value
    return nothing(Why.PANEL, n=row["n"], parts={"share_of_new_revenue": share, "assets": None, "certified_people": None, "satisfaction": None})


def _new_share(facts: Facts) -> ibis.Table:
    won = facts.won.filter(facts.won.deal_type != "renewal")
    return won.aggregate(above=won.net_minor.sum(where=won.engaged), below=won.net_minor.sum(), n=won.count())


COMMON: dict[str, Any] = {"group": "revenue", "row_kind": "deal", "needs": DEALS, "source": "KPIS.md"}
CURRENCY = _("Each deal in the reporting currency at the rate of its booking; deals without a rate are counted apart.")
ONCE = _("One deal counts once; an opportunity with a registration counts as that registration.")
REFUNDS = _("A won deal that is canceled later leaves its month; refunds of closed deals are not kept.")

KPIS: Sequence[Kpi] = (
    Kpi(
        name="total_revenue",
        label=_("Revenue won"),
        unit="money",
        direction="up",
        **COMMON,
        formula=_("Sum of the deals won in the period, with and without partners."),
        edge_cases=(CURRENCY, ONCE, REFUNDS),
        expression=lambda facts: _sum(facts.won),
        finish=_first_hand,
        rows=lambda facts: listed(facts.won),
        by_segment=False,
    ),
    Kpi(
        name="sourced_revenue",
        label=_("Sourced revenue"),
        unit="money",
        direction="up",
        **COMMON,
        formula=_(
            "Deals won that a partner brought: its approved registration, or its introduction taken up at most 30 days before the opportunity was opened."
        ),
        edge_cases=(
            _("Exactly one partner sourced a deal: the one registered, else the first introduction."),
            _("Renewals are left out. A registration made of a lead that the vendor found is not sourced by the partner."),
            CURRENCY,
            REFUNDS,
        ),
        expression=lambda facts: _sum(_sourced(facts)),
        finish=_first_hand,
        rows=lambda facts: listed(_sourced(facts)),
        for_partners=True,
    ),
    Kpi(
        name="influenced_revenue",
        label=_("Influenced revenue"),
        unit="money",
        direction="up",
        **{**COMMON, "needs": (*DEALS, TOUCHES)},
        also=(CREDITS,),
        formula=_("Sum of the deals won with at least one qualifying touch of a partner that did not source them; in full, and as credited by the model."),
        edge_cases=(
            _("Sums by partner may exceed the total: one deal can be influenced by several. Not additive."),
            _("Late claims are not counted."),
            CURRENCY,
        ),
        expression=_influence,
        finish=_influence_total,
        rows=lambda facts: listed(_influenced(facts)),
        additive=False,
    ),
    Kpi(
        name="partner_engaged_revenue",
        label=_("Partner-engaged revenue"),
        unit="money",
        direction="up",
        **COMMON,
        also=(TOUCHES,),
        formula=_(
            "Sum of the deals won in which a partner took part before they were closed: registered and approved, introduced, or with a qualifying touch."
        ),
        edge_cases=(
            ONCE,
            _("Sums by partner may exceed it: not additive."),
            _("Includes renewals and leads that the vendor found and a partner worked."),
            CURRENCY,
        ),
        expression=lambda facts: _sum(_engaged(facts)),
        finish=_total,
        rows=lambda facts: listed(_engaged(facts)),
        additive=False,
        for_partners=True,
    ),
    Kpi(
        name="unattributed_revenue",
        label=_("Revenue without a partner"),
        unit="money",
        direction="none",
        **COMMON,
        also=(TOUCHES,),
        formula=_("Revenue won less partner-engaged revenue."),
        edge_cases=(_("Together with partner-engaged revenue it is exactly the revenue won."), CURRENCY),
        expression=lambda facts: _sum(_alone(facts)),
        finish=_total,
        rows=lambda facts: listed(_alone(facts)),
        by_segment=False,
    ),
    Kpi(
        name="channel_share",
        label=_("Channel share"),
        unit="percent",
        direction="up",
        **COMMON,
        formula=_("Sourced revenue / revenue won."),
        edge_cases=(_("Of everything won, renewals included in the whole; of new revenue alone it is higher."), CURRENCY),
        expression=lambda facts: _shares(facts, "sourced", True),
        finish=_percent,
        rows=lambda facts: listed(facts.won),
        by_segment=False,
    ),
    Kpi(
        name="attach_rate",
        label=_("Attach rate"),
        unit="percent",
        direction="up",
        **COMMON,
        also=(TOUCHES,),
        formula=_("Deals won with at least one partner / all deals won."),
        edge_cases=(_("Attached means: recorded before the deal was closed."), ONCE),
        expression=lambda facts: _shares(facts, "engaged", False),
        finish=_percent,
        rows=lambda facts: listed(facts.won),
        by_segment=False,
    ),
    Kpi(
        name="ecosystem_contribution",
        label=_("Ecosystem contribution"),
        unit="percent",
        direction="up",
        **COMMON,
        also=(TOUCHES,),
        formula=_("A panel: share of new revenue with a partner, joint assets, certified people, satisfaction of partners."),
        edge_cases=(_("Shown as a panel: four things that are not one number are not collapsed into one."),),
        expression=_new_share,
        finish=_panel,
        rows=lambda facts: listed(_engaged(facts)),
        by_segment=False,
    ),
)
