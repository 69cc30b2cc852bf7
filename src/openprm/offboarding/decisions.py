"""Leavings in the decision queue: requests, and those whose last day passed with a step open."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.offboarding import queries
from openprm.promises import queries as promises


class WaitingLeavings:
    """For those who lead offboardings; a partner decides nothing here."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if queries.why_not_manage(actor):
            return []
        rows = queries.waiting(actor, at)
        clocks = promises.clocks([row.id for row in rows], "offboarding.answer", at)
        return [self._decision(row, clocks.get(row.id)) for row in rows]

    def _decision(self, row: queries.OffboardingRow, clock: promises.ClockView | None) -> Decision:
        asked = row.status == "requested"
        return Decision(
            key=f"offboarding:{row.id}",
            title=(_("%(partner)s asks to leave") if asked else _("%(partner)s has left, steps are open")) % {"partner": row.partner},
            detail=row.reason[:120] if asked else _("%(percent)d%% of the steps are done") % {"percent": row.progress},
            url=reverse("offboarding:offboarding", args=[row.id]),
            due_at=clock.due_at if asked and clock else row.access_ends_at,
            tone="warn" if asked else "bad",
            icon="door-open",
            since=row.requested_at or row.opened_at,
        )
