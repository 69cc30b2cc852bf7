"""The books over the API. Writes answer with ids and versions only: answers that are kept for a repeated request hold nothing of the books."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Query, Router, Status, UploadedFile
from pydantic import Field

from openprm.kernel.api import (
    AmountMinor,
    Currency,
    IdOut,
    In,
    Line,
    MoneyOut,
    Out,
    Page,
    PageQuery,
    etag_of,
    idempotent,
    needs,
    paginate,
    question,
    require_match,
    updates,
)
from openprm.kernel.api.problems import TooLarge
from openprm.kernel.errors import Invalid, NotFound
from openprm.profitability import queries, services
from openprm.profitability.rules.kinds import Basis

KindName = Literal["presales", "delivery", "training", "certification", "membership", "other", "margin", "income"]
ByName = Literal["month", "quarter", "year", "program", "product_line", "deal"]
PeriodName = Literal["12m", "quarter", "year", "last_year", "all"]

router = Router(tags=["Our profit"])


class EntryIn(In):
    """Hours of a group of people, or an amount in the book's currency."""

    kind: KindName
    month: date = Field(description="Any day of the month.", examples=["2026-03-01"])
    minutes: Annotated[int, Field(gt=0, le=600_000)] | None = None
    group_id: UUID | None = None
    amount_minor: AmountMinor | None = None
    deal_id: UUID | None = None
    program_id: UUID | None = None
    product_line_id: UUID | None = None
    note: Annotated[str, Field(max_length=300)] = ""
    external_id: Annotated[str, Field(max_length=120)] = ""


class EntriesIn(In):
    items: Annotated[list[EntryIn], Field(min_length=1, max_length=500)]


class EntryOut(Out):
    id: UUID
    kind: str
    month: date
    minutes: int | None
    group_id: UUID | None
    group: str
    amount: MoneyOut = Field(description="What was entered, or the hours at the rate of that month.")
    deal_id: UUID | None
    deal: str
    program_id: UUID | None
    program: str
    product_line_id: UUID | None
    product_line: str
    note: str
    author: str
    source: str
    external_id: str
    version: int
    created_at: datetime


class EntryQuery(PageQuery):
    kind: KindName | None = None
    since: date | None = None
    until: date | None = None
    deal_id: UUID | None = None


class RateOut(Out):
    since: date
    hourly: MoneyOut


class GroupOut(Out):
    id: UUID
    name: str
    rates: list[RateOut]


class BookOut(Out):
    currency: str
    margin_bp: int | None = Field(description="Usual margin in hundredths of a percent: 1850 is 18.5 %.")
    training_group_id: UUID | None
    version: int
    groups: list[GroupOut]


class BookIn(In):
    currency: Currency
    margin_bp: Annotated[int, Field(ge=0, le=10_000)] | None = None
    training_group_id: UUID | None = None
    version: int | None = Field(None, ge=1, le=2**31 - 1, description="The version you read, when the books are opened already.")


class VersionOut(Out):
    version: int


class CountOut(Out):
    count: int


class GroupIn(In):
    name: Line
    hourly_minor: AmountMinor
    since: date


class RateIn(In):
    hourly_minor: AmountMinor
    since: date


class FileOut(Out):
    created: int
    known: int


class StepOut(Out):
    kind: str
    label: str
    amount: MoneyOut
    share: Decimal | None = Field(description="Of each 100 of income.")


class RowOut(Out):
    key: str
    label: str
    id: UUID | None
    income: MoneyOut
    cost: MoneyOut
    result: MoneyOut
    left_of_hundred: Decimal | None
    hours: Decimal


class BreakEvenOut(Out):
    standing: int
    deals: int
    per_deal: int
    deals_needed: int | None
    reached: bool
    paid_back_in: date | None


class StatementOut(Out):
    currency: str
    since: date
    until: date
    by: str
    basis: str
    income: MoneyOut
    cost: MoneyOut
    result: MoneyOut
    left_of_hundred: Decimal | None
    hours: Decimal
    deals: int
    without_margin: int
    earned: MoneyOut
    paid: MoneyOut
    before: MoneyOut
    trend_percent: int | None
    steps: list[StepOut]
    lines: list[RowOut]
    break_even: BreakEvenOut
    notes: list[str]


class StatementQuery(In):
    period: PeriodName = "12m"
    by: ByName = "month"
    basis: Literal["earned", "paid"] = "earned"
    program_id: UUID | None = None
    product_line_id: UUID | None = None


class WhatIfIn(StatementQuery):
    hourly_minor: Annotated[dict[UUID, Annotated[int, Field(gt=0, le=10**11)]], Field(max_length=50)] = Field(description="Another rate by group of people.")


@router.get("", response=StatementOut, summary="Read our profit")
@needs("profitability.view")
def get_own_profit(request: HttpRequest, query: Query[StatementQuery]):
    """What the program leaves this partner, and where. For administrators of the partner itself; nobody of the vendor, nor a view as the partner."""
    return queries.statement(request.auth, _asked(query), request.at)


@router.post("/what-if", response=StatementOut, summary="Read our profit with other hourly rates")
@needs("profitability.view")
@question
def try_own_rates(request: HttpRequest, data: WhatIfIn):
    """Nothing is kept, of the question or of the answer."""
    return queries.statement(request.auth, _asked(data, data.hourly_minor), request.at)


