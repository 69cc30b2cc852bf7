"""When a partner has left: nothing waits for an answer any more, and what is free goes back. What was granted can still be paid."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.funds.models import Allocation, FundRequest
from openprm.funds.rules.lifecycle import RequestStatus
from openprm.funds.services.allocations import close_allocation
from openprm.funds.services.requests import decline_request
from openprm.kernel.actor import SYSTEM


@transaction.atomic
def close_funds_of(*, partner_id: UUID, at: datetime) -> int:
    """Decline its requests that wait, and hand what is free in its funds back to their budgets; gives how many funds were closed.

    Safe to repeat. Runs in the system's scope.
    """
    why = _("The partner has left the program.")
    for request_id in FundRequest.objects.filter(partner=partner_id, status=RequestStatus.PENDING).order_by("pk").values_list("pk", flat=True):
        decline_request(actor=SYSTEM, request_id=request_id, reason=why, at=at)
    open_funds = list(Allocation.objects.filter(partner=partner_id, is_closed=False).order_by("pk").values_list("pk", flat=True))
    for allocation_id in open_funds:
        close_allocation(actor=SYSTEM, allocation_id=allocation_id, reason=why, at=at)
    return len(open_funds)
