"""Comparing the lists of the vendor and a partner, by the system, and keeping what people said about pairs."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyarrow as pa
from django.db import connection, transaction

from openprm.kernel.batches import insert_all
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id
from openprm.mapping import policies
from openprm.mapping.engine.companies import Companies, read_companies
from openprm.mapping.engine.matching import THRESHOLD, Mapping, compare, refresh
from openprm.mapping.events import OverlapsFound
from openprm.mapping.models import Detail, Entry, Grant, Match, Population, Verdict
from openprm.mapping.rules.sharing import Group
from openprm.mapping.services.sharing import partners_of

KEPT = 6
AT_ONCE = 5_000
COLUMNS = ("name", "domain", "country", "city")
IDENTIFIERS = ("lei", "duns", "vat")
_before: "OrderedDict[tuple[str, UUID, UUID], Mapping]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class Pair:
    left: Population
    right: Population


@dataclass(frozen=True, slots=True)
class _Found:
    left_id: UUID
    right_id: UUID
    permille: int
    matched_on: str


def pairs_of(partner_id: UUID, population_id: UUID | None = None) -> tuple[Pair, ...]:
    """The pairs of lists to compare: at least one of the two is shown to the other side. None before both sides agree."""
    if not policies.connected(partner_id):
        return ()
    shown = set(Grant.objects.filter(partner=partner_id, revoked_at=None, population__archived_at=None).values_list("population", flat=True))
    owners = {row.giver_id for row in policies.live_consents(partner_id)}
    lists = list(Population.objects.filter(owner__in=owners, archived_at=None))
    left, right = [one for one in lists if one.owner_id != partner_id], [one for one in lists if one.owner_id == partner_id]
    found = [Pair(a, b) for a in left for b in right if a.pk in shown or b.pk in shown]
    return tuple(pair for pair in found if population_id is None or population_id in (pair.left.pk, pair.right.pk))


@transaction.atomic
def match(*, partner_id: UUID, at: datetime, population_id: UUID | None = None) -> int:
    """Compare the pairs of lists of one partner anew (with `population_id` only those of that list); gives how many overlaps are new.

    Pairs of lists that nobody shows any more lose their matches. What people confirmed, split or merged stands as they said.
    """
    list(policies.live_consents(partner_id).locked())  # one comparison of a partner at a time
    pairs = pairs_of(partner_id, population_id)
    _forget_others(partner_id, pairs if population_id is None else pairs_of(partner_id))
    return sum(_match(partner_id, pair, at) for pair in pairs)


def match_list(*, population_id: UUID, at: datetime) -> int:
    """Compare one list anew with everybody its owner agreed to compare with; gives how many overlaps are new."""
    population = Population.objects.one(population_id)
    return sum(match(partner_id=partner_id, at=at, population_id=population_id) for partner_id in partners_of(population))


def _forget_others(partner_id: UUID, pairs: Iterable[Pair]) -> None:
    kept = {(pair.left.pk, pair.right.pk) for pair in pairs}
    for left, right in Match.objects.filter(partner=partner_id).values_list("left_population", "right_population").distinct().order_by():
        if (left, right) not in kept:
            Match.objects.filter(left_population=left, right_population=right).delete()


def _match(partner_id: UUID, pair: Pair, at: datetime) -> int:
    left, right = _companies(pair.left), _companies(pair.right)
    found = {(one.left_id, one.right_id): one for one in _compared(pair, left, right)} if len(left) and len(right) else {}
    states = dict.fromkeys(found, "found") | _said(pair)
    for one in states.keys() - found.keys():
        found[one] = _Found(*one, 1000, "reviewer")
    return _write(partner_id, pair, {key: (found[key], states[key]) for key in states}, at)


def _companies(population: Population) -> Companies:
    """A list as the engine reads it; the ids are those of our rows."""
    rows = list(Entry.objects.filter(population=population).order_by("pk").values_list("pk", *COLUMNS))
    columns = {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(COLUMNS, start=1)}
    columns["id"] = pa.array([str(row[0]) for row in rows], pa.string())
    told = dict(Detail.objects.filter(population=population, section=Group.IDENTIFIERS).values_list("entry", "told"))
    columns |= {name: pa.array([told.get(row[0], {}).get(name, "") for row in rows], pa.string()) for name in IDENTIFIERS}
    return read_companies(columns)


def _compared(pair: Pair, left: Companies, right: Companies) -> Iterable[_Found]:
    """What the engine finds. A pair of lists that this process compared before is compared again only where it changed."""
    key = (connection.settings_dict["NAME"], pair.left.pk, pair.right.pk)
    before = _before.pop(key, None)
    mapping = refresh(before, left, right) if before else compare(left, right)
    _before[key] = mapping
    while len(_before) > KEPT:
        _before.popitem(last=False)
    found = mapping.matches(threshold=THRESHOLD)
    ids = left.ids.to_pylist(), right.ids.to_pylist()
    for a, b, score, why in zip(found.left.tolist(), found.right.tolist(), found.score.tolist(), found.matched_on, strict=True):
        yield _Found(UUID(ids[0][a]), UUID(ids[1][b]), min(1000, round(score * 1000)), why)


def _said(pair: Pair) -> dict[tuple[UUID, UUID], str]:
    """What people said of rows that are still there, by the rows' ids. A pair that they called the same is "confirmed"."""
    words = Verdict.objects.filter(left_population=pair.left, right_population=pair.right, undone_at=None)
    told = {(word.left_key, word.right_key): "confirmed" if word.is_same else "split" for word in words}
    lefts = dict(Entry.objects.filter(population=pair.left, key__in={key[0] for key in told}).values_list("key", "pk"))
    rights = dict(Entry.objects.filter(population=pair.right, key__in={key[1] for key in told}).values_list("key", "pk"))
    return {(lefts[a], rights[b]): state for (a, b), state in told.items() if a in lefts and b in rights}


