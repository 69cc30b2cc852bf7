"""From the address of a page to what it asks, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request
from openprm.kpis import queries, wording
from openprm.kpis.rules.windows import PERIODS
from openprm.ui.format import Viewer

COMPARED = {"previous": gettext_lazy("The period before"), "last_year": gettext_lazy("A year earlier"), "none": gettext_lazy("Nothing")}


def asked_of(request: Request, values: Mapping[str, Any] | QueryDict | None = None) -> tuple[queries.Asked, str]:
    """What the address (or a form) asks for, and a sentence about what cannot be read of it."""
    given = request.GET if values is None else values
    period, compare = given.get("period"), given.get("compare")
    problem, as_of, segment = "", request.at.date(), queries.segment_of({})
    if values is not None and not given.get("as_of"):
        problem = _("Say as of which day.")
    try:
        as_of = date.fromisoformat(given.get("as_of") or as_of.isoformat())
    except ValueError:
        problem = _("Write the day like 2026-12-31. The numbers below are as of today.")
    try:
        segment = queries.segment_of({name: given.get(name, "") for name in queries.SEGMENT_PARTS})
    except Invalid as refusal:
        problem = str(refusal.message)
    return queries.Asked(
        as_of=as_of, period=period if period in PERIODS else "12m", compare=compare if compare in COMPARED else "previous", segment=segment
    ), problem


def pairs(asked: queries.Asked) -> dict[str, str]:
    return {"as_of": asked.as_of.isoformat(), "period": asked.period, "compare": asked.compare, **queries.parts_of(asked.segment)}


def query(asked: queries.Asked, **more: str) -> str:
    return "?" + urlencode({**pairs(asked), **more})


def viewer_of(request: Request) -> Viewer:
    return Viewer(at=request.at, locale=request.actor.locale, time_zone=request.actor.time_zone)


def frame(request: Request, asked: queries.Asked, problem: str) -> dict[str, Any]:
    """What the form above the numbers shows."""
    offered = queries.segment_choices(request.actor) if request.actor.is_vendor else {}
    chosen = queries.parts_of(asked.segment)
    return {
        "asked": asked,
        "problem": problem,
        "periods": [(name, wording.PERIODS[name]) for name in PERIODS],
        "compares": tuple(COMPARED.items()),
        "narrowed": "" if asked.segment.is_all else queries.segment_words(asked.segment),
        "widened": "?" + urlencode({"as_of": asked.as_of.isoformat(), "period": asked.period, "compare": asked.compare}),
        "segments": [(name, wording.SEGMENTS[name], choices, chosen.get(name, "")) for name, choices in offered.items() if choices],
        "carried": [(name, chosen[name]) for name in ("partner", "manager") if name in chosen],
    }
