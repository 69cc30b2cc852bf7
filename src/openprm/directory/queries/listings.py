"""The locator: what a visitor finds, how far away it is, and one partner's public page. Needs no sign-in."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import connection
from django.db.models import F, FloatField, Min, Q, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

from openprm.directory import policies
from openprm.directory.models import ListedOffice, Listing, Place, Settings
from openprm.directory.rules.geo import EARTH_KM, FARTHEST, NEAREST, Point, box_around, point_of
from openprm.directory.rules.profile import key_of
from openprm.identity.queries.organizations import logo_url
from openprm.kernel.countries import country_name
from openprm.kernel.errors import NotFound
from openprm.kernel.memory import Remembered
from openprm.kernel.models import ScopedQuerySet

PAGE = 24
DEFAULT_KM = 100
MOST_PAGES = 400
_OFFERED = Remembered("directory.offered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a visitor looks for. `near` is a town or "lat,lon"; `tier` is "program/tier"."""

    text: str = ""
    program: str = ""
    tier: str = ""
    service: str = ""
    industry: str = ""
    language: str = ""
    country: str = ""
    near: str = ""
    within_km: int = DEFAULT_KM
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        return any((self.text, self.program, self.tier, self.service, self.industry, self.language, self.country, self.near))


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    name: str
    country: str
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeView:
    program: str
    program_name: str
    tier: str
    tier_name: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOfficeView:
    label: str
    street: str
    postal_code: str
    city: str
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceView:
    """A published reference: nothing of who agreed to it."""

    customer: str
    country: str
    industry: str
    title: str
    story: str
    quote: str
    quoted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A partner in the results. `distance_km` is that of its nearest office, when a place was named."""

    id: UUID
    slug: str
    name: str
    summary: str
    logo_url: str
    services: tuple[str, ...]
    industries: tuple[str, ...]
    countries: tuple[str, ...]
    city: str
    grades: tuple[GradeView, ...]
    reference_count: int
    distance_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of what was found. `town` is the place that was understood, `guesses` are others when it was not."""

    rows: tuple[Found, ...]
    total: int
    page: int
    pages: int
    town: Town | None = None
    guesses: tuple[Town, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingView:
    partner_id: UUID
    slug: str
    name: str
    summary: str
    description: str
    logo_url: str
    website: str
    services: tuple[str, ...]
    products: tuple[str, ...]
    industries: tuple[str, ...]
    languages: tuple[str, ...]
    regions: tuple[str, ...]
    certifications: tuple[str, ...]
    countries: tuple[str, ...]
    grades: tuple[GradeView, ...]
    offices: tuple[ListedOfficeView, ...]
    references: tuple[ReferenceView, ...]
    takes_messages: bool
    since: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What the filters offer: only what some partner has, the most frequent first."""

    programs: tuple[tuple[str, str], ...] = ()
    grades: tuple[GradeView, ...] = ()
    grade_counts: Mapping[str, int] = field(default_factory=dict)
    services: tuple[tuple[str, int], ...] = ()
    industries: tuple[tuple[str, int], ...] = ()
    languages: tuple[tuple[str, int], ...] = ()
    countries: tuple[tuple[str, int], ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How the vendor presents its directory."""

    heading: str
    lead: str
    is_open: bool


def words() -> Words:
    row = Settings.objects.first()
    return Words(heading=row.heading, lead=row.lead, is_open=row.is_open) if row else Words(heading="", lead="", is_open=True)


def find(wanted: Wanted) -> Results:
    """A page of listings. Four queries at most: the town, the count, the page, and the towns of its partners."""
    town, guesses = _understood(wanted.near)
    rows = _narrowed(wanted)
    if wanted.near:
        rows = _near(rows, town.point, wanted.within_km) if town else rows.none()
    total = rows.count()
    pages = max(1, min(MOST_PAGES, -(-total // PAGE)))
    page = min(max(1, wanted.page), pages)
    ordered = rows.order_by(*_order(wanted))[(page - 1) * PAGE : page * PAGE] if total else ()
    return Results(rows=_with_towns(ordered), total=total, page=page, pages=pages, town=town, guesses=guesses)


def listing(slug: str) -> ListingView:
    """One public profile. Raises NotFound. Two queries."""
    row = policies.listings().filter(slug=slug).first()
    if row is None:
        raise NotFound()
    return _view(row, ListedOffice.objects.filter(listing=row))


def slug_of_partner(partner_id: UUID) -> str | None:
    return policies.listings().filter(partner=partner_id).values_list("slug", flat=True).first()


def slugs() -> list[tuple[str, datetime]]:
    """Every public profile with the moment of its last change, for the sitemap."""
    return list(policies.listings().order_by("slug").values_list("slug", "updated_at"))


def offered() -> Offered:
    """The choices of the filters: one query, remembered for a moment."""
    return _OFFERED.get(find=_offered)


def points(wanted: Wanted, most: int = 1500) -> list[tuple[float, float, str, str]]:
    """Where the found partners are: latitude, longitude, name and address part of each office. One query, for the map."""
    rows = _narrowed(replace(wanted, near=""))
    offices = ListedOffice.objects.filter(listing__in=rows.values("pk")).order_by("-listing__rank", "listing__name", "place")
    return list(offices.values_list("latitude", "longitude", "listing__name", "listing__slug")[:most])


def _understood(near: str) -> tuple[Town | None, tuple[Town, ...]]:
    """The place that a visitor named; the largest of several towns of that name."""
    if not near:
        return None, ()
    if point := point_of(near):
        return Town(name=near, country="", point=point), ()
    name, _comma, where = near.partition(",")
    rows = Place.objects.filter(keys__contains=[key_of(name)]).order_by("-population")
    found = [_town(row) for row in rows[:6]]
    if where.strip():
        found = sorted(found, key=lambda town: not _is_in(town, where))
    return (found[0], tuple(found[1:4])) if found else (None, _alike(key_of(name)))


def _alike(key: str) -> tuple[Town, ...]:
    if len(key) < 3:
        return ()
    rows = Place.objects.filter(key__trigram_similar=key).annotate(likeness=TrigramWordSimilarity(key, "key")).order_by("-likeness", "-population")
    return tuple(_town(row) for row in rows[:3])


def _is_in(town: Town, where: str) -> bool:
    return key_of(where) in (town.country.casefold(), key_of(country_name(town.country)))


def _town(row: Place) -> Town:
    return Town(name=row.name, country=row.country, point=Point(row.latitude, row.longitude))


_ARRAYS = {"service": "services", "industry": "industries", "language": "languages", "country": "countries", "program": "programs", "tier": "grades"}


def _narrowed(wanted: Wanted) -> ScopedQuerySet:
    rows = policies.listings()
    for name, column in _ARRAYS.items():
        if value := getattr(wanted, name):
            rows = rows.filter(**{f"{column}__contains": [value]})
    if query := _query(wanted.text):
        name = key_of(wanted.text)
        rows = rows.filter(Q(search=query) | Q(name_key__contains=name) | Q(name_key__trigram_word_similar=name)).annotate(
            relevance=SearchRank(F("search"), query)
        )
    elif wanted.text:
        rows = rows.none()
    return rows


def _query(text: str) -> SearchQuery | None:
    """All words, the last letters of each left open: "cloud sec" finds "Cloud security"."""
    parts = key_of(text).split()[:8]
    return SearchQuery(" & ".join(f"{part}:*" for part in parts), search_type="raw", config="simple") if parts else None


def _order(wanted: Wanted) -> tuple[Any, ...]:
    if wanted.near:
        return ("distance", "name", "pk")
    if wanted.text:
        return ("-relevance", "-rank", "name", "pk")
    return ("-rank", "name", "pk")


def _near(rows: ScopedQuerySet, center: Point, km: int) -> ScopedQuerySet:
    """Partners with an office in the circle: the index finds the box, the haversine formula the circle in it."""
    box = box_around(center, min(max(NEAREST, km), FARTHEST))
    ranges = Q()
    for west, east in box.longitudes:
        ranges |= Q(offices__longitude__gte=west, offices__longitude__lte=east)
    inside = rows.filter(ranges, offices__latitude__gte=box.south, offices__latitude__lte=box.north)
    return inside.annotate(distance=Min(_haversine(center, "offices__"))).filter(distance__lte=km)


def _haversine(center: Point, prefix: str) -> Any:
    """rules.geo.distance_km in SQL."""
    latitude, longitude = F(f"{prefix}latitude"), F(f"{prefix}longitude")
    rise = Power(Sin((Radians(latitude) - Radians(Value(center.latitude))) / 2), 2)
    turn = Power(Sin((Radians(longitude) - Radians(Value(center.longitude))) / 2), 2)
    chord = rise + Cos(Radians(Value(center.latitude))) * Cos(Radians(latitude)) * turn
    return Value(2 * EARTH_KM) * ASin(Least(Value(1.0), Sqrt(chord)), output_field=FloatField())


def _with_towns(rows: Iterable[Listing]) -> tuple[Found, ...]:
    rows = list(rows)
    towns: dict[UUID, str] = {}
    for listing_id, city in ListedOffice.objects.filter(listing__in=[row.pk for row in rows]).order_by("place").values_list("listing", "city") if rows else ():
        towns.setdefault(listing_id, city)
    return tuple(_found(row, towns.get(row.pk, "")) for row in rows)


def _found(row: Listing, city: str) -> Found:
    return Found(
        id=row.partner_id,
        slug=row.slug,
        name=row.name,
        summary=row.summary,
        logo_url=logo_url(row.logo),
        services=tuple(row.services),
        industries=tuple(row.industries),
        countries=tuple(row.countries),
        city=city,
        grades=_grades(row),
        reference_count=row.reference_count,
        distance_km=getattr(row, "distance", None),
    )


def _grades(row: Listing) -> tuple[GradeView, ...]:
    return tuple(GradeView(**grade) for grade in row.grade_names)


def _view(row: Listing, offices: Iterable[ListedOffice]) -> ListingView:
    names = [one.name for one in ListedOfficeView.__dataclass_fields__.values()]
    return ListingView(
        partner_id=row.partner_id,
        slug=row.slug,
        name=row.name,
        summary=row.summary,
        description=row.description,
        logo_url=logo_url(row.logo),
        website=row.website,
        services=tuple(row.services),
        products=tuple(row.products),
        industries=tuple(row.industries),
        languages=tuple(row.languages),
        regions=tuple(row.regions),
        certifications=tuple(row.certifications),
        countries=tuple(row.countries),
        grades=_grades(row),
        offices=tuple(ListedOfficeView(**{name: getattr(office, name) for name in names}) for office in offices),
        references=tuple(ReferenceView(**{name: one[name] for name in ReferenceView.__dataclass_fields__}) for one in row.references),
        takes_messages=row.takes_messages,
        since=row.since,
        updated_at=row.updated_at,
    )


_COUNTS = """
select 'services', v, count(*), null::text from directory_listing, unnest(services) v group by v
union all select 'industries', v, count(*), null from directory_listing, unnest(industries) v group by v
union all select 'languages', v, count(*), null from directory_listing, unnest(languages) v group by v
union all select 'countries', v, count(*), null from directory_listing, unnest(countries) v group by v
union all select 'grades', (g->>'program') || '/' || (g->>'tier'), count(*), (array_agg(g))[1]::text
  from directory_listing, jsonb_array_elements(grade_names) g group by 2
union all select 'total', '', count(*), null from directory_listing
"""


def _offered() -> Offered:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        rows = cursor.fetchall()
    counts: dict[str, list[tuple[str, int]]] = {}
    for kind, value, count, _grade in sorted(rows, key=lambda row: (-row[2], row[1])):
        counts.setdefault(kind, []).append((value, count))
    grades = sorted((GradeView(**json.loads(grade)) for _kind, _value, _count, grade in rows if grade), key=lambda grade: (grade.program_name, -grade.rank))
    return Offered(
        programs=tuple({grade.program: grade.program_name for grade in grades}.items()),
        grades=tuple(grades),
        grade_counts=dict(counts.get("grades", ())),
        services=tuple(counts.get("services", ())),
        industries=tuple(counts.get("industries", ())),
        languages=tuple(counts.get("languages", ())),
        countries=tuple(counts.get("countries", ())),
        total=counts["total"][0][1],
    )