def _write(partner_id: UUID, pair: Pair, wanted: dict[tuple[UUID, UUID], tuple[_Found, str]], at: datetime) -> int:
    """Bring the stored matches in line; gives how many overlaps are new."""
    rows = Match.objects.filter(left_population=pair.left, right_population=pair.right)
    stored = {(row.left_id, row.right_id): row for row in rows.iterator(chunk_size=AT_ONCE)}
    rows.filter(pk__in=[row.pk for key, row in stored.items() if key not in wanted]).delete()
    other = [_told(stored[key], *wanted[key]) for key in wanted if key in stored and not _says(stored[key], *wanted[key])]
    Match.objects.bulk_update(other, ["permille", "matched_on", "state"], batch_size=1_000)
    fresh = [_fresh(partner_id, pair, found, state, at) for key, (found, state) in wanted.items() if key not in stored]
    for start in range(0, len(fresh), AT_ONCE):
        insert_all(Match, fresh[start : start + AT_ONCE])
    news = sum(row["state"] != "split" for row in fresh)
    if news:
        publish(OverlapsFound(partner_id=partner_id, left_population_id=pair.left.pk, right_population_id=pair.right.pk, count=news, at=at))
    return news


def _says(row: Match, found: _Found, state: str) -> bool:
    return (row.permille, row.matched_on, row.state) == (found.permille, found.matched_on[:120], state)


def _told(row: Match, found: _Found, state: str) -> Match:
    row.permille, row.matched_on, row.state = found.permille, found.matched_on[:120], state
    return row


def _fresh(partner_id: UUID, pair: Pair, found: _Found, state: str, at: datetime) -> dict:
    return {
        "id": new_id(),
        "partner_id": partner_id,
        "left_owner_id": pair.left.owner_id,
        "right_owner_id": pair.right.owner_id,
        "left_population_id": pair.left.pk,
        "right_population_id": pair.right.pk,
        "left_id": found.left_id,
        "right_id": found.right_id,
        "permille": found.permille,
        "matched_on": found.matched_on[:120],
        "state": state,
        "found_at": at,
    }
