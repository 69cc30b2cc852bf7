"""Between the two sides over the API: what both have, what is shown, what people say of pairs, targets."""

from collections import Counter
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from openprm.kernel.api import IdOut, Page, PageQuery, idempotent, needs, paginate
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.mapping import queries, services
from openprm.mapping.api.shapes import (
    CompanyOut,
)
from openprm.mapping.api.shapes_across import (
    AnswerIn,
    AskIn,
    AskOut,
    AttachIn,
    AttachOut,
    CellQuery,
    GrantOut,
    JoinIn,
    LookOut,
    MatrixOut,
    OverlapOut,
    PairOut,
    RecommendedOut,
    RecommendedQuery,
    ReviewQuery,
    RuleIn,
    RuleOut,
    SayIn,
    TargetIn,
    TargetOut,
    WhitespaceQuery,
    WorthOut,
)
from openprm.mapping.rules.scores import Reciprocity, reciprocity

mapping = Router(tags=["Account mapping"])


@mapping.get("/{uuid:partner_id}", response=MatrixOut, summary="Read what both sides have, in numbers")
@needs("mapping.view")
def get_account_matrix(request: HttpRequest, partner_id: UUID):
    """Own lists against those of which the other side shows something."""
    _refuse_stranger(request, partner_id)
    found, stands = queries.matrix(request.auth, partner_id, request.at), queries.connection(request.auth, partner_id)
    cells = [cell for row in found.rows for cell in row.cells]
    return {"we_agreed": stands.we_agreed, "they_agreed": stands.they_agreed, "theirs": list(found.theirs), "cells": cells}


def _refuse_stranger(request: HttpRequest, partner_id: UUID) -> None:
    if request.auth.is_partner and partner_id != request.auth.partner_id:
        raise NotFound()


@mapping.get("/{uuid:partner_id}/overlaps", response=Page[OverlapOut], summary="List the companies that both have")
@needs("mapping.view")
def list_account_overlaps(request: HttpRequest, partner_id: UUID, query: Query[CellQuery]):
    """Of one list of ours and one of theirs whose overlaps are shown. The other side reads that you looked."""
    _refuse_stranger(request, partner_id)
    found = paginate(queries.newest_matches(request.auth, query.mine_id, query.theirs_id, request.at), query.cursor, query.limit)
    items = list(queries.overlaps(request.auth, found.items, request.at))
    services.note_look(actor=request.auth, population_id=query.theirs_id, what="overlaps", rows=len(items), at=request.at)
    return {"items": items, "next_cursor": found.next_cursor}


@mapping.get("/{uuid:partner_id}/whitespace", response=Page[CompanyOut], summary="List the companies that only the other side has")
@needs("mapping.view")
def list_account_whitespace(request: HttpRequest, partner_id: UUID, query: Query[WhitespaceQuery]):
    """Only where all of their list is shown. The other side reads that you looked."""
    _refuse_stranger(request, partner_id)
    found = paginate(queries.whitespace(request.auth, query.theirs_id, request.at), query.cursor, query.limit)
    items = list(queries.companies(request.auth, found.items, request.at))
    services.note_look(actor=request.auth, population_id=query.theirs_id, what="whitespace", rows=len(items), at=request.at)
    return {"items": items, "next_cursor": found.next_cursor}


@mapping.post("/{uuid:partner_id}/agreement", response={204: None}, summary="Agree to compare lists")
@needs("mapping.share")
@idempotent
def agree_to_compare(request: HttpRequest, partner_id: UUID):
    """Nothing is compared before the other side agrees too."""
    services.agree(actor=request.auth, partner_id=partner_id, at=request.at)
    return Status(204, None)


@mapping.delete("/{uuid:partner_id}/agreement", response={204: None}, summary="End the comparing of lists")
@needs("mapping.share")
@idempotent
def end_comparing(request: HttpRequest, partner_id: UUID):
    """Every grant ends at once, in both directions."""
    services.end(actor=request.auth, partner_id=partner_id, at=request.at)
    return Status(204, None)


@mapping.get("/{uuid:partner_id}/worth", response=WorthOut, summary="Read what the overlaps are worth, and what both sides give")
@needs("mapping.view")
def get_account_worth(request: HttpRequest, partner_id: UUID):
    """Each open deal is counted once. What both sides show is told in whole fives of companies."""
    _refuse_stranger(request, partner_id)
    found, given = queries.potential(request.auth, partner_id, request.at), queries.balance(request.auth, partner_id)
    score = queries.partner_score(request.auth, partner_id, request.at) if request.auth.is_vendor else None
    return {
        "open_deals": found.deals,
        "amounts": list(found.amounts),
        "with_theirs": list(found.with_theirs),
        "we_show": _given(given),
        "they_show": _given(reciprocity(given.got, given.given)),
        "grade": score.grade.value if score else None,
        "won_here": score.evidence.won_here if score else None,
        "needed_wins": score.missing if score else None,
    }


