"""What both sides have: the matrix, the companies of a cell, and those that only the other side has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from openprm.kernel import db
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.mapping import policies
from openprm.mapping.models import Detail, Entry, Match
from openprm.mapping.queries.lists import companies, lists
from openprm.mapping.queries.results import Cell, Joinable, ListView, Matrix, MatrixRow, Overlap, Shown, WordView
from openprm.mapping.rules.sharing import MASKED, Group, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFilters:
    """What the companies of a cell are narrowed to; `sure` and `unsure` are thousandths."""

    text: str = ""
    country: str = ""
    states: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    sure: int = 0
    unsure: int = 0
    with_deals: bool = False


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
    """Own lists against theirs. The database counts, and tells small counts only to whom rows are shown. Raises NotAllowed. Four queries."""
    theirs = shown(actor, partner_id, at)
    counted = {(row["mine"], row["theirs"]): row["companies"] for row in db.rows("select mine, theirs, companies from mapping_cells(%s)", [partner_id])}
    most = max(counted.values(), default=0)
    return Matrix(theirs=theirs, rows=tuple(MatrixRow(list=one, cells=tuple(_cell(one, other, counted, most) for other in theirs)) for one in lists(actor)))


def _cell(mine: ListView, theirs: Shown, counted: dict[tuple[UUID, UUID], int], most: int) -> Cell:
    count = counted.get((mine.id, theirs.id), 0)
    return Cell(mine_id=mine.id, theirs_id=theirs.id, count=None if count == MASKED else count, level=theirs.level, heat=warmth(count, most))


def warmth(count: int, most: int) -> int:
    """The step of a count on the scale from 0 to 5 whose end is `most`."""
    return 0 if count <= 0 else 1 + min(4, count * 5 // (most + 1))


def newest_matches(actor: Actor, mine_id: UUID, theirs_id: UUID, at: datetime, *, with_split: bool = False) -> QuerySet:
    """The matches of a cell, newest first; `overlaps` makes views of them. Raises NotAllowed, NotFound unless rows are shown."""
    policies.refuse_outsider(actor)
    mine = policies.reach(actor).one(mine_id)
    theirs = policies.reach_shown(actor, at, Level.OVERLAPS).one(theirs_id)
    left, right = (mine, theirs) if actor.is_vendor else (theirs, mine)
    rows = policies.reach_matches(actor, at).filter(left_population=left, right_population=right)
    return (rows if with_split else rows.exclude(state="split")).defer("updated_at", "found_at").order_by("-created_at", "-id")


def overlaps(actor: Actor, rows: Iterable[Match], at: datetime) -> tuple[Overlap, ...]:
    """Matches with both rows, as this actor sees them. Three queries."""
    found = list(rows)
    wanted = policies.among({pk for one in found for pk in (one.left_id, one.right_id)})
    entries = {row.pk: row for row in Entry.objects.filter(pk__in=wanted).defer("updated_at")}
    views = {view.id: view for view in companies(actor, entries.values(), at)}
    words = _words(actor, found, entries)
    return tuple(
        Overlap(
            id=one.pk,
            partner_id=one.partner_id,
            mine_list_id=one.left_population_id if actor.is_vendor else one.right_population_id,
            theirs_list_id=one.right_population_id if actor.is_vendor else one.left_population_id,
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
    own, other = ("left", "right") if actor.is_vendor else ("right", "left")
    lists = {f"{other}_population": theirs} | ({f"{own}_population": mine_id} if mine_id else {})
    matches = Match.objects.filter(**lists, **{f"{own}_owner": policies.home_of(actor), other: OuterRef("pk")}).exclude(state="split")
    return Entry.objects.filter(~Exists(matches), population=theirs).order_by("-created_at", "-id")


def met(actor: Actor, partner_id: UUID, at: datetime) -> QuerySet:
    """The live matches with one partner that the actor sees."""
    return policies.reach_matches(actor, at).filter(partner=partner_id).exclude(state="split")


def found_with(actor: Actor, mine_id: UUID, theirs_id: UUID, at: datetime, filters: CellFilters) -> QuerySet:
    """The matches of a cell that fit; with what people split only where that was asked for. Raises NotAllowed, NotFound."""
    rows = newest_matches(actor, mine_id, theirs_id, at, with_split="split" in filters.states)
    return _fitting(actor, rows, filters, Entry.objects.filter(population=mine_id), Entry.objects.filter(population=theirs_id))


def to_review(actor: Actor, partner_id: UUID, at: datetime, filters: CellFilters) -> QuerySet:
    """Pairs with one other side that nobody has said anything of, unless a state was asked for. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    rows = policies.reach_matches(actor, at).filter(partner=partner_id)
    mine, theirs = (
        Entry.objects.filter(population__in=lists.values("pk")) for lists in (policies.reach(actor), policies.reach_shown(actor, at, Level.OVERLAPS))
    )
    return _fitting(actor, rows if filters.states else rows.filter(state="found"), filters, mine, theirs)


