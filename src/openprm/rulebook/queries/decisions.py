"""Recorded decisions: for the people they are about, and as cases for a what-if run."""

from uuid import UUID

from openprm.kernel.actor import Actor

from .. import policies
from ..models import Decision
from ..ports import RuleKind
from ..rules.facts import BadFact, settle
from ..rules.whatif import Case
from ..rules.words import value_in_words
from .kinds import find_kind
from .results import DecisionView


def decisions_for(*, actor: Actor, subject_id: UUID, limit: int = 50) -> list[DecisionView]:
    """The decisions about one subject that this person may see, newest first. One query."""
    return [_view(row) for row in policies.reach_decisions(actor).filter(subject_id=subject_id).order_by("-at", "-id")[:limit]]


def decision(*, actor: Actor, decision_id: UUID) -> DecisionView:
    """Raises NotFound."""
    return _view(policies.reach_decisions(actor).one(decision_id))


def past_cases(*, kind: RuleKind, program_id: UUID | None, limit: int) -> list[Case]:
    """The newest recorded decisions that a table of this scope would take: of one program, or all by the general rules."""
    own = {"program_id": program_id} if program_id else {"version__rule_set__program_id": None}
    rows = Decision.objects.filter(kind=kind.code, **own)
    return [Case(key=str(row.pk), title=row.subject_label, inputs=row.inputs, clause=row.clause, answer="") for row in rows.order_by("-at")[:limit]]


def _view(row: Decision) -> DecisionView:
    kind = find_kind(row.kind)
    return DecisionView(
        id=row.pk, kind=row.kind, title=str(kind.title) if kind else row.kind, version_id=row.version_id, version=row.version.number,
        subject_id=row.subject_id, subject_label=row.subject_label, clause=row.clause, clause_text=row.clause_text, outcome=row.outcome,
        inputs=row.inputs, facts=_facts(row.inputs, kind), would_change=tuple(row.would_change), at=row.at,
    )  # fmt: skip


def _facts(inputs: dict, kind: RuleKind | None) -> tuple[tuple[str, str], ...]:
    """Each recorded fact with its label, in words."""
    return tuple((str(fact.label), _in_words(fact, inputs[fact.name])) for fact in (kind.facts if kind else ()) if inputs.get(fact.name) is not None)


def _in_words(fact, value: object) -> str:
    try:
        return value_in_words(settle(fact, value), fact)
    except BadFact:
        return str(value)
