"""What both sides have: the matrix, the companies of a cell, and those that only the other side has."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from openprm.identity import queries as identity
from openprm.kernel import db
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.mapping.models import Entry, Match
from openprm.mapping.queries.lists import companies, lists
from openprm.mapping.queries.results import Cell, ListView, Matrix, MatrixRow, Overlap, PartnerAt, Shown
from openprm.mapping.rules.sharing import MASKED, Level


def shown(actor: Actor, partner_id: UUID, at: datetime) -> tuple[Shown, ...]:
    """The lists of the other side of which something is shown. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    grants = policies.live_grants(actor, at).filter(partner=partner_id).select_related("population").order_by("population__kind", "population__name")
    return tuple(
        Shown(
            id=grant.population_id,
            name=grant.population.name,
            kind=grant.population.kind,
            row_count=grant.population.row_count,
            level=Level(grant.level).code,
            fields=tuple(grant.fields),
            purpose=grant.purpose,
            expires_at=grant.expires_at,
        )
        for grant in grants
    )


def matrix(actor: Actor, partner_id: UUID, at: datetime) -> Matrix:
    """Own lists against theirs. The database counts, and tells small counts only to whom rows are shown. Raises NotAllowed. Five queries."""
    theirs = shown(actor, partner_id, at)
    counted = {(row["mine"], row["theirs"]): row["companies"] for row in db.rows("select mine, theirs, companies from mapping_cells(%s)", [partner_id])}
    most = max(counted.values(), default=0)
    return Matrix(theirs=theirs, rows=tuple(MatrixRow(list=one, cells=tuple(_cell(one, other, counted, most) for other in theirs)) for one in lists(actor)))


def _cell(mine: ListView, theirs: Shown, counted: dict[tuple[UUID, UUID], int], most: int) -> Cell:
    count = counted.get((mine.id, theirs.id), 0)
    heat = 0 if count <= 0 else 1 + min(4, count * 5 // (most + 1))
    return Cell(mine_id=mine.id, theirs_id=theirs.id, count=None if count == MASKED else count, level=theirs.level, heat=heat)


def newest_matches(actor: Actor, mine_id: UUID, theirs_id: UUID, at: datetime, *, with_split: bool = False) -> QuerySet:
    """The matches of a cell, newest first; `overlaps` makes views of them. Raises NotAllowed, NotFound unless rows are shown."""
    policies.refuse_outsider(actor)
    mine = policies.reach(actor).one(mine_id)
    theirs = policies.reach_shown(actor, at, Level.OVERLAPS).one(theirs_id)
    left, right = (mine, theirs) if actor.is_vendor else (theirs, mine)
    rows = policies.reach_matches(actor, at).filter(left_population=left, right_population=right)
    return (rows if with_split else rows.exclude(state="split")).order_by("-created_at", "-id")


def overlaps(actor: Actor, rows: Iterable[Match], at: datetime) -> tuple[Overlap, ...]:
    """Matches with both rows, as this actor sees them. Three queries."""
    found = list(rows)
    entries = {row.pk: row for row in Entry.objects.filter(pk__in=[pk for one in found for pk in (one.left_id, one.right_id)])}
    views = {view.id: view for view in companies(actor, entries.values(), at)}
    words = _words(actor, found, entries)
    return tuple(
        Overlap(
            id=one.pk,
            mine=views[one.left_id if actor.is_vendor else one.right_id],
            theirs=views[one.right_id if actor.is_vendor else one.left_id],
            percent=round(one.permille / 10),
            matched_on=tuple(word for word in one.matched_on.split("+") if word),
            state=one.state,
            verdict_id=words.get(one.pk),
            created_at=one.created_at,
        )
        for one in found
        if one.left_id in views and one.right_id in views
    )


def _words(actor: Actor, rows: Sequence[Match], entries: dict[UUID, Entry]) -> dict[UUID, UUID]:
    """The own side's standing word on each match, by match."""
    keys = {(entries[one.left_id].key, entries[one.right_id].key): one.pk for one in rows if one.left_id in entries and one.right_id in entries}
    said = policies.reach_verdicts(actor).filter(undone_at=None, left_population__in={one.left_population_id for one in rows})
    found = said.filter(left_key__in={key[0] for key in keys}).values_list("left_key", "right_key", "pk")
    return {keys[a, b]: pk for a, b, pk in found if (a, b) in keys}


def whitespace(actor: Actor, theirs_id: UUID, at: datetime, mine_id: UUID | None = None) -> QuerySet:
    """Companies of their list that no own list has (or the given one has not): only where all of it is shown. Raises NotAllowed, NotFound."""
    policies.refuse_outsider(actor)
    theirs = policies.reach_shown(actor, at, Level.ALL).one(theirs_id)
    if mine_id:
        policies.reach(actor).one(mine_id)
    own, other = ("left_population", "right") if actor.is_vendor else ("right_population", "left")
    matches = policies.reach_matches(actor, at).exclude(state="split").filter(**{other: OuterRef("pk")}, **({own: mine_id} if mine_id else {}))
    return Entry.objects.filter(~Exists(matches), population=theirs).order_by("-created_at", "-id")


def met(actor: Actor, partner_id: UUID, at: datetime) -> QuerySet:
    """The live matches with one partner that the actor sees."""
    return policies.reach_matches(actor, at).filter(partner=partner_id).exclude(state="split")


def partners_at(actor: Actor, account_id: UUID, at: datetime) -> tuple[PartnerAt, ...]:
    """The partners that know a company of the vendor's records, those that have it as a customer first. For rooms above, per open deal."""
    if not actor.is_vendor or policies.home_of(actor) is None:
        return ()
    rows = policies.reach_matches(actor, at).exclude(state="split").filter(left__key=str(account_id))
    found: dict[UUID, tuple[set[str], int]] = {}
    for partner_id, kind, permille in rows.values_list("partner", "right_population__kind", "permille"):
        kinds, best = found.get(partner_id, (set(), 0))
        found[partner_id] = kinds | {kind}, max(best, permille)
    with system_scope():
        names = identity.organization_names(found)
    views = [PartnerAt(partner_id=pk, partner=names.get(pk, ""), kinds=tuple(sorted(kinds)), percent=round(best / 10)) for pk, (kinds, best) in found.items()]
    return tuple(sorted(views, key=lambda one: ("customers" not in one.kinds, -one.percent, one.partner)))
