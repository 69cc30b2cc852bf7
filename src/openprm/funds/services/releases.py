"""Reserved money that goes back: given back by a person, left over by a last claim, or run out; and where a request stands after it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from openprm.funds import policies
from openprm.funds.events import DeadlineNears, FundsReleased
from openprm.funds.models import Activity, Allocation, FundRequest
from openprm.funds.rules.lifecycle import GRANTED, ActivityStatus, RequestStatus, status_of_request
from openprm.funds.services import books
from openprm.funds.services.allocations import close_allocation, return_left
from openprm.funds.services.results import Changed
from openprm.funds.services.unit import as_system, record, save, text
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import refuse_if
from openprm.kernel.events import publish

WARN_DAYS = (30, 14, 3)
AT_ONCE = 200


@transaction.atomic
def release(*, actor: Actor, activity_id: UUID, reason: str, at: datetime) -> Changed:
    """Give back what an approved activity will not claim any more. Raises NotFound, NotAllowed, Invalid."""
    said = text("reason", reason, longest=500)
    refuse_if(policies.why_not_release(actor, policies.reach_activities(actor).one(activity_id)))
    with as_system(actor):
        give_back(actor, activity_id, said, at)
        request = refresh(Activity.objects.get(pk=activity_id).request_id, at)
    return Changed(id=request.pk, number=request.number, status=str(request.status), version=request.version)


def give_back(actor: Actor, activity_id: UUID, why: str, at: datetime, *, expired: bool = False) -> int:
    """Close an activity and release what it holds; gives how much. In the house's scope."""
    activity = Activity.objects.filter(pk=activity_id).locked().get()
    if activity.status != ActivityStatus.APPROVED or activity.waiting_minor:
        return 0
    before, minor = activity.snapshot(), activity.open_minor
    activity.released_minor, activity.status = activity.released_minor + minor, ActivityStatus.CLOSED
    activity.save(update_fields=["released_minor", "status", "updated_at"])
    request = activity.request
    books.released(actor, activity.allocation, request.pk, minor, f"funds.released:{activity.pk}:{activity.released_minor}", request.number, at)
    verb = "fund.activity_expired" if expired else "fund.released"
    told = {"released_minor": minor, "currency": activity.currency}
    record(actor, verb, activity, before=before, note=why, data=told, refs=(request.pk, activity.allocation_id), at=at)
    if minor:
        publish(
            FundsReleased(
                partner_id=activity.partner_id, actor_id=actor.user_id, at=at, request_id=request.pk, number=request.number, amount_minor=minor,
                currency=activity.currency, expired=expired,
            )
        )  # fmt: skip
    return minor


def refresh(request_id: UUID, at: datetime) -> FundRequest:
    """Set a granted request to where its sums put it, also back from the end when a payment bounced. In the house's scope."""
    request = FundRequest.objects.filter(pk=request_id).locked().get()
    if request.status not in GRANTED and request.status != RequestStatus.REIMBURSED:
        return request
    status = status_of_request(
        approved=request.approved_minor, released=request.released_minor, waiting=request.waiting_minor, claimed=request.claimed_minor, paid=request.paid_minor
    )
    if request.paid_minor and request.first_paid_at is None:
        request.first_paid_at = at
    if status != request.status:
        request.status = status
        request.ended_at = at if status in (RequestStatus.REIMBURSED, RequestStatus.EXPIRED) else None
    save(request, "status", "first_paid_at", "ended_at")
    return request


def expire_due(*, at: datetime, most: int = AT_ONCE) -> int:
    """Release what nobody claimed in its time, and close funds that ended; gives how many. Runs in the system's scope."""
    late = list(_late(at.date())[:most])
    for activity_id, request_id, claim_by in late:
        with transaction.atomic():
            give_back(SYSTEM, activity_id, _("The last day to claim was %(day)s.") % {"day": claim_by.isoformat()}, at, expired=True)
            refresh(request_id, at)
    ended = list(Allocation.objects.filter(is_closed=False, ends_on__lt=at.date()).values_list("pk", flat=True)[: most - len(late)])
    for allocation_id in ended:
        close_allocation(actor=SYSTEM, allocation_id=allocation_id, reason=_("The fund came to its end."), at=at)
    return len(late) + len(ended) + sweep_closed(at=at, most=most - len(late) - len(ended))


def sweep_closed(*, at: datetime, most: int = AT_ONCE) -> int:
    """What came back into a fund after its end goes on to its budget; gives how many funds. Runs in the system's scope."""
    held = F("approved_minor") - F("released_minor")
    ids = list(Allocation.objects.filter(is_closed=True, amount_minor__gt=held).order_by("pk").values_list("pk", flat=True)[: max(0, most)])
    for allocation_id in ids:
        return_left(actor=SYSTEM, allocation_id=allocation_id, why=_("The fund had ended."), at=at)
    return len(ids)


def _late(today: date) -> Iterable[tuple[UUID, UUID, date]]:
    rows = Activity.objects.filter(status=ActivityStatus.APPROVED, waiting_minor=0, claim_by__lt=today)
    return rows.order_by("allocation_id", "pk").values_list("pk", "request_id", "claim_by")  # type: ignore[return-value]


def warn_due(*, at: datetime, most: int = AT_ONCE) -> int:
    """Warn before money goes back, 30, 14 and 3 days ahead, each once; gives how many warnings. Runs in the system's scope."""
    today, far = at.date(), at.date() + timedelta(days=WARN_DAYS[0])
    open_left = Q(approved_minor__gt=F("released_minor") + F("claimed_minor") + F("waiting_minor"))
    activities = Activity.objects.filter(open_left, status=ActivityStatus.APPROVED, claim_by__range=(today, far)).locked()
    funds = Allocation.objects.filter(is_closed=False, amount_minor__gt=F("approved_minor") - F("released_minor")).filter(
        Q(plan_by__range=(today, far)) | Q(plan_by=None, ends_on__range=(today, far))
    )
    told = 0
    with transaction.atomic():
        for row in activities[:most]:
            told += _warn(row, "claim", row.title, row.open_minor, row.claim_by, today, at)
        for row in funds.locked()[:most]:
            told += _warn(row, "plan", str(row), row.left_minor, row.plan_by or row.ends_on, today, at)
    return told


def _warn(row: Activity | Allocation, what: str, title: str, left: int, ends_on: date, today: date, at: datetime) -> int:
    """One warning for each of the days; a later deadline begins anew. `warned_days` is the last one that was given."""
    ahead = (ends_on - today).days
    due = next((days for days in sorted(WARN_DAYS) if ahead <= days), None)
    if due is None or (row.warned_days and row.warned_days <= due):
        return 0
    row.warned_days = due
    row.save(update_fields=["warned_days", "updated_at"])
    subject = row.request_id if isinstance(row, Activity) else row.pk
    publish(
        DeadlineNears(
            partner_id=row.partner_id, actor_id=None, at=at, what=what, subject_id=subject, title=title, left_minor=left, currency=row.currency, ends_on=ends_on
        )
    )
    return 1
