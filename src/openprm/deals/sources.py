"""What deals contribute to other rooms: waiting decisions, and rows that follow an account when it is merged."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.deals import queries, services
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor


class WaitingDeals:
    """Registrations that wait for a decision, or on the partner's side for an answer."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        page = "deals:registration" if actor.is_vendor else "deals:portal_registration"
        return [
            Decision(
                key=f"deals.registration:{row.id}",
                title=row.title or row.customer,
                detail=_detail(actor, row),
                url=reverse(page, args=[row.id]),
                due_at=row.due_at,
                tone="bad" if row.overdue else row.verdict_tone if actor.is_vendor and row.verdict != "none" else "",
                icon="shield-check" if actor.is_vendor else "message-circle-question-mark",
                value=row.amount,
                since=row.submitted_at,
            )
            for row in queries.decision_queue(actor, at, limit=50)
        ]


def _detail(actor: Actor, row: queries.Waiting) -> str:
    if not actor.is_vendor:
        return _("%(number)s needs an answer from you") % {"number": row.number}
    return f"{row.partner} · {row.verdict_label}" if row.verdict != "none" else row.partner


class HeldByAccounts:
    """Registrations, protections and opportunities of an account, for merging accounts."""

    def __init__(self, kind: str):
        self.kind = kind

    def held(self, *, actor: Actor, account_id: UUID) -> Sequence[UUID]:
        return queries.held_by_account(self.kind, account_id)

    def move(self, *, actor: Actor, ids: Sequence[UUID], to_account_id: UUID, at: datetime) -> None:
        services.move_to_account(actor=actor, kind=self.kind, ids=ids, to_account_id=to_account_id, at=at)


HOLDERS = (HeldByAccounts("deals.protections"), HeldByAccounts("deals.registrations"), HeldByAccounts("deals.opportunities"), HeldByAccounts("deals.renewals"))