def _given(found: Reciprocity) -> dict:
    values = [Money(minor, currency) for currency, minor in sorted(found.given.values.items())]
    best = found.by_value if found.by_value is not None else found.by_companies
    return {"companies": found.given.companies, "values": values, "for_100": None if best is None else float(best)}


@mapping.get("/{uuid:partner_id}/review", response=Page[OverlapOut], summary="List pairs to look at")
@needs("mapping.view")
def list_account_pairs(request: HttpRequest, partner_id: UUID, query: Query[ReviewQuery]):
    """Pairs of all lists in one state, newest first. The other side reads that you looked."""
    _refuse_stranger(request, partner_id)
    rows = queries.to_review(request.auth, partner_id, request.at, queries.CellFilters(states=(query.state,)))
    found = paginate(rows.order_by("-created_at", "-id"), query.cursor, query.limit)
    items = list(queries.overlaps(request.auth, found.items, request.at))
    seen = Counter(one.theirs_list_id for one in items)
    services.note_looks(actor=request.auth, seen=seen, what="overlaps", at=request.at)
    return {"items": items, "next_cursor": found.next_cursor}


@mapping.post("/{uuid:partner_id}/join", response={201: IdOut}, summary="Say that two companies are one")
@needs("mapping.manage")
@idempotent
def join_account_pair(request: HttpRequest, partner_id: UUID, data: JoinIn):
    """For a pair that the comparison did not find; the answer's id takes it back."""
    _refuse_stranger(request, partner_id)
    made = services.merge(actor=request.auth, own_id=data.own_id, other_id=data.other_id, note=data.note, at=request.at)
    return Status(201, {"id": made})


@mapping.get("/matches/{uuid:match_id}", response=PairOut, summary="Read a pair, why it matched, and what we said of it")
@needs("mapping.view")
def get_account_pair(request: HttpRequest, match_id: UUID):
    one = queries.one_overlap(request.auth, match_id, request.at)
    services.note_look(actor=request.auth, population_id=one.theirs_list_id, what="overlaps", rows=1, at=request.at)
    return {"match": one, "words": list(queries.words_on(request.auth, one))}


@mapping.post("/matches/{uuid:match_id}/word", response={201: IdOut}, summary="Confirm or split a pair")
@needs("mapping.manage")
@idempotent
def say_of_account_pair(request: HttpRequest, match_id: UUID, data: SayIn):
    """It stands when the lists are compared again; the answer's id takes it back."""
    return Status(201, {"id": services.decide(actor=request.auth, match_id=match_id, is_same=data.is_same, note=data.note, at=request.at)})


@mapping.delete("/words/{uuid:word_id}", response={204: None}, summary="Take back what we said of a pair")
@needs("mapping.manage")
@idempotent
def undo_account_word(request: HttpRequest, word_id: UUID):
    services.undo(actor=request.auth, verdict_id=word_id, at=request.at)
    return Status(204, None)


@mapping.get("/{uuid:partner_id}/requests", response=list[AskOut], summary="List requests for data in both directions")
@needs("mapping.view")
def list_account_requests(request: HttpRequest, partner_id: UUID):
    _refuse_stranger(request, partner_id)
    return list(queries.asks(request.auth, partner_id))


@mapping.post("/{uuid:partner_id}/requests", response={201: IdOut}, summary="Ask the other side to show more")
@needs("mapping.share")
@idempotent
def ask_for_accounts(request: HttpRequest, partner_id: UUID, data: AskIn):
    terms = services.read_terms(level=data.level, fields=data.fields, purpose=data.purpose)
    asked = {"kind": data.kind or "", "population_id": data.list_id, "message": data.message}
    return Status(201, {"id": services.ask(actor=request.auth, partner_id=partner_id, terms=terms, at=request.at, **asked)})


@mapping.post("/requests/{uuid:request_id}/answer", response={204: None}, summary="Grant or decline a request for data")
@needs("mapping.share")
@idempotent
def answer_account_request(request: HttpRequest, request_id: UUID, data: AnswerIn):
    """What is not said is as it was asked for."""
    wanted = next((one for one in queries.asks(request.auth) if one.id == request_id and not one.is_mine), None)
    if wanted is None:
        raise NotFound()
    fields = wanted.fields if data.fields is None else data.fields
    terms = services.read_terms(level=data.level or wanted.level, fields=fields, purpose=wanted.purpose, days=data.days) if data.grant else None
    services.answer(actor=request.auth, ask_id=request_id, terms=terms, population_id=data.list_id, text=data.text, at=request.at)
    return Status(204, None)


