"""Taking the names of a partner's former people off what they said. The words stay: they are the case."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from openprm.conflicts.models import Appeal, ConflictCase, Evidence, Statement


def forget_people(*, partner_id: UUID, people: Iterable[UUID], at: datetime) -> int:
    """Gives how many rows changed. Safe to repeat, in the system's scope."""
    ids = list(people)
    gone = {"author_id": None, "author_name": "", "updated_at": at}
    said = sum(model.objects.filter(partner=partner_id, author__in=ids).update(**gone) for model in (Statement, Evidence, Appeal))
    opened = ConflictCase.objects.filter(partner=partner_id, opened_by__in=ids).update(opened_by_id=None, updated_at=at)
    return said + opened
