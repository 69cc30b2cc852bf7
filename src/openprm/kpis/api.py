"""KPIs over the API: the same numbers as the pages and the command."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field, WithJsonSchema

from openprm.kernel.api import AmountMinor, Currency, IdOut, In, Out, idempotent, needs
from openprm.kpis import files, queries, services

PeriodName = Literal["12m", "month", "quarter", "year", "all"]
CompareName = Literal["none", "previous", "last_year"]
KpiName = Annotated[str, Field(max_length=60)]
Part = Annotated[str, Field(max_length=80)]

router = Router(tags=["KPIs"])
FILES = {
    "responses": {
        200: {
            "description": "The file; its SHA-256 stands in Content-Digest, the hash of what it says in X-Fingerprint.",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in queries.FORMS.values()},
        }
    }
}


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
    program_id: UUID | None = Field(None, description="Kept for all partners, for each program, and for each tier of it.")
    tier: Part = ""


class TargetOut(Out):
    id: UUID
    kpi: str
    period: str
    starts_on: date
    value: Decimal
    set_by_name: str
    version: int
    updated_at: datetime


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
    partner: str
    amount_minor: int
    currency: str
    note: str
    entered_by_name: str
    version: int
    created_at: datetime


class CorrectionIn(CostIn):
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(None, description="The version that was read; another one is refused.")


class ReasonIn(In):
    reason: Annotated[str, Field(min_length=3, max_length=300)]


class PackIn(AskedIn):
    as_of: date = Field(description="The last day that counts: said, so that the same address gives the same file.")
    format: Literal["pdf", "xlsx"] = "pdf"


class KeptPackIn(AskedIn):
    as_of: date = Field(description="The last day that counts.")


class FormIn(In):
    format: Literal["pdf", "xlsx"] = "pdf"


class PackOut(Out):
    id: UUID
    as_of: date
    period: str
    compare: str
    partners: str = Field(description="Which partners, in words.")
    state: str = Field(description="pending, ready or failed.")
    why: str
    asked_by_name: str
    fingerprint: str = Field(description="Hash of everything that is said, the same in both files.")
    pdf_sha256: str
    pdf_bytes: int
    xlsx_sha256: str
    xlsx_bytes: int
    created_at: datetime
    ready_at: datetime | None


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
    values = query.dict()
    named = {name: str(values.get(f"{name}_id") or values.get(name) or "") for name in queries.SEGMENT_PARTS}
    return queries.Asked(as_of=query.as_of or request.at.date(), period=query.period, compare=query.compare, segment=queries.segment_of(named))


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


@router.put("/costs/{uuid:cost_id}", response=VersionOut, summary="Correct a cost")
@needs("kpis.plan")
@idempotent
def correct_kpi_cost(request: HttpRequest, cost_id: UUID, data: CorrectionIn):
    """The whole cost anew; what stood before is in the audit log."""
    values = data.dict()
    return {"version": services.correct_cost(actor=request.auth, cost_id=cost_id, at=request.at, **{**values, "currency": values["currency"] or ""})}


@router.delete("/costs/{uuid:cost_id}", response={204: None}, summary="Take a cost out")
@needs("kpis.plan")
@idempotent
def remove_kpi_cost(request: HttpRequest, cost_id: UUID, query: Query[ReasonIn]):
    services.remove_cost(actor=request.auth, cost_id=cost_id, reason=query.reason, at=request.at)
    return Status(204, None)


@router.delete("/targets/{uuid:target_id}", response={204: None}, summary="Take a target out")
@needs("kpis.plan")
@idempotent
def remove_kpi_target(request: HttpRequest, target_id: UUID, query: Query[ReasonIn]):
    services.remove_target(actor=request.auth, target_id=target_id, reason=query.reason, at=request.at)
    return Status(204, None)


@router.get("/pack", summary="Read the pack for the board", openapi_extra=FILES)
@needs("kpis.view_program")
def get_kpi_pack(request: HttpRequest, query: Query[PackIn]):
    """PDF or XLSX of every number: made now, not kept. The same question over the same data gives the same bytes.

    Refused with 409 when there is too much to read while somebody waits: POST /kpis/packs has it made by a worker.
    """
    return files.pack_response(services.draw_now(actor=request.auth, asked=_asked(request, query), locale=request.auth.locale), query.format, query.as_of)


@router.get("/packs", response=list[PackOut], summary="List the packs that were made")
@needs("kpis.view_program")
def list_kpi_packs(request: HttpRequest):
    return list(queries.packs(request.auth))


@router.post("/packs", response={201: PackOut}, summary="Have a pack made and kept")
@needs("kpis.view_program")
@idempotent
def ask_for_kpi_pack(request: HttpRequest, data: KeptPackIn):
    """Ready at once when there is little to read; else `state` is pending until a worker has made it."""
    pack_id = services.ask_for_pack(actor=request.auth, asked=_asked(request, data), at=request.at)
    return Status(201, queries.get_pack(request.auth, pack_id))


@router.get("/packs/{uuid:pack_id}/file", summary="Read a file of a kept pack", openapi_extra=FILES)
@needs("kpis.view_program")
def get_kpi_pack_file(request: HttpRequest, pack_id: UUID, query: Query[FormIn]):
    return files.kept_response(queries.open_pack(request.auth, pack_id, query.format))


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
    segment = queries.segment_of({"program": str(query.program_id or ""), "tier": query.tier})
    return list(queries.history(request.auth, name, period=query.period, segment=segment.key))


@router.put("/{str:name}/target", response=VersionOut, summary="Set a target")
@needs("kpis.plan")
@idempotent
def set_kpi_target(request: HttpRequest, name: KpiName, data: TargetIn):
    return {"version": services.set_target(actor=request.auth, kpi=name, at=request.at, **data.dict())}


ROUTERS = {"kpis": router}
