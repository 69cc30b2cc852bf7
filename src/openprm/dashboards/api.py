"""/dashboards: a dashboard with its tiles and charts as data, and saved dashboards with their mailings."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from openprm.dashboards import queries, services
from openprm.dashboards.rules.asking import LONGEST, asked
from openprm.dashboards.wording import problem
from openprm.kernel.api import IdOut, In, Out, Page, PageQuery, idempotent, needs, paginate
from openprm.kernel.errors import Invalid, Problem

CodeName = Literal["executive", "manager", "partner"]
Word = Annotated[str, Field(max_length=LONGEST)]
router = Router(tags=["Dashboards"])


class DashboardIn(In):
    as_of: Word = Field("", description="The last day that counts, such as 2026-12-31; today when left out.")
    period: Word = Field("", description="12m, quarter, month, year or all.")
    compare: Word = Field("", description="previous, last_year or none.")
    program: Word = ""
    tier: Word = ""
    region: Word = ""
    type: Word = ""
    motion: Word = ""
    beside: Word = Field("", description="Partners side by side by program, tier, region, type or motion (executive).")
    whose: Word = Field("", description="mine or all (manager).")


class DashboardTileOut(Out):
    name: str = Field(description="The KPI: GET /kpis/{name} is the same number, GET /kpis/{name}/rows its rows.")
    label: str
    formula: str
    unit: str
    value: Decimal | None
    reason: str
    n: int
    low: Decimal | None
    high: Decimal | None
    before: Decimal | None
    change: Decimal | None
    target: Decimal | None
    trend: list[Decimal | None] = Field(description="As it was told at the ends of months, oldest first; the vendor's alone.")


class DashboardSeriesOut(Out):
    name: str
    kpi: str
    values: list[Decimal | None]


class DashboardChartOut(Out):
    key: str
    title: str
    about: str
    unit: str
    currency: str
    categories: list[str]
    series: list[DashboardSeriesOut]
    empty: str


class DashboardBesideOut(Out):
    label: str
    values: dict[str, Decimal | None]


class DashboardOut(Out):
    code: str
    as_of: date
    since: date
    segment: str
    currency: str
    configuration: str
    adds_up: bool | None = Field(description="Whether the kinds of revenue are exactly the whole; null when one of them is no number.")
    kinds: list[str]
    whole: str
    tiles: list[DashboardTileOut]
    charts: list[DashboardChartOut]
    beside: list[DashboardBesideOut]


class MailingIn(In):
    every: Literal["weekly", "monthly"]
    day: Annotated[int, Field(ge=0, le=28)] = Field(description="A weekday from 0 (Monday) to 6, or a day of the month from 1 to 28.")
    hour: Annotated[int, Field(ge=0, le=23)] = 8
    time_zone: Annotated[str, Field(max_length=64)] = Field("UTC", examples=["Europe/Oslo"])
    recipients: Annotated[list[UUID], Field(min_length=1, max_length=50)] = Field(description="Ids of people of your organization.")


class SavedDashboardIn(In):
    name: Annotated[str, Field(max_length=80)]
    dashboard: CodeName
    asked: DashboardIn = DashboardIn()
    is_shared: bool = False


class SavedDashboardChangeIn(In):
    name: Annotated[str, Field(max_length=80)]
    asked: DashboardIn | None = Field(None, description="What it asks for; as it was when left out.")
    is_shared: bool = False
    mailing: MailingIn | None = Field(None, description="When it is mailed to whom; not at all when left out.")
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class DashboardRecipientOut(Out):
    user_id: UUID
    name: str
    has_left: bool
    last_outcome: str
    last_at: datetime | None


class DashboardMailingOut(Out):
    every: str
    day: int
    hour: int
    time_zone: str
    next_at: datetime
    recipients: list[DashboardRecipientOut]


class SavedDashboardOut(Out):
    id: UUID
    name: str
    dashboard: str
    asked: dict[str, str]
    is_shared: bool
    owner_name: str
    is_own: bool
    mailing: DashboardMailingOut | None
    version: int
    created_at: datetime


class DashboardVersionOut(Out):
    version: int


@router.get("/saved", response=Page[SavedDashboardOut], summary="List saved dashboards")
@needs("dashboards.view")
def list_saved_dashboards(request: HttpRequest, query: Query[PageQuery]):
    """Your own, and those that your team shares."""
    found = paginate(queries.newest_saved(request.auth), query.cursor, query.limit)
    return {"items": queries.views_of(request.auth, found.items), "next_cursor": found.next_cursor}


@router.post("/saved", response={201: IdOut}, summary="Save a dashboard")
@needs("dashboards.save")
@idempotent
def save_dashboard(request: HttpRequest, data: SavedDashboardIn):
    words = {name: text for name, text in data.asked.dict().items() if text}
    saved_id = services.save(
        actor=request.auth, name=data.name, dashboard=data.dashboard, words=words, is_shared=data.is_shared, at=request.at
    )  # fmt: skip
    return Status(201, {"id": saved_id})


@router.get("/saved/{uuid:saved_id}", response=SavedDashboardOut, summary="Get a saved dashboard")
@needs("dashboards.view")
def get_saved_dashboard(request: HttpRequest, saved_id: UUID):
    return queries.one_saved(request.auth, saved_id)


@router.put("/saved/{uuid:saved_id}", response=DashboardVersionOut, summary="Change a saved dashboard")
@needs("dashboards.save")
@idempotent
def change_saved_dashboard(request: HttpRequest, saved_id: UUID, data: SavedDashboardChangeIn):
    """Its name, filters, sharing and mailing. Only the person who saved it can."""
    words = None if data.asked is None else {name: text for name, text in data.asked.dict().items() if text}
    plan = services.Rhythm(**{**data.mailing.dict(), "recipients": tuple(data.mailing.recipients)}) if data.mailing else None
    version = services.change(
        actor=request.auth, saved_id=saved_id, name=data.name, is_shared=data.is_shared, words=words, mailing=plan, version=data.version, at=request.at
    )  # fmt: skip
    return {"version": version}


@router.delete("/saved/{uuid:saved_id}", response={204: None}, summary="Delete a saved dashboard")
@needs("dashboards.save")
@idempotent
def delete_saved_dashboard(request: HttpRequest, saved_id: UUID):
    services.remove(actor=request.auth, saved_id=saved_id, at=request.at)
    return Status(204, None)


@router.get("/{str:code}", response=DashboardOut, summary="Read a dashboard")
@needs("dashboards.view")
def get_dashboard(request: HttpRequest, code: CodeName, query: Query[DashboardIn]):
    """Every number is the one of GET /kpis for the same day, period and segment. Money is in minor units of `currency`."""
    known = {part: frozenset(value for value, _label in values) for part, values in queries.every_choice(request.auth).items()}
    ask, problems = asked(code, {name: text for name, text in query.dict().items() if text}, known)
    if problems:
        raise Invalid(problems=[Problem(one.field, problem(one)) for one in problems])
    return _told(queries.board(request.auth, code, ask, request.at))


def _told(board: queries.Board) -> dict[str, Any]:
    names = ("code", "as_of", "since", "segment", "currency", "configuration", "adds_up", "charts")
    return {name: getattr(board, name) for name in names} | {
        "kinds": [tile.figure.name for tile in board.kinds],
        "whole": board.whole.figure.name,
        "tiles": [_tile(tile) for tile in board.tiles],
        "beside": [{"label": label, "values": {one.name: one.value for one in figures}} for label, figures in board.beside],
    }


def _tile(tile: queries.Tile) -> dict[str, Any]:
    figure = tile.figure
    names = ("name", "label", "unit", "value", "reason", "n", "low", "high", "before", "change")
    target = tile.target.value if tile.target else None
    return {name: getattr(figure, name) for name in names} | {
        "formula": tile.definition.formula, "target": target, "trend": [one.value for one in tile.trend],
    }  # fmt: skip


ROUTERS = {"dashboards": router}
