"""Partners that introduce partners."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import StringConstraints

from openprm.kernel.api import In, Out, Page, PageQuery, RequiredLine, idempotent, needs, paginate
from openprm.recruitment import queries, services
from openprm.recruitment.api.fields import Mail, Reason

referrals = Router(tags=["Referrals"])


class ReferralIn(In):
    company: RequiredLine
    domain: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=253)]
    contact_name: Annotated[str, StringConstraints(max_length=120)] = ""
    contact_email: Mail = ""
    note: Annotated[str, StringConstraints(max_length=500)] = ""


class ReferralOut(Out):
    """A company that a partner brought. `partner_id` is empty on the partner's own side."""

    id: UUID
    company: str
    domain: str
    state: str
    reward_percent: int | None
    joined_at: datetime | None
    window_starts_at: datetime | None
    window_ends_at: datetime | None
    declined_reason: str
    created_at: datetime
    partner_id: UUID | None = None
    referred_id: UUID | None = None


class DeclineIn(In):
    reason: Reason


@referrals.get("", response=Page[ReferralOut], summary="List referrals")
@needs("recruitment.view_referrals")
def list_referrals(request: HttpRequest, query: Query[PageQuery]):
    """The vendor sees all, a partner those it made."""
    found = paginate(queries.newest_referrals(request.auth), query.cursor, query.limit)
    rows = queries.referral_rows(found.items, request.at) if request.auth.sees_all_partners else [queries.own_referral(row) for row in found.items]
    return {"items": rows, "next_cursor": found.next_cursor}


@referrals.post("", response={201: ReferralOut}, summary="Introduce a company")
@needs("recruitment.refer")
@idempotent
def introduce(request: HttpRequest, data: ReferralIn):
    referral_id = services.introduce(actor=request.auth, at=request.at, **data.dict())
    return Status(201, next(row for row in queries.own_referrals(request.auth, request.at) if row.id == referral_id))


@referrals.post("/{uuid:referral_id}/decline", response=ReferralOut, summary="Decline an introduction")
@needs("recruitment.manage")
@idempotent
def decline_referral(request: HttpRequest, referral_id: UUID, data: DeclineIn):
    services.decline_referral(actor=request.auth, referral_id=referral_id, reason=data.reason, at=request.at)
    return queries.referral_rows([queries.newest_referrals(request.auth).one(referral_id)], request.at)[0]
