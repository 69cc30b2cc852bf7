"""Prospects: the board, the list, one of them as a reference for others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from openprm.kernel.actor import Actor
from openprm.kernel.domains import normal_domain
from openprm.kernel.models import ScopedQuerySet
from openprm.recruitment import policies
from openprm.recruitment.models import CompanyScore, Prospect
from openprm.recruitment.rules.stages import OPEN, Stage
from openprm.recruitment.wording import STAGE, source_words
from openprm.ui.paging import PageRequest, Slice, slice_of

MOST_CARDS = 30
RECENT = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProspectRow:
    """One prospect, on the list and as a card. Points are those of its program, or the best of all programs."""

    id: UUID
    company_id: UUID
    name: str
    domain: str
    country: str
    stage: str
    stage_since: datetime
    owner: str
    owner_id: UUID | None
    program: str
    program_id: UUID | None
    source: str
    next_step: str
    next_step_date: date | None
    points: int | None
    could_reach: int | None
    fit: str
    missing_percent: int | None
    starred: bool
    created_at: datetime
    version: int
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    key: str
    title: str
    tone: str
    count: int
    cards: tuple[ProspectRow, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    lanes: tuple[Lane, ...]
    count: int
    late: int
    moves: tuple[tuple[str, str], ...]
    may_move: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProspectRef:
    """A prospect for other domains."""

    prospect_id: UUID
    company_id: UUID
    program_id: UUID | None
    stage: str


SORTS = {
    "name": "company__name",
    "stage": "stage",
    "score": "score_points",
    "owner": "owner__name",
    "next": "next_step_date",
    "since": "stage_since",
    "created_at": "created_at",
}


def list_prospects(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, today: date) -> Slice:
    """A page of the list. Two queries."""
    return slice_of(prospect_rows(actor, search=search, filters=filters), page, order_by=SORTS).map(lambda row: prospect_row(row, today))


def export_prospects(actor: Actor, *, search: str = "", filters: Mapping[str, Any], today: date) -> Iterator[ProspectRow]:
    for row in prospect_rows(actor, search=search, filters=filters).order_by("company__name", "pk").iterator(chunk_size=1000):
        yield prospect_row(row, today)


def prospect_rows(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> ScopedQuerySet:
    """Rows that `prospect_row` reads."""
    scores = CompanyScore.objects.filter(company=OuterRef("company"))
    undecided = Exists(Prospect.objects.filter(pk=OuterRef(OuterRef("pk")), program=None))
    best = scores.filter(Q(program=OuterRef("program")) | undecided).order_by("-points", "pk")
    rows = policies.reach(actor).select_related("company", "owner", "program")
    rows = rows.annotate(**{f"score_{name}": Subquery(best.values(name)[:1]) for name in ("points", "could_reach", "fit", "missing_percent")})
    for name, column in _COLUMNS.items():
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    if value := filters.get("fit"):
        rows = rows.filter(score_fit__in=value)
    if filters.get("open"):
        rows = rows.filter(stage__in=OPEN)
    if search:
        rows = rows.filter(Q(company__name__icontains=search) | Q(company__domain__icontains=search) | Q(next_step__icontains=search))
    return rows


_COLUMNS = {"stage": "stage", "owner": "owner", "program": "program", "country": "company__country", "source": "source"}


def prospect_row(row: Any, today: date) -> ProspectRow:
    is_open = row.stage in OPEN
    return ProspectRow(
        id=row.pk,
        company_id=row.company_id,
        name=row.company.name,
        domain=row.company.domain,
        country=row.company.country,
        stage=row.stage,
        stage_since=row.stage_since,
        owner=row.owner.name if row.owner else "",
        owner_id=row.owner_id,
        program=row.program.name if row.program else "",
        program_id=row.program_id,
        source=row.source,
        next_step=row.next_step,
        next_step_date=row.next_step_date,
        points=row.score_points,
        could_reach=row.score_could_reach,
        fit=row.score_fit or "",
        missing_percent=row.score_missing_percent,
        starred=row.company.starred_at is not None,
        created_at=row.created_at,
        version=row.version,
        is_late=is_open and row.next_step_date is not None and row.next_step_date < today,
    )


def board(actor: Actor, *, at: datetime, owner_id: UUID | None = None) -> Board:
    """Prospects by stage, the best fit first; the last lane holds the partners made in the last 90 days."""
    rows = prospect_rows(actor, filters={"owner": owner_id} if owner_id else {})
    lanes = [_lane(stage, rows.filter(stage=stage).order_by(F("score_points").desc(nulls_last=True), "pk"), at) for stage in OPEN]
    since = at - RECENT
    lanes.append(_lane(Stage.CONVERTED, rows.filter(stage=Stage.CONVERTED, converted_at__gte=since).order_by("-converted_at", "pk"), at))
    return Board(
        lanes=tuple(lanes),
        count=sum(lane.count for lane in lanes[:-1]),
        late=rows.filter(stage__in=OPEN, next_step_date__lt=at.date()).count(),
        moves=tuple((str(stage), str(STAGE[stage][0])) for stage in OPEN),
        may_move=policies.why_not_manage(actor) is None,
    )


def _lane(stage: Stage, rows: QuerySet, at: datetime) -> Lane:
    found, title, today = list(rows[: MOST_CARDS + 1]), STAGE[stage], at.date()
    count = len(found) if len(found) <= MOST_CARDS else rows.count()
    cards = tuple(prospect_row(row, today) for row in found[:MOST_CARDS])
    return Lane(key=str(stage), title=str(title[0]), tone=title[1], count=count, cards=cards, more=count - len(cards))


def find_prospect(*, domain: str = "", email: str = "") -> ProspectRef | None:
    """The prospect of a company with this web domain or this contact; None when there is none. Runs in the caller's scope."""
    own = normal_domain(domain)
    rows = Prospect.objects.select_related("company").order_by("-created_at")
    found = rows.filter(company__domain=own).first() if own else None
    if found is None and email:
        found = rows.filter(Q(company__contacts__email__iexact=email) | Q(company__domain=normal_domain(email) or "-")).first()
    if found is None:
        return None
    return ProspectRef(prospect_id=found.pk, company_id=found.company_id, program_id=found.program_id, stage=found.stage)


def open_count(actor: Actor) -> int:
    return policies.reach(actor).filter(stage__in=OPEN).count()


def sources(actor: Actor) -> tuple[tuple[str, str], ...]:
    found = policies.reach(actor).exclude(source="").order_by("source").values_list("source", flat=True).distinct()[:50]
    return tuple((source, source_words(source)) for source in found)
