"""Revenue that partners brought, took part in, or had no part in. The three add up to everything that was won."""

from collections.abc import Sequence
from typing import Any

import ibis
from django.utils.translation import gettext_lazy as _

from openprm.kpis.definitions.facts import OUTCOMES, PARTS, UNRUN, Facts
from openprm.kpis.definitions.kinds import Kpi, Rows
from openprm.kpis.rules.outcomes import Outcome, Why, nothing, plain, ratio

DEALS = (OUTCOMES, PARTS, UNRUN, "partners.partners", "partners.enrollments")
SHOWN = ("deal_id", "reference", "customer", "partner_id", "source_id", "net_minor", "opened_at", "closed_at", "won", "engaged", "sourced")
IN_NO_RUN = "in_no_run"


def listed(deals: ibis.Table) -> ibis.Table:
    return deals.select(*SHOWN).rename(id="deal_id").order_by(ibis.desc("closed_at"), "id")


def sourced(facts: Facts) -> ibis.Table:
    return facts.won.filter(facts.won.sourced)


def influenced(facts: Facts) -> ibis.Table:
    """Won deals with a part of the partners that did not source them. With the sourced ones and the rest they are everything that was won."""
    return facts.won.filter(facts.won.engaged & ~facts.won.sourced)


def credited(facts: Facts, deals: ibis.Table) -> ibis.Table:
    """One row: what the partners are credited for these deals."""
    parts, deals = facts.parts, deals.select(of_deal="deal_id")
    mine = parts.semi_join(deals, [parts.deal_id == deals.of_deal])
    return mine.aggregate(credited=mine.credit_minor.sum())


def _engaged(facts: Facts) -> ibis.Table:
    return facts.won.filter(facts.won.engaged)


def _alone(facts: Facts) -> ibis.Table:
    return facts.won.filter(~facts.won.engaged)


def _sum(deals: ibis.Table) -> ibis.Table:
    return deals.aggregate(value=deals.net_minor.sum(), n=deals.count(), without_rate=deals.net_minor.isnull().sum(), in_no_run=(~deals.in_run).sum())


def _told(row: dict[str, Any], *more: str) -> dict[str, Any]:
    """The parts of a sum that are not the sum, and what is to be said about it."""
    parts = {name: row[name] or 0 for name in ("without_rate", "in_no_run", *more)}
    return {**parts, "notes": (IN_NO_RUN,) if parts["in_no_run"] else ()}


def _total(rows: Rows, facts: Facts) -> Outcome:
    return plain(rows[0]["value"] or 0, rows[0]["n"], **_told(rows[0]))


def _influence(facts: Facts) -> ibis.Table:
    deals, parts = influenced(facts), facts.parts
    won = facts.won.select(of_deal="deal_id")
    late = parts.filter(parts.late).semi_join(won, [parts.deal_id == won.of_deal])
    return _sum(deals).cross_join(credited(facts, deals)).cross_join(late.aggregate(late_claims=late.count()))


