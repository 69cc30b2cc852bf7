"""What a claim would give, and what it gives: both read here, and both are `rules.judgement.judge`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openprm.funds import proof_policies as policies
from openprm.funds.models import Activity, Allocation, ProofFile
from openprm.funds.queries.catalogue import ProofView, in_currency, proof_view
from openprm.funds.rules.catalogue import ActivityTerms
from openprm.funds.rules.judgement import HandedIn, Judgement, Paper, PaperAnswer, claim_by, judge
from openprm.funds.rules.lifecycle import ActivityStatus
from openprm.funds.wording_proofs import problem_in_words, step_in_words, terms_in_words
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ledger import services as ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    name: str
    format: str
    dated_on: date | None
    is_accepted: bool
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofLine:
    """One proof of the list, with the files for it and what is still missing."""

    proof: ProofView
    papers: tuple[PaperLine, ...]
    accepted: int
    missing: int
    is_met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SumLine:
    label: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A judgement in words. `worth` is what it gives once everything is in; `reimbursable` what it gives as it is."""

    accepted: bool
    worth: Money
    reimbursable: Money
    proofs: tuple[ProofLine, ...]
    problems: tuple[str, ...]
    steps: tuple[SumLine, ...]
    pays: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFileView:
    id: UUID
    rule: str
    proof: str
    name: str
    format: str
    size: int
    dated_on: date | None
    added_at: datetime
    author_name: str
    is_handed_in: bool
    may_remove: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityProofs:
    """One activity with its proofs: the promise it was approved under, what is uploaded, and what a claim of today would give."""

    id: UUID
    request_id: UUID
    request_number: str
    partner_id: UUID
    title: str
    kind: str
    starts_on: date
    ends_on: date
    claim_by: date
    left: Money
    planned: Money
    terms: ActivityTerms
    proofs: tuple[ProofView, ...]
    files: tuple[ProofFileView, ...]
    answer: Answer
    may_hand_in: bool
    may_claim: bool


def simulate_kind(
    actor: Actor, kind_id: UUID, *, spent: Money, on: date, starts_on: date, ends_on: date, papers: Iterable[Paper] = (), asked: Money | None = None,
    allocation_id: UUID | None = None,
) -> Judgement:  # fmt: skip
    """What a claim of this kind would give before anything is requested or spent; out of one fund when it is named. Raises NotFound, NoRate."""
    fund = _fund(actor, allocation_id)
    currency = fund.currency if fund else spent.currency
    terms = in_currency(terms_shown(actor, kind_id, allocation_id), currency, on)
    handed = HandedIn(
        spent=_in(spent, currency, on), on=on, starts_on=starts_on, ends_on=ends_on, papers=tuple(papers),
        asked=_in(asked, currency, on) if asked else None, fund=Money(fund.left_minor, currency) if fund else None,
        claim_by=claim_by(terms, ends_on, fund.claim_by) if fund else None,
    )  # fmt: skip
    return judge(terms, handed)


def terms_shown(actor: Actor, kind_id: UUID, allocation_id: UUID | None = None) -> ActivityTerms:
    """The terms of a kind as the catalogue stands, under the share of a fund when it is named. Raises NotFound."""
    terms = policies.reach_kinds(actor).prefetch_related("proofs").one(kind_id).terms()
    fund = _fund(actor, allocation_id)
    return terms.under(fund.vendor_percent) if fund else terms


def _fund(actor: Actor, allocation_id: UUID | None) -> Allocation | None:
    return policies.reach_allocations(actor).one(allocation_id) if allocation_id else None


def simulate_activity(
    actor: Actor, activity_id: UUID, *, spent: Money, on: date, asked: Money | None = None, papers: Iterable[Paper] = (), claim_id: UUID | None = None
) -> Judgement:
    """What a claim of this activity would give with its uploaded files and `papers` that are only imagined. Raises NotFound, NoRate."""
    return judge_claim(policies.reach_activities(actor).one(activity_id), spent=spent, on=on, asked=asked, claim_id=claim_id, imagined=papers)


def judge_claim(
    activity: Activity, *, spent: Money, on: date, asked: Money | None = None, claim_id: UUID | None = None, imagined: Iterable[Paper] = ()
) -> Judgement:
    """The judgement of a claim in the fund's currency: the activity's frozen terms, its open files and those of `claim_id`. Raises NoRate."""
    is_planned = activity.status == ActivityStatus.PLANNED
    handed = HandedIn(
        spent=_in(spent, activity.currency, on),
        on=on,
        starts_on=activity.starts_on,
        ends_on=activity.ends_on,
        papers=(*papers_of(activity, claim_id), *imagined),
        requested=Money(activity.asked_minor, activity.currency) if is_planned else None,
        left=None if is_planned else Money(activity.open_minor, activity.currency),
        claim_by=deadline_of(activity),
        asked=_in(asked, activity.currency, on) if asked else None,
    )
    return judge(in_currency(frozen_terms(activity), activity.currency, on), handed)