@mapping.delete("/requests/{uuid:request_id}", response={204: None}, summary="Take a request for data back")
@needs("mapping.share")
@idempotent
def withdraw_account_request(request: HttpRequest, request_id: UUID):
    services.withdraw(actor=request.auth, ask_id=request_id, at=request.at)
    return Status(204, None)


@mapping.get("/grants", response=list[GrantOut], summary="List what is and was shown, in both directions")
@needs("mapping.view")
def list_account_grants(request: HttpRequest):
    """The newest 500 of either direction. One that ended is its receipt: when, why, by whom, and how much was looked at."""
    return [*queries.given(request.auth, request.at), *queries.received(request.auth, request.at)]


@mapping.get("/grants/{uuid:grant_id}", response=GrantOut, summary="Read a grant, or the receipt of its end")
@needs("mapping.view")
def get_account_grant(request: HttpRequest, grant_id: UUID):
    return queries.one_grant(request.auth, grant_id, request.at)


@mapping.get("/looks", response=Page[LookOut], summary="List who looked at our lists")
@needs("mapping.view")
def list_account_looks(request: HttpRequest, query: Query[PageQuery]):
    found = paginate(queries.newest_looks(request.auth).order_by("-created_at", "-id"), query.cursor, query.limit)
    return {"items": list(queries.look_views(found.items)), "next_cursor": found.next_cursor}


@mapping.get("/{uuid:partner_id}/targets", response=Page[TargetOut], summary="List target accounts of both sides")
@needs("mapping.view")
def list_account_targets(request: HttpRequest, partner_id: UUID, query: Query[PageQuery]):
    _refuse_stranger(request, partner_id)
    found = paginate(queries.newest_targets(request.auth, request.at, partner_id), query.cursor, query.limit)
    return {"items": list(queries.target_views(request.auth, found.items)), "next_cursor": found.next_cursor}


@mapping.post("/{uuid:partner_id}/targets", response={201: IdOut}, summary="Make a company a target of both sides")
@needs("mapping.manage")
@idempotent
def choose_account_target(request: HttpRequest, partner_id: UUID, data: TargetIn):
    """The other side reads its name and place."""
    _refuse_stranger(request, partner_id)
    if data.match_id:
        made = services.choose_match(actor=request.auth, match_id=data.match_id, note=data.note, at=request.at)
    else:
        made = services.choose_company(actor=request.auth, partner_id=partner_id, entry_id=data.company_id, note=data.note, at=request.at)
    return Status(201, {"id": made})


@mapping.delete("/targets/{uuid:target_id}", response={204: None}, summary="End a target of both sides")
@needs("mapping.manage")
@idempotent
def end_account_target(request: HttpRequest, target_id: UUID):
    services.end_target(actor=request.auth, target_id=target_id, at=request.at)
    return Status(204, None)


@mapping.get("/recommendations", response=list[RecommendedOut], summary="List open deals with the partners that know their companies")
@needs("mapping.view")
def list_partner_recommendations(request: HttpRequest, query: Query[RecommendedQuery]):
    """The largest deals first; of partners that show at least their overlaps. For the vendor; a partner reads an empty list."""
    found = queries.recommended(request.auth, request.at, limit=query.limit)
    services.note_panel(actor=request.auth, population_ids=[pk for one in found for pk in queries.in_lists(one.partners)], at=request.at)
    return list(found)


@mapping.post("/attach", response={201: AttachOut}, summary="Bring a partner that knows the company into a deal or lead")
@needs("mapping.manage")
@idempotent
def attach_partner_to_deal(request: HttpRequest, data: AttachIn):
    """For the vendor. The partner is invited to sell it together; the answer says where that is worked on."""
    given = {"target": data.target, "object_id": data.object_id, "partner_id": data.partner_id}
    return Status(201, {"url": services.bring_in(actor=request.auth, at=request.at, **given)})


@mapping.get("/rule", response=RuleOut, summary="Read how sure a match must be")
@needs("mapping.view")
def get_matching_rule(request: HttpRequest):
    return queries.rule(request.auth)


@mapping.put("/rule", response=RuleOut, summary="Say how sure a match must be")
@needs("mapping.rule")
@idempotent
def set_matching_rule(request: HttpRequest, data: RuleIn):
    """For administrators of the vendor. Everything is compared anew."""
    services.set_rule(actor=request.auth, permille=round(data.percent * 10), one_only=data.one_only, at=request.at)
    return queries.rule(request.auth)


@mapping.post("/rule/learn", response=RuleOut, summary="Learn from confirmed and split pairs how sure a match must be")
@needs("mapping.rule")
@idempotent
def learn_matching_rule(request: HttpRequest):
    """From at least 20 pairs, some confirmed and some split; a wrong match counts as two that are missed."""
    services.take_learned(actor=request.auth, at=request.at)
    return queries.rule(request.auth)
