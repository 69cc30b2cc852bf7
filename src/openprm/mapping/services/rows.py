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
from openprm.mapping.rules.letters import mixed_letters
from openprm.mapping.rules.sharing import Group, Source
from openprm.mapping.services.counts import take_counts

MOST_ROWS = 1_000_000
MOST_PROBLEMS = 25
AT_ONCE = 5_000
LENGTHS = {"key": 200, "name": 300, "domain": 253, "country": 60, "city": 120, "lei": 40, "duns": 40, "vat": 40, "stage": 60, "owner": 120, "email": 254}
SHOWN = ("name", "domain", "country", "city")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A company as its owner tells it. `deals` are open deals: (id, minor units, currency, stage); `line` is the row of the file it stood in."""

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
    line: int = 0

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
    by_name_alone: int = 0

    @property
    def total(self) -> int:
        return self.added + self.changed + self.same


@transaction.atomic
def replace_rows(*, actor: Actor, population_id: UUID, rows: Sequence[Row], is_dry: bool = False, at: datetime) -> RowsResult:
    """Make a list of exactly these rows; what did not change keeps its matches. All or none; a dry run checks, counts and changes nothing.

    Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    return _take(actor, population_id, rows, at, whole=True, is_dry=is_dry)


@transaction.atomic
def put_rows(*, actor: Actor, population_id: UUID, rows: Sequence[Row], is_dry: bool = False, at: datetime) -> RowsResult:
    """Add rows, or change those whose key is there; the others stay. All or none. Raises NotAllowed, NotFound, Invalid, Conflict."""
    return _take(actor, population_id, rows, at, whole=False, is_dry=is_dry)


def _take(actor: Actor, population_id: UUID, rows: Sequence[Row], at: datetime, *, whole: bool, is_dry: bool) -> RowsResult:
    population = _own_list(actor, population_id)
    return difference(population, check(rows), whole=whole) if is_dry else write(population, check(rows), at, whole=whole)


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
    """The rows, if every one can be kept. Raises Invalid with the first 25 problems, by row, and how many there are."""
    if len(rows) > MOST_ROWS:
        raise Invalid(_("A list holds at most %(most)s companies.") % {"most": f"{MOST_ROWS:,}"}, field="rows", code="too_many_rows")
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    count = 0
    for place, row in enumerate(rows):
        number = row.line or place + 1
        said = _wrong(row) or (_("The id is already in row %(row)d. Each row needs its own.") % {"row": seen[row.key]} if row.key in seen else None)
        seen.setdefault(row.key, number)
        count += bool(said)
        if said and len(problems) < MOST_PROBLEMS:
            problems.append(Problem(f"rows[{place}]", _("Row %(row)d: %(said)s") % {"row": number, "said": said}))
    if count > len(problems):
        problems.append(Problem("rows", _("%(count)d rows cannot be taken; these are the first. Nothing was changed.") % {"count": count}))
    if problems:
        raise Invalid(problems=problems)
    return rows


def _wrong(row: Row) -> str | None:
    if not row.key:
        return _("It has no id.")
    if not row.name:
        return _("It has no name.")
    for name, most in LENGTHS.items():
        if name != "stage" and len(getattr(row, name)) > most:
            return _("The %(name)s is longer than %(most)d characters.") % {"name": name, "most": most}
    if any("\0" in getattr(row, name) for name in LENGTHS if name != "stage"):
        return _("It holds a zero byte.")
    if odd := mixed_letters(row.domain):
        return _("The domain “%(domain)s” mixes letters of two alphabets: “%(letter)s” only looks like a Latin letter. Type it anew.") % odd
    if any(not 0 <= minor <= LARGEST_MINOR or len(currency) != 3 for _key, minor, currency, _stage in row.deals):
        return _("An amount needs a currency of three letters and is not below zero.")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    """What is to be done so that the stored rows say what was told."""

    ids: dict[str, UUID]
    gone: list[UUID]
    fresh: list[Row]
    other: list[Row]
    result: RowsResult


def difference(population: Population, rows: Sequence[Row], *, whole: bool) -> RowsResult:
    """What taking these rows would do."""
    return _difference(population, rows, whole=whole).result


def _difference(population: Population, rows: Sequence[Row], *, whole: bool) -> _Difference:
    stored = _stored(population, None if whole else [row.key for row in rows])
    told = {row.key for row in rows}
    gone = [pk for key, (pk, _values) in stored.items() if key not in told] if whole else []
    fresh = [row for row in rows if row.key not in stored]
    other = [row for row in rows if row.key in stored and stored[row.key][1] != (row.shown(), row.details())]
    by_name = sum(not (row.domain or row.lei or row.duns or row.vat) for row in rows)
    result = RowsResult(added=len(fresh), changed=len(other), gone=len(gone), same=len(rows) - len(fresh) - len(other), by_name_alone=by_name)
    return _Difference(ids={row.key: stored[row.key][0] for row in other}, gone=gone, fresh=fresh, other=other, result=result)


def write(population: Population, rows: Sequence[Row], at: datetime, *, whole: bool) -> RowsResult:
    """Bring the stored rows in line. The caller has checked who asks."""
    found = _difference(population, rows, whole=whole)
    remove(found.gone)
    _change(population, found.ids, found.other)
    _add(population, found.fresh)
    _settle_count(population, at, bool(found.gone or found.fresh or found.other))
    take_counts(len(found.gone) + len(found.fresh))
    return found.result


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
