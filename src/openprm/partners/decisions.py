"""Memberships that a partner's administrator can renew now and that no rule renews: "Waiting for you" on their home."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.partners import queries


class RenewalsToDo:
    """For the partner's side alone; the vendor has its list of renewals."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if actor.partner_id is None or not actor.can("partners.renew"):
            return []
        found = queries.membership(actor, actor.partner_id, at)
        return [self._decision(one) for one in found if one.may_renew and one.decision != "renew"]

    def _decision(self, one: queries.OwnMembership) -> Decision:
        return Decision(
            key=f"partners.renewal:{one.program_id}",
            title=_("Renew your membership: %(program)s") % {"program": one.program},
            detail=_("It has run out.") if one.status == "expired" else _("Nothing renews it by itself."),
            url=reverse("partners:portal_membership"),
            due_at=one.until,
            tone="bad" if one.status == "expired" else "warn",
            icon="calendar-clock",
        )
