"""Objections to a customer's choice, in the queue of those who decide."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.deals.queries import customer_choice as queries
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor


class WaitingChoices:
    """A release waits until somebody looked at what the partner says against it."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        return [
            Decision(
                key=f"deals.choice:{row.id}",
                title=_("%(customer)s wants to leave, the partner objects") % {"customer": row.customer},
                detail=f"{row.number}: {row.objection[:140]}",
                url=reverse("deals:registration", args=[row.registration_id]) + "#choice",
                due_at=row.releases_at,
                tone="bad" if row.releases_at <= at else "warn",
                icon="scale",
                since=row.objected_at,
            )
            for row in queries.objected(actor)
        ]
