"""How near forecasts came: what each quarter was forecast to bring at its start, beside what it brought."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import ibis
from django.utils.translation import gettext_lazy as _

from openprm.kpis.definitions.facts import Facts
from openprm.kpis.definitions.kinds import Kpi, Rows
from openprm.kpis.rules.outcomes import Outcome, ratio

FORECASTS = "pipeline.forecasts"


def quarters(facts: Facts) -> ibis.Table:
    """One row for each partner and quarter that ended in the window and was forecast: what was forecast, what was won, and how far off it was."""
    kept = facts.table(FORECASTS)
    kept = kept.filter(kept.quarter_end > facts.window.since, kept.quarter_end <= facts.window.as_of + timedelta(days=1))
    spans = facts.every(FORECASTS).select("quarter_start", "quarter_end").distinct()
    spans = spans.filter(spans.quarter_end > facts.window.since, spans.quarter_end <= facts.window.as_of + timedelta(days=1))
    deals = facts.table("deals.registrations")
    deals = deals.filter(deals.status == "closed_won", deals.currency == facts.configuration.currency, deals.net_minor.notnull())
    deals = deals.select("partner_id", "net_minor", day=deals.closed_at.date())
    won = deals.join(spans, [deals.day >= spans.quarter_start, deals.day < spans.quarter_end])
    won = won.group_by("partner_id", "quarter_start").aggregate(won_minor=won.net_minor.sum())
    told = kept.filter(kept.currency == facts.configuration.currency).select("partner_id", "quarter_start", "forecast_minor")
    both = told.outer_join(won, ["partner_id", "quarter_start"])
    both = both.select(
        partner_id=ibis.coalesce(both.partner_id, both.partner_id_right),
        quarter_start=ibis.coalesce(both.quarter_start, both.quarter_start_right),
        forecast_minor=both.forecast_minor.fill_null(0),
        won_minor=both.won_minor.fill_null(0),
    )
    return both.mutate(off_minor=(both.forecast_minor - both.won_minor).abs())


def _together(facts: Facts) -> ibis.Table:
    found = quarters(facts)
    return found.aggregate(
        n=found.count(), forecast=found.forecast_minor.sum().fill_null(0), won=found.won_minor.sum().fill_null(0), off=found.off_minor.sum().fill_null(0)
    )


def _accuracy(rows: Rows, facts: Facts) -> Outcome:
    n, forecast, won, off = (int(rows[0][name]) for name in ("n", "forecast", "won", "off"))
    bias = Decimal(100) * (forecast - won) / won if won > 0 else None
    return ratio(won - off, won, n, times=100, forecast=forecast, won=won, off=off, bias=bias)


def _rows(facts: Facts) -> ibis.Table:
    found, partners = quarters(facts), facts.every("partners.partners").select(known="id", name="name")
    found = found.left_join(partners, [found.partner_id == partners.known])
    return found.select(
        id=found.partner_id, name=found.name, quarter_start=found.quarter_start, forecast_minor=found.forecast_minor, won_minor=found.won_minor,
        off_minor=found.off_minor,
    ).order_by(ibis.desc("off_minor"), "id", "quarter_start")  # fmt: skip


KPIS: Sequence[Kpi] = (
    Kpi(
        name="forecast_accuracy",
        group="revenue",
        label=_("Forecast accuracy"),
        unit="percent",
        direction="up",
        needs=(FORECASTS, "deals.registrations", "partners.partners"),
        expression=_together,
        finish=_accuracy,
        rows=_rows,
        row_kind="partner",
        for_partners=True,
        additive=False,
        source="KPIS.md",
        formula=_("1 - |forecast - won| / won, of each partner and quarter; several together weigh by what was won: 1 - sum of |forecast - won| / sum won."),
        edge_cases=(
            _("The forecast is the one that was kept in the first days of the quarter: won by then, and open with a close date in it, by their chances."),
            _("Quarters that ended in the period. One that nobody kept a forecast of, before the installation or while it stood still, is not judged."),
            _("Registrations alone: co-sell engagements belong to several partners."),
            _("No number when nothing was won. Below zero when the error is larger than what was won. The bias, which shows the direction, is told beside."),
        ),
    ),
)
