"""Lists made of records, brought up to date by the system."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from openprm.mapping.models import Making, Population
from openprm.mapping.queries.records import records
from openprm.mapping.rules.filters import Record, read_filter
from openprm.mapping.rules.sharing import Source
from openprm.mapping.services.rows import LENGTHS, Row, write


def made_of_records() -> tuple[UUID, ...]:
    """The lists that the system keeps up to date by itself."""
    return tuple(Making.objects.filter(source=Source.RECORDS, population__archived_at=None).order_by("population").values_list("population", flat=True))


def changed_since(*, since: datetime, owner_ids: Iterable[UUID], at: datetime) -> int:
    """Refresh the lists of these sides that are made of records and were not since that moment; gives how many changed. Safe to repeat."""
    stale = Q(population__refreshed_at=None) | Q(population__refreshed_at__lte=since)
    rows = Making.objects.filter(stale, source=Source.RECORDS, population__archived_at=None, owner__in=set(owner_ids))
    return sum(refresh(population_id=pk, at=at) for pk in rows.order_by("population").values_list("population", flat=True))


@transaction.atomic
def refresh(*, population_id: UUID, at: datetime) -> bool:
    """Bring one list in line with the records; gives whether a row changed. Rows that did not change keep their matches."""
    making = Making.objects.filter(population=population_id, source=Source.RECORDS, population__archived_at=None).first()
    if making is None:
        return False
    population = Population.objects.locked().one(population_id)
    wanted = read_filter(making.filter)
    rows = [_row(one) for one in records(population.owner_id, population.kind) if wanted.keeps(one)]
    done = write(population, rows, at, whole=True)
    return bool(done.added or done.changed or done.gone)


def _row(record: Record) -> Row:
    texts = {name: getattr(record, name)[: LENGTHS[name]] for name in ("key", "name", "domain", "country", "city", "owner")}
    return Row(**texts, deals=record.deals)