def _influence_total(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    return plain(row["value"] or 0, row["n"], full=row["value"] or 0, **_told(row, "credited", "late_claims"))


def _shares(facts: Facts, column: str, amount: bool) -> ibis.Table:
    won = facts.won
    above = won.net_minor.sum(where=won[column]) if amount else won[column].cast("int64").sum()
    return won.aggregate(above=above, below=won.net_minor.sum() if amount else won.count(), n=won.count(), in_no_run=(~won.in_run).sum())


def _percent(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    return ratio(row["above"] or 0, row["below"] or 0, row["n"], times=100, notes=(IN_NO_RUN,) if row["in_no_run"] else ())


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
REFUNDS = _("No room keeps refunds of closed deals: nothing is taken off in their month. A deal that is reopened leaves its month unless that is locked.")
RUN = _("As the run that stands for the month says; deals in no run yet are judged by the rules in force today, and the number says so.")
OF_SEGMENT = _("For a part of the partners it is about those partners alone, beside everything that was won.")

KPIS: Sequence[Kpi] = (
    Kpi(
        name="total_revenue",
        label=_("Revenue won"),
        unit="money",
        direction="up",
        **COMMON,
        formula=_("Sum of the deals won in the period, with and without partners: sourced, influenced and without a partner."),
        edge_cases=(CURRENCY, ONCE, REFUNDS, _("The same for every part of the partners: everything that was won.")),
        expression=lambda facts: _sum(facts.won),
        finish=_total,
        rows=lambda facts: listed(facts.won),
    ),
    Kpi(
        name="sourced_revenue",
        label=_("Sourced revenue"),
        unit="money",
        direction="up",
        **COMMON,
        formula=_("Deals won that a partner brought: by the published rule, a registration or an introduction at most 30 days before the deal began."),
        edge_cases=(
            _("Exactly one partner sourced a deal: the first whose touch counts as its introduction."),
            _("What counts as an introduction, renewals included, the published rules of attribution say."),
            RUN,
            CURRENCY,
            REFUNDS,
        ),
        expression=lambda facts: _sum(sourced(facts)),
        finish=_total,
        rows=lambda facts: listed(sourced(facts)),
        for_partners=True,
    ),
    Kpi(
        name="influenced_revenue",
        label=_("Influenced revenue"),
        unit="money",
        direction="up",
        **COMMON,
        formula=_("Sum of the deals won with at least one qualifying touch of a partner, that no partner sourced; in full, and as credited by the model."),
        edge_cases=(
            _("Sums by partner may exceed the total: one deal can be influenced by several. Not additive."),
            _("Late claims are not counted here; their number stands beside."),
            OF_SEGMENT,
            RUN,
            CURRENCY,
        ),
        expression=_influence,
        finish=_influence_total,
        rows=lambda facts: listed(influenced(facts)),
        additive=False,
        for_partners=True,
    ),
    Kpi(
        name="partner_engaged_revenue",
        label=_("Partner-engaged revenue"),
        unit="money",
        direction="up",
        **COMMON,
        formula=_("Sourced and influenced revenue together: the deals won in which a partner took part before they were closed."),
        edge_cases=(ONCE, _("Sums by partner may exceed it: not additive."), OF_SEGMENT, RUN, CURRENCY),
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
        formula=_("Revenue won less partner-engaged revenue."),
        edge_cases=(_("Together with sourced and influenced revenue it is exactly the revenue won."), OF_SEGMENT, RUN, CURRENCY),
        expression=lambda facts: _sum(_alone(facts)),
        finish=_total,
        rows=lambda facts: listed(_alone(facts)),
    ),
    Kpi(
        name="channel_share",
        label=_("Channel share"),
        unit="percent",
        direction="up",
        **COMMON,
        formula=_("Sourced revenue / revenue won."),
        edge_cases=(_("Of everything won, renewals included in the whole; of new revenue alone it is higher."), OF_SEGMENT, CURRENCY),
        expression=lambda facts: _shares(facts, "sourced", True),
        finish=_percent,
        rows=lambda facts: listed(facts.won),
    ),
    Kpi(
        name="attach_rate",
        label=_("Attach rate"),
        unit="percent",
        direction="up",
        **COMMON,
        formula=_("Deals won with at least one partner / all deals won."),
        edge_cases=(_("Attached means: recorded before the deal was closed."), ONCE, OF_SEGMENT),
        expression=lambda facts: _shares(facts, "engaged", False),
        finish=_percent,
        rows=lambda facts: listed(facts.won),
    ),
    Kpi(
        name="ecosystem_contribution",
        label=_("Ecosystem contribution"),
        unit="percent",
        direction="up",
        **COMMON,
        formula=_("A panel: share of new revenue with a partner, joint assets, certified people, satisfaction of partners."),
        edge_cases=(_("Shown as a panel: four things that are not one number are not collapsed into one."),),
        expression=_new_share,
        finish=_panel,
        rows=lambda facts: listed(_engaged(facts)),
        by_segment=False,
    ),
)
