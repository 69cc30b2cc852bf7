"""Which deal an engagement is about, for rooms that ask who took part in it. In the system's scope."""

from collections.abc import Iterable
from uuid import UUID

from openprm.cosell.models import Engagement


def deals_of(engagement_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Engagement -> the registration, or else the opportunity; engagements without either, or without the vendor in them, are left out."""
    rows = Engagement.objects.filter(pk__in=list(engagement_ids), vendor_in=True).values_list("pk", "registration_id", "opportunity_id")
    return {pk: registration or opportunity for pk, registration, opportunity in rows if registration or opportunity}
