"""Credit over the API: the same services and queries as the pages."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from openprm.attribution import queries, services
from openprm.attribution.rules.months import back, first_of, next_month
from openprm.attribution.rules.words import CLAIMABLE
from openprm.kernel.api import In, Out, idempotent, needs

router = Router(tags=["Attribution"])
ROUTERS = {"attribution": router}
KIND = Literal[tuple(str(kind) for kind in CLAIMABLE)]  # type: ignore[valid-type]


class MoneyOut(Out):
    minor: int
    currency: str


class MonthOut(Out):
    month: date
    run_id: UUID
    run_number: str
    configuration_sha256: str
    result_sha256: str
    is_locked: bool
    sourced: MoneyOut
    influenced: MoneyOut
    unattributed: MoneyOut
    total: MoneyOut
    deals: int
    late: int


class OutcomesOut(Out):
    sourced: MoneyOut
    influenced: MoneyOut
    unattributed: MoneyOut
    total: MoneyOut
    sourced_deals: int
    influenced_deals: int
    unattributed_deals: int
    deals: int
    late: int
    months: list[MonthOut]


class CreditOut(Out):
    partner_id: UUID
    partner: str
    credit: MoneyOut
    sourced: MoneyOut
    influenced: MoneyOut
    deals: int


class CreditListOut(Out):
    items: list[CreditOut]


class SpanQuery(In):
    """Months, both included; the twelve up to the present one when left out."""

    since: date | None = None
    until: date | None = None

    def span(self, today: date) -> tuple[date, date]:
        last = first_of(self.until or today)
        return first_of(self.since) if self.since else back(last, 11), next_month(last)


class ReplayOut(Out):
    run_id: UUID
    sha256: str
    is_equal: bool


class ClaimIn(In):
    """Name the deal or the customer's account. The vendor says which partner helped; a partner speaks of itself."""

    kind: KIND
    occurred_on: date
    statement: Annotated[str, Field(max_length=2000)]
    account_id: UUID | None = None
    deal_id: UUID | None = None
    partner_id: UUID | None = None


class ClaimOut(Out):
    id: UUID
    partner_id: UUID
    customer: str
    deal_id: UUID | None
    side: str
    kind: str
    statement: str
    state: str
    answer: str
    version: int


@router.get("/outcomes", response=OutcomesOut)
@needs("attribution.decide")
def get_outcomes(request: HttpRequest, query: Query[SpanQuery]):
    """Sourced, influenced and unattributed of some months; they add up to the total."""
    since, until = query.span(request.at.date())
    return queries.outcomes(request.auth, since=since, until=until)


@router.get("/credit", response=CreditListOut)
@needs("attribution.view")
def get_credit(request: HttpRequest, query: Query[SpanQuery]):
    """The credit of each partner, the largest first. A partner reads its own."""
    since, until = query.span(request.at.date())
    return {"items": list(queries.credit_by_partner(request.auth, since=since, until=until))}


@router.get("/runs/{uuid:run_id}/replay", response=ReplayOut)
@needs("attribution.view")
def replay_run(request: HttpRequest, run_id: UUID):
    """Compute a run again and say whether it is the same to the byte."""
    return services.replay(actor=request.auth, run_id=run_id)


@router.post("/claims", response={201: ClaimOut})
@needs("attribution.claim")
@idempotent
def make_claim(request: HttpRequest, body: ClaimIn):
    """Say that a partner helped; it counts when the other side confirms."""
    claim_id = services.make_claim(actor=request.auth, at=request.at, **body.dict())
    return Status(201, queries.claim(request.auth, claim_id, request.at))