def _fitting(actor: Actor, rows: QuerySet, filters: CellFilters, mine: QuerySet, theirs: QuerySet) -> QuerySet:
    """The matches that fit; `mine` and `theirs` are the companies among which is searched, each read once."""
    own, other = ("left", "right") if actor.is_vendor else ("right", "left")
    if filters.states:
        rows = rows.filter(state__in=filters.states)
    if filters.sure:
        rows = rows.filter(permille__gte=filters.sure)
    if filters.unsure:
        rows = rows.filter(permille__lt=filters.unsure)
    for word in filters.reasons:
        rows = rows.filter(matched_on__contains=word)
    for asked in ({"text": filters.text}, {"country": filters.country}):
        if any(asked.values()):
            found = ((side, narrowed(of, **asked).values("pk")) for side, of in ((own, mine), (other, theirs)))
            rows = rows.filter(reduce(or_, (Q(**{f"{side}__in": fitting}) for side, fitting in found)))
    if filters.with_deals:
        rows = rows.filter(Exists(Detail.objects.filter(entry=OuterRef(own), section=Group.DEALS, owner=policies.home_of(actor))))
    return rows


def one_overlap(actor: Actor, match_id: UUID, at: datetime) -> Overlap:
    """One pair, also a split one. Raises NotAllowed, NotFound."""
    policies.refuse_outsider(actor)
    found = overlaps(actor, [policies.reach_matches(actor, at).one(match_id)], at)
    if not found:
        raise NotFound()
    return found[0]


def words_on(actor: Actor, one: Overlap) -> tuple[WordView, ...]:
    """What people of the own side said of a pair, newest first."""
    mine, theirs = ("left", "right") if actor.is_vendor else ("right", "left")
    keys = dict(Entry.objects.filter(pk__in=[one.mine.id, one.theirs.id]).values_list("pk", "key"))
    lists = {f"{mine}_population": one.mine_list_id, f"{theirs}_population": one.theirs_list_id}
    rows = policies.reach_verdicts(actor).filter(**lists, **{f"{mine}_key": keys[one.mine.id], f"{theirs}_key": keys[one.theirs.id]})
    return tuple(
        WordView(id=row.pk, is_same=row.is_same, person=row.by.name if row.by else "", note=row.note, decided_at=row.decided_at, undone_at=row.undone_at)
        for row in rows.select_related("by").order_by("-decided_at", "-pk")[:20]
    )


def joinable(actor: Actor, partner_id: UUID, at: datetime, *, own: str, other: str, most: int) -> Joinable:
    """Own companies, and those of the other side that are shown, by a part of their names. Nothing before a name is asked for. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    mine = Entry.objects.filter(population__in=policies.reach(actor).values("pk"))
    grants = policies.live_grants(actor, at, Level.OVERLAPS).filter(partner=partner_id)
    met_rows = met(actor, partner_id, at).values("right" if actor.is_vendor else "left")
    whole = grants.filter(level__gte=int(Level.ALL)).values("population")
    theirs = Entry.objects.filter(Q(population__in=whole) | Q(population__in=grants.values("population"), pk__in=met_rows))
    rows = {
        name: list(narrowed(found, text=text).order_by("name", "pk")[:most]) if text else []
        for name, found, text in (("own", mine, own), ("other", theirs, other))
    }
    seen: dict[UUID, int] = {}
    for row in rows["other"]:
        seen[row.population_id] = seen.get(row.population_id, 0) + 1
    return Joinable(own=companies(actor, rows["own"], at), theirs=companies(actor, rows["other"], at), seen=seen)


def narrowed(rows: QuerySet, *, text: str = "", country: str = "") -> QuerySet:
    """Companies of a list by a part of their name or domain, and by country."""
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(domain__icontains=text))
    return rows.filter(country__iexact=country) if country else rows


def cell_order(actor: Actor) -> dict[str, str]:
    """The sorts of a cell as field paths."""
    mine, theirs = ("left", "right") if actor.is_vendor else ("right", "left")
    return {"mine": f"{mine}__name", "theirs": f"{theirs}__name", "country": f"{theirs}__country", "sure": "permille", "found": "created_at"}
