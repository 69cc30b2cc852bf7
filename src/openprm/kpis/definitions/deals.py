"""How registrations are answered and what becomes of them; how fast open deals turn into money; deals with a partner beside deals without."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import ibis
from django.utils.translation import gettext_lazy as _

from openprm.kpis.definitions.facts import Facts, seconds
from openprm.kpis.definitions.kinds import Kpi, Rows
from openprm.kpis.definitions.revenue import DEALS, listed
from openprm.kpis.rules.outcomes import Outcome, Why, exact, nothing, plain, ratio
from openprm.kpis.rules.uplift import Stratum, median_difference, rate_difference

ASSOCIATION = "association"
DAY = 86_400
SMALL, LARGE = 10_000_00, 50_000_00


def _percent(rows: Rows, facts: Facts) -> Outcome:
    return ratio(rows[0]["above"] or 0, rows[0]["below"] or 0, rows[0]["n"], times=100)


def _value(rows: Rows, facts: Facts) -> Outcome:
    return plain(rows[0]["value"], rows[0]["n"])


def _clocks(facts: Facts) -> ibis.Table:
    """Clocks of decisions that began in the window and are kept or missed by the as-of day. Paused and canceled ones are neither."""
    c = facts.table("promises.clocks")
    c = c.filter(c.code == "deals.decision", facts.happened(c.started_at))
    answered = facts.known(c.answered_at).fill_null(False)
    kept = (c.state == "kept") & answered
    overdue = facts.known(c.due_at) & ~answered & (c.state != "paused") & (c.state != "canceled")
    missed = ((c.state == "broken") & answered) | overdue | (facts.known(c.missed_at).fill_null(False) & (c.state != "canceled"))
    return c.mutate(is_kept=kept & ~missed, is_missed=missed).filter(lambda t: t.is_kept | t.is_missed)


def _sla(facts: Facts) -> ibis.Table:
    c = _clocks(facts)
    return c.aggregate(above=c.is_kept.cast("int64").sum(), below=c.count(), n=c.count())


def _answered(facts: Facts) -> ibis.Table:
    c = facts.table("promises.clocks")
    return c.filter(c.code == "deals.decision", facts.happened(c.answered_at), c.taken_seconds.notnull(), c.state != "canceled")


def _hours(share: float) -> Callable[[Facts], ibis.Table]:
    def measured(facts: Facts) -> ibis.Table:
        c = _answered(facts)
        return c.aggregate(value=(c.taken_seconds / 3600).quantile(share), n=c.count())

    return measured


def _clock_rows(facts: Facts) -> ibis.Table:
    return _clocks(facts).select("id", "label", "partner_id", "started_at", "due_at", "answered_at", "is_kept").order_by(ibis.desc("started_at"), "id")


def _answer_rows(facts: Facts) -> ibis.Table:
    return _answered(facts).select("id", "label", "partner_id", "started_at", "answered_at", "taken_seconds").order_by(ibis.desc("answered_at"), "id")


def _cohort(facts: Facts) -> ibis.Table:
    """Registrations that were sent in within the window, with what had become of them by the as-of day."""
    r = facts.registrations
    r = r.filter(facts.happened(r.submitted_at))
    return r.mutate(
        approved=facts.known(r.approved_at).fill_null(False),
        rejected=((r.status == "rejected") & facts.known(r.decided_at)).fill_null(False),
        conflicting=r.verdict != "none",
        expired=(r.status == "expired") & facts.known(r.closed_at).fill_null(True),
        is_won=((r.status == "closed_won") & facts.known(r.closed_at)).fill_null(False),
        all=ibis.literal(True),
    )


def _rate(above: str, *below: str) -> Callable[[Facts], ibis.Table]:
    def measured(facts: Facts) -> ibis.Table:
        r = _cohort(facts)
        counted = ibis.literal(False)
        for name in below:
            counted = counted | r[name]
        r = r.filter(counted)
        return r.aggregate(above=r[above].cast("int64").sum(), below=r.count(), n=r.count())

    return measured


def _cohort_rows(facts: Facts) -> ibis.Table:
    found = _cohort(facts).select(
        "id",
        "number",
        "customer",
        "partner_id",
        "status",
        "submitted_at",
        "decided_at",
        "closed_at",
        "net_minor",
        "approved",
        "rejected",
        "conflicting",
        "is_won",
    )
    return found.order_by(ibis.desc("submitted_at"), "id")


def open_deals(facts: Facts) -> ibis.Table:
    """Approved registrations that were open on the as-of day."""
    r = facts.registrations
    return r.filter(facts.known(r.approved_at), (r.status == "approved") | (r.closed_at >= facts.end).fill_null(False))


def _open_sum(facts: Facts) -> ibis.Table:
    o = open_deals(facts)
    return o.aggregate(value=o.net_minor.sum(), n=o.count(), without_amount=o.net_minor.isnull().sum())


def _open_value(rows: Rows, facts: Facts) -> Outcome:
    return plain(rows[0]["value"] or 0, rows[0]["n"], without_amount=rows[0]["without_amount"] or 0)


def _open_rows(facts: Facts) -> ibis.Table:
    columns = ("id", "number", "customer", "partner_id", "stage", "submitted_at", "approved_at", "expected_close", "net_minor")
    return open_deals(facts).select(*columns).order_by(ibis.desc("net_minor"), "id")


def _velocity(facts: Facts) -> ibis.Table:
    opened, ended = open_deals(facts), facts.decided.filter(facts.decided.engaged)
    won = ended.won
    cycle = seconds(ended.closed_at, ended.opened_at) / DAY
    made = ended.aggregate(
        won=won.cast("int64").sum(),
        decided=ended.count(),
        worth=ended.net_minor.sum(where=won),
        cycle=cycle.mean(where=won),
        median_cycle=ibis.ifelse(won, cycle, ibis.null("float64")).median(),
    )
    return made.cross_join(opened.aggregate(open=opened.count()))


def _velocity_value(rows: Rows, facts: Facts) -> Outcome:
    """open x (worth / won) x (won / decided) / cycle; won cancels out of the middle."""
    row = rows[0]
    parts = {name: row[name] for name in ("open", "won", "decided", "worth", "cycle", "median_cycle")}
    if not row["won"] or not row["cycle"] or row["cycle"] <= 0:
        return nothing(Why.ZERO, n=row["decided"], parts=parts)
    value = Decimal(row["open"]) * Decimal(row["worth"] or 0) / row["decided"] / exact(row["cycle"])
    return Outcome(value=exact(value), n=row["decided"], parts={name: exact(one) for name, one in parts.items()})


def _sizes(facts: Facts) -> ibis.Table:
    d = facts.decided
    size = ibis.cases((d.net_minor < SMALL, 0), (d.net_minor < LARGE, 1), else_=2)
    d = d.mutate(size=size)
    return (
        d.group_by("size")
        .aggregate(
            won_with=(d.won & d.engaged).cast("int64").sum(),
            all_with=d.engaged.cast("int64").sum(),
            won_without=(d.won & ~d.engaged).cast("int64").sum(),
            all_without=(~d.engaged).cast("int64").sum(),
        )
        .order_by("size")
    )


def _win_rates(rows: Rows, facts: Facts) -> Outcome:
    strata = [Stratum(**{name: row[name] for name in ("won_with", "all_with", "won_without", "all_without")}) for row in rows]
    return _told(rate_difference(strata, at_least=facts.configuration.least_for_uplift))


def _told(found: Outcome) -> Outcome:
    return Outcome(value=found.value, n=found.n, why=found.why, low=found.low, high=found.high, parts=found.parts, notes=(ASSOCIATION,))


def _by_side(of: Callable[[ibis.Table], Any]) -> Callable[[Facts], ibis.Table]:
    def measured(facts: Facts) -> ibis.Table:
        won = facts.won
        found = won.select(engaged=won.engaged, measure=of(won)).filter(lambda t: t.measure.notnull())
        return found.group_by("engaged", "measure").aggregate(times=lambda t: t.count()).order_by("engaged", "measure")

    return measured


def _medians(rows: Rows, facts: Facts) -> Outcome:
    sides: dict[bool, list[float]] = defaultdict(list)
    for row in rows:
        sides[row["engaged"]] += [row["measure"]] * row["times"]
    return _told(median_difference(sides[True], sides[False], at_least=facts.configuration.least_for_uplift))


REGISTERED: dict[str, Any] = {
    "group": "deals",
    "needs": ("deals.registrations", "partners.partners", "partners.enrollments"),
    "source": "KPIS.md",
    "for_partners": True,
}
COHORT: dict[str, Any] = {**REGISTERED, "unit": "percent", "finish": _percent, "rows": _cohort_rows, "row_kind": "registration"}
BY_COHORT = _("By the day of submission, not by the month of the end: a young cohort is not finished.")
ANSWERED: dict[str, Any] = {
    "group": "deals",
    "needs": ("promises.clocks", "partners.partners", "partners.enrollments"),
    "source": "KPIS.md",
    "for_partners": True,
    "row_kind": "clock",
}
UPLIFT: dict[str, Any] = {"group": "deals", "needs": DEALS, "source": "KPIS.md", "row_kind": "deal", "by_segment": False}
FEW = _("Refused below 30 deals on either side. An association, not an effect: partners are not given to deals by lot.")

KPIS: Sequence[Kpi] = (
    Kpi(
        name="registration_sla",
        label=_("Registrations answered in time"),
        unit="percent",
        direction="up",
        **ANSWERED,
        formula=_("Decisions within the promise / decisions due, of registrations whose clock began in the period."),
        edge_cases=(_("The clock rests while a registration is returned."), _("Withdrawn ones are left out; undecided ones past due are misses.")),
        expression=_sla,
        finish=_percent,
        rows=_clock_rows,
    ),
    Kpi(
        name="registration_decision_median",
        label=_("Time to a decision, median"),
        unit="hours",
        direction="down",
        **ANSWERED,
        formula=_("Median business hours from submission to decision, of decisions in the period."),
        edge_cases=(_("Business hours of the calendar in force; rests while returned."),),
        expression=_hours(0.5),
        finish=_value,
        rows=_answer_rows,
    ),
    Kpi(
        name="registration_decision_p90",
        label=_("Time to a decision, 9 of 10"),
        unit="hours",
        direction="down",
        **ANSWERED,
        formula=_("Business hours within which nine of ten decisions of the period were made."),
        edge_cases=(_("Interpolated between the two nearest decisions."),),
        expression=_hours(0.9),
        finish=_value,
        rows=_answer_rows,
    ),
    Kpi(
        name="registration_acceptance",
        label=_("Registrations accepted"),
        direction="up",
        **COHORT,
        formula=_("Approved / (approved + rejected), of registrations sent in within the period."),
        edge_cases=(BY_COHORT, _("Withdrawn and undecided ones are in neither.")),
        expression=_rate("approved", "approved", "rejected"),
    ),
    Kpi(
        name="registration_conflicts",
        label=_("Registrations with a conflict"),
        direction="down",
        **COHORT,
        formula=_("With a possible or blocking finding / all sent in within the period."),
        edge_cases=(BY_COHORT,),
        expression=_rate("conflicting", "all"),
    ),
    Kpi(
        name="registration_expiry",
        label=_("Registrations that expired"),
        direction="down",
        **COHORT,
        formula=_("Expired / approved, of registrations sent in within the period."),
        edge_cases=(BY_COHORT,),
        expression=_rate("expired", "approved"),
    ),
    Kpi(
        name="register_to_win",
        label=_("Registrations won"),
        direction="up",
        **COHORT,
        formula=_("Won by the as-of day / all sent in within the period."),
        edge_cases=(BY_COHORT,),
        expression=_rate("is_won", "all"),
    ),
    Kpi(
        name="open_pipeline",
        label=_("Open pipeline"),
        unit="money",
        direction="up",
        **REGISTERED,
        formula=_("Sum of the approved registrations that were open on the as-of day."),
        edge_cases=(
            _("A state of that day, not of a period: the period changes nothing."),
            _("The stage is today's; a deal that ended since shows the stage it ended in."),
        ),
        expression=_open_sum,
        finish=_open_value,
        rows=_open_rows,
        row_kind="registration",
    ),
    Kpi(
        name="pipeline_velocity",
        label=_("Pipeline velocity"),
        unit="money_per_day",
        direction="up",
        group="deals",
        needs=(*DEALS, "deals.registrations"),
        source="KPIS.md",
        formula=_("Open partner deals x average deal won x win rate / average days to win, per day."),
        edge_cases=(_("The win rate is of decided deals."), _("The median cycle stands beside the average."), _("No number without a won deal.")),
        expression=_velocity,
        finish=_velocity_value,
        rows=lambda facts: listed(facts.decided.filter(facts.decided.engaged)),
        row_kind="deal",
        for_partners=True,
    ),
    Kpi(
        name="win_rate_uplift",
        label=_("Win rate with a partner"),
        unit="points",
        direction="up",
        **UPLIFT,
        formula=_("Win rate with a partner less win rate without, of deals of one size, weighed over three sizes (Mantel-Haenszel), with a 95 % interval."),
        edge_cases=(_("Closed deals only; the partner must have come before the end."), FEW),
        expression=_sizes,
        finish=_win_rates,
        rows=lambda facts: listed(facts.decided),
    ),
    Kpi(
        name="deal_size_uplift",
        label=_("Deal size with a partner"),
        unit="money",
        direction="up",
        **UPLIFT,
        formula=_("Median deal won with a partner less median without, with a 95 % interval."),
        edge_cases=(_("Medians: one very large deal moves them little."), FEW),
        expression=_by_side(lambda won: won.net_minor),
        finish=_medians,
        rows=lambda facts: listed(facts.won),
    ),
    Kpi(
        name="cycle_uplift",
        label=_("Days to win with a partner"),
        unit="days",
        direction="down",
        **UPLIFT,
        formula=_("Median days from opening to winning with a partner less median without, with a 95 % interval."),
        edge_cases=(_("Open deals are left out."), FEW),
        expression=_by_side(lambda won: (seconds(won.closed_at, won.opened_at) / DAY).floor()),
        finish=_medians,
        rows=lambda facts: listed(facts.won),
    ),
)
