"""What partners do with leads, and whether leads go both ways."""

from collections.abc import Callable, Sequence
from typing import Any

import ibis
from django.utils.translation import gettext_lazy as _

from openprm.kpis.definitions.facts import Facts, seconds
from openprm.kpis.definitions.kinds import Kpi, Rows
from openprm.kpis.rules.lifetime import reciprocity
from openprm.kpis.rules.outcomes import Outcome, Why, exact, nothing, plain, ratio


def _offers(facts: Facts) -> ibis.Table:
    """Offers made in the window that were answered or ran out by the as-of day.

    One that another partner was faster on, or that the vendor took back, is no answer.
    """
    o = facts.table("leads.offers")
    o = o.filter(facts.happened(o.offered_at))
    accepted = facts.known(o.accepted_at).fill_null(False)
    over = facts.known(o.ended_at).fill_null(False) & o.state.isin(["declined", "expired"])
    won = accepted & ((o.lead_status == "won") & facts.known(o.lead_closed_at)).fill_null(False)
    return o.mutate(is_accepted=accepted, became_deal=accepted & o.registration_id.notnull(), became_win=won).filter(accepted | over)


def _rate(above: str, *, of_accepted: bool) -> Callable[[Facts], ibis.Table]:
    def measured(facts: Facts) -> ibis.Table:
        o = _offers(facts)
        o = o.filter(o.is_accepted) if of_accepted else o
        return o.aggregate(above=o[above].cast("int64").sum(), below=o.count(), n=o.count())

    return measured


def _hours(facts: Facts) -> ibis.Table:
    o = _offers(facts)
    o = o.filter(o.is_accepted)
    return o.aggregate(value=(seconds(o.accepted_at, o.offered_at) / 3600).median(), n=o.count())


def _percent(rows: Rows, facts: Facts) -> Outcome:
    return ratio(rows[0]["above"] or 0, rows[0]["below"] or 0, rows[0]["n"], times=100)


def _value(rows: Rows, facts: Facts) -> Outcome:
    return plain(rows[0]["value"], rows[0]["n"])


def _rows(facts: Facts) -> ibis.Table:
    found = _offers(facts).select(
        "id", "lead_id", "number", "partner_id", "state", "offered_at", "opened_at", "accepted_at", "is_accepted", "became_deal", "became_win"
    )
    return found.order_by(ibis.desc("offered_at"), "id")


def _both_ways(facts: Facts) -> ibis.Table:
    """Accepted leads of the window: `given` by partners and taken up by the vendor, or received by partners and accepted."""
    r = facts.table("leads.referrals", partner="referrer_id")
    r = r.filter(r.direction == "to_vendor", r.state == "taken_up", facts.happened(r.answered_at))
    given = r.select(id=r.id, number=r.number, partner_id=r.referrer_id, at=r.answered_at, net_minor=r.net_minor, given=ibis.literal(True))
    o = facts.table("leads.offers")
    o = o.filter(facts.happened(o.accepted_at))
    received = o.select(id=o.id, number=o.number, partner_id=o.partner_id, at=o.accepted_at, net_minor=o.net_minor, given=ibis.literal(False))
    return given.union(received)


def _balance(facts: Facts) -> ibis.Table:
    b = _both_ways(facts)
    return b.aggregate(
        given=b.net_minor.sum(where=b.given),
        received=b.net_minor.sum(where=~b.given),
        given_count=b.given.cast("int64").sum(),
        received_count=(~b.given).cast("int64").sum(),
        n=b.count(),
    )


def _balanced(rows: Rows, facts: Facts) -> Outcome:
    row = rows[0]
    given, received = row["given"] or 0, row["received"] or 0
    value, owes = reciprocity(int(given), int(received))
    count = reciprocity(int(row["given_count"] or 0), int(row["received_count"] or 0))[0]
    parts = {"given": given, "received": received, "owes": -owes, "by_count": count}
    if value is None:
        return nothing(Why.ZERO, n=row["n"], parts=parts)
    return Outcome(value=value, n=row["n"], parts={name: exact(one) for name, one in parts.items()})


OFFERED: dict[str, Any] = {
    "group": "leads",
    "needs": ("leads.offers", "partners.partners", "partners.enrollments"),
    "source": "KPIS.md",
    "for_partners": True,
    "rows": _rows,
    "row_kind": "offer",
}
FIRST = _("A lead that was pulled back stays in the count of the partner that had it first.")
COHORT = _("By the day of the offer; offers that still wait for an answer are left out.")

KPIS: Sequence[Kpi] = (
    Kpi(
        name="lead_response",
        label=_("Time until a lead is accepted"),
        unit="hours",
        direction="down",
        **OFFERED,
        formula=_("Median hours from the offer to the acceptance."),
        edge_cases=(COHORT, _("Only accepted ones have a time; the accept rate says how many did not.")),
        expression=_hours,
        finish=_value,
    ),
    Kpi(
        name="lead_accept_rate",
        label=_("Leads accepted"),
        unit="percent",
        direction="up",
        **OFFERED,
        formula=_("Accepted / (accepted + declined + run out)."),
        edge_cases=(COHORT, FIRST),
        expression=_rate("is_accepted", of_accepted=False),
        finish=_percent,
    ),
    Kpi(
        name="lead_to_deal",
        label=_("Leads that became deals"),
        unit="percent",
        direction="up",
        **OFFERED,
        formula=_("Accepted leads with a registration / accepted leads."),
        edge_cases=(COHORT,),
        expression=_rate("became_deal", of_accepted=True),
        finish=_percent,
    ),
    Kpi(
        name="lead_to_win",
        label=_("Leads that were won"),
        unit="percent",
        direction="up",
        **OFFERED,
        formula=_("Accepted leads won by the as-of day / accepted leads."),
        edge_cases=(COHORT,),
        expression=_rate("became_win", of_accepted=True),
        finish=_percent,
    ),
    Kpi(
        name="reciprocity",
        label=_("Reciprocity of leads"),
        unit="ratio",
        direction="up",
        group="leads",
        source="KPIS.md",
        for_partners=True,
        needs=("leads.offers", "leads.referrals", "partners.partners", "partners.enrollments"),
        rows=lambda facts: _both_ways(facts).order_by(ibis.desc("at"), "id"),
        row_kind="referral",
        formula=_("min(given, received) / max(given, received), by the value of accepted leads. “owes” is 1 when the vendor owes, -1 when the partner does."),
        edge_cases=(_("No number when nothing went either way."), _("The variant by count stands beside; leads without a value count there alone.")),
        expression=_balance,
        finish=_balanced,
    ),
)
