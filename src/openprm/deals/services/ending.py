"""What every end of an approved deal does: the protections stop, open tasks are put away."""

from datetime import datetime

from openprm.deals.models import ProtectionGrant, Registration, Task
from openprm.deals.rules.lifecycle import Status
from openprm.deals.services.protection import end_grants


def end_deal(registration: Registration, status: Status, reason: str, at: datetime) -> None:
    """Set the end on the row (the caller saves it), free the customer, put its tasks away."""
    registration.status, registration.closed_at, registration.protected_until = status, at, None
    registration.stalled_alert_at = None
    end_grants(registration, ProtectionGrant.Status.RELEASED, reason, at)
    Task.objects.filter(registration=registration, archived_at__isnull=True).update(archived_at=at)
