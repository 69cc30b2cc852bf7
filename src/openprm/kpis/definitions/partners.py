"""How partners start, stay and leave, and how much hangs on few of them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import ibis
from django.utils.translation import gettext_lazy as _

from openprm.kpis.definitions.facts import Facts, seconds
from openprm.kpis.definitions.kinds import Kpi, Rows
from openprm.kpis.definitions.revenue import DEALS
from openprm.kpis.rules.concentration import hhi, top_share
from openprm.kpis.rules.outcomes import Outcome, plain, ratio
from openprm.kpis.rules.survival import Wait, median_wait

DAY = 86_400


def _firsts(facts: Facts, what: str) -> ibis.Table:
    """When each partner first won (or sent in) a registration, known by the as-of day."""
    r = facts.registrations
    if what == "won":
        r = r.filter(r.status == "closed_won", facts.known(r.closed_at))
        return r.group_by("partner_id").aggregate(first_at=r.closed_at.min())
    return r.group_by("partner_id").aggregate(first_at=r.submitted_at.min())


def _waits(what: str) -> Callable[[Facts], ibis.Table]:
    """Partners that joined in the window: days until their first, or until they left or the as-of day."""

    def measured(facts: Facts) -> ibis.Table:
        p, first = facts.partners, _firsts(facts, what)
        p = p.filter(facts.happened(p.joined_at)).left_join(first, [p.id == first.partner_id])
        until = ibis.coalesce(p.first_at, p.left_at, facts.end)
        days = ibis.greatest((seconds(until, p.joined_at) / DAY).floor().cast("int64"), ibis.literal(0))
        return p.select(id=p.id, name=p.name, joined_at=p.joined_at, first_at=p.first_at, left_at=p.left_at, days=days, happened=p.first_at.notnull())

    return measured


def _counted(what: str) -> Callable[[Facts], ibis.Table]:
    def measured(facts: Facts) -> ibis.Table:
        waits = _waits(what)(facts)
        return waits.group_by("days", "happened").aggregate(times=waits.count()).order_by("days", "happened")

    return measured


def _median(rows: Rows, facts: Facts) -> Outcome:
    return median_wait(Wait(row["days"], row["happened"]) for row in rows for _time in range(row["times"]))


def _activation(facts: Facts) -> ibis.Table:
    w, days = _old_enough(facts), facts.configuration.activation_days
    return w.aggregate(above=(w.happened & (w.days <= days)).cast("int64").sum(), below=w.count(), n=w.count())


def _old_enough(facts: Facts) -> ibis.Table:
    w = _waits("won")(facts)
    return w.filter(seconds(facts.end, w.joined_at) >= facts.configuration.activation_days * DAY)


def _percent(rows: Rows, facts: Facts) -> Outcome:
    return ratio(rows[0]["above"] or 0, rows[0]["below"] or 0, rows[0]["n"], times=100)


def _at_start(facts: Facts) -> ibis.Table:
    p = facts.partners
    p = p.filter(p.joined_at < facts.start, p.left_at.isnull() | (p.left_at >= facts.start))
    return p.mutate(has_left=p.left_at.notnull())


def _churn(facts: Facts) -> ibis.Table:
    p = _at_start(facts)
    return p.aggregate(above=p.has_left.cast("int64").sum(), below=p.count(), n=p.count())


def _active(facts: Facts) -> ibis.Table:
    p, signs = facts.partners, facts.active(facts.window.as_of + timedelta(days=1))
    return p.filter(p.left_at.isnull()).semi_join(signs, [p.id == signs.active_id])


def _active_count(facts: Facts) -> ibis.Table:
    active, all_ = _active(facts), facts.partners.filter(facts.partners.left_at.isnull())
    return active.aggregate(value=active.count()).cross_join(all_.aggregate(n=all_.count()))


def _count(rows: Rows, facts: Facts) -> Outcome:
    return plain(rows[0]["value"], rows[0]["n"], all_partners=rows[0]["n"])


def by_partner(facts: Facts) -> ibis.Table:
    """What each partner won: a deal counts for the one that sourced it, else for the most credited."""
    won = facts.owned(facts.won.filter(facts.won.engaged))
    return won.group_by("owner").aggregate(net_minor=won.net_minor.sum(), deals=won.count()).rename(id="owner").order_by(ibis.desc("net_minor"), "id")


def _amounts(rows: Rows) -> dict[str, int]:
    return {row["id"]: int(row["net_minor"] or 0) for row in rows}


def _top(most: int) -> Callable[[Rows, Facts], Outcome]:
    return lambda rows, facts: top_share(_amounts(rows), most)


def _partner_rows(found: Callable[[Facts], ibis.Table]) -> Callable[[Facts], ibis.Table]:
    return lambda facts: found(facts).order_by("name", "id")


PARTNERS = ("partners.partners", "partners.enrollments")
STARTED: dict[str, Any] = {"group": "partners", "needs": (*PARTNERS, "deals.registrations"), "source": "KPIS.md", "row_kind": "partner"}
HELD: dict[str, Any] = {"group": "partners", "needs": DEALS, "source": "KPIS.md", "row_kind": "partner", "rows": by_partner, "finish": None}
CENSORED = _("Partners without one are not dropped: they count as long as they were seen (Kaplan-Meier). No median before half of them have one.")
SHARES = _("Partners whose sum is negative are left out and counted.")


def _held(name: str, label: Any, most: int) -> Kpi:
    return Kpi(
        name=name,
        label=label,
        unit="percent",
        direction="down",
        **{**HELD, "finish": _top(most)},
        expression=by_partner,
        formula=_("Share of partner-engaged revenue of the largest partners, each deal counted for one of them."),
        edge_cases=(SHARES,),
        additive=False,
    )


KPIS: Sequence[Kpi] = (
    Kpi(
        name="time_to_first_revenue",
        label=_("Time to first revenue"),
        unit="days",
        direction="down",
        **STARTED,
        expression=_counted("won"),
        finish=_median,
        rows=_partner_rows(_waits("won")),
        for_partners=True,
        formula=_("Median days from joining to the first deal won, of partners that joined in the period, with a 95 % band."),
        edge_cases=(CENSORED,),
    ),
    Kpi(
        name="time_to_first_registration",
        label=_("Time to first registration"),
        unit="days",
        direction="down",
        **STARTED,
        expression=_counted("sent"),
        finish=_median,
        rows=_partner_rows(_waits("sent")),
        for_partners=True,
        formula=_("Median days from joining to the first registration, of partners that joined in the period, with a 95 % band."),
        edge_cases=(CENSORED,),
    ),
    Kpi(
        name="activation_rate",
        label=_("Partners activated"),
        unit="percent",
        direction="up",
        **STARTED,
        expression=_activation,
        finish=_percent,
        rows=_partner_rows(_old_enough),
        formula=_("Partners with a first deal won within 90 days / partners that joined in the period at least 90 days before its end."),
        edge_cases=(_("Partners that joined less than 90 days ago are left out: they still have time."),),
    ),
    Kpi(
        name="partner_churn",
        label=_("Partners lost"),
        unit="percent",
        direction="down",
        group="partners",
        needs=PARTNERS,
        source="KPIS.md",
        expression=_churn,
        finish=_percent,
        rows=_partner_rows(_at_start),
        row_kind="partner",
        formula=_("Partners whose last membership ended in the period / partners at its start."),
        edge_cases=(
            _("A partner that joined and left within the period is in neither."),
            _("One that came back after its end keeps its first day: it is not new."),
        ),
    ),
    Kpi(
        name="active_partners",
        label=_("Active partners"),
        unit="count",
        direction="up",
        group="partners",
        needs=(*PARTNERS, "deals.registrations", "leads.offers"),
        source="KPIS.md",
        expression=_active_count,
        finish=_count,
        rows=_partner_rows(_active),
        row_kind="partner",
        formula=_("Partners that sent in or closed a deal or accepted a lead in the twelve months up to the as-of day."),
        edge_cases=(_("Signing in is no activity."), _("A partner without any is inactive, not gone.")),
    ),
    Kpi(
        name="concentration_hhi",
        label=_("Concentration on partners (HHI)"),
        unit="index",
        direction="down",
        **{**HELD, "finish": lambda rows, facts: hhi(_amounts(rows))},
        expression=by_partner,
        formula=_("Sum of the squared percentage shares of partner-engaged revenue; 10,000 when one partner brings all of it."),
        edge_cases=(SHARES, _("Above 2,500 is usually called concentrated.")),
        additive=False,
    ),
    _held("concentration_top1", _("Share of the largest partner"), 1),
    _held("concentration_top5", _("Share of the five largest partners"), 5),
    _held("concentration_top10", _("Share of the ten largest partners"), 10),
)
