"""Comparing the lists of the vendor and a partner, by the system, and keeping what people said about pairs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from uuid import UUID

import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from openprm.analytics.spark import spark_configured, spark_session
from openprm.kernel.batches import insert_all
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id
from openprm.mapping import policies
from openprm.mapping.engine.companies import Companies, read_companies
from openprm.mapping.engine.distributed import mapping_on
from openprm.mapping.engine.keeping import Kept, packed, same_rows, unpacked
from openprm.mapping.engine.matching import Mapping as Compared
from openprm.mapping.engine.matching import compare, refresh
from openprm.mapping.events import OverlapsFound
from openprm.mapping.models import Comparison, Consent, Entry, Grant, Match, Population, Verdict
from openprm.mapping.queries.ruling import current
from openprm.mapping.services.counts import take_counts
from openprm.mapping.services.deciding import BY_A_PERSON
from openprm.mapping.services.preparing import columns_of, companies_of
from openprm.mapping.services.sharing import partners_of

GROWN = 5
"""When a fifth of the rows of both lists came or went, words weigh differently: the lists are compared in full by new standards."""
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Pair:
    left: Population
    right: Population


Key = tuple[str, str]  # the ids of two rows
Told = tuple[int, str, str]  # thousandths, what the match is made of, state


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


def match_all(*, at: datetime) -> int:
    """Compare everything anew, of every partner with whom both sides agreed; gives how many overlaps are new."""
    partners = sorted(set(Consent.objects.filter(ended_at=None).values_list("partner", flat=True)))
    return sum(match(partner_id=partner_id, at=at) for partner_id in partners)


def _forget_others(partner_id: UUID, pairs: Iterable[Pair]) -> None:
    kept = {(pair.left.pk, pair.right.pk) for pair in pairs}
    for left, right in Match.objects.filter(partner=partner_id).values_list("left_population", "right_population").distinct().order_by():
        if (left, right) not in kept:
            Match.objects.filter(left_population=left, right_population=right).delete()
    for one in Comparison.objects.filter(partner=partner_id).only("pk", "left_population", "right_population"):
        if (one.left_population_id, one.right_population_id) not in kept:
            one.delete()


def _match(partner_id: UUID, pair: Pair, at: datetime) -> int:
    left, right = companies_of(pair.left.pk), companies_of(pair.right.pk)
    told = _compared(partner_id, pair, left, right, at) if len(left) and len(right) else {}
    for key, (state, permille) in _said(pair).items():
        score, why, _state = told.get(key, (1000 if permille is None else permille, BY_A_PERSON, ""))
        told[key] = (score, why, state)
    return _write(partner_id, pair, told, at)


def _compared(partner_id: UUID, pair: Pair, left: Companies, right: Companies, at: datetime) -> dict[Key, Told]:
    """What the engine finds. Of lists that were compared before, in whatever process, only what has changed is compared again."""
    before = _before(pair, left, right)
    mapping = refresh(before, left, right) if before else _whole(pair, left, right)  # type: ignore[arg-type]
    if before is None or not same_rows(before, left, right):
        _keep(partner_id, pair, mapping, at)
    permille, one_only = current()
    found = mapping.matches(threshold=permille / 1000, one_only=one_only)
    keys = zip(*(side.ids.take(pa.array(rows)).to_pylist() for side, rows in ((left, found.left), (right, found.right))), strict=True)
    scores = np.minimum(1000, np.round(found.score * 1000)).astype(int).tolist()
    return dict(zip(keys, zip(scores, (why[:120] for why in found.matched_on), repeat("found")), strict=False))


def _whole(pair: Pair, left: Companies, right: Companies) -> Compared:
    """Two lists compared in full: by Spark where it is configured. Raises SparkMissing where it is and cannot be."""
    if not spark_configured():
        return compare(left, right)
    session, columns = spark_session(), (columns_of(pair.left.pk), columns_of(pair.right.pk))
    left, right = (read_companies(told) for told in columns)  # in the order of the columns
    return mapping_on(session, left, right, columns)


def _before(pair: Pair, left: Companies, right: Companies) -> Kept | None:
    """The last comparison of these lists, unless too much has changed since for its standards to hold."""
    row = Comparison.objects.filter(left_population=pair.left, right_population=pair.right).first()
    kept = unpacked(bytes(row.kept)) if row else None
    if kept is None:
        return None
    moved = abs(len(left) - len(kept.left)) + abs(len(right) - len(kept.right))
    return None if moved * GROWN > len(kept.left) + len(kept.right) else kept


def _keep(partner_id: UUID, pair: Pair, mapping: Compared, at: datetime) -> None:
    values = {"partner_id": partner_id, "kept": packed(mapping), "rows": len(mapping.left) + len(mapping.right), "compared_at": at}
    Comparison.objects.update_or_create(left_population=pair.left, right_population=pair.right, defaults=values)


def _said(pair: Pair) -> dict[Key, tuple[str, int | None]]:
    """What people said of rows that are still there, by the rows' ids, with the score of then. A pair that they called the same is "confirmed"."""
    words = Verdict.objects.filter(left_population=pair.left, right_population=pair.right, undone_at=None)
    told = {(word.left_key, word.right_key): ("confirmed" if word.is_same else "split", word.permille) for word in words}
    lefts, rights = _ids_of(pair.left, {key[0] for key in told}), _ids_of(pair.right, {key[1] for key in told})
    return {(lefts[a], rights[b]): found for (a, b), found in told.items() if a in lefts and b in rights}


