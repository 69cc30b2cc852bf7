"""The rows of a list: replaced whole, or changed one by one, in a few statements however many they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.batches import insert_all
from openprm.kernel.errors import Conflict, Invalid, Problem, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id
from openprm.kernel.money import LARGEST_MINOR
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.mapping.events import ListChanged
from openprm.mapping.models import Detail, Entry, Population
from openprm.mapping.rules.sharing import Group, Source

MOST_ROWS = 1_000_000
AT_ONCE = 5_000
LENGTHS = {"key": 200, "name": 300, "domain": 253, "country": 60, "city": 120, "lei": 40, "duns": 40, "vat": 40, "stage": 60, "owner": 120, "email": 254}
SHOWN = ("name", "domain", "country", "city")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A company as its owner tells it. `deals` are open deals: (id, minor units, currency, stage)."""

    key: str
    name: str = ""
    domain: str = ""
    country: str = ""
    city: str = ""
    lei: str = ""
    duns: str = ""
    vat: str = ""
    owner: str = ""
    email: str = ""
    deals: tuple[tuple[str, int, str, str], ...] = ()

    def details(self) -> dict[str, dict[str, Any]]:
        """The groups of fields that hold something."""
        identifiers = {name: getattr(self, name) for name in ("lei", "duns", "vat") if getattr(self, name)}
        people = {name: getattr(self, name) for name in ("owner", "email") if getattr(self, name)}
        deals = {"deals": [list(deal) for deal in self.deals]} if self.deals else {}
        found = {Group.IDENTIFIERS.value: identifiers, Group.PEOPLE.value: people, Group.DEALS.value: deals}
        return {group: values for group, values in found.items() if values}

    def shown(self) -> tuple[str, ...]:
        return tuple(getattr(self, name) for name in SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsResult:
    added: int
    changed: int
    gone: int
    same: int


@transaction.atomic
def replace_rows(*, actor: Actor, population_id: UUID, rows: Sequence[Row], at: datetime) -> RowsResult:
    """Make a list of exactly these rows; what did not change keeps its matches. All or none. Raises NotAllowed, NotFound, Invalid, Conflict."""
    return write(_own_list(actor, population_id), check(rows), at, whole=True)


@transaction.atomic
def put_rows(*, actor: Actor, population_id: UUID, rows: Sequence[Row], at: datetime) -> RowsResult:
    """Add rows, or change those whose key is there; the others stay. Raises NotAllowed, NotFound, Invalid, Conflict."""
    return write(_own_list(actor, population_id), check(rows), at, whole=False)


@transaction.atomic
def drop_rows(*, actor: Actor, population_id: UUID, keys: Iterable[str], at: datetime) -> int:
    """Take rows out by their keys; gives how many there were. Raises NotAllowed, NotFound, Conflict."""
    population = _own_list(actor, population_id)
    gone = list(Entry.objects.filter(population=population, key__in=set(keys)).values_list("pk", flat=True))
    count = len(gone)
    remove(gone)
    _settle_count(population, at, bool(count))
    return count


def _own_list(actor: Actor, population_id: UUID) -> Population:
    refuse_if(policies.why_not_manage(actor))
    population = policies.reach(actor).locked().one(population_id)
    if policies.reach_makings(actor).filter(population=population, source=Source.RECORDS).exists():
        raise Conflict(_("This list is made of records by itself. Make a list of your own for a file."), code="made_of_records")
    return population


def check(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, if every one can be kept. Raises Invalid with the first 25 problems, by row."""
    if len(rows) > MOST_ROWS:
        raise Invalid(_("A list holds at most %(most)s companies.") % {"most": f"{MOST_ROWS:,}"}, field="rows", code="too_many_rows")
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    for place, row in enumerate(rows):
        said = _wrong(row) or (_("The id is already in row %(row)d. Each row needs its own.") % {"row": seen[row.key] + 1} if row.key in seen else None)
        seen.setdefault(row.key, place)
        if said:
            problems.append(Problem(f"rows[{place}]", _("Row %(row)d: %(said)s") % {"row": place + 1, "said": said}))
        if len(problems) == 25:
            break
    if problems:
        raise Invalid(problems=problems)
    return rows


def _wrong(row: Row) -> str | None:
    if not row.key:
        return _("It has no id.")
    for name, most in LENGTHS.items():
        if name != "stage" and len(getattr(row, name)) > most:
            return _("The %(name)s is longer than %(most)d characters.") % {"name": name, "most": most}
    if any("\0" in getattr(row, name) for name in LENGTHS if name != "stage"):
        return _("It holds a zero byte.")
    if any(not 0 <= minor <= LARGEST_MINOR or len(currency) != 3 for _key, minor, currency, _stage in row.deals):
        return _("An amount needs a currency of three letters and is not below zero.")
    return None


def write(population: Population, rows: Sequence[Row], at: datetime, *, whole: bool) -> RowsResult:
    """Bring the stored rows in line. The caller has checked who asks."""
    stored = _stored(population, None if whole else [row.key for row in rows])
    told = {row.key: row for row in rows}
    gone = [pk for key, (pk, _values) in stored.items() if key not in told] if whole else []
    fresh = [row for row in rows if row.key not in stored]
    other = [row for row in rows if row.key in stored and stored[row.key][1] != (row.shown(), row.details())]
    remove(gone)
    _change(population, {row.key: stored[row.key][0] for row in other}, other)
    _add(population, fresh)
    _settle_count(population, at, bool(gone or fresh or other))
    return RowsResult(added=len(fresh), changed=len(other), gone=len(gone), same=len(rows) - len(fresh) - len(other))


def remove(entry_ids: Sequence[UUID]) -> None:
    """Delete rows that the caller may delete, as the system: their matches go along, also those that the owner does not see."""
    with system_scope():
        for start in range(0, len(entry_ids), AT_ONCE):
            Entry.objects.filter(pk__in=entry_ids[start : start + AT_ONCE]).delete()


def _stored(population: Population, keys: list[str] | None) -> dict[str, tuple[UUID, Any]]:
    entries = Entry.objects.filter(population=population)
    details = Detail.objects.filter(population=population)
    if keys is not None:
        entries, details = entries.filter(key__in=keys), details.filter(entry__key__in=keys)
    told: dict[UUID, dict[str, Any]] = {}
    for entry_id, group, values in details.values_list("entry", "section", "told").iterator(chunk_size=AT_ONCE):
        told.setdefault(entry_id, {})[group] = values
    return {key: (pk, (tuple(shown), told.get(pk, {}))) for pk, key, *shown in entries.values_list("pk", "key", *SHOWN).iterator(chunk_size=AT_ONCE)}


def _change(population: Population, ids: dict[str, UUID], rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        entries = [Entry(pk=ids[row.key], **dict(zip(SHOWN, row.shown(), strict=True))) for row in part]
        Entry.objects.bulk_update(entries, SHOWN, batch_size=1_000)
        Detail.objects.filter(entry__in=[entry.pk for entry in entries]).delete()
        insert_all(Detail, [one for row in part for one in _details(population, ids[row.key], row)])


def _add(population: Population, rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        part = [(new_id(), row) for row in rows[start : start + AT_ONCE]]
        shared = {"owner_id": population.owner_id, "population_id": population.pk}
        insert_all(Entry, [{"id": pk, "key": row.key, **dict(zip(SHOWN, row.shown(), strict=True)), **shared} for pk, row in part])
        insert_all(Detail, [one for pk, row in part for one in _details(population, pk, row)])


def _details(population: Population, entry_id: UUID, row: Row) -> list[dict[str, Any]]:
    shared = {"owner_id": population.owner_id, "population_id": population.pk, "entry_id": entry_id}
    return [{"id": new_id(), "section": section, "told": values, **shared} for section, values in row.details().items()]


def _settle_count(population: Population, at: datetime, changed: bool) -> None:
    population.row_count = Entry.objects.filter(population=population).count()
    population.refreshed_at = at
    population.save(update_fields=["row_count", "refreshed_at", "updated_at"])
    if changed:
        publish(ListChanged(population_id=population.pk, owner_id=population.owner_id, at=at))
