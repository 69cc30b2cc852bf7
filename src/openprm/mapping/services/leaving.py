"""A partner that is no longer active shows and sees nothing; one that left for good keeps no list here."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.mapping.models import Comparison, Consent, Entry, Population, Standing
from openprm.mapping.services.rows import remove
from openprm.mapping.services.settling import settle
from openprm.mapping.services.targets import forget_source


def end_for(*, partner_id: UUID, at: datetime) -> int:
    """End the agreements of both sides with this partner, and with them every grant; gives how many. Safe to repeat, in the system's scope."""
    ended = Consent.objects.filter(partner=partner_id, ended_at=None).update(ended_at=at)
    settle(SYSTEM, partner_id, at)
    return ended


def forget_partner(*, partner_id: UUID, people: tuple[UUID, ...] = (), at: datetime) -> int:
    """Delete the companies in the lists of a partner that left; gives how many. In the system's scope, safe to repeat."""
    end_for(partner_id=partner_id, at=at)
    rows = list(Entry.objects.filter(owner=partner_id).values_list("pk", flat=True))
    remove(rows)
    Comparison.objects.filter(partner=partner_id).delete()
    Standing.objects.filter(partner=partner_id).delete()
    for population in Population.objects.filter(owner=partner_id):
        forget_source(population, at)
    Population.objects.filter(owner=partner_id, archived_at=None).update(archived_at=at, row_count=0)
    return len(rows)