def _ids_of(population: Population, keys: set[str]) -> dict[str, str]:
    return {key: str(pk) for key, pk in Entry.objects.filter(population=population, key__in=keys).values_list("key", "pk")}


STORED = (
    "select id::text, left_id::text, right_id::text, permille, matched_on, state from mapping_match where left_population_id = %s and right_population_id = %s"
)


def _stored(pair: Pair) -> dict[Key, tuple[str, Told]]:
    """The stored matches by their rows: (id, what is told of them)."""
    with connection.cursor() as cursor:
        cursor.execute(STORED, [pair.left.pk, pair.right.pk])
        return {(left, right): (pk, (permille, why, state)) for pk, left, right, permille, why, state in cursor.fetchall()}


def _write(partner_id: UUID, pair: Pair, told: dict[Key, Told], at: datetime) -> int:
    """Bring the stored matches in line; gives how many overlaps are new."""
    stored = _stored(pair)
    gone = [pk for key, (pk, _told) in stored.items() if key not in told]
    Match.objects.filter(pk__in=policies.among(gone)).delete()
    _tell_anew({stored[key][0]: said for key, said in told.items() if key in stored and stored[key][1] != said})
    fresh = [_fresh(partner_id, pair, key, said, at) for key, said in told.items() if key not in stored]
    for start in range(0, len(fresh), AT_ONCE):
        insert_all(Match, fresh[start : start + AT_ONCE])
    take_counts(len(gone) + len(fresh))
    news = sum(row["state"] != "split" for row in fresh)
    if news:
        publish(OverlapsFound(partner_id=partner_id, left_population_id=pair.left.pk, right_population_id=pair.right.pk, count=news, at=at))
    return news


CHANGED = """
update mapping_match m set permille = r.permille, matched_on = r.matched_on, state = r.state, updated_at = now()
  from unnest(%s::uuid[], %s::int[], %s::text[], %s::text[]) as r(id, permille, matched_on, state) where m.id = r.id
"""


def _tell_anew(told: dict[str, Told]) -> None:
    if told:
        with connection.cursor() as cursor:
            cursor.execute(CHANGED, [list(told), *map(list, zip(*told.values(), strict=True))])


def _fresh(partner_id: UUID, pair: Pair, key: Key, told: Told, at: datetime) -> dict:
    permille, matched_on, state = told
    return {
        "id": new_id(),
        "partner_id": partner_id,
        "left_owner_id": pair.left.owner_id,
        "right_owner_id": pair.right.owner_id,
        "left_population_id": pair.left.pk,
        "right_population_id": pair.right.pk,
        "left_id": key[0],
        "right_id": key[1],
        "permille": permille,
        "matched_on": matched_on,
        "state": state,
        "found_at": at,
    }
