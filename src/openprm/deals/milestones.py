"""The first times that onboarding wants to know: a partner's first registration, its first approval, its first win."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from openprm.deals.events import DealApproved, DealSubmitted, DealWon
from openprm.deals.models import Registration
from openprm.kernel.jobs import job
from openprm.kernel.registry import Subscription
from openprm.onboarding import services as onboarding
from openprm.onboarding.ports import Milestone, Reached

REGISTRATION, APPROVED, WON = "deals.first_registration", "deals.first_approved", "deals.first_won"
MILESTONES = (
    Milestone(REGISTRATION, _("the first deal is registered")),
    Milestone(APPROVED, _("the first deal is approved")),
    Milestone(WON, _("the first deal is won")),
)
AFTER_APPROVAL = ("approved", "expired", "closed_won", "closed_lost")
FIRST = ((REGISTRATION, "submitted_at", ()), (APPROVED, "decided_at", AFTER_APPROVAL), (WON, "closed_at", ("closed_won",)))


@job(name="deals.first_registration")
def on_submitted(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, outcome: str) -> None:
    _reached(REGISTRATION, registration_id, partner_id, number, at)


@job(name="deals.first_approved")
def on_approved(
    *,
    registration_id: UUID,
    partner_id: UUID,
    number: str,
    actor_id: UUID | None,
    at: datetime,
    account_id: UUID,
    automatic: bool,
    protected_until: datetime | None,
) -> None:
    _reached(APPROVED, registration_id, partner_id, number, at)


@job(name="deals.first_won")
def on_won(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, account_id: UUID, base_amount_minor: int) -> None:
    _reached(WON, registration_id, partner_id, number, at)


def _reached(code: str, registration_id: UUID, partner_id: UUID, number: str, at: datetime) -> None:
    onboarding.reach_milestone(partner_id=partner_id, code=code, evidence=number, refs=(registration_id,), at=at)


def first_times(partner_ids: Iterable[UUID]) -> Iterable[Reached]:
    """What these partners reached before anybody listened, also in imported deals. One query for each milestone."""
    mine = Registration.objects.filter(partner_id__in=list(partner_ids))
    for code, column, states in FIRST:
        rows = (mine.filter(status__in=states) if states else mine).exclude(**{column: None})
        for partner_id, first in rows.values_list("partner_id").annotate(first=Min(column)).order_by("partner_id"):
            yield Reached(partner_id, code, first)


SUBSCRIPTIONS = (
    Subscription(event=DealSubmitted, handler=on_submitted),
    Subscription(event=DealApproved, handler=on_approved),
    Subscription(event=DealWon, handler=on_won),
)
PORTS = {"onboarding.milestones": MILESTONES, "onboarding.history": (first_times,)}
