"""The ideal partner profile, scores and the whitespace map."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.kernel.api import In, Line, Out, Page, PageQuery, idempotent, needs, paginate
from openprm.recruitment import queries, services
from openprm.recruitment.api.companies import ScoreOut
from openprm.recruitment.api.fields import Facts, Short, Word, amounts, named

profiles = Router(tags=["Recruiting"])
whitespace = Router(tags=["Recruiting"])


Whole = Annotated[int, Field(ge=-(10**15), le=10**15)]


class CriterionIn(In):
    fact: Short = Field(examples=["employees"])
    operator: Literal["is", "one_of", "contains_any", "contains_all", "at_least", "at_most", "between", "exists"]
    value: Whole | Line | Annotated[list[Whole | Word], Field(max_length=60)] | None = None
    weight: Annotated[int, Field(ge=1, le=100)] = 10


class CriterionSetOut(Out):
    fact: str
    operator: str
    value: Any
    weight: int


class ProfileIn(In):
    program_id: UUID
    criteria: Annotated[list[CriterionIn], Field(max_length=30)]
    note: Annotated[str, StringConstraints(max_length=300)] = ""
    publish: bool = Field(False, description="Put it in force at once; left out, it is kept as the draft.")


class ProfileOut(Out):
    id: UUID
    program_id: UUID
    program: str
    number: int
    state: str
    note: str
    criteria: list[CriterionSetOut]
    published_at: datetime | None
    created_at: datetime
    version: int


class ScoreIn(In):
    program_id: UUID
    facts: Facts


class GapOut(Out):
    capability: str
    region: str
    industry: str
    deals: int
    partners: int
    amount_minor: int
    at_risk_minor: int
    currency: str


class MapOut(Out):
    regions: list[str]
    industries: list[str]
    gaps: list[GapOut]
    amount_minor: int
    at_risk_minor: int
    currency: str


class MapQuery(In):
    industry: str = Field("", max_length=200)


@profiles.get("", response=Page[ProfileOut], summary="List ideal partner profiles")
@needs("recruitment.view")
def list_profiles(request: HttpRequest, query: Query[PageQuery]):
    """Every version of every program; at most one per program is `published`, at most one a `draft`."""
    found = paginate(queries.newest_profiles(request.auth), query.cursor, query.limit)
    return {"items": [queries.profile_view(row) for row in found.items], "next_cursor": found.next_cursor}


@profiles.post("", response={201: ProfileOut}, summary="Write an ideal partner profile")
@needs("recruitment.configure")
@idempotent
def write_profile(request: HttpRequest, data: ProfileIn):
    services.save_draft(
        actor=request.auth, program_id=data.program_id, criteria=[one.dict() for one in data.criteria], note=data.note, at=request.at
    )  # fmt: skip
    if data.publish:
        services.publish_profile(actor=request.auth, program_id=data.program_id, at=request.at)
    found = queries.profiles_of(request.auth, data.program_id)
    return Status(201, found.in_force if data.publish else found.draft)


@profiles.post("/score", response=ScoreOut | None, summary="Score facts without keeping them")
@needs("recruitment.view")
@idempotent
def score_facts(request: HttpRequest, data: ScoreIn):
    """Null while the program has no profile in force."""
    return queries.score_company(program_id=data.program_id, facts=data.facts, at=request.at)


@whitespace.get("", response=MapOut, summary="Read the whitespace map")
@needs("recruitment.view_map")
def read_map(request: HttpRequest, query: Query[MapQuery]):
    """Gaps between the open pipeline and the partners that could serve it, the most at risk first."""
    found = queries.whitespace(request.auth, at=request.at, industry=query.industry)
    gaps = [{**named(gap, "capability", "region", "industry", "deals", "partners"), **amounts(gap)} for gap in found.gaps]
    return {"regions": found.regions, "industries": found.industries, "gaps": gaps, **amounts(found)}
