"""Lists as the engine reads them. A worker remembers the last ones in memory, so that only rows that changed are made ready again.

Whether a row changed is asked of the database by a number made of all it says, never by a time: what was rolled back, written
elsewhere or deleted is seen. Nothing is kept on a disk.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from openprm.mapping.engine.companies import COLUMNS, Companies, read_companies
from openprm.mapping.engine.splicing import spliced

MOST_ROWS = 500_000
"""So many rows of all lists together are remembered by one worker."""
MOVED = 5
"""When more than a fifth of the rows are others, the whole list is made ready anew."""
_FROM = "from mapping_entry e left join mapping_detail d on d.entry_id = e.id and d.section = 'identifiers' where e.population_id = %s"
_NUMBERS = f"select e.id::text, hashtextextended(concat_ws(E'\\x1f', e.name, e.domain, e.country, e.city, d.told::text), 0) {_FROM}"
_ROWS = (
    "select e.id::text, e.name, e.domain, e.country, e.city, coalesce(d.told ->> 'lei', ''), coalesce(d.told ->> 'duns', ''), coalesce(d.told ->> 'vat', '')"
    f" {_FROM} and (%s::uuid[] is null or e.id = any(%s::uuid[])) order by e.id"
)


@dataclass(frozen=True, slots=True)
class _Ready:
    companies: Companies
    numbers: dict[str, int]


_ready: OrderedDict[UUID, _Ready] = OrderedDict()
_busy = threading.Lock()


def columns_of(population_id: UUID, only: Sequence[str] | None = None) -> dict[str, pa.Array]:
    """The rows of a list, or some of them, as columns of text; the ids are those of our rows."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [population_id, only, only])
        texts = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(COLUMNS)
    return {name: pa.array(told, pa.string()) for name, told in zip(COLUMNS, texts, strict=True)}


def companies_of(population_id: UUID) -> Companies:
    """The list as it is now, ready to be compared."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [population_id])
        numbers = dict(cursor.fetchall())
    with _busy:
        before = _ready.get(population_id)
    found = _brought_up(population_id, before, numbers) if before else read_companies(columns_of(population_id))
    _remember(population_id, _Ready(found, numbers))
    return found


def _brought_up(population_id: UUID, before: _Ready, numbers: dict[str, int]) -> Companies:
    changed = [key for key, number in numbers.items() if before.numbers.get(key) != number]
    other = {key for key, number in before.numbers.items() if numbers.get(key) != number}
    kept = ~pc.is_in(before.companies.ids, value_set=pa.array(other, pa.string())).to_numpy(zero_copy_only=False)
    if (len(changed) + len(kept) - kept.sum()) * MOVED > len(numbers):
        return read_companies(columns_of(population_id))
    if not changed and kept.all():
        return before.companies
    return spliced(before.companies, kept, read_companies(columns_of(population_id, changed)))


def _remember(population_id: UUID, ready: _Ready) -> None:
    with _busy:
        _ready[population_id] = ready
        _ready.move_to_end(population_id)
        while _ready and sum(len(one.numbers) for one in _ready.values()) > MOST_ROWS:
            _ready.popitem(last=False)


def forget() -> None:
    """For tests, and for what is measured as another worker would do it."""
    with _busy:
        _ready.clear()