@router.get("/book", response=BookOut, summary="Read the settings of our books")
@needs("profitability.view")
def get_own_book(request: HttpRequest, response: HttpResponse):
    found = _book(request)
    response["ETag"] = etag_of(found.version)
    return found


@router.put("/book", response=VersionOut, summary="Open our books or change their settings")
@needs("profitability.keep")
@idempotent
def save_own_book(request: HttpRequest, data: BookIn):
    return {"version": services.save_book(actor=request.auth, at=request.at, **data.dict())}


@router.post("/groups", response={201: IdOut}, summary="Add a group of people")
@needs("profitability.keep")
@idempotent
def add_own_group(request: HttpRequest, data: GroupIn):
    return Status(201, {"id": services.add_group(actor=request.auth, at=request.at, **data.dict())})


@router.post("/groups/{uuid:group_id}/rates", response={204: None}, summary="Set what an hour of a group costs")
@needs("profitability.keep")
@idempotent
def set_own_rate(request: HttpRequest, group_id: UUID, data: RateIn):
    """From a month on; the same month again replaces it."""
    services.set_rate(actor=request.auth, group_id=group_id, at=request.at, **data.dict())
    return Status(204, None)


@router.get("/entries", response=Page[EntryOut], summary="List our entries")
@needs("profitability.view")
def list_own_entries(request: HttpRequest, query: Query[EntryQuery]):
    filters = queries.Filters(kinds=(query.kind,) if query.kind else (), since=query.since, until=query.until, deal_id=query.deal_id)
    found = paginate(queries.newest(request.auth, filters), query.cursor, query.limit)
    return {"items": list(queries.views(request.auth, found.items)), "next_cursor": found.next_cursor}


@router.get("/entries/{uuid:entry_id}", response=EntryOut, summary="Read one of our entries")
@needs("profitability.view")
def get_own_entry(request: HttpRequest, entry_id: UUID, response: HttpResponse):
    found = queries.entry(request.auth, entry_id)
    response["ETag"] = etag_of(found.version)
    return found


@router.post("/entries", response={201: IdOut}, summary="Add an entry")
@needs("profitability.keep")
@idempotent
def add_own_entry(request: HttpRequest, data: EntryIn):
    return Status(201, {"id": services.record(actor=request.auth, draft=_draft(data), source="api", at=request.at)})


@router.post("/entries/bulk", response={201: CountOut}, summary="Add many entries")
@needs("profitability.keep")
@idempotent
def add_own_entries(request: HttpRequest, data: EntriesIn):
    """Up to 500; all are written, or none."""
    found = services.record_many(actor=request.auth, drafts=[_draft(item) for item in data.items], source="api", at=request.at)
    return Status(201, {"count": len(found)})


@router.put("/entries/{uuid:entry_id}", response=VersionOut, summary="Change one of our entries")
@needs("profitability.keep")
@idempotent
@updates
def change_own_entry(request: HttpRequest, entry_id: UUID, data: EntryIn, response: HttpResponse):
    version = queries.entry(request.auth, entry_id).version
    require_match(request, version)
    changed = services.change_entry(actor=request.auth, entry_id=entry_id, draft=_draft(data), version=version, at=request.at)
    response["ETag"] = etag_of(changed)
    return {"version": changed}


@router.delete("/entries/{uuid:entry_id}", response={204: None}, summary="Take an entry out")
@needs("profitability.keep")
@idempotent
def remove_own_entry(request: HttpRequest, entry_id: UUID):
    services.remove_entry(actor=request.auth, entry_id=entry_id, at=request.at)
    return Status(204, None)


@router.post("/file", response={201: FileOut}, summary="Read entries from a CSV file")
@needs("profitability.keep")
@idempotent
def read_own_file(request: HttpRequest, file: File[UploadedFile]):
    """Columns: month, kind, hours, group, amount, deal, program, product line, note, id. All rows or none; known rows are left as they are."""
    if (file.size or 0) > services.LARGEST_BYTES:
        raise TooLarge(code="file_too_large")
    return Status(201, services.record_file(actor=request.auth, content=file.read(), at=request.at))


@router.get("/everything", summary="Download our books", openapi_extra={"responses": {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}})
@needs("profitability.view")
def get_own_everything(request: HttpRequest):
    """Settings, groups with rates, entries and who changed them."""
    return queries.everything(request.auth, request.at)


@router.delete("", response={204: None}, summary="Delete our books for good")
@needs("profitability.keep")
@idempotent
def forget_own_books(request: HttpRequest, confirm: Annotated[str, Query(max_length=20)] = ""):
    """With `?confirm=delete`. Final."""
    if confirm != "delete":
        raise Invalid(_("Send confirm=delete to delete your books for good. Nothing was deleted."), field="confirm")
    services.forget_everything(actor=request.auth, at=request.at)
    return Status(204, None)


ROUTERS = {"own-profit": router}


def _book(request: HttpRequest) -> queries.BookView:
    found = queries.book(request.auth, request.at)  # type: ignore[attr-defined]
    if found is None:
        raise NotFound(_("Open your books first: say in which currency you count."))
    return found


def _asked(query: StatementQuery, hourly: dict[UUID, int] | None = None) -> queries.Asked:
    return queries.Asked(
        period=query.period,
        by=query.by,
        basis=Basis(query.basis),
        program_id=query.program_id,
        product_line_id=query.product_line_id,
        hourly=hourly,
    )


def _draft(data: EntryIn) -> services.Draft:
    values: dict[str, Any] = data.dict()
    return services.Draft(**values)
