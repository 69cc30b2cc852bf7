"""Searching the public directory, and the messages it brings."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field, StringConstraints

from openprm.directory import addresses, queries
from openprm.directory.api.fields import Code
from openprm.directory.queries.listings import Wanted
from openprm.kernel.api import Country, In, Out, Page, PageQuery, needs, paginate

locator = Router(tags=["Directory"])


class MessageOut(Out):
    id: UUID
    name: str
    email: str
    company: str
    text: str
    is_new: bool
    created_at: datetime


class LocatorQuery(In):
    text: Annotated[str, StringConstraints(max_length=100)] = ""
    program: Code = ""
    tier: Annotated[str, StringConstraints(max_length=81)] = Field("", description="program/tier", examples=["resell/gold"])
    service: Code = ""
    industry: Code = ""
    language: Code = ""
    country: Country = ""
    near: Annotated[str, StringConstraints(max_length=100)] = Field("", description="A town, or latitude,longitude.", examples=["Helsinki"])
    within_km: int = Field(100, ge=1, le=5000)
    page: int = Field(1, ge=1, le=400)


class FoundOut(Out):
    id: UUID
    slug: str
    name: str
    summary: str
    url: str
    city: str
    countries: list[str]
    services: list[str]
    industries: list[str]
    tiers: list[str]
    references: int
    distance_km: float | None


class FoundPage(Out):
    items: list[FoundOut]
    total: int
    page: int
    pages: int
    understood_place: str


@locator.get("", response=FoundPage, summary="Find partners")
@needs("directory.view")
def find_partners(request: HttpRequest, query: Query[LocatorQuery]):
    """What the public directory finds, also by distance from a place."""
    found = queries.find(Wanted(**query.dict()))
    items = [
        {
            **{name: getattr(row, name) for name in ("id", "slug", "name", "summary", "city", "countries", "services", "industries", "distance_km")},
            "url": addresses.listing(row.slug),
            "tiers": [f"{grade.program}/{grade.tier}" for grade in row.grades],
            "references": row.reference_count,
        }
        for row in found.rows
    ]
    return {"items": items, "total": found.total, "page": found.page, "pages": found.pages, "understood_place": found.town.name if found.town else ""}


@locator.get("/messages", response=Page[MessageOut], summary="Read what visitors wrote")
@needs("directory.view")
def list_directory_messages(request: HttpRequest, query: Query[PageQuery]):
    """Messages go to the partner; the vendor reads none."""
    found = paginate(queries.newest_messages(request.auth), query.cursor, query.limit)
    return {"items": [queries.message_row(row) for row in found.items], "next_cursor": found.next_cursor}
