"""What recruitment contributes to other rooms: waiting decisions, search, and panels of the partner page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.kernel.registry import SearchHit
from openprm.recruitment import queries
from openprm.recruitment.wording import STAGE


class WaitingIntroductions:
    """Introductions of partners that wait for the vendor's answer."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if not actor.is_vendor or not actor.can("recruitment.manage"):
            return []
        return [
            Decision(
                key=f"recruitment.referral:{row.id}",
                title=_("%(partner)s introduces %(company)s") % {"partner": row.partner, "company": row.company},
                detail=row.domain,
                url=reverse("recruitment:referrals") + "?state=introduced",
                due_at=row.answer_due_at,
                tone="bad" if row.is_late else "",
                icon="gift",
                approve_url=reverse("recruitment:referral_take_up", args=[row.id]),
                approve_label=_("Take up"),
                since=row.created_at,
            )
            for row in queries.unanswered(actor, at)
        ]


def search(actor: Actor, text: str, limit: int) -> list[SearchHit]:
    if not actor.is_vendor or not actor.can("recruitment.view"):
        return []
    return [
        SearchHit(
            group=_("Recruiting"),
            title=row.name,
            url=reverse("recruitment:company", args=[row.id]),
            subtitle=str(STAGE[row.stage][0]) if row.stage else row.domain,
            icon="user-plus",
            logo=row.name,
        )
        for row in queries.search_companies(actor, text, limit)
    ]


def partner_story(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """How a partner was recruited: what was known of it, and the events from before it joined."""
    company_id = queries.company_of_partner(actor, partner_id)
    if company_id is None:
        return None
    found = queries.company(actor, company_id, at)
    return {"company": found, "entries": audit.timeline(actor, company_id, limit=12), "score": found.scores[0].score if found.scores else None}
