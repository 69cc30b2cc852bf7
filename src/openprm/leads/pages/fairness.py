"""The report on routing: who was offered what, for the vendor in full, for a partner its own place."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.countries import country_name
from openprm.kernel.http import Request, page
from openprm.kernel.money import Money
from openprm.leads import queries
from openprm.leads.intake_wording import CONFIDENCE
from openprm.ui import exports
from openprm.ui import format as fmt
from openprm.ui import lists as ui_lists
from openprm.ui.listspec import Column, ListSpec

DAYS = (90, 180, 365)
MEASURES = ("value", "leads")
SPEC = ListSpec(
    key="leads.fairness",
    columns=(
        Column("name", gettext_lazy("Partner"), "title", always=True),
        Column("size", gettext_lazy("Employees")),
        Column("region", gettext_lazy("Region")),
        Column("tier", gettext_lazy("Tier")),
        Column("capacity", gettext_lazy("Capacity"), "number"),
        Column("offers", gettext_lazy("Offers"), "number"),
        Column("offered", gettext_lazy("Value offered"), "money"),
        Column("accepted", gettext_lazy("Accepted"), "number"),
        Column("accepted_value", gettext_lazy("Value accepted"), "money"),
        Column("won", gettext_lazy("Won"), "number"),
        Column("won_value", gettext_lazy("Value won"), "money"),
        Column("share", gettext_lazy("Share"), "percent"),
        Column("expected_share", gettext_lazy("Share by capacity"), "percent"),
    ),
    default_sort="name",
)


def fairness(request: Request) -> HttpResponse:
    """Value offered by size, region and tier, with the Gini coefficient and what capacity alone would give."""
    days, measure = _asked(request)
    report = queries.fairness(request.actor, days=days, measure=measure, at=request.at)
    if request.GET.get("export"):
        return exports.respond(request, ui_lists.parse(request, SPEC), report.rows, name="routing-fairness")
    return page(
        request,
        "leads/vendor/fairness.html",
        report=report,
        days=days,
        measure=measure,
        periods=DAYS,
        remark=CONFIDENCE[report.confidence],
        groups=_groups(report),
        curve=_curve(report, _("Offered"), _("By capacity alone")),
        points=list(zip(report.curve, report.neutral_curve, strict=True))[::4],
    )


def portal_fairness(request: Request) -> HttpResponse:
    """Where the partner stands among all, without the others' names."""
    days, measure = _asked(request)
    own = queries.own_fairness(request.actor, days=days, measure=measure, at=request.at)
    viewer = fmt.Viewer(at=request.at, locale=request.actor.locale, time_zone=request.actor.time_zone)
    words = {name: _worth(getattr(own, name), own, viewer) for name in ("worth", "expected", "median")}
    return page(
        request,
        "leads/partner/fairness.html",
        own=own,
        words=words,
        days=days,
        measure=measure,
        periods=DAYS,
        remark=CONFIDENCE[own.confidence],
        curve=_curve(own, _("Offered"), _("By capacity alone")),
        points=list(zip(own.curve, own.neutral_curve, strict=True))[::4],
    )


def _asked(request: Request) -> tuple[int, str]:
    days, measure = request.GET.get("days", ""), request.GET.get("measure", "")
    return (int(days) if days in {str(one) for one in DAYS} else queries.DEFAULT_DAYS), (measure if measure in MEASURES else "value")


def _groups(report: Any) -> list[tuple[str, list[tuple[str, Any, Money]]]]:
    by = (
        (_("By size"), report.by_size, lambda name: _("%(n)s employees") % {"n": name}),
        (_("By region"), report.by_region, _region),
        (_("By tier"), report.by_tier, str),
    )
    return [
        (title, [(say(group.name) if group.name else _("Not known"), group, Money(group.offered_minor, report.currency)) for group in groups])
        for title, groups, say in by
    ]


def _region(name: str) -> str:
    return country_name(name) if len(name) == 2 else name


def _curve(found: Any, offered: str, neutral: str) -> dict[str, Any]:
    """The Lorenz curve as the chart reads it: shares in whole percent."""
    shares = [round(point.partners * 100) for point in found.curve]
    summary = _(
        "Lorenz curve: the half of the partners that was offered least holds %(half)d %% of everything; by capacity alone it would be %(neutral)d %%."
    ) % {
        "half": round(found.curve[len(found.curve) // 2].value * 100),
        "neutral": round(found.neutral_curve[len(found.neutral_curve) // 2].value * 100),
    }
    return {
        "summary": summary,
        "unit": "%",
        "max": 100,
        "categories": [f"{share}%" for share in shares],
        "series": [
            {"name": offered, "type": "line", "color": 1, "data": [round(point.value * 100, 1) for point in found.curve]},
            {"name": neutral, "type": "line", "color": 4, "data": [round(point.value * 100, 1) for point in found.neutral_curve]},
            {"name": _("All the same"), "type": "line", "token": "--chart-plan", "dashed": True, "data": shares},
        ],
    }


def _worth(value: int, own: Any, viewer: Any) -> str:
    if own.measure == "value":
        return fmt.money(Money(value, own.currency), viewer, compact=True)
    return fmt.number(value, viewer)
