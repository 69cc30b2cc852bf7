"""Own lists over the API: made, filled, shown, put away."""

from uuid import UUID

from django.http import HttpRequest
from ninja import File, Query, Router, Status, UploadedFile

from openprm.kernel.api import IdOut, Page, PageQuery, idempotent, needs, paginate
from openprm.mapping import queries, services
from openprm.mapping.api.shapes import (
    CompaniesIn,
    CompanyIn,
    CompanyOut,
    CountOut,
    FilterIn,
    KeysIn,
    KindQuery,
    ListChangeIn,
    ListIn,
    ListOut,
    RowsOut,
    SuggestionOut,
    TermsIn,
)
from openprm.mapping.rules.filters import Filter

lists = Router(tags=["Account lists"])


@lists.get("", response=list[ListOut], summary="List our lists")
@needs("mapping.view")
def list_account_lists(request: HttpRequest):
    return list(queries.lists(request.auth))


@lists.post("", response={201: IdOut}, summary="Make a list")
@needs("mapping.manage")
@idempotent
def add_account_list(request: HttpRequest, data: ListIn):
    """Nobody else sees it before you say so."""
    wanted = _filter(data.filter) if data.filter else Filter(countries=tuple(sorted(data.countries)))
    draft = services.ListDraft(name=data.name, kind=data.kind, source=data.source, filter=wanted)
    return Status(201, {"id": services.create_list(actor=request.auth, draft=draft, at=request.at)})


def _filter(asked: FilterIn) -> Filter:
    told = {name: value for name, value in asked.dict().items() if value is not None}
    return Filter(**{name: tuple(sorted(value)) if isinstance(value, list) else value for name, value in told.items()})


@lists.get("/suggestions", response=list[SuggestionOut], summary="Suggest filters worth a list of their own")
@needs("mapping.view")
def list_account_list_suggestions(request: HttpRequest, query: Query[KindQuery]):
    """Values in which many, but not all, of our companies stand."""
    return list(queries.proposals(request.auth, query.kind).suggested)


@lists.put("/{uuid:list_id}", response=ListOut, summary="Rename a list, or take other records into it")
@needs("mapping.manage")
@idempotent
def change_account_list(request: HttpRequest, list_id: UUID, data: ListChangeIn):
    wanted = _filter(data.filter) if data.filter else None
    services.change_list(actor=request.auth, population_id=list_id, name=data.name, filter=wanted, at=request.at)
    return queries.one_list(request.auth, list_id)


@lists.delete("/{uuid:list_id}", response={204: None}, summary="Put a list away")
@needs("mapping.manage")
@idempotent
def remove_account_list(request: HttpRequest, list_id: UUID):
    """Its rows are deleted; the log of who looked stays."""
    services.archive_list(actor=request.auth, population_id=list_id, at=request.at)
    return Status(204, None)


@lists.get("/{uuid:list_id}/companies", response=Page[CompanyOut], summary="List the companies of a list of ours")
@needs("mapping.view")
def list_account_list_companies(request: HttpRequest, list_id: UUID, query: Query[PageQuery]):
    found = paginate(queries.newest_companies(request.auth, list_id), query.cursor, query.limit)
    return {"items": list(queries.companies(request.auth, found.items, request.at)), "next_cursor": found.next_cursor}


@lists.post("/{uuid:list_id}/companies", response=RowsOut, summary="Add or change companies of a list")
@needs("mapping.manage")
@idempotent
def put_account_list_companies(request: HttpRequest, list_id: UUID, data: CompaniesIn):
    """Up to 2,000, by your own ids; all are taken, or none. Companies that you do not name stay. With `dry_run` nothing is changed."""
    rows = [_row(item) for item in data.items]
    return services.put_rows(actor=request.auth, population_id=list_id, rows=rows, is_dry=data.dry_run, at=request.at)


@lists.put("/{uuid:list_id}/companies", response=RowsOut, summary="Make a list of exactly these companies")
@needs("mapping.manage")
@idempotent
def replace_account_list_companies(request: HttpRequest, list_id: UUID, data: CompaniesIn):
    """Up to 2,000; longer lists are read from a file or added in portions. Companies that you do not name are taken out."""
    rows = [_row(item) for item in data.items]
    return services.replace_rows(actor=request.auth, population_id=list_id, rows=rows, is_dry=data.dry_run, at=request.at)


@lists.post("/{uuid:list_id}/file", response=RowsOut, summary="Make a list of the rows of a file")
@needs("mapping.manage")
@idempotent
def upload_account_list(request: HttpRequest, list_id: UUID, file: File[UploadedFile], dry_run: bool = False):
    """CSV or XLSX up to 20 MB; every row is taken, or none. A refusal names the rows."""
    content = file.read(services.LARGEST_BYTES + 1)
    return services.upload(actor=request.auth, population_id=list_id, content=content, is_dry=dry_run, at=request.at)


def _row(item: CompanyIn) -> services.Row:
    told = item.dict(exclude={"id", "deals"})
    return services.Row(key=item.id, deals=tuple((deal.id, deal.amount_minor, deal.currency, deal.stage) for deal in item.deals), **told)


@lists.post("/{uuid:list_id}/companies/remove", response=CountOut, summary="Take companies out of a list")
@needs("mapping.manage")
@idempotent
def drop_account_list_companies(request: HttpRequest, list_id: UUID, data: KeysIn):
    return {"count": services.drop_rows(actor=request.auth, population_id=list_id, keys=data.ids, at=request.at)}


@lists.put("/{uuid:list_id}/terms", response={204: None}, summary="Say what is shown of a list")
@needs("mapping.share")
@idempotent
def set_account_list_terms(request: HttpRequest, list_id: UUID, data: TermsIn):
    """It holds at once. The same terms again renew a grant that ran out."""
    terms = services.read_terms(level=data.level, fields=data.fields, purpose=data.purpose, days=data.days)
    services.set_terms(actor=request.auth, population_id=list_id, terms=terms, partner_id=data.partner_id, at=request.at)
    return Status(204, None)


@lists.delete("/{uuid:list_id}/terms/{uuid:partner_id}", response={204: None}, summary="Let what everybody sees hold for one partner again")
@needs("mapping.share")
@idempotent
def forget_account_list_terms(request: HttpRequest, list_id: UUID, partner_id: UUID):
    services.forget_terms(actor=request.auth, population_id=list_id, partner_id=partner_id, at=request.at)
    return Status(204, None)
