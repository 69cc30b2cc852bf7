"""The books over the API: the same services and queries as the pages."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Status

from openprm.kernel.api import In, Page, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.errors import NotFound
from openprm.ledger import queries, services
from openprm.ledger.api.schemas import (
    AccountOut,
    AccountQuery,
    CloseIn,
    ClosingOut,
    CodeListOut,
    CodeOut,
    CodesIn,
    EntryDetailOut,
    EntryIn,
    EntryOut,
    EntryQuery,
    ExportQuery,
    ExportSettingsIn,
    ExportSettingsOut,
    PeriodListOut,
    PeriodOut,
    ReverseIn,
    StatementOut,
    StatementQuery,
    TrialBalanceOut,
    TrialQuery,
)
from openprm.ledger.services import Leg

Year = Annotated[int, Path(ge=1900, le=9999)]
Month = Annotated[int, Path(ge=1, le=12)]
Kind = Annotated[str, Path(max_length=60)]

router = Router(tags=["Books"])
ROUTERS = {"books": router}


@router.get("/trial-balance", response=TrialBalanceOut)
@needs("ledger.view")
def get_trial_balance(request: HttpRequest, query: Query[TrialQuery]):
    """Every kind of account at the end of a day; today when `on` is left out."""
    return queries.trial_balance(query.on or request.at.date())


@router.get("/accounts", response=Page[AccountOut])
@needs("ledger.view")
def list_accounts_of_books(request: HttpRequest, query: Query[AccountQuery]):
    """The accounts with their balances."""
    found = paginate(queries.newest_accounts(request.auth, **_filters(query, "kind", "currency", partner="partner_id")), query.cursor, query.limit)
    return {"items": [queries.account_row(row) for row in found.items], "next_cursor": found.next_cursor}


@router.get("/statement", response=StatementOut)
@needs("ledger.statement")
def get_statement(request: HttpRequest, query: Query[StatementQuery]):
    """An account between two days, line by line. A partner reads its own."""
    owner = query.partner_id or request.auth.partner_id
    return queries.statement(request.auth, query.account, owner, query.currency, query.since, query.until, query.subject_id)


@router.get("/entries", response=Page[EntryOut])
@needs("ledger.view")
def list_entries(request: HttpRequest, query: Query[EntryQuery]):
    """What was booked, newest first."""
    found = paginate(queries.newest_entries(request.auth, **_filters(query, "kind", "account", "about", partner="partner_id")), query.cursor, query.limit)
    return {"items": queries.entry_rows(found.items), "next_cursor": found.next_cursor}


@router.post("/entries", response={201: EntryDetailOut})
@needs("ledger.post")
@idempotent
def book_entry_by_hand(request: HttpRequest, body: EntryIn):
    """Book by hand, on accounts that no part of the system keeps lines behind."""
    legs = tuple(Leg(account=one.account, amount_minor=one.amount_minor, currency=one.currency) for one in body.legs)
    posted = services.post_by_hand(actor=request.auth, key=body.key, legs=legs, value_date=body.value_date, memo=body.memo, at=request.at)
    return Status(201, queries.entry(request.auth, posted.entry_id))


@router.get("/entries/{uuid:entry_id}", response=EntryDetailOut)
@needs("ledger.view")
def get_entry(request: HttpRequest, entry_id: UUID):
    """One entry with its legs."""
    return queries.entry(request.auth, entry_id)


@router.post("/entries/{uuid:entry_id}/reverse", response={201: EntryDetailOut})
@needs("ledger.post")
@idempotent
def reverse_entry_by_hand(request: HttpRequest, entry_id: UUID, body: ReverseIn):
    """Undo an entry that was booked by hand, in the first open month."""
    posted = services.reverse_by_hand(actor=request.auth, entry_id=entry_id, reason=body.reason, at=request.at)
    return Status(201, queries.entry(request.auth, posted.entry_id))


@router.get("/periods", response=PeriodListOut)
@needs("ledger.view")
def list_periods(request: HttpRequest):
    """The months of the books, newest first."""
    return {"items": queries.periods(request.auth, request.at)}


@router.get("/periods/{int:year}/{int:month}/closing", response=ClosingOut)
@needs("ledger.view")
def look_at_period(request: HttpRequest, year: Year, month: Month):
    """What stands in a month and what is not posted yet: the second look before it closes."""
    return queries.closing(request.auth, _month(year, month), request.at)


@router.post("/periods/{int:year}/{int:month}/close", response=PeriodOut)
@needs("ledger.close")
@idempotent
def close_period(request: HttpRequest, year: Year, month: Month, body: CloseIn):
    """Close a month for good."""
    day = services.close_period(actor=request.auth, month=_month(year, month), seen=body.seen, note=body.note, at=request.at)
    return queries.period(request.auth, day, request.at)


@router.get("/export")
@needs("ledger.view")
def export_books(request: HttpRequest, query: Query[ExportQuery]) -> HttpResponse:
    """Everything booked between two days, as a file of the chosen format."""
    name, body = queries.export(request.auth, format=query.format, since=query.since, until=query.until, at=request.at)
    response = HttpResponse(body, content_type=queries.content_type(name, query.format))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@router.get("/codes", response=CodeListOut)
@needs("ledger.view")
def list_account_codes(request: HttpRequest):
    """The numbers of every kind of account in the accountant's chart."""
    return {"items": queries.code_rows()}


@router.put("/codes/{str:kind}", response=CodeOut)
@needs("ledger.configure")
@updates
@idempotent
def save_account_codes(request: HttpRequest, kind: Kind, body: CodesIn, response: HttpResponse):
    """Say which number a kind of account has; an empty one takes it back."""
    found = _code(kind)
    require_match(request, found.version)
    codes = {"" if name == "general" else name: code for name, code in body.model_dump().items()}
    response["ETag"] = etag_of(services.save_codes(actor=request.auth, kind=kind, codes=codes, version=found.version, at=request.at))
    return _code(kind)


@router.get("/export-settings", response=ExportSettingsOut)
@needs("ledger.view")
def get_export_settings(request: HttpRequest):
    """What the accountant's program reads at the head of a file."""
    return queries.export_settings()


@router.put("/export-settings", response=ExportSettingsOut)
@needs("ledger.configure")
@updates
@idempotent
def save_export_settings(request: HttpRequest, body: ExportSettingsIn, response: HttpResponse):
    """Change what the accountant's program reads at the head of a file."""
    version = queries.export_settings().version
    require_match(request, version)
    response["ETag"] = etag_of(services.save_export_settings(actor=request.auth, changes=body.model_dump(), version=version, at=request.at))
    return queries.export_settings()


def _filters(query: In, *names: str, **renamed: str) -> dict:
    wanted = {**{name: name for name in names}, **renamed}
    return {name: (getattr(query, field),) for name, field in wanted.items() if getattr(query, field)}


def _code(kind: str) -> queries.CodeRow:
    found = next((row for row in queries.code_rows() if row.kind == kind), None)
    if found is None:
        raise NotFound()
    return found


def _month(year: int, month: int) -> date:
    try:
        return date(year, month, 1)
    except ValueError:
        raise NotFound() from None
