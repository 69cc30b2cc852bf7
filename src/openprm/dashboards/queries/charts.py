"""Charts of what a sheet holds. Nothing is computed here but the order and the shape."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from openprm.dashboards.queries.results import Chart, Series
from openprm.deals import queries as deals
from openprm.kpis.queries import Figure, Sheet

MOST_PARTNERS = 10
MOST_DAYS = 24
NAMED = {
    "sourced_revenue": 1,
    "influenced_revenue": 2,
    "unattributed_revenue": 7,
}


def revenue(sheet: Sheet, kinds: Sequence[str], whole: str, currency: str) -> Chart:
    """What was won in each month: with partners in one bar of two parts, without beside it."""
    asked = [name for name in kinds if sheet.figures[name].value is not None]
    spans = sheet.spans
    series = tuple(
        Series(
            name=sheet.figures[name].label, values=tuple(Decimal(span.amounts.get(name, 0)) for span in spans), color=NAMED[name],
            stack="" if name == "unattributed_revenue" else "a", kpi=name,
        )
        for name in asked
    )  # fmt: skip
    is_empty = not any(value for one in series for value in one.values)
    return Chart(
        key="revenue", title=_("Revenue by month"), about=_("What was won in each month, split by what partners had to do with it."),
        unit="money", currency=currency, axis=spans[0].by if spans else "month", categories=tuple(span.since.isoformat() for span in spans),
        series=series, kpi=whole, empty=_("Nothing was won in this period.") if is_empty else "",
    )  # fmt: skip


def stages(sheet: Sheet, currency: str) -> Chart:
    """Open deals by stage, in the order of the process; a stage that the process no longer has comes last."""
    found = dict(sheet.stages)
    order = [one for one in deals.stage_lanes() if one.code in found]
    named = [(one.name, *found.pop(one.code)) for one in order] + [(deals.stage_named(code).name, *pair) for code, pair in sorted(found.items())]
    return Chart(
        key="stages", title=_("Pipeline by stage"), about=_("Open registrations of partners, by the stage they stand in."),
        unit="money", currency=currency, axis="name", categories=tuple(name for name, _minor, _n in named),
        series=(Series(name=_("Open pipeline"), values=tuple(Decimal(minor) for _name, minor, _n in named), color=1, kpi="open_pipeline"),),
        kpi="open_pipeline", empty="" if named else _("No deal is open."), level=True,
    )  # fmt: skip


def largest(sheet: Sheet, names: Mapping[str, str], currency: str) -> Chart:
    """The partners with the most partner-engaged revenue."""
    sums = {key: amounts["concentration_top5"] for key, amounts in sheet.partners.items() if amounts.get("concentration_top5")}
    top = sorted(sums.items(), key=lambda one: (-one[1], one[0]))[:MOST_PARTNERS]
    return Chart(
        key="concentration", title=_("How much hangs on few partners"),
        about=_("Partner-engaged revenue of the largest partners; each deal counts for the one that brought it, else for the most credited one."),
        unit="money", currency=currency, axis="name", categories=tuple(names.get(key, "") for key, _minor in top),
        series=(Series(name=_("Partner-engaged revenue"), values=tuple(Decimal(minor) for _key, minor in top), color=3, kpi="concentration_top5"),),
        kpi="concentration_top5", empty="" if top else _("No partner took part in a deal that was won."), level=True,
    )  # fmt: skip


def costs(sheet: Sheet, currency: str) -> Chart:
    """What came in and what it cost."""
    told = sheet.figures["ropi"]
    labels = {
        "gross_margin": _("Gross margin"), "incentives": _("Incentives"), "market_funds": _("Market funds"), "entered_costs": _("Team and tools"),
    }  # fmt: skip
    values = tuple(told.parts.get(name) for name in labels)
    return Chart(
        key="costs", title=_("What partners bring and cost"), about=_("The gross margin of their deals beside what the program spent in the same days."),
        unit="money", currency=currency, axis="name", categories=tuple(labels.values()),
        series=(Series(name=told.label, values=values, color=4, kpi="ropi"),),
        kpi="ropi", empty="" if any(values) else told.reason or _("Nothing was earned or spent in this period."), level=True,
    )  # fmt: skip


def retention(sheet: Sheet) -> Chart:
    """Net revenue retention of customers with a partner beside those without."""
    told = sheet.figures["partner_engaged_nrr"]
    labels = {"engaged": _("With a partner"), "not_engaged": _("Without")}
    values = tuple(told.parts.get(name) for name in labels)
    return Chart(
        key="retention", title=_("Revenue kept and grown"), about=_("Net revenue retention of customers with a partner and of the others."),
        unit="percent", currency="", axis="name", categories=tuple(labels.values()), series=(Series(name=told.label, values=values, color=3, kpi=told.name),),
        kpi=told.name, empty="" if any(one is not None for one in values) else told.reason or _("There are no rows in this period."), level=True,
    )  # fmt: skip


def first_revenue(told: Figure) -> Chart:
    """Kaplan-Meier: the share of new partners that have won a first deal so many days after joining, with its band."""
    steps = told.curve
    days = _sampled([step.days for step in steps])
    at = [next((step for step in reversed(steps) if step.days <= day), None) for day in days]
    reached = tuple((1 - step.waiting) * 100 if step else Decimal(0) for step in at)
    low = tuple((1 - step.high) * 100 if step else Decimal(0) for step in at)
    high = tuple((1 - step.low) * 100 if step else Decimal(0) for step in at)
    lines = ((_("Have won a first deal"), reached, 1), (_("95 % from"), low, 7), (_("95 % to"), high, 7))
    return Chart(
        key="first_revenue", title=_("Days to the first deal won"),
        about=_("Share of the partners that joined in the period and have won. Those who have not won yet count as long as they were seen."),
        unit="percent", currency="", axis="days", categories=tuple(map(str, days)),
        series=tuple(Series(name=name, values=values, color=color, kind="line", kpi=told.name, is_dashed=color == 7) for name, values, color in lines),
        kpi=told.name, empty="" if len(steps) > 1 or any(step.happened for step in steps) else _("No partner that joined in this period has won a deal yet."),
        step=True,
    )  # fmt: skip


def _sampled(days: Sequence[int]) -> list[int]:
    last = max(days, default=0)
    width = max(1, -(-last // MOST_DAYS))
    return [*range(0, last, width), last] if last else [0]


def in_time(sheet: Sheet) -> Chart:
    """Registrations answered within the promise and too late, by the month in which the clock began."""
    told, spans = sheet.figures["registration_sla"], sheet.spans
    kept = tuple(Decimal(span.amounts.get(told.name, 0)) for span in spans)
    every = tuple(Decimal(span.counts.get(told.name, 0)) for span in spans)
    late = tuple(all_ - one for all_, one in zip(every, kept, strict=True))
    return Chart(
        key="in_time", title=_("Registrations answered in time"), about=_("Decisions within the promise and later ones, by the month of submission."),
        unit="count", currency="", axis=spans[0].by if spans else "month", categories=tuple(span.since.isoformat() for span in spans),
        series=(
            Series(name=_("In time"), values=kept, color=3, stack="a", kpi=told.name),
            Series(name=_("Late"), values=late, color=5, stack="a", kpi=told.name),
        ),
        kpi=told.name, empty="" if any(every) else _("No decision was due in this period."),
    )  # fmt: skip
