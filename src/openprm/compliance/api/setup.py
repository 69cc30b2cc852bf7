"""Gate policies and sanctions lists over the API."""

from datetime import date
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status, UploadedFile

from openprm.compliance import queries, services
from openprm.compliance.api.schemas import ListOut, NameHitOut, NamesIn, PolicyIn, PolicyOut
from openprm.compliance.rules.sanctions import MAX_BYTES
from openprm.kernel.api import IdOut, Page, PageQuery, etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.kernel.api.bodies import refuse_unstorable
from openprm.kernel.api.problems import TooLarge

policies = Router(tags=["Compliance"])
lists = Router(tags=["Compliance"])


def _policy(request: HttpRequest, response: HttpResponse, policy_id: UUID) -> queries.PolicyView:
    found = queries.gate_policy(request.auth, policy_id)
    response["ETag"] = etag_of(found.version)
    return found


@policies.get("", response=list[PolicyOut], summary="List gate policies")
@needs("compliance.view")
def list_gate_policies(request: HttpRequest):
    """Which lapse closes which actions. Partners read it too."""
    return list(queries.gate_policies(request.auth))


@policies.get("/{uuid:policy_id}", response=PolicyOut, summary="Read a gate policy")
@needs("compliance.view")
def get_gate_policy(request: HttpRequest, policy_id: UUID, response: HttpResponse):
    return _policy(request, response, policy_id)


@policies.post("", response={201: PolicyOut}, summary="Add a gate policy")
@needs("compliance.configure")
@idempotent
def add_gate_policy(request: HttpRequest, data: PolicyIn, response: HttpResponse):
    """The gates follow in the background."""
    policy_id = services.save_policy(actor=request.auth, values=data.dict(), at=request.at)
    return Status(201, _policy(request, response, policy_id))


@policies.put("/{uuid:policy_id}", response=PolicyOut, summary="Change a gate policy")
@needs("compliance.configure")
@idempotent
@updates
def change_gate_policy(request: HttpRequest, policy_id: UUID, data: PolicyIn, response: HttpResponse):
    services.save_policy(actor=request.auth, values=data.dict(), policy_id=policy_id, version=matched_version(request), at=request.at)
    return _policy(request, response, policy_id)


@policies.delete("/{uuid:policy_id}", response={204: None}, summary="Remove a gate policy")
@needs("compliance.configure")
@idempotent
def remove_gate_policy(request: HttpRequest, policy_id: UUID):
    services.remove_policy(actor=request.auth, policy_id=policy_id, at=request.at)
    return Status(204, None)


@lists.get("", response=Page[ListOut], summary="List sanctions lists")
@needs("compliance.review")
def list_sanctions_lists(request: HttpRequest, query: Query[PageQuery]):
    found = paginate(queries.newest_lists(request.auth), query.cursor, query.limit)
    return {"items": [queries.list_row(row) for row in found.items], "next_cursor": found.next_cursor}


@lists.post("", response={201: IdOut}, summary="Read a sanctions list in")
@needs("compliance.configure")
@idempotent
def import_sanctions_list(
    request: HttpRequest,
    source: Form[Literal["ofac_sdn", "eu", "un", "own"]],
    file: File[UploadedFile],
    name: str = Form("", max_length=120),
    list_date: Form[date | None] = None,
):
    """In the format that the authority publishes. All approved partners are screened again in the background."""
    refuse_unstorable([name, file.name or ""])
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge(code="file_too_large")
    list_id = services.import_list(
        actor=request.auth, source=source, name=name, list_date=list_date, file_name=file.name or "list", content=file.read(), at=request.at
    )  # fmt: skip
    return Status(201, {"id": list_id})


@lists.post("/search", response=list[NameHitOut], summary="Look names up")
@needs("compliance.review")
@idempotent
def search_sanctions_lists(request: HttpRequest, data: NamesIn):
    """In the lists of today. Nothing is stored."""
    return list(services.screen_names(names=data.names, country=data.country, at=request.at))
