"""What waits for a person: signatures on the partner's side, countersignatures on the vendor's."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.agreements import queries
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.promises import queries as promises

COUNTERSIGNATURE = "agreements.countersignature"


class WaitingSignatures:
    """Contributed to the decision queue of both sides."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if actor.is_partner:
            return self._of_partner(actor, at)
        return self._of_vendor(actor, at) if actor.can("agreements.countersign") else []

    def count_decisions(self, actor: Actor) -> int:
        if actor.is_partner:
            return queries.waiting_count(actor.partner_id) if self._signs(actor) and actor.partner_id else 0
        return queries.countersign_count(actor) if actor.can("agreements.countersign") else 0

    def _signs(self, actor: Actor) -> bool:
        return not actor.read_only and actor.can("agreements.sign") and ("partner_admin" in actor.roles or queries.is_named(actor))

    def _of_partner(self, actor: Actor, at: datetime) -> list[Decision]:
        if not self._signs(actor) or actor.partner_id is None:
            return []
        return [
            Decision(
                key=f"agreements.acceptance:{one.acceptance_id}",
                title=one.title,
                detail=_("Version %(number)s waits for your signature") % {"number": one.number},
                url=reverse("agreements:portal_acceptance", args=[one.acceptance_id]),
                due_at=one.due_at,
                tone="bad" if one.is_overdue else "",
                icon="signature",
                since=one.asked_at,
            )
            for one in queries.waiting_for(actor.partner_id, at)
            if one.status == "sent"
        ]

    def _of_vendor(self, actor: Actor, at: datetime) -> list[Decision]:
        rows = queries.awaiting_countersignature(actor)
        clocks = promises.clocks([row.id for row in rows], COUNTERSIGNATURE, at)
        return [
            Decision(
                key=f"agreements.countersign:{row.id}",
                title=_("Countersign: %(document)s") % {"document": row.document},
                detail=row.partner,
                url=reverse("agreements:acceptance", args=[row.id]),
                due_at=clocks[row.id].due_at if row.id in clocks else None,
                tone="bad" if row.id in clocks and clocks[row.id].overdue else "",
                icon="signature",
                since=row.signed_at,
            )
            for row in rows
        ]
