"""KPIs over the API: the same numbers as the pages and the command."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field, WithJsonSchema

from openprm.kernel.api import AmountMinor, Currency, IdOut, In, Out, idempotent, needs
from openprm.kpis import queries, services
from openprm.kpis.definitions.facts import Segment

PeriodName = Literal["12m", "month", "quarter", "year", "all"]
CompareName = Literal["none", "previous", "last_year"]
KpiName = Annotated[str, Field(max_length=60)]
Part = Annotated[str, Field(max_length=80)]

router = Router(tags=["KPIs"])


class DefinitionOut(Out):
    name: str
    group: str
    label: str
    unit: str = Field(description="money and money_per_day are in minor units of `currency`; percent is of 100.")
    formula: str
    source: str
    edge_cases: list[str]
    direction: str = Field(description="Where better lies: up, down or none.")
    missing: str = Field(description="What no room keeps yet; empty when it is measured.")
    by_segment: bool
    additive: bool = Field(description="False: sums of its parts may exceed it.")
    for_partners: bool


class StepOut(Out):
    days: int
    at_risk: int
    happened: int
    waiting: Decimal
    low: Decimal
    high: Decimal


class FigureOut(Out):
    name: str
    label: str
    unit: str
    direction: str
    value: Decimal | None = Field(description="Null comes with a reason; null is not zero.")
    n: int = Field(description="Rows it stands on.")
    reason: str
    why: str
    low: Decimal | None = Field(description="Ends of the 95 % interval, where there is one.")
    high: Decimal | None
    parts: dict[str, Decimal | None]
    notes: list[str]
    curve: list[StepOut]
    currency: str
    since: date
    as_of: date
    period: str
    segment: str
    configuration: str = Field(description="Hash of everything the number depends on beside the rows.")
    measured: bool
    before: Decimal | None
    before_since: date | None
    before_as_of: date | None
    change: Decimal | None


class OneOut(Out):
    definition: DefinitionOut
    figure: FigureOut


class AskedIn(In):
    as_of: date | None = Field(None, description="The last day that counts; today when left out.")
    period: PeriodName = "12m"
    compare: CompareName = "none"
    partner_id: UUID | None = None
    program_id: UUID | None = None
    tier: Part = ""
    region: Part = ""
    type: Part = ""
    motion: Part = ""


class ManyIn(AskedIn):
    names: Annotated[str, Field(max_length=2000)] = Field("", description="Names with commas between; all of them when left out.")


class RowsIn(AskedIn):
    limit: Annotated[int, Field(ge=1, le=1000)] = 200


class RowsOut(Out):
    kind: str
    columns: list[str]
    rows: list[dict[str, Any]]
    more: bool


class KeptOut(Out):
    as_of: date
    value: Decimal | None
    n: int
    why: str
    currency: str
    configuration: str


class HistoryIn(In):
    period: Literal["month", "12m"] = "month"


class TargetOut(Out):
    id: UUID
    kpi: str
    period: str
    starts_on: date
    value: Decimal
    set_by_name: str
    version: int


class TargetIn(In):
    period: Literal["month", "quarter", "year"]
    starts_on: date
    value: Annotated[Decimal, Field(max_digits=24, decimal_places=6), WithJsonSchema({"type": "number", "minimum": -1e18, "maximum": 1e18})]
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class VersionOut(Out):
    version: int


class CostIn(In):
    month: date = Field(description="Any day of the month.")
    kind: Literal["team", "tools", "recruiting", "onboarding", "servicing"]
    amount_minor: AmountMinor
    currency: Currency | None = None
    partner_id: UUID | None = None
    note: Annotated[str, Field(max_length=300)] = ""


class CostOut(Out):
    id: UUID
    month: date
    kind: str
    partner_id: UUID | None
    amount_minor: int
    currency: str
    note: str
    entered_by_name: str
    created_at: datetime


class LossOut(Out):
    measure: str
    before: int
    after: int
    share: Decimal | None


class StressOut(Out):
    losses: list[LossOut]
    hhi_before: Decimal | None
    hhi_after: Decimal | None
    alone_in: list[str]


def _asked(request: HttpRequest, query: AskedIn) -> queries.Asked:
    segment = Segment(
        partner=str(query.partner_id or ""), program=str(query.program_id or ""), tier=query.tier, region=query.region, type=query.type, motion=query.motion
    )
    return queries.Asked(as_of=query.as_of or request.at.date(), period=query.period, compare=query.compare, segment=segment)


@router.get("", response=list[DefinitionOut], summary="List the KPIs")
@needs("kpis.view")
def list_kpis(request: HttpRequest):
    """Every definition: formula, unit, edge cases; those that cannot be measured yet say what is missing."""
    return list(queries.definitions(request.auth))


@router.get("/values", response=list[FigureOut], summary="Read several KPIs")
@needs("kpis.view")
def get_kpi_values(request: HttpRequest, query: Query[ManyIn]):
    """From one reading of the facts, so that they fit together."""
    names = [name.strip() for name in query.names.split(",") if name.strip()] or [one.name for one in queries.definitions(request.auth)]
    return list(queries.figures(request.auth, names, _asked(request, query)))


@router.get("/targets", response=list[TargetOut], summary="List targets")
@needs("kpis.view_program")
def list_kpi_targets(request: HttpRequest):
    return list(queries.targets(request.auth))


@router.get("/costs", response=list[CostOut], summary="List the costs of the program")
@needs("kpis.view_program")
def list_kpi_costs(request: HttpRequest):
    return list(queries.costs(request.auth))


@router.post("/costs", response={201: IdOut}, summary="Enter a cost of the program")
@needs("kpis.plan")
@idempotent
def enter_kpi_cost(request: HttpRequest, data: CostIn):
    """Costs that no other part keeps: the team, tools, recruiting, onboarding, servicing."""
    values = data.dict()
    return Status(201, {"id": services.enter_cost(actor=request.auth, at=request.at, **{**values, "currency": values["currency"] or ""})})


@router.delete("/costs/{uuid:cost_id}", response={204: None}, summary="Take a cost out")
@needs("kpis.plan")
@idempotent
def remove_kpi_cost(request: HttpRequest, cost_id: UUID):
    services.remove_cost(actor=request.auth, cost_id=cost_id, at=request.at)
    return Status(204, None)


@router.get("/without/{uuid:partner_id}", response=StressOut, summary="See what goes with one partner")
@needs("kpis.view_program")
def get_kpi_stress(request: HttpRequest, partner_id: UUID, query: Query[AskedIn]):
    """Revenue of the period and open pipeline with and without the partner, concentration before and after, regions it is alone in."""
    return queries.stress(request.auth, partner_id, _asked(request, query))


@router.get("/{str:name}", response=OneOut, summary="Read a KPI")
@needs("kpis.view")
def get_kpi(request: HttpRequest, name: KpiName, query: Query[AskedIn]):
    return {"definition": queries.definition(request.auth, name), "figure": queries.figure(request.auth, name, _asked(request, query))}


@router.get("/{str:name}/rows", response=RowsOut, summary="Read the rows under a KPI")
@needs("kpis.view")
def list_kpi_rows(request: HttpRequest, name: KpiName, query: Query[RowsIn]):
    return queries.rows(request.auth, name, _asked(request, query), most=query.limit)


@router.get("/{str:name}/history", response=list[KeptOut], summary="Read a KPI as it was told month by month")
@needs("kpis.view")
def list_kpi_history(request: HttpRequest, name: KpiName, query: Query[HistoryIn]):
    """What was told at the time, whatever was corrected since."""
    return list(queries.history(request.auth, name, period=query.period))


@router.put("/{str:name}/target", response=VersionOut, summary="Set a target")
@needs("kpis.plan")
@idempotent
def set_kpi_target(request: HttpRequest, name: KpiName, data: TargetIn):
    return {"version": services.set_target(actor=request.auth, kpi=name, at=request.at, **data.dict())}


ROUTERS = {"kpis": router}
