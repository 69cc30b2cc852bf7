"""What tiering puts into the decision queue: moves that wait for a person."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.tiering import queries


class WaitingMoves:
    """Promotions and demotions that the rules ask for and a person decides."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if not queries.may(actor, "decide"):
            return []
        return [
            Decision(
                key=f"tiering.move:{row.id}",
                title=(_("Promote %(partner)s to %(tier)s?") if row.direction == "up" else _("Move %(partner)s down to %(tier)s?"))
                % {"partner": row.partner, "tier": row.after},
                detail=row.clause_text or row.program,
                url=reverse("tiering:move", args=[row.id]),
                due_at=None,
                tone="info" if row.direction == "up" else "warn",
                icon="medal",
                value=row.at_stake,
                since=row.opened_at,
            )
            for row in queries.waiting_moves(actor)
        ]
