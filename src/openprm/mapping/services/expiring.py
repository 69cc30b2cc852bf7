"""Ending what ran out."""

from datetime import datetime

from openprm.kernel.actor import SYSTEM
from openprm.mapping.models import Grant
from openprm.mapping.services.settling import settle


def end_expired(*, at: datetime) -> int:
    """Revoke the grants whose time is over; their lists are hidden from that viewer until the owner says anew. Gives how many partners."""
    partners = sorted(set(Grant.objects.filter(revoked_at=None, expires_at__lte=at).values_list("partner", flat=True)))
    return sum(bool(settle(SYSTEM, partner_id, at)) for partner_id in partners)
