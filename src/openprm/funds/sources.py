"""What funds contribute to other rooms: waiting decisions, and the search."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.funds import queries
from openprm.funds.queries import RequestFilters
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.kernel.registry import SearchHit

MOST = 50


class FundDecisions:
    """For the vendor the levels that this person can take; for a partner what was sent back to it."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if actor.is_partner:
            back = RequestFilters(status=("rejected",)) if actor.can("funds.request") else None
            return self._decisions(actor, back, at, "funds:portal_request", "funds:portal_claim", tone="warn") if back else []
        if not actor.can("funds.decide"):
            return []
        return self._decisions(actor, RequestFilters(mine=True), at, "funds:request", "funds:claim")

    def _decisions(self, actor: Actor, filters: RequestFilters, at: datetime, request_page: str, claim_page: str, tone: str = "") -> list[Decision]:
        requests = queries.request_rows(queries.newest_requests(actor, filters).order_by("submitted_at")[:MOST], at)
        claims = queries.claim_rows(queries.newest_claims(actor, filters).order_by("submitted_at")[:MOST], at)
        return [
            *(_decision(row, "request", row.asked, row.fund, reverse(request_page, args=[row.id]), at, tone) for row in requests),
            *(_decision(row, "claim", row.worth, row.request, reverse(claim_page, args=[row.id]), at, tone) for row in claims),
        ]


def _decision(row: Any, what: str, value: Any, about: str, url: str, at: datetime, tone: str) -> Decision:
    return Decision(
        key=f"funds.{what}:{row.id}", title=row.title, detail=f"{row.number} · {row.partner} · {about}", url=url, due_at=row.due_at,
        tone="bad" if row.due_at and row.due_at < at else tone, icon="wallet", value=value, since=row.submitted_at,
    )  # fmt: skip


def search(actor: Actor, text: str, limit: int) -> list[SearchHit]:
    if not actor.can("funds.view"):
        return []
    page = "funds:portal_request" if actor.is_partner else "funds:request"
    rows = queries.newest_requests(actor, RequestFilters(text=text)).order_by("-created_at")[:limit]
    return [
        SearchHit(group=_("Funds"), title=row.title, subtitle=f"{row.number} · {row.partner.name}", url=reverse(page, args=[row.pk]), icon="wallet")
        for row in rows
    ]
