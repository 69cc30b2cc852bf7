"""The one judgement of a claim. The simulation before the money is spent and the real claim both call `judge`, with nothing else beside it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from openprm.funds.rules.catalogue import ActivityTerms, ProofTerms
from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One file, as the judgement sees it: for which proof, in what format by its content, and which day it bears."""

    rule: str
    format: str
    dated_on: date | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A claim, real or imagined. `left` is what the approval still leaves for this activity; None before there is one.

    Before that `fund` is what the fund has left, and `requested` what a request that is not answered asks for.
    """

    spent: Money
    on: date
    starts_on: date
    ends_on: date
    papers: tuple[Paper, ...] = ()
    fund: Money | None = None
    requested: Money | None = None
    left: Money | None = None
    claim_by: date | None = None
    asked: Money | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something is not accepted: a code that `wording_proofs` says in words, with its values."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    paper: Paper
    problem: Problem | None

    @property
    def is_accepted(self) -> bool:
        return self.problem is None


@dataclass(frozen=True, slots=True)
class ProofAnswer:
    """One proof of the list: each file with its answer, and how many more are needed."""

    proof: ProofTerms
    papers: tuple[PaperAnswer, ...]

    @property
    def accepted(self) -> int:
        return sum(answer.is_accepted for answer in self.papers)

    @property
    def missing(self) -> int:
        return max(0, self.proof.minimum - self.accepted)

    @property
    def is_met(self) -> bool:
        return not self.missing


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the sum: percent, cap, fund, requested, left or asked, with the amount after it."""

    code: str
    amount: Money
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`worth` is what the claim is worth once every proof is accepted; `reimbursable` is what it gives now: that, or nothing."""

    worth: Money
    proofs: tuple[ProofAnswer, ...]
    problems: tuple[Problem, ...]
    steps: tuple[Step, ...]

    @property
    def accepted(self) -> bool:
        return not self.problems

    @property
    def reimbursable(self) -> Money:
        return self.worth if self.accepted else Money(0, self.worth.currency)


def judge(terms: ActivityTerms, handed: HandedIn) -> Judgement:
    """What is accepted, what is missing, and what it gives to the cent. Every problem is named, not only the first."""
    proofs = tuple(_proof_answer(proof, handed) for proof in terms.proofs)
    steps = _steps(terms, handed)
    worth = steps[-1].amount
    problems = (
        *_problems_of_time(terms, handed),
        *_problems_of_money(handed, steps),
        *_problems_of_papers(terms, handed),
        *(Problem("missing", {"name": one.proof.name, "count": one.missing, "formats": one.proof.formats}) for one in proofs if not one.is_met),
    )
    return Judgement(worth, proofs, problems, steps)


def claim_by(terms: ActivityTerms, ends_on: date, fund_claim_by: date | None = None) -> date:
    """The last day to claim an activity, unless it was moved: the kind's own, and never after the fund's."""
    own = min(ends_on, date.max - timedelta(days=terms.claim_within_days)) + timedelta(days=terms.claim_within_days)
    return min(own, fund_claim_by) if fund_claim_by else own


def paper_problem(proof: ProofTerms, paper: Paper, handed: HandedIn) -> Problem | None:
    """Why one file does not count for its proof, or None."""
    if paper.format not in proof.formats:
        return Problem("format", {"format": paper.format, "formats": proof.formats})
    if not proof.needs_date:
        return None
    if paper.dated_on is None:
        return Problem("undated")
    if paper.dated_on > handed.on:
        return Problem("future", {"day": paper.dated_on})
    if proof.dated_within and not handed.starts_on <= paper.dated_on <= handed.ends_on:
        return Problem("outside", {"day": paper.dated_on, "first": handed.starts_on, "last": handed.ends_on})
    if proof.max_age_days is not None and (handed.on - paper.dated_on).days > proof.max_age_days:
        return Problem("too_old", {"day": paper.dated_on, "days": proof.max_age_days})
    return None


def _proof_answer(proof: ProofTerms, handed: HandedIn) -> ProofAnswer:
    mine = (paper for paper in handed.papers if paper.rule == proof.code)
    return ProofAnswer(proof, tuple(PaperAnswer(paper, paper_problem(proof, paper, handed)) for paper in mine))


def _problems_of_time(terms: ActivityTerms, handed: HandedIn) -> list[Problem]:
    last = handed.claim_by or claim_by(terms, handed.ends_on)
    if handed.ends_on < handed.starts_on:
        return [Problem("backwards", {"first": handed.starts_on, "last": handed.ends_on})]
    if handed.on < handed.starts_on:
        return [Problem("too_early", {"day": handed.starts_on})]
    return [Problem("too_late", {"day": last})] if handed.on > last else []


def _problems_of_money(handed: HandedIn, steps: tuple[Step, ...]) -> list[Problem]:
    found = []
    if handed.spent.minor <= 0:
        found.append(Problem("nothing_spent"))
    if handed.left is not None and handed.left.minor <= 0:
        found.append(Problem("nothing_left"))
    if handed.fund is not None and handed.fund.minor <= 0:
        found.append(Problem("fund_empty"))
    most = next(step for step in reversed(steps) if step.code != "asked").amount
    if handed.asked is not None and handed.asked.minor > most.minor:
        found.append(Problem("above", {"asked": handed.asked, "most": most}))
    if handed.asked is not None and handed.asked.minor <= 0:
        found.append(Problem("nothing_asked"))
    if not found and steps[-1].amount.minor <= 0:
        found.append(Problem("too_small"))
    return found


def _problems_of_papers(terms: ActivityTerms, handed: HandedIn) -> list[Problem]:
    known = {proof.code for proof in terms.proofs}
    return [Problem("unknown_proof", {"rule": paper.rule}) for paper in handed.papers if paper.rule not in known]


def _steps(terms: ActivityTerms, handed: HandedIn) -> tuple[Step, ...]:
    """The sum line by line; each line is at most the one before."""
    currency = handed.spent.currency
    steps = [Step("spent", handed.spent), Step("percent", _percent_of(handed.spent, terms.max_percent), {"percent": terms.max_percent})]
    limits = {"cap": terms.cap} | {name: getattr(handed, name) for name in ("fund", "requested", "left", "asked")}
    for code, limit in limits.items():
        if limit is not None:
            _same_currency(limit, currency)
            steps.append(Step(code, Money(max(0, min(steps[-1].amount.minor, limit.minor)), currency), {"limit": limit}))
    return tuple(steps)


def _percent_of(money: Money, percent: Decimal) -> Money:
    share = (Decimal(max(0, money.minor)) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    return Money(int(share), money.currency)


def _same_currency(limit: Money, currency: str) -> None:
    if limit.currency != currency:
        raise ValueError(f"a claim in {currency} cannot be held against {limit.currency}: convert first")
