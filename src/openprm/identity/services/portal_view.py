"""View as this partner (A5): read-only, time-boxed, written into both sides' history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import policies, rules
from openprm.identity.models import PortalView
from openprm.identity.services import checks
from openprm.kernel.actor import Actor
from openprm.kernel.errors import refuse_if


@dataclass(frozen=True, slots=True)
class StartedView:
    """What the session keeps while the view runs."""

    id: UUID
    organization_id: UUID
    ends_at: datetime

    def as_session(self) -> dict[str, str]:
        return {"id": str(self.id), "organization_id": str(self.organization_id), "ends_at": self.ends_at.isoformat()}


@transaction.atomic
def start_view_as(*, actor: Actor, organization_id: UUID, reason: str, at: datetime) -> StartedView:
    """Open the portal as a partner organization sees it, for half an hour. Raises NotFound, NotAllowed, Invalid."""
    organization = policies.reach_organizations(actor).one(organization_id)
    refuse_if(policies.why_not_view_as(actor, organization))
    reason = checks.text("reason", reason, longest=200) or _("No reason given")
    end_running_views(actor=actor, at=at)
    view = PortalView.objects.create(user_id=actor.user_id, organization=organization, reason=reason, started_at=at, ends_at=at + rules.VIEW_AS_LASTS)
    audit.record(actor, "portal_view.started", view, refs=(organization.pk,), visible_to=(organization.pk,), note=reason, at=at)
    return StartedView(id=view.pk, organization_id=organization.pk, ends_at=view.ends_at)


@transaction.atomic
def stop_view_as(*, actor: Actor, at: datetime) -> None:
    """Leave the view; stopping when none runs changes nothing. `actor` is the person, not the partner looked at."""
    end_running_views(actor=actor, at=at)


def end_running_views(*, actor: Actor, at: datetime) -> None:
    for view in PortalView.objects.filter(user=actor.user_id, ended_at=None).locked():
        _end(actor, view, min(at, view.ends_at), at)


def end_views_that_ran_out(*, actor: Actor, at: datetime) -> int:
    """Close the views whose time is over, so that both histories show their end; gives how many."""
    over = list(PortalView.objects.filter(ended_at=None, ends_at__lte=at).locked()[:500])
    for view in over:
        _end(actor, view, view.ends_at, at)
    return len(over)


def _end(actor: Actor, view: PortalView, ended_at: datetime, at: datetime) -> None:
    before = view.snapshot()
    view.ended_at = ended_at
    view.save(update_fields=["ended_at", "updated_at"])
    refs = (view.organization_id,)
    audit.record(actor, "portal_view.ended", view, before=before, refs=refs, visible_to=refs, at=at)
