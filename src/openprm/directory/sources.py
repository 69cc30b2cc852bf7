"""What directory puts into the decision queue."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.directory import queries
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.promises import queries as promises


class WaitingForTheDirectory:
    """Profiles and references that wait for somebody of the vendor."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if not actor.is_vendor:
            return []
        found = queries.waiting_for_vendor(actor)
        clocks = {code: promises.clocks([one.id for one in found], code, at) for code in ("directory.review", "directory.reference")} if found else {}
        return [_decision(one, clocks) for one in found]


def _decision(one: queries.Waiting, clocks: dict) -> Decision:
    is_profile = one.kind == "profile"
    clock = clocks["directory.review" if is_profile else "directory.reference"].get(one.id)
    name = "directory:profile" if is_profile else "directory:reference"
    return Decision(
        key=f"directory.{one.kind}:{one.id}",
        title=_("Public profile of %(partner)s") % {"partner": one.partner_name} if is_profile else _("Reference %(customer)s") % {"customer": one.title},
        detail=_("Waits to be shown in the directory") if is_profile else one.partner_name,
        url=reverse(name, args=[one.id]),
        due_at=clock.due_at if clock else None,
        tone="bad" if clock and clock.overdue else "",
        icon="id-card" if is_profile else "quote",
        since=one.since,
    )
