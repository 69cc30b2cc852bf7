"""For whom customers are protected now, for many at once. Read in the system's scope: it names partners."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from openprm.deals.models import ProtectionGrant


def protected_for(account_ids: Iterable[UUID], at: datetime) -> dict[UUID, frozenset[UUID]]:
    """The partners with a live protection at each of these customers; a customer without one is left out. One query, none for none."""
    ids = list(account_ids)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    if ids:
        live = ProtectionGrant.objects.filter(account_id__in=ids, status__in=ProtectionGrant.LIVE, starts_at__lte=at, ends_at__gt=at)
        for account_id, partner_id in live.values_list("account_id", "partner_id"):
            found[account_id].add(partner_id)
    return {account_id: frozenset(partners) for account_id, partners in found.items()}