def frozen_terms(activity: Activity) -> ActivityTerms:
    """The promise of the request; a draft that was not sent yet goes by the catalogue of today and its fund."""
    if activity.terms:
        return ActivityTerms.from_json(activity.terms)
    return activity.activity_type.terms().under(activity.allocation.vendor_percent)


def deadline_of(activity: Activity) -> date:
    """The last day to claim it."""
    return activity.claim_by or claim_by(frozen_terms(activity), activity.ends_on, activity.allocation.claim_by)


def papers_of(activity: Activity, claim_id: UUID | None = None) -> tuple[Paper, ...]:
    rows = ProofFile.objects.filter(activity=activity)
    return tuple(
        Paper(rule=row.rule, format=row.format, dated_on=row.dated_on, name=row.name) for row in rows if row.claim_id is None or row.claim_id == claim_id
    )


def _in(money: Money, currency: str, on: date) -> Money:
    return money if money.currency == currency else ledger.convert(money, to=currency, on=on).money


def answer(judgement: Judgement, terms: ActivityTerms, locale: str = "en") -> Answer:
    return Answer(
        accepted=judgement.accepted,
        worth=judgement.worth,
        reimbursable=judgement.reimbursable,
        proofs=tuple(_proof_line(one, locale) for one in judgement.proofs),
        problems=tuple(problem_in_words(problem, locale) for problem in judgement.problems),
        steps=tuple(SumLine(label=step_in_words(step, locale), amount=step.amount) for step in judgement.steps),
        pays=terms_in_words(terms, locale),
    )


def _proof_line(one: Any, locale: str) -> ProofLine:
    papers = tuple(
        PaperLine(
            name=answer.paper.name,
            format=answer.paper.format,
            dated_on=answer.paper.dated_on,
            is_accepted=answer.is_accepted,
            problem=problem_in_words(answer.problem, locale) if answer.problem else "",
        )
        for answer in one.papers
    )
    return ProofLine(proof=proof_view(one.proof), papers=papers, accepted=one.accepted, missing=one.missing, is_met=one.is_met)


def judgement_json(judgement: Judgement) -> dict[str, Any]:
    """What a claim keeps of its judgement: the sum and every file with its answer."""
    return {
        "accepted": judgement.accepted,
        "worth": [judgement.worth.minor, judgement.worth.currency],
        "steps": [[step.code, step.amount.minor, step.amount.currency] for step in judgement.steps],
        "problems": [problem.code for problem in judgement.problems],
        "proofs": [{"code": one.proof.code, "missing": one.missing, "files": [_kept(answer) for answer in one.papers]} for one in judgement.proofs],
    }


def _kept(answer: PaperAnswer) -> list[str]:
    day = answer.paper.dated_on.isoformat() if answer.paper.dated_on else ""
    return [answer.paper.name, answer.paper.format, day, answer.problem.code if answer.problem else ""]


def activity_proofs(actor: Actor, activity_id: UUID, at: datetime) -> ActivityProofs:
    """One activity with its proofs, judged as a claim of its planned cost on the day it ends or today, whichever is later."""
    row = policies.reach_activities(actor).select_related("request", "activity_type", "allocation").one(activity_id)
    terms, planned = frozen_terms(row), Money(row.planned_minor, row.currency)
    last = deadline_of(row)
    on = max(at.date(), min(row.ends_on, last))
    files = list(policies.reach_proofs(actor).filter(activity=row))
    may = policies.why_not_hand_in(actor, row) is None
    return ActivityProofs(
        id=row.pk, request_id=row.request_id, request_number=row.request.number, partner_id=row.partner_id, title=row.title, kind=terms.name,
        starts_on=row.starts_on, ends_on=row.ends_on, claim_by=last, left=Money(row.open_minor, row.currency), planned=planned, terms=terms,
        proofs=tuple(proof_view(proof) for proof in terms.proofs), files=tuple(_file(one, terms, may) for one in files),
        answer=answer(judge_claim(row, spent=planned, on=on), terms, actor.locale), may_hand_in=may,
        may_claim=may and row.status == ActivityStatus.APPROVED,
    )  # fmt: skip


def proof_file(actor: Actor, proof_id: UUID) -> ProofFile:
    """The row behind a download. Raises NotFound."""
    return policies.reach_proofs(actor).one(proof_id)


def _file(row: ProofFile, terms: ActivityTerms, may: bool) -> ProofFileView:
    return ProofFileView(
        id=row.pk, rule=row.rule, proof=terms.proof_name(row.rule), name=row.name,
        format=row.format, size=row.size, dated_on=row.dated_on, added_at=row.added_at,
        author_name=row.author_name, is_handed_in=row.claim_id is not None, may_remove=may and row.claim_id is None,
    )  # fmt: skip
