"""The pages of what-if runs: beginning one, watching it, and reading who wins, who loses and what it costs."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.http import Request, page, redirect
from openprm.kernel.money import Money
from openprm.ui import exports, lists
from openprm.ui.cells import Badge
from openprm.ui.listspec import Column, Filter, ListSpec

from .. import queries, services

DIRECTION = {"up": (gettext_lazy("Up"), "ok"), "down": (gettext_lazy("Down"), "bad"), "past": (gettext_lazy("In the past only"), "")}
HEIGHT = 64

SPEC = ListSpec(
    key="rulebook.replay",
    search=gettext_lazy("Search by name"),
    default_sort="cost",
    columns=(
        Column("label", gettext_lazy("Who"), "company", sortable=True, always=True),
        Column("direction", gettext_lazy("Moves"), "badge", value=lambda row: Badge(*DIRECTION[row.direction])),
        Column("before", gettext_lazy("Today"), sortable=True),
        Column("after", gettext_lazy("With the draft"), sortable=True),
        Column("cost", gettext_lazy("Change of cost"), "money", sortable=True),
        Column("cost_before", gettext_lazy("Cost so far"), "money", default=False),
        Column("cost_after", gettext_lazy("Cost with the draft"), "money", default=False),
        Column("months_better", gettext_lazy("Months better"), "number"),
        Column("months_worse", gettext_lazy("Months worse"), "number"),
    ),
    filters=(Filter("direction", gettext_lazy("Moves"), choices=tuple((code, label) for code, (label, _tone) in DIRECTION.items())),),
)


def begin(request: Request, draft_id: UUID) -> HttpResponse:
    """Start the run in the background, and go and watch it."""
    replay_id = services.begin_replay(actor=request.actor, draft_id=draft_id, at=request.at)
    return redirect(request, reverse("rulebook:replay", args=[replay_id]))


def show(request: Request, replay_id: UUID) -> HttpResponse:
    """Progress while it runs, then the result with winners and losers by name."""
    found = queries.replay(actor=request.actor, replay_id=replay_id, at=request.at)
    if found.state != "done":
        return page(request, "rulebook/vendor/replay_runs.html", run=found)
    state = lists.parse(request, SPEC)
    if state.export:
        rows = queries.export_replay_subjects(actor=request.actor, replay_id=replay_id, search=state.search, filters=state.filters)
        return exports.respond(request, state, rows, name="what-if")
    rows = queries.replay_subjects(actor=request.actor, replay_id=replay_id, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(title=_("Nobody moves"), text=_("Under this draft everybody would have stood where they stood, in every month."))
    context = {"title": _("What if: %(title)s") % {"title": found.title}, "run": found, "months": _bars(found), "moves": _moves(found)}
    return lists.render(request, "rulebook/vendor/replay.html", state, rows, empty=empty, can_publish=request.actor.can("rulebook.publish"), **context)


def _moves(found: queries.ReplayView) -> list[tuple[str, str, int]]:
    return sorted(((before, after, count) for (before, after), count in found.tally.moves.items()), key=lambda move: -move[2])


def _bars(found: queries.ReplayView) -> list[dict[str, Any]]:
    """The cost of each month under both rules, as a part of the highest one."""
    most = max((max(month.cost_before, month.cost_after) for month in found.tally.months), default=0) or 1
    return [
        {
            "month": month.month,
            "before": Money(month.cost_before, found.currency),
            "after": Money(month.cost_after, found.currency),
            "up": month.better,
            "down": month.worse,
            "before_height": round(month.cost_before * HEIGHT / most),
            "after_height": round(month.cost_after * HEIGHT / most),
        }
        for month in found.tally.months
    ]
