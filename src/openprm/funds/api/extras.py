"""The catalogue, proofs, co-op money, deadlines, shares and returns over the API: the same services and queries as the pages."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status, UploadedFile

from openprm.funds.api import extras_schemas as s
from openprm.funds.queries import assumptions, catalogue, coop, extensions, judging, returns
from openprm.funds.queries.wallet import wallet
from openprm.funds.rules.judgement import Paper
from openprm.funds.services import catalogue as kinds_of
from openprm.funds.services import coop as accruals_of
from openprm.funds.services import coop_rates, links
from openprm.funds.services import extensions as extensions_of
from openprm.funds.services import proofs as proofs_of
from openprm.kernel.api import IdOut, Page, etag_of, idempotent, matched_version, needs, paginate, question, updates
from openprm.kernel.api.bodies import refuse_unstorable
from openprm.kernel.api.problems import TooLarge
from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.files import MAX_BYTES
from openprm.kernel.money import Money

kinds = Router(tags=["Funds"])
activities = Router(tags=["Funds"])
proofs = Router(tags=["Funds"])
rates = Router(tags=["Funds"])
lines = Router(tags=["Funds"])
later = Router(tags=["Funds"])
shares = Router(tags=["Funds"])
wallets = Router(tags=["Funds"])
figures = Router(tags=["Funds"])


def _money(given: s.MoneyIn | None) -> Money | None:
    return Money(given.amount_minor, given.currency) if given else None


def _papers(given: Iterable[s.PaperIn]) -> tuple[Paper, ...]:
    return tuple(Paper(rule=one.rule, format=one.format, dated_on=one.dated_on, name=one.name) for one in given)


def _kind(request: HttpRequest, response: HttpResponse, kind_id: UUID) -> Any:
    found = catalogue.kind(request.auth, kind_id, request.at)
    response["ETag"] = etag_of(found.version)
    return found


@kinds.get("", response=list[s.KindOut], summary="List kinds of activity")
@needs("funds.view")
def list_fund_activity_types(request: HttpRequest):
    """The catalogue: what each kind pays, and the proofs it wants. A partner sees what is in use."""
    return list(catalogue.kinds(request.auth, request.at))


@kinds.post("", response={201: s.KindOut}, summary="Add a kind of activity")
@needs("funds.configure")
@idempotent
def add_fund_activity_type(request: HttpRequest, data: s.KindIn, response: HttpResponse):
    kind_id = kinds_of.save_kind(actor=request.auth, values=data.dict() | {"cap": _money(data.cap)}, at=request.at)
    return Status(201, _kind(request, response, kind_id))


@kinds.get("/{uuid:kind_id}", response=s.KindOut, summary="Read a kind of activity")
@needs("funds.view")
def get_fund_activity_type(request: HttpRequest, kind_id: UUID, response: HttpResponse):
    return _kind(request, response, kind_id)


@kinds.put("/{uuid:kind_id}", response=s.KindOut, summary="Change a kind of activity")
@needs("funds.configure")
@idempotent
@updates
def change_fund_activity_type(request: HttpRequest, kind_id: UUID, data: s.KindIn, response: HttpResponse):
    """Requests that were sent keep the terms they were sent with."""
    values = data.dict() | {"cap": _money(data.cap)}
    kinds_of.save_kind(actor=request.auth, values=values, kind_id=kind_id, version=matched_version(request), at=request.at)
    return _kind(request, response, kind_id)


@kinds.post("/{uuid:kind_id}/simulate", response=s.AnswerOut, summary="Simulate a claim before anything is requested")
@question
@needs("funds.view")
def simulate_fund_claim(request: HttpRequest, kind_id: UUID, data: s.SimulateKindIn):
    """Judged by the rule that judges real claims. Nothing is stored."""
    judged = judging.simulate_kind(
        request.auth, kind_id, spent=_money(data.spent), on=data.on, starts_on=data.starts_on, ends_on=data.ends_on, papers=_papers(data.papers),
        asked=_money(data.asked), allocation_id=data.allocation_id,
    )  # fmt: skip
    return judging.answer(judged, judging.terms_shown(request.auth, kind_id, data.allocation_id), request.auth.locale)


@activities.get("/{uuid:activity_id}/proofs", response=s.ActivityProofsOut, summary="Read the proofs of an activity")
@needs("funds.view")
def get_fund_activity_proofs(request: HttpRequest, activity_id: UUID):
    """What was promised, what is uploaded, and what a claim of the planned cost would give."""
    return judging.activity_proofs(request.auth, activity_id, request.at)


@activities.post("/{uuid:activity_id}/proofs", response={201: IdOut}, summary="Upload a proof")
@needs("funds.request")
@idempotent
def add_fund_proof(
    request: HttpRequest, activity_id: UUID, file: File[UploadedFile], rule: str = Form(..., max_length=60), dated_on: Form[date | None] = None
):  # fmt: skip
    """A draft until a claim hands it in. Its format is what its content is."""
    refuse_unstorable([rule, file.name or ""])
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge(code="file_too_large")
    proof_id = proofs_of.add_proof(
        actor=request.auth, activity_id=activity_id, rule=rule, name=file.name or "file", content=file.read(), dated_on=dated_on, at=request.at
    )  # fmt: skip
    return Status(201, {"id": proof_id})


@activities.post("/{uuid:activity_id}/simulate", response=s.AnswerOut, summary="Simulate the claim of an activity")
@question
@needs("funds.view")
def simulate_fund_activity_claim(request: HttpRequest, activity_id: UUID, data: s.SimulateIn):
    """With the files that are uploaded and those of `papers`. Nothing is stored."""
    judged = judging.simulate_activity(
        request.auth, activity_id, spent=_money(data.spent), on=data.on, asked=_money(data.asked), papers=_papers(data.papers)
    )  # fmt: skip
    terms = judging.activity_proofs(request.auth, activity_id, request.at).terms
    return judging.answer(judged, terms, request.auth.locale)


@proofs.delete("/{uuid:proof_id}", response={204: None}, summary="Remove a proof")
@needs("funds.request")
@idempotent
def remove_fund_proof(request: HttpRequest, proof_id: UUID):
    """Only a draft: what was handed in stays."""
    proofs_of.remove_proof(actor=request.auth, proof_id=proof_id, at=request.at)
    return Status(204, None)


@rates.get("", response=list[s.RateOut], summary="List accrual rates")
@needs("funds.view")
def list_fund_accrual_rates(request: HttpRequest):
    """Published to both sides."""
    return list(coop.rates(request.auth, request.at))


@rates.post("", response={201: s.RateOut}, summary="Publish an accrual rate")
@needs("funds.configure")
@idempotent
def publish_fund_accrual_rate(request: HttpRequest, data: s.RateIn):
    values = data.dict()
    rate_id = coop_rates.publish_rate(actor=request.auth, share=values.pop("percent"), at=request.at, **values)
    return Status(201, coop.rate(request.auth, rate_id, request.at))


@lines.get("", response=Page[s.LineOut], summary="List co-op lines")
@needs("funds.view")
def list_fund_accruals(request: HttpRequest, query: Query[s.LineQuery]):
    rows = coop.newest_lines(request.auth, partner_id=query.partner_id, kind=query.kind or "")
    found = paginate(rows, query.cursor, query.limit)
    return {"items": coop.line_views(list(found.items)), "next_cursor": found.next_cursor}


@lines.post("/corrections", response={201: s.LineOut}, summary="Correct what a deal accrued")
@needs("funds.configure")
@idempotent
def correct_fund_accrual(request: HttpRequest, data: s.CorrectIn):
    """By a new line; earlier ones never change."""
    line_id = accruals_of.correct(
        actor=request.auth, registration_id=data.registration_id, revenue=_money(data.revenue), reason=data.reason, at=request.at
    )  # fmt: skip
    return Status(201, coop.line(request.auth, line_id))


def _extension(request: HttpRequest, response: HttpResponse, extension_id: UUID) -> Any:
    found = extensions.extension(request.auth, extension_id, request.at)
    response["ETag"] = etag_of(found.version)
    return found


@later.get("", response=Page[s.ExtensionOut], summary="List questions for a later deadline")
@needs("funds.view")
def list_fund_extensions(request: HttpRequest, query: Query[s.ExtensionQuery]):
    found = paginate(extensions.newest_extensions(request.auth, state=query.state or ""), query.cursor, query.limit)
    return {"items": extensions.extension_views(request.auth, found.items, request.at), "next_cursor": found.next_cursor}


@later.post("", response={201: s.ExtensionOut}, summary="Ask for a later deadline")
@needs("funds.request")
@idempotent
def ask_for_fund_extension(request: HttpRequest, data: s.AskIn, response: HttpResponse):
    extension_id = extensions_of.ask_extension(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _extension(request, response, extension_id))


@later.get("/{uuid:extension_id}", response=s.ExtensionOut, summary="Read a question for a later deadline")
@needs("funds.view")
def get_fund_extension(request: HttpRequest, extension_id: UUID, response: HttpResponse):
    return _extension(request, response, extension_id)


@later.post("/{uuid:extension_id}/answer", response=s.ExtensionOut, summary="Move a deadline or keep it")
@needs("funds.decide_extension")
@idempotent
def answer_fund_extension(request: HttpRequest, extension_id: UUID, data: s.DecideIn, response: HttpResponse):
    extensions_of.answer_extension(actor=request.auth, extension_id=extension_id, at=request.at, **data.dict())
    return _extension(request, response, extension_id)


@later.delete("/{uuid:extension_id}", response={204: None}, summary="Take a question for a later deadline back")
@needs("funds.request")
@idempotent
def withdraw_fund_extension(request: HttpRequest, extension_id: UUID):
    extensions_of.withdraw_extension(actor=request.auth, extension_id=extension_id, at=request.at)
    return Status(204, None)


@shares.get("", response=list[s.LinkOut], summary="List what a request brought")
@needs("funds.view")
def list_fund_links(request: HttpRequest, query: Query[s.LinkQuery]):
    return list(returns.links(request.auth, query.request_id))


@shares.post("", response={201: s.LinkOut}, summary="Say what a request brought")
@needs("funds.link")
@idempotent
def link_fund_request(request: HttpRequest, data: s.LinkIn):
    """Again for the same thing changes its share. Conflict when all requests together would have more than 100 per cent of a deal."""
    link_id = links.link(actor=request.auth, at=request.at, **data.dict())
    return Status(201, returns.link(request.auth, link_id))


@shares.delete("/{uuid:link_id}", response={204: None}, summary="Take a share back")
@needs("funds.link")
@idempotent
def unlink_fund_request(request: HttpRequest, link_id: UUID):
    links.unlink(actor=request.auth, link_id=link_id, at=request.at)
    return Status(204, None)


@wallets.get("", response=s.WalletOut, summary="Read the wallet of a partner")
@needs("funds.view")
def get_fund_wallet(request: HttpRequest, query: Query[s.WalletQuery]):
    """allocated = reserved + claimed + paid + left, in each currency."""
    if request.auth.is_vendor and query.partner_id is None:
        raise Invalid("Say whose wallet: partner_id.", field="partner_id", code="required")
    if request.auth.is_partner and query.partner_id not in (None, request.auth.partner_id):
        raise NotFound()
    found = wallet(request.auth, request.at, query.partner_id)
    if found is None:
        raise NotFound()
    return found


@figures.get("", response=s.ReturnsOut, summary="Read the return on funds")
@needs("funds.returns")
def get_fund_returns(request: HttpRequest, query: Query[s.ReturnsQuery]):
    """Of requests approved in [since, until); two years until now without them."""
    until = query.until or request.at.date() + timedelta(days=1)
    since = query.since or until - timedelta(days=731)
    if since >= until:
        raise Invalid("The period ends before it begins.", field="until")
    return returns.return_report(request.auth, since=since, until=until, at=request.at)


@figures.get("/assumptions", response=list[s.AssumedOut], summary="Read the assumptions of the return")
@needs("funds.returns")
def list_fund_assumptions(request: HttpRequest):
    """What holds in general first, then every program that has its own."""
    return list(assumptions.assumptions().values())


@figures.put("/assumptions", response=s.AssumedOut, summary="Set the assumptions of the return")
@needs("funds.configure")
@idempotent
def assume_fund_returns(request: HttpRequest, data: s.AssumeIn):
    links.save_return_terms(actor=request.auth, at=request.at, **data.dict())
    return assumptions.assumed(data.program_id)


ROUTERS = {
    "fund-activity-types": kinds,
    "fund-activities": activities,
    "fund-proofs": proofs,
    "fund-accrual-rates": rates,
    "fund-accruals": lines,
    "fund-extensions": later,
    "fund-links": shares,
    "fund-wallet": wallets,
    "fund-returns": figures,
}
