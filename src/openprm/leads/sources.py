"""What leads contribute to other rooms: waiting decisions, and the search."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.kernel.registry import SearchHit
from openprm.leads import queries


class WaitingLeads:
    """For a partner the leads that ask it, for the vendor those that nobody has."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        page = "leads:lead" if actor.is_vendor else "leads:portal_lead"
        return [
            Decision(
                key=f"leads.lead:{row.id}",
                title=row.title,
                detail=f"{row.number} · {row.detail}",
                url=reverse(page, args=[row.id]),
                due_at=row.due_at,
                tone="bad" if row.due_at and row.due_at < at else "warn" if actor.is_vendor else "",
                icon="inbox",
                value=row.amount,
                since=row.since,
            )
            for row in queries.waiting(actor, at, limit=50)
        ]


def search(actor: Actor, text: str, limit: int) -> list[SearchHit]:
    return [
        SearchHit(
            group=_("Leads"),
            title=row.company_name or row.number,
            subtitle=f"{row.number} · {row.status_label}",
            url=reverse("leads:lead", args=[row.id]),
            icon="inbox",
        )
        for row in queries.search(actor, text, limit)
    ]
