"""What the ledger puts into the decision queue: months that are over and not closed."""

from datetime import UTC, datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.ledger import queries
from openprm.ledger.rules.periods import next_month

DAYS_TO_CLOSE = 10


class OpenMonths:
    """The first month that is over and open; ten days into the next one it is late."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if not queries.may(actor, "close"):
            return []
        waiting = [one for one in queries.periods(actor, at) if one.may_close]
        return [self._decision(one.month, at) for one in waiting]

    def _decision(self, month, at: datetime) -> Decision:
        over = datetime.combine(next_month(month), time(0), tzinfo=UTC)
        due = over + timedelta(days=DAYS_TO_CLOSE)
        return Decision(
            key=f"ledger.close:{month:%Y-%m}", title=_("Close the books of %(month)s?") % {"month": f"{month:%Y-%m}"},
            detail=_("Look at what is not posted yet, then close it for good."), url=reverse("ledger:period", args=[month.year, month.month]),
            due_at=due, tone="warn" if due < at else "info", icon="lock", value=None, since=over,
        )  # fmt: skip
