"""Referrals that wait for the vendor's answer, for the decision queue."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.leads import queries


class ReferralsToAnswer:
    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if not actor.is_vendor or not actor.can("leads.route"):
            return []
        return [
            Decision(
                key=f"leads.referral:{row.id}",
                title=row.company_name,
                detail=_("%(partner)s refers it") % {"partner": row.referrer},
                url=reverse("leads:referral", args=[row.id]),
                due_at=row.due_at,
                tone="bad" if row.overdue else "",
                icon="send",
                value=row.amount,
                since=row.referred_at,
            )
            for row in queries.waiting_referrals(actor, at)
        ]
