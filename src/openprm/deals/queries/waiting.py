"""What waits for a person, ordered by promise."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from openprm.deals import policies
from openprm.deals.models import ApprovalStep, ReviewerRegion
from openprm.deals.queries.pieces import ROW_COLUMNS, amount_of, is_overdue, verdict_words
from openprm.deals.queries.results import Neighbours, Waiting
from openprm.deals.rules.chain import StepState
from openprm.deals.rules.lifecycle import WAITS_FOR_VENDOR, Status
from openprm.kernel.actor import Actor

MOST = 500


def decision_queue(actor: Actor, at: datetime, limit: int = 20) -> tuple[Waiting, ...]:
    """The registrations whose next word is this person's: to decide on the vendor's side, to answer on the partner's."""
    rows = _queue(actor).select_related("partner").only(*ROW_COLUMNS, "partner__name")[:limit]
    return tuple(
        Waiting(
            id=row.pk,
            number=row.number,
            title=row.title,
            customer=row.customer_name,
            partner=row.partner.name,
            amount=amount_of(row),
            **verdict_words(row),
            submitted_at=row.submitted_at,
            due_at=row.answer_due_at,
            overdue=is_overdue(row, at),
            version=row.version,
        )
        for row in rows
    )


def waiting_count(actor: Actor) -> int:
    """How many wait for this person, counted up to 500."""
    return _queue(actor).order_by().values("pk")[:MOST].count()


def neighbours(actor: Actor, registration_id: UUID) -> Neighbours:
    """Where a registration stands in this person's queue."""
    ids = list(_queue(actor).values_list("pk", flat=True)[:MOST])
    if registration_id not in ids:
        return Neighbours(position=None, total=len(ids), previous_id=None, next_id=ids[0] if ids else None)
    place = ids.index(registration_id)
    return Neighbours(
        position=place + 1,
        total=len(ids),
        previous_id=ids[place - 1] if place else None,
        next_id=ids[place + 1] if place + 1 < len(ids) else None,
    )


def _queue(actor: Actor) -> QuerySet:
    if actor.is_partner:
        rows = policies.reach_in(actor, Status.RETURNED).order_by("answer_due_at", "id")
        return rows if actor.can("deals.register") else rows.none()
    rows = policies.reach_in(actor, *WAITS_FOR_VENDOR).order_by("answer_due_at", "id")
    if not actor.can("deals.approve"):
        return rows.none()
    return rows if "vendor_admin" in actor.roles or actor.is_system else rows.filter(_has_step_for(actor))


def _has_step_for(actor: Actor) -> Exists:
    """An open step that names this person, or names nobody and asks for its role or its region."""
    waiting = ApprovalStep.objects.filter(registration=OuterRef("pk"), state=StepState.WAITING)
    earlier = ApprovalStep.objects.filter(registration=OuterRef("registration"), state=StepState.WAITING, position__lt=OuterRef("position"))
    regions = ReviewerRegion.objects.filter(user_id=actor.user_id, basis=ReviewerRegion.Basis.CUSTOMER).values("region")
    mine = Q(approver_id=actor.user_id) | Q(approver__isnull=True, role__in=sorted(actor.roles))
    mine |= Q(role="regional_reviewer", registration__territory__code__in=regions)
    return Exists(waiting.filter(mine).filter(~Exists(earlier)))
